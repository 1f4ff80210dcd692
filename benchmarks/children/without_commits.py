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
from ledger.store.sqlite import recorders


def switch_index_off() -> None:
    """Leave the index behind; a question would fold the events instead."""
    vars(exchange)["index_after"] = lambda *_: None


def switch_commits_off() -> None:
    """Let only the first transaction make its row: every later one has no tree, no insertion."""
    makes_the_row = recorders._commit  # noqa: SLF001 - the very thing that is measured
    made: list[Any] = []

    def same_commit(*arguments: Any) -> Any:
        if not made:
            made.append(makes_the_row(*arguments))
        return made[0]

    recorders._commit = same_commit  # type: ignore[assignment]  # noqa: SLF001 - as above


if __name__ == "__main__":
    switch_index_off()
    if sys.argv.pop(1) == "without":
        switch_commits_off()
    main()
