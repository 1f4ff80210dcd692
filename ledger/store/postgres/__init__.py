"""A ledger in a schema of a PostgreSQL database; nothing of it is imported without such a URL."""
