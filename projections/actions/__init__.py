"""Capital actions, their states, and the days that matter for them."""
