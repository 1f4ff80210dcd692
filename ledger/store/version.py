"""The marks of a ledger and of its version in a SQLite file."""

from __future__ import annotations

APPLICATION_ID = 0x4341_5049  # "CAPI"
SCHEMA_VERSION = 2
