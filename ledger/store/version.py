"""The marks of a ledger and of its version in a SQLite file."""

from __future__ import annotations

APPLICATION_ID = 0x4341_5049  # "CAPI"
SCHEMA_VERSION = 2
INDEX = "counts, splits of one record date on one base"
"""The name under which the index tracks how far it has come.

It is renamed when counts come to mean something else: an index of another name is not read.
"""
