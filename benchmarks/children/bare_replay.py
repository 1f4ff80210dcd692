"""The bound of a replay: every stored row read by the library and validated, and nothing done.

    python -m benchmarks.children.bare_replay LEDGER

The library's own recorder and the ledger's own event classes: what no replay built on them can do
without.
"""

from __future__ import annotations

import sys

from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteDatastore

import ledger.actions  # noqa: F401 - makes every kind known
from ledger.events.entry import Entry
from ledger.events.kinds import EVENTS

LIMIT = 1000


def main() -> None:
    """Count the rows that can be read."""
    recorder = SQLiteApplicationRecorder(SQLiteDatastore(sys.argv[1]))
    start: int | None = None
    count = 0
    while rows := recorder.select_notifications(start, limit=LIMIT, inclusive_of_start=False):
        for row in rows:
            event_class = Entry if row.topic == Entry.__name__ else EVENTS[row.topic]
            event_class.read(row.state)
        count += len(rows)
        start = rows[-1].id
    sys.stdout.write(f"{count}\n")


if __name__ == "__main__":
    main()
