"""Share counts and the treasury position at any date."""
