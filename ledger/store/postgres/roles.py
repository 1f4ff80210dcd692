"""Who may do what with a ledger on PostgreSQL: three roles, given to people and jobs by name."""

from __future__ import annotations

from ledger.store.index import INDEX_TABLES
from ledger.store.postgres.tables import RECORD, TABLES


def role_statements(schema: str) -> list[str]:
    """The SQL that makes the roles of a ledger; running it again changes nothing.

    No role may update, delete or truncate what is recorded. The triggers refuse the owner too. The
    owner could drop the triggers; the Merkle tree shows what was altered then.
    """
    owner, recorder, reader = (f"{schema}_{role}" for role in ("owner", "recorder", "reader"))
    tables = [f"{schema}.{name}" for name in TABLES]
    record = ", ".join(f"{schema}.{name}" for name in RECORD)
    index = ", ".join(f"{schema}.{name}" for name in INDEX_TABLES)
    return [
        *(
            f"DO $$ BEGIN CREATE ROLE {role} NOLOGIN; "
            "EXCEPTION WHEN duplicate_object THEN NULL; END $$"
            for role in (owner, recorder, reader)
        ),
        f"GRANT {owner} TO CURRENT_USER",
        f"ALTER SCHEMA {schema} OWNER TO {owner}",
        *(f"ALTER TABLE {table} OWNER TO {owner}" for table in tables),
        f"ALTER FUNCTION {schema}.refuse() OWNER TO {owner}",
        f"REVOKE UPDATE, DELETE, TRUNCATE ON {record}, {schema}.ledger FROM {owner}",
        f"GRANT USAGE ON SCHEMA {schema} TO {recorder}, {reader}",
        f"GRANT SELECT ON {', '.join(tables)} TO {recorder}, {reader}",
        f"GRANT INSERT ON {record} TO {recorder}",
        f"GRANT ALL ON {index} TO {recorder}",
    ]
