"""The bound of every import: lines parsed and put into one table of SQLite, and no rule judged.

    python -m benchmarks.children.load_raw LINES DATABASE

One table of events with three indexes, and a table of running balances kept as the lines come: the
least that answers "how many shares on that day". It trusts every line. What is settled later than
the next line, and what is corrected, moves the balances behind it; that is all it knows.
The balances are those of the same settlement dates, splits, reversals and replacements, so its
answers can be checked. Written to disk as the ledger does: WAL, synchronous=FULL, one transaction
for a thousand lines.
"""

from __future__ import annotations

import json
import sqlite3
import sys
from pathlib import Path
from typing import Any

TABLES = """
CREATE TABLE event (
    id INTEGER PRIMARY KEY, issuer TEXT, class TEXT, action TEXT, event TEXT, day TEXT, key TEXT,
    body TEXT);
CREATE INDEX event_by_day ON event (issuer, class, day);
CREATE INDEX event_by_action ON event (issuer, action);
CREATE INDEX event_by_key ON event (issuer, key);
CREATE TABLE balance (
    issuer TEXT, day TEXT, id INTEGER, issued INTEGER, treasury INTEGER,
    PRIMARY KEY (issuer, day, id)) WITHOUT ROWID;
"""
BATCH = 1000
INSERT_EVENTS = "INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
INSERT_BALANCES = "INSERT INTO balance VALUES (?, ?, ?, ?, ?)"


class Loader:
    """Puts lines into the tables, many at a time."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.events: list[tuple[Any, ...]] = []
        self.balances: list[tuple[Any, ...]] = []
        self.latest: dict[str, tuple[str, int, int]] = {}
        self.ratios: dict[str, tuple[int, int]] = {}

    def load(self, path: Path) -> None:
        """Every line of a file, in transactions of a thousand."""
        self.connection.execute("BEGIN")
        with path.open("rb") as lines:
            for number, text in enumerate(lines, start=1):
                self._take(number, json.loads(text), text)
                if number % BATCH == 0:
                    self._write()
                    self.connection.execute("COMMIT")
                    self.connection.execute("BEGIN")
        self._write()
        self.connection.execute("COMMIT")

    def _write(self) -> None:
        self.connection.executemany(INSERT_EVENTS, self.events)
        self.connection.executemany(INSERT_BALANCES, self.balances)
        self.events.clear()
        self.balances.clear()

    def _take(self, number: int, line: dict[str, Any], text: bytes) -> None:
        issuer, event = line["issuer"], line["event"]
        day: Any = line.get("on")
        self.events.append(
            (number, issuer, line.get("class"), line["action"], event, day, line.get("key"), text)
        )
        match event:
            case "OpeningPositionStated":
                self._move(number, issuer, day, line["issued"], line["treasury"])
            case "SharesRepurchased":
                self._move(number, issuer, line.get("settled_on", day), 0, line["shares"])
            case "TreasurySharesCancelled":
                self._move(number, issuer, day, -line["shares"], -line["shares"])
            case "TreasurySharesDisposed":
                self._move(number, issuer, day, 0, -line["shares"])
            case "SharesIssued":
                self._move(number, issuer, day, line["shares"], 0)
            case "SplitResolved":
                self.ratios[issuer] = line["new"], line["old"]
            case "SplitEffected":
                self._split(number, issuer, day)
            case "EventReversed":
                self._reverse(number, issuer, line["reverses"]["key"])

    def _move(self, number: int, issuer: str, day: str, issued: int, treasury: int) -> None:
        last, issued_now, held_now = self.latest.get(issuer, ("", 0, 0))
        if day >= last:
            self._note(number, issuer, day, issued_now + issued, held_now + treasury)
            return
        self._write()
        issued_then, held_then = self.connection.execute(
            "SELECT issued, treasury FROM balance WHERE issuer = ? AND day <= ? "
            "ORDER BY day DESC, id DESC LIMIT 1",
            (issuer, day),
        ).fetchone()
        self.connection.execute(
            "UPDATE balance SET issued = issued + ?, treasury = treasury + ? "
            "WHERE issuer = ? AND day > ?",
            (issued, treasury, issuer, day),
        )
        row = (issuer, day, number, issued_then + issued, held_then + treasury)
        self.connection.execute(INSERT_BALANCES, row)
        self.latest[issuer] = last, issued_now + issued, held_now + treasury

    def _split(self, number: int, issuer: str, day: str) -> None:
        _, issued, treasury = self.latest[issuer]
        new, old = self.ratios.pop(issuer)
        self._note(number, issuer, day, issued * new // old, treasury * new // old)

    def _reverse(self, number: int, issuer: str, key: str) -> None:
        self._write()
        (body,) = self.connection.execute(
            "SELECT body FROM event WHERE issuer = ? AND key = ?", (issuer, key)
        ).fetchone()
        wrong = json.loads(body)
        self._move(number, issuer, wrong["settled_on"], 0, -wrong["shares"])

    def _note(self, number: int, issuer: str, day: str, issued: int, treasury: int) -> None:
        self.latest[issuer] = day, issued, treasury
        self.balances.append((issuer, day, number, issued, treasury))


def main() -> None:
    """Load a file of lines into a new database."""
    connection = sqlite3.connect(sys.argv[2], isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.executescript(TABLES)
    Loader(connection).load(Path(sys.argv[1]))
    connection.close()


if __name__ == "__main__":
    main()
