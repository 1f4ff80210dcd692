"""Reading a ledger: its issuers, the entries of a register, the events of an action.

Every register and every action is one log. Statements that both databases understand read them.
With the recorders of the event-sourcing library, every question would load the library, and would
read the logs of an issuer one by one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from ledger.errors import Unknown, damaged, quoted
from ledger.events.entry import Entry
from ledger.events.event import Event
from ledger.proof.commit import Commit, instant
from ledger.store.connection import Values
from ledger.store.engine import Engine
from ledger.store.rows import decoded
from ledger.store.stored import Snapshot
from ledger.values.ids import action_id, register_id

LOGS_AT_ONCE = 500
"""How many logs one query reads: fewer than the most values a database accepts."""
_ROW = "originator_id, originator_version, topic, state"


class Logs:
    """The logs of a ledger. Each question sees what is recorded by then."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.name = engine.name
        """The place of the ledger, as messages show it."""
        self._connection = engine.connect()

    def issuers(self) -> list[str]:
        """The codes of all issuers, in alphabetical order."""
        rows = self._all(
            f"SELECT {_ROW} FROM stored_events "  # noqa: S608 - names of ours
            "WHERE topic = 'Entry' AND originator_version = 1"
        )
        return sorted(decoded(*row).issuer for row in rows)

    def entries(self, issuer: str) -> list[tuple[Entry, datetime]]:
        """One issuer's register, with the time each entry was recorded.

        Raises Unknown if the ledger has no such issuer.
        """
        found: list[tuple[Entry, datetime]] = []
        with self._engine.errors():
            rows = self._connection.execute(
                f"SELECT {_ROW}, (SELECT recorded_at "  # noqa: S608 - names of ours
                "  FROM commits WHERE first_row <= e.rowid AND last_row >= e.rowid "
                "  ORDER BY first_row DESC LIMIT 1) "
                "FROM stored_events AS e WHERE originator_id = ? ORDER BY originator_version",
                (register_id(issuer).hex,),
            )
            for *row, recorded_at in rows:
                entry = decoded(*row)
                if not isinstance(entry, Entry):
                    raise damaged(f"the register of {issuer} holds a {entry.name}")
                if entry.number != len(found) + 1:
                    due = len(found) + 1
                    raise damaged(f"entry {due} of {issuer} is missing before {entry.number}")
                found.append((entry, instant(recorded_at)))
        if not found and issuer in self.issuers():
            raise damaged(f"the register of {issuer} is stored under the wrong id")
        if not found:
            raise Unknown(
                f"the ledger at {self.name} holds no issuer {issuer!r}",
                f"{_nearest(issuer, self.issuers())}register it with: capital issuer register "
                f"{quoted(issuer)} --name ... --currency ... --profile ...",
            )
        return found

    def logs(self, issuer: str, actions: Iterable[str]) -> dict[str, list[Event]]:
        """The whole log of each of these actions.

        Raises StoreUnusable if a log is missing or has a gap.
        """
        found: dict[str, list[Event]] = {action: [] for action in actions}
        named = {action_id(issuer, action).hex: action for action in found}
        ids = list(named)
        with self._engine.errors():
            for first in range(0, len(ids), LOGS_AT_ONCE):
                part = ids[first : first + LOGS_AT_ONCE]
                marks = ", ".join("?" * len(part))
                query = (
                    f"SELECT {_ROW} FROM stored_events "  # noqa: S608 - names of ours, marks of values
                    f"WHERE originator_id IN ({marks}) ORDER BY originator_id, originator_version"
                )
                for row in self._connection.execute(query, part):
                    event, action = decoded(*row), named[row[0]]
                    log = found[action]
                    if not isinstance(event, Event) or event.version != len(log) + 1:
                        raise damaged(f"event {len(log) + 1} of {issuer} {action} is missing")
                    log.append(event)
        for action, log in found.items():
            if not log:
                raise damaged(f"no event of {issuer} {action} is stored")
        return found

    def last_row(self) -> int:
        """The last row that is recorded; 0 in an empty ledger."""
        return self._number("SELECT last_row FROM commits ORDER BY first_row DESC LIMIT 1") or 0

    def last_entry(self, issuer: str) -> int | None:
        """The number of an issuer's last entry."""
        query = "SELECT max(originator_version) FROM stored_events WHERE originator_id = ?"
        return self._number(query, (register_id(issuer).hex,))

    def commit_of(self, issuer: str, entry: int) -> Commit:
        """The transaction that recorded an entry; raises StoreUnusable if there is none."""
        with self.snapshot() as moment:
            stored = moment.commit_of_entry(issuer, entry)
            if stored is None:
                raise damaged(f"entry {entry} of {issuer} is in no commit")
            return stored.read()

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """Everything stored at this moment, as it is stored."""
        with self._engine.errors(), self._engine.moment() as connection:
            yield Snapshot(connection)

    def _all(self, query: str, values: Values = ()) -> list[Any]:
        """Every row of an answer."""
        with self._engine.errors():
            return self._connection.execute(query, values).fetchall()

    def _number(self, query: str, values: Values = ()) -> int | None:
        """The one number of an answer."""
        with self._engine.errors():
            found = self._connection.execute(query, values).fetchone()
            return None if found is None or found[0] is None else int(found[0])


def _nearest(wanted: str, codes: list[str]) -> str:
    from difflib import get_close_matches  # noqa: PLC0415 - only on the way to an error

    near = get_close_matches(wanted, codes, n=3)
    if not near:
        near = [code for code in codes if code.casefold() == wanted.casefold()]
    return f"did you mean {', '.join(near)}? Otherwise " if near else ""
