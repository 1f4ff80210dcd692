"""`capital reverse`."""

from __future__ import annotations

from typing import Any

import click

from commands.recorder.fields import envelope_options
from commands.recorder.recording import argument, class_of, envelope, reasons, record_line
from commands.terminal.opening import open_ledger
from commands.terminal.params import WholeNumber, format_option, today
from ledger.errors import BadInput, Unknown, quoted
from ledger.recording.issuer_record import open_book


def _reverse(issuer: str, action: str, version: int, form: str, **values: Any) -> None:
    values["on"] = values["on"] or today()
    ledger = open_ledger(click.get_current_context())
    book = open_book(ledger, issuer)
    history = book.history
    if not any(fact.event.action == action for fact in history.facts):
        raise Unknown(
            f"{issuer} has no action {action!r}", f"see them with: capital actions {quoted(issuer)}"
        )
    if not values["reason"]:
        raise BadInput("a reversal needs a reason", "give it: --reason TEXT")
    line: dict[str, Any] = {
        "event": "EventReversed",
        "issuer": issuer,
        "action": action,
        "reverses": {"action": action, "version": version},
        **envelope(values),
        **reasons(values, has_reason=True),
    }
    if action != "issuer":
        line["class"] = class_of(history, action, None)
    record_line(ledger, line, values, form, book)


_command = click.Command(
    "reverse",
    params=[
        argument("issuer"),
        argument("action"),
        argument("version", WholeNumber()),
        *envelope_options(on_required=False, has_reason=True),
    ],
    callback=_reverse,
    short_help="Reverse an event recorded in error.",
    help="""Reverse an event recorded in error.

Nothing is removed: from this entry on, answers ignore the event; with --known-at an earlier entry
they still include it. Record the right event afterwards, with --replaces.
VERSION is the number of the event in: capital action ISSUER ACTION. --on is the day of the
correction; default: today.

\b
Example:
  capital reverse ACME dividend-2019-03-31 3 --reason "paid a day later"
""",
)
reverse = format_option(csv=False)(_command)
