"""The tables of a ledger on PostgreSQL: made only by `init`, append-only for every user."""

from __future__ import annotations

import re

from ledger.store.connection import Statements
from ledger.store.index import INDEX_TABLES
from ledger.store.version import SCHEMA_VERSION

# Text sorts by its bytes, as it does in SQLite, whatever the language of the database.
TABLES: dict[str, str] = {
    # What tells a ledger from any other schema, and one version of it from another.
    "ledger": "schema_version INTEGER NOT NULL",
    # The row number is the row's place in the tree. The writer that holds the lock assigns it, and
    # no sequence does: a sequence leaves gaps after a failover or a failed transaction.
    "stored_events": (
        'rowid BIGINT PRIMARY KEY, originator_id TEXT COLLATE "C" NOT NULL, '
        'originator_version BIGINT NOT NULL, topic TEXT COLLATE "C" NOT NULL, '
        "state BYTEA NOT NULL, "
        "CONSTRAINT one_of_each_version UNIQUE (originator_id, originator_version)"
    ),
    "commits": (
        "first_row BIGINT PRIMARY KEY, last_row BIGINT NOT NULL, recorded_at TEXT NOT NULL, "
        "size BIGINT NOT NULL, root BYTEA NOT NULL, edge BYTEA NOT NULL, salt BYTEA NOT NULL, "
        "leaves BYTEA NOT NULL"
    ),
    **{
        name: columns.replace("TEXT", 'TEXT COLLATE "C"').replace("INTEGER", "BIGINT")
        for name, columns in INDEX_TABLES.items()
    },
}
RECORD = ("stored_events", "commits")
"""The tables that are never altered; the others can be rebuilt from them."""


def columns_named(table: str) -> list[str]:
    """The names of the columns of a table."""
    parts = [part.split()[0] for part in re.split(r", (?![^(]*\))", TABLES[table])]
    return [name for name in parts if name not in ("PRIMARY", "CONSTRAINT")]


_CONSTRAINTS = ("stored_events_pkey", "one_of_each_version", "commits_pkey")
REFUSE_BODY = "BEGIN RAISE EXCEPTION 'the ledger is append-only'; END"


def statements(schema: str) -> list[str]:
    """The statements of `init`, for one transaction; an empty schema may exist already."""
    made = [f"CREATE TABLE {schema}.{name} ({columns})" for name, columns in TABLES.items()]
    made.append(
        # The first entry of each register: the list of issuers without a scan.
        f"CREATE INDEX first_entries ON {schema}.stored_events (topic) "
        "WHERE topic = 'Entry' AND originator_version = 1"
    )
    made.append(
        f"CREATE FUNCTION {schema}.refuse() RETURNS trigger LANGUAGE plpgsql AS $${REFUSE_BODY}$$"
    )
    for table in (*RECORD, "ledger"):
        made.append(
            f"CREATE TRIGGER {table}_refuse BEFORE UPDATE OR DELETE OR TRUNCATE "
            f"ON {schema}.{table} FOR EACH STATEMENT EXECUTE FUNCTION {schema}.refuse()"
        )
        # ALWAYS: also in a session that says that it only replicates.
        made.append(f"ALTER TABLE {schema}.{table} ENABLE ALWAYS TRIGGER {table}_refuse")
        made.append(f"REVOKE UPDATE, DELETE, TRUNCATE ON {schema}.{table} FROM CURRENT_USER")
    # A newer version writes its own number into a table it makes anew.
    made.append(f"INSERT INTO {schema}.ledger VALUES ({SCHEMA_VERSION})")  # noqa: S608 - a checked name
    return made


def altered(c: Statements) -> list[str]:
    """The differences of tables, constraints and triggers from those of a ledger, in words."""
    triggers = {f"{table}_refuse": table for table in (*RECORD, "ledger")}
    guarded = {
        (table, trigger)
        for table, trigger, body in c.execute(
            "SELECT c.relname, t.tgname, btrim(p.prosrc) FROM pg_trigger AS t "
            "JOIN pg_class AS c ON c.oid = t.tgrelid JOIN pg_proc AS p ON p.oid = t.tgfoid "
            # BEFORE, for each statement, of DELETE, UPDATE and TRUNCATE; enabled always.
            "WHERE c.relnamespace = current_schema()::regnamespace AND t.tgtype = 58 "
            "AND t.tgenabled = 'A'"
        )
        if body == REFUSE_BODY
    }
    unique = {
        name
        for (name,) in c.execute(
            "SELECT c.conname FROM pg_constraint AS c "
            "WHERE c.connamespace = current_schema()::regnamespace AND c.contype IN ('p', 'u')"
        )
    }
    missing = [f"trigger {name}" for name, of in triggers.items() if (of, name) not in guarded]
    missing += [f"constraint {name}" for name in _CONSTRAINTS if name not in unique]
    held = c.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace "
        "AND relkind NOT IN ('i', 't', 'v', 'm')"
    )
    strangers = sorted(name for (name,) in held if name not in TABLES)
    return [
        f"{what} is missing or changed, so this database is not protected against changes"
        for what in missing
    ] + [f"{name} does not belong to a ledger" for name in strangers]


def foreign(c: Statements) -> list[str]:
    """The triggers, rules and views that no ledger has, in words."""
    own = {(f"{table}_refuse", table) for table in (*RECORD, "ledger")}
    triggers = c.execute(
        "SELECT t.tgname, c.relname, btrim(p.prosrc) FROM pg_trigger AS t "
        "JOIN pg_class AS c ON c.oid = t.tgrelid JOIN pg_proc AS p ON p.oid = t.tgfoid "
        "WHERE c.relnamespace = current_schema()::regnamespace AND NOT t.tgisinternal"
    )
    found = [
        f"trigger {name} is not part of a ledger"
        for name, table, body in triggers
        if (name, table) not in own or body != REFUSE_BODY
    ]
    others = c.execute(
        "SELECT 'view', relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace "
        "AND relkind IN ('v', 'm') "
        "UNION ALL SELECT 'rule', rulename FROM pg_rules WHERE schemaname = current_schema()"
    )
    return sorted(found + [f"{kind} {name} is not part of a ledger" for kind, name in others])
