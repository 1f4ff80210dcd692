"""Capital actions, their states, and their calendar."""
