"""What an import has read, judged and to say, in a temporary file: memory does not grow with it.

The file is the database's own, in the folder of TMPDIR; nobody else can open it, and it is gone
with the process.
"""

from __future__ import annotations

import pickle
import sqlite3
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from ledger.errors import StoreUnusable

HELD_CHARACTERS = 4_000_000
"""How much text is held in memory before it goes to the file."""


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a file."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(slots=True)
class _Held:
    """Lines of one issuer in one file that are not in the temporary file yet."""

    numbers: array[int] = field(default_factory=lambda: array("q"))
    texts: list[str] = field(default_factory=list)


class Staging:
    """Lines by issuer in the order read, what came of judging each, and what is to be said."""

    def __init__(self) -> None:
        with _room():
            self._database = sqlite3.connect("", isolation_level=None)
            self._database.executescript(
                "CREATE TABLE lines (issuer TEXT, file TEXT, numbers BLOB, texts TEXT);"
                "CREATE INDEX lines_of ON lines (issuer);"
                "CREATE TABLE kept (issuer TEXT, name TEXT, what BLOB, PRIMARY KEY (issuer, name));"
                "CREATE TABLE said (text TEXT);"
                "BEGIN;"  # one transaction without end: nothing of it has to last
            )
        self._held: dict[str, _Held] = {}
        self._characters = 0
        self._file = ""
        self.lines = 0
        """How many lines were read, bad ones included."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._database.close()

    def add(self, issuer: str, place: Place, text: str) -> None:
        """Stage one line; raises StoreUnusable where the temporary file cannot grow."""
        if place.file != self._file or self._characters > HELD_CHARACTERS:
            self._write()
            self._file = place.file
        held = self._held.get(issuer)
        if held is None:
            held = self._held[issuer] = _Held()
        held.numbers.append(place.line)
        held.texts.append(text)
        self._characters += len(text)

    def _write(self) -> None:
        with _room():
            self._database.executemany(
                "INSERT INTO lines VALUES (?, ?, ?, ?)",
                (
                    (issuer, self._file, held.numbers.tobytes(), "\n".join(held.texts))
                    for issuer, held in self._held.items()
                ),
            )
        self._held.clear()
        self._characters = 0

    def issuers(self) -> list[str]:
        """Whose lines are staged, in alphabetical order."""
        self._write()
        with _room():
            rows = self._database.execute("SELECT DISTINCT issuer FROM lines")
            return sorted(issuer for (issuer,) in rows)

    def lines_of(self, issuer: str) -> Iterator[tuple[Place, str]]:
        """The lines of one issuer, as they were read."""
        with _room():
            parts = self._database.execute(
                "SELECT file, numbers, texts FROM lines WHERE issuer = ? ORDER BY rowid", (issuer,)
            ).fetchall()
        for file, numbers, texts in parts:
            for number, text in zip(array("q", numbers), texts.split("\n"), strict=True):
                yield Place(file, number), text

    def keep(self, issuer: str, name: str, what: Any) -> None:
        """Keep something that came of judging an issuer."""
        with _room():
            self._database.execute(
                "INSERT INTO kept VALUES (?, ?, ?)", (issuer, name, pickle.dumps(what, protocol=5))
            )

    def kept(self, issuer: str, name: str) -> Any:
        """What was kept under that name."""
        with _room():
            (what,) = self._database.execute(
                "SELECT what FROM kept WHERE issuer = ? AND name = ?", (issuer, name)
            ).fetchone()
        return pickle.loads(what)  # noqa: S301 - written above, where nobody else can write

    def say(self, text: str) -> None:
        """Keep a text that is to be said when all is done."""
        with _room():
            self._database.execute("INSERT INTO said VALUES (?)", (text,))

    def said(self) -> Iterator[str]:
        """The texts to be said, in the order they were kept."""
        with _room():
            for (text,) in self._database.execute("SELECT text FROM said ORDER BY rowid"):
                yield text


@contextmanager
def _room() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise StoreUnusable(
            f"the temporary file of the import cannot be used ({error}); nothing of what it was "
            "about to record is recorded",
            "free some space there, or name another folder: TMPDIR=FOLDER capital import ...",
        ) from None
