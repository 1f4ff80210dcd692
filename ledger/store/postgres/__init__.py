"""A ledger in a schema of a PostgreSQL database; imported only for such a URL."""
