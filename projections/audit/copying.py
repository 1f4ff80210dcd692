"""Moving a ledger from one store to another, verbatim, and proving that it is the same."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from ledger.errors import Refused
from ledger.history.knowledge import Knowledge
from ledger.proof.commit import instant, root_text
from ledger.proof.merkle import EMPTY_ROOT
from ledger.store.ledger import Ledger
from ledger.store.location import engine_of
from ledger.store.stored import not_empty
from projections.audit.replay import Digest, replay
from projections.audit.verify import verify
from projections.audit.walk import last_commit
from projections.shares.index import catch_up

Watch = Callable[[int, int], None]


def copy(
    source: str, target: str, today: date, watch: Watch = lambda _done, _of: None
) -> tuple[int, str]:
    """Copy a ledger into a place that holds none; how many rows, and the root over them.

    Every row, commit and number stays what it is. The source is verified first; at the end the
    root over all rows and every answer at every day that changes one are compared. Raises
    StoreUnusable if the target is not empty, Refused if the source does not verify.
    """
    place = engine_of(target)
    if place.is_there():
        with Ledger.open(target) as held:
            if rows := held.last_row():
                raise not_empty(held.name, rows)
    with Ledger.open(source) as ledger:
        found = verify(ledger, [], None, today, watch)
        if found.faults:
            raise Refused(
                f"{ledger.name} does not verify: {found.faults[0].message}; nothing was copied",
                "see all that is wrong with it: capital audit verify",
            )
        if not place.is_there():
            Ledger.create(target).close()
        with ledger.snapshot() as moment:
            commit = last_commit(moment)
            place.load(moment.rows(), moment.commits())
        if commit is None:
            return 0, root_text(EMPTY_ROOT)
        with Ledger.open(target) as copied:
            catch_up(copied)
            # What was recorded in the source since is not in the copy, and not compared.
            knowledge = Knowledge(instant(commit.recorded_at))
            here, there = _digest(ledger, knowledge), _digest(copied, knowledge)
            if here != there:
                raise Refused(
                    f"the copy at {copied.name} differs: its digest is {there.text}, the digest "
                    f"of {ledger.name} is {here.text}",
                    "do not use the copy; see: capital audit verify",
                )
    return commit.size, root_text(commit.root)


def back_up(ledger: Ledger, file: Path, today: date) -> tuple[int, str]:
    """Write a ledger into a new file, and verify what was written; its rows and their root."""
    ledger.back_up(file)
    with Ledger.open(file) as copied:
        found = verify(copied, [], None, today)
    if found.faults:
        raise Refused(
            f"the backup {file} does not verify: {found.faults[0].message}",
            "verify the ledger itself with: capital audit verify",
        )
    return found.size, found.root


def _digest(ledger: Ledger, knowledge: Knowledge) -> Digest:
    digests = (
        part
        for part in replay(ledger, knowledge=knowledge, details=False)
        if isinstance(part, Digest)
    )
    return next(digests)
