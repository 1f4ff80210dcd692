"""Everything the ledger can refuse or fail at, each with the exit code a program sees."""

from __future__ import annotations

import re
from functools import cache
from typing import ClassVar


class LedgerError(Exception):
    """Something was refused or failed; nothing was recorded.

    The message says what was asked, what the ledger holds, on which date; `remedy` what to do next.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, remedy: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


class Refused(LedgerError):
    """A rule, an identity or the state of the ledger forbids it."""


class Unknown(LedgerError):
    """The ledger does not hold what was asked about."""


class BadInput(LedgerError):
    """The words or the file cannot be read as what they should be."""

    exit_code = 2


class StoreUnusable(LedgerError):
    """The ledger's store is absent, locked, not a ledger, damaged or out of reach."""

    exit_code = 3


def damaged(what: str) -> StoreUnusable:
    """The error of a store that cannot be read as a ledger."""
    return StoreUnusable(
        f"the ledger is damaged or of a newer version: {what}",
        "see what happened with: capital audit verify; work on a copy of a backup, and keep this "
        "file for the auditor",
    )


class WriteConflict(Exception):
    """Another writer recorded for the same issuer first: reload, judge again, retry."""


LONGEST_LINE = 2000
"""Of a message, in characters."""


def shown(value: object, limit: int = 60) -> str:
    """A value from outside as messages show it: as JSON, cut at a length."""
    import json  # noqa: PLC0415 - only on the way to an error

    try:
        text = json.dumps(value, ensure_ascii=False, default=str)
    except (TypeError, ValueError, RecursionError):  # from Python: odd keys, a list within itself
        text = repr(value)
    return cut(escaped(text), limit)


def cut(text: str, limit: int = 60) -> str:
    """A text in a message: no longer than this."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def escaped(text: str) -> str:
    """A text in which nothing hides: what moves the cursor, turns the order or cannot be seen.

    It is written as JSON writes it, so that JSON stays the same value. Lines and tabs are kept.
    """
    return (_CONTROLS if text.isascii() else _hidden()).sub(_as_json, text)


def inline(text: str) -> str:
    """A text that takes one line, whatever it holds."""
    return escaped(text).replace("\n", r"\n").replace("\t", r"\t")


def indented(text: str) -> str:
    """A message whose further lines cannot be taken for lines of ours; a long line is cut."""
    first, *rest = (cut(line, LONGEST_LINE) for line in text.split("\n"))
    return "\n".join([first, *(line if line[:1].isspace() else f"  {line}" for line in rest)])


def quoted(word: str) -> str:
    """A word as it is pasted into a shell: what a user named, in a command to type."""
    from shlex import quote  # noqa: PLC0415 - only on the way to an error

    return quote(word)


_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@cache
def _hidden() -> re.Pattern[str]:
    """What does not show: controls, marks of direction, joiners, fillers, tags, line separators.

    Selectors of a variant stay after what can have one: an emoji, a character of a Japanese name.
    """
    return re.compile(
        _CONTROLS.pattern[:-1] + r"\x80-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
        r"\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufeff\uffa0\ufff0-\ufffb"
        r"\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e00ff\U000e01f0-\U000e0fff]"
        r"|(?<![^\x00-\x7f])[\ufe00-\ufe0f\U000e0100-\U000e01ef]"
    )


def _as_json(found: re.Match[str]) -> str:
    import json  # noqa: PLC0415 - only where something hides

    return json.dumps(found[0]).strip('"') if found[0] != "\x7f" else r"\u007f"
