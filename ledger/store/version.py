"""What tells a ledger from any other SQLite file, and one version of it from another."""

from __future__ import annotations

APPLICATION_ID = 0x4341_5049  # "CAPI"
SCHEMA_VERSION = 2
