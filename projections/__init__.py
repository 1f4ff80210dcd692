"""Answers from the ledger at any date and state of knowledge; never writes an event."""
