"""A ledger in its database: opened, read, saved; the index of share counts."""
