"""A ledger in a database: opening, reading, saving; the index of share counts."""
