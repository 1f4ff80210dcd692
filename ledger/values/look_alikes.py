"""Codes that look alike: skeletons as Unicode Technical Standard #39 makes them.

Two texts of one skeleton are shown alike, or differ only by characters that are not seen. The
table of look-alikes is read when a code outside of ASCII is met; ordinary imports never need it.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

_UNSEEN = re.compile(
    "[\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff]"
)
"""The property Default_Ignorable_Code_Point."""


class Pair(NamedTuple):
    """A new code, and the one it looks like; the same code where nothing of it is seen."""

    code: str
    other: str

    def told(self, holder: str) -> tuple[str, str]:
        """What is said of the new code, which `holder` is to hold, and what to do."""
        one, two = set(self.code), set(self.other)
        odd = sorted(c for c in (one ^ two or one) if not c.isascii())
        named = ", ".join(f"U+{ord(c):04X} {unicodedata.name(c, '')}".rstrip() for c in odd)
        if self.code == self.other:
            return (
                f"look-alike: a code of which nothing is seen: {self.code!r} ({named})",
                "give a code that is seen",
            )
        message = (
            f"look-alike: {self.code!r} is shown like {self.other!r} of {holder}, but is another "
            f"code; the difference: {named}"
        )
        return message, "use the code that is there, or give one that the eye can tell from it"


class Codes:
    """The codes there are, to which others are added.

    Codes of ASCII alone are not compared with each other: 1 and l are both on every keyboard.
    """

    def __init__(self, held: Iterable[str]) -> None:
        self._plain = list(held)
        """Not yet in the table: as long as all are of ASCII, no skeleton is made."""
        self._alike: dict[str, list[str]] = {}
        self._made = not all(map(str.isascii, self._plain))

    def add(self, code: str) -> Pair | None:
        """Add a new code; it and the other, where it looks like one, or nothing of it is seen."""
        self._made = self._made or not code.isascii()
        if not self._made:
            self._plain.append(code)
            return None
        for plain in self._plain:
            self._alike.setdefault(skeleton(plain), []).append(plain)
        self._plain.clear()
        seen = skeleton(code)
        others = self._alike.setdefault(seen, [])
        likes = (o for o in others if o != code and not (o.isascii() and code.isascii()))
        other = next(likes, None) if seen else code
        others.append(code)
        return None if other is None else Pair(code, other)


def look_alike(new: Iterable[str], held: Iterable[str]) -> Pair | None:
    """The first of some new codes that looks like another, or of which nothing is seen."""
    codes = Codes(held)
    return next((pair for pair in map(codes.add, new) if pair is not None), None)


def skeleton(text: str) -> str:
    """What two texts have in common that are shown alike (UTS #39, section 4)."""
    seen = _UNSEEN.sub("", unicodedata.normalize("NFD", text))
    return unicodedata.normalize("NFD", seen.translate(_prototypes()))


@cache
def _prototypes() -> dict[int, str]:
    table = Path(__file__).with_name("look_alikes.txt").read_text("ascii")
    found = {}
    for line in table.splitlines():
        if not line.startswith("#"):
            prototype, _, shown_so = line.partition("<")
            text = "".join(chr(int(number, 16)) for number in prototype.split())
            found.update({int(number, 16): text for number in shown_so.split()})
    return found
