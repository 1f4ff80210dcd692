"""Reports made from the ledger: notices, a page, the month of a program."""
