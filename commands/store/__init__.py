"""Commands that make, copy and maintain a ledger."""
