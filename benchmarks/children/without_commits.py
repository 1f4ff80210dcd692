"""`capital` without its commit rows: what they cost is the difference.

    python -m benchmarks.children.without_commits --ledger LEDGER import LINES

A ledger written by it is not fit for use, and is thrown away after the measurement.
"""

from __future__ import annotations

from typing import Any

from eventsourcing.sqlite import SQLiteApplicationRecorder

from commands.main import main
from ledger import recorders


def switch_commits_off() -> None:
    """THE HOOK: replace what inserts the commit row; the rest of a recording stays.

    Where `ledger.recorders._commit` makes the row, the first transaction of the process still
    does, and every later one is given that same commit for its receipt: no tree, no insertion.
    Where `_insert_events` inserts the row itself, the library's own takes its place.
    """
    makes_the_row: Any = getattr(recorders, "_commit", None)
    if makes_the_row is None:
        insert: Any = SQLiteApplicationRecorder._insert_events  # noqa: SLF001 - the very hook
        recorders.LedgerRecorder._insert_events = insert  # type: ignore[method-assign]  # noqa: SLF001 - as above
        return

    made: list[Any] = []

    def same_commit(*arguments: Any) -> Any:
        if not made:
            made.append(makes_the_row(*arguments))
        return made[0]

    recorders._commit = same_commit  # type: ignore[attr-defined,unused-ignore, assignment]  # noqa: SLF001 - as above


if __name__ == "__main__":
    switch_commits_off()
    main()
