"""Commands that record events, one module for each kind of action."""
