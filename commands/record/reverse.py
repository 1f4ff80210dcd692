"""`capital reverse`."""

from __future__ import annotations

from typing import Any

import click

from commands.recorder.fields import envelope_options
from commands.recorder.recording import acknowledged_for, class_of, envelope, recorded
from commands.terminal.opening import open_ledger
from commands.terminal.params import NAME, WholeNumber, today
from commands.terminal.receipt import tell, who
from ledger.errors import BadInput, Unknown, quoted
from ledger.lines.parsing import BadLine, event_from
from ledger.recording.issuer_record import open_book
from ledger.recording.record import Command


def _reverse(issuer: str, action: str, version: int, form: str, **values: Any) -> None:
    values["on"] = values["on"] or today()
    ledger = open_ledger(click.get_current_context())
    history = open_book(ledger, issuer).history
    if not any(fact.event.action == action for fact in history.facts):
        raise Unknown(
            f"{issuer} has no action {action!r}", f"see them with: capital actions {quoted(issuer)}"
        )
    reasons = list(values["reason"])
    if not reasons:
        raise BadInput("a reversal needs its reason", "--reason TEXT says why it was wrong")
    line: dict[str, Any] = {
        "event": "EventReversed",
        "issuer": issuer,
        "action": action,
        "reverses": {"action": action, "version": version},
        "reason": reasons[0],
        **envelope(values),
        **acknowledged_for(values["acknowledge"], reasons, has_reason=True),
    }
    if action != "issuer":
        line["class"] = class_of(history, action, None)
    try:
        event = event_from(line)
    except BadLine as problem:
        raise BadInput(str(problem)) from None
    command = Command(event.issuer, [event], who(values["by"]), key=values["key"])
    tell(recorded(ledger, command, dry_run=values["dry_run"]), form, dry_run=values["dry_run"])


reverse = click.Command(
    "reverse",
    params=[
        click.Argument(["issuer"], metavar="ISSUER", type=NAME),
        click.Argument(["action"], metavar="ACTION", type=NAME),
        click.Argument(["version"], metavar="VERSION", type=WholeNumber()),
        *envelope_options(on_required=False, has_reason=True),
    ],
    callback=_reverse,
    short_help="Take back an event recorded in error.",
    help="""Take back an event recorded in error.

Nothing is removed: from this entry on the history reads as if the event had not been recorded,
and --known-at an earlier entry still shows it. Record the right event afterwards, with --replaces.
VERSION is the number of the event in: capital action ISSUER ACTION. --on is the day of the
correction; default: today.

\b
Example:
  capital reverse ACME dividend-2019-03-31 3 --reason "paid a day later"
""",
)
