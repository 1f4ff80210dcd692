"""`capital import` with its commit rows, and without: what they cost is the difference.

    python -m benchmarks.children.without_commits with|without --ledger LEDGER import LINES

Neither writes the index, which needs the commit rows. A ledger written without them is not fit for
use, and is thrown away after the measurement.
"""

from __future__ import annotations

import sys
from typing import Any

from commands.files import import_ as exchange
from commands.main import main
from ledger.store import appending
from ledger.store.sqlite import application


def switch_index_off() -> None:
    """Leave the index behind; a question would fold the events instead."""
    vars(exchange)["index_after"] = lambda *_: None


def switch_commits_off() -> None:
    """Let only the first transaction make its row: every later one has no tree, no insertion."""
    makes, writes = appending.commit_after_last, appending.insert_commit
    made: list[Any] = []
    written: list[Any] = []

    def make_once(*arguments: Any, **options: Any) -> Any:
        if not made:
            made.append(makes(*arguments, **options))
        return made[0]

    def write_once(*arguments: Any) -> None:
        if not written:
            written.append(writes(*arguments))

    vars(application).update(commit_after_last=make_once, insert_commit=write_once)


if __name__ == "__main__":
    switch_index_off()
    if sys.argv.pop(1) == "without":
        switch_commits_off()
    main()
