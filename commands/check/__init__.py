"""Commands that compare the ledger with rules, with figures and with itself."""
