"""What a listed company did to its capital, and the rules for recording it."""
