"""What does not agree, is missing, or is overdue."""
