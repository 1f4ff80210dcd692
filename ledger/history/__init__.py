"""What was known when, in the order of effect."""
