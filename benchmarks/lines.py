"""Lines of one company, as `docs/import.md` describes them."""

from __future__ import annotations

from datetime import date
from typing import Any

Line = dict[str, Any]


class Lines:
    """Begins every line of one company, and numbers its keys."""

    def __init__(self, code: str, currency: str, *, keys: bool) -> None:
        self._code, self._currency, self._keys = code, currency, keys
        self._written = 0

    def line(self, action: str, event: str, on: date | None = None, **more: str) -> Line:
        """What every line begins with."""
        self._written += 1
        line: Line = {"issuer": self._code}
        if action != "issuer":
            line["class"] = "common"
        line |= {"action": action, "event": event}
        if on is not None:
            line["on"] = str(on)
        if self._keys:
            line["key"] = f"{self._code}-{self._written}"
        return line | more

    def resolution(self, action: str, event: str, on: date) -> Line:
        """A decision of the board, with its notice."""
        source = {"title": f"Notice of {on}", "uri": f"https://example.com/{self._code}/{on}"}
        meeting = {"body": "BOARD", "held_on": str(on)}
        return self.line(action, event, on) | {"meeting": meeting, "source": source}

    def money(self, amount: int) -> dict[str, str]:
        """So much of the company's own currency."""
        return {"amount": str(amount), "currency": self._currency}
