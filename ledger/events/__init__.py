"""What every event carries, the register's entries, and the kinds of action there are."""
