"""Writes what the documentation takes from the code: command help, event fields, rules.

Without arguments it prints docs/reference.md (`make reference`). With pages as arguments it renews
the generated tables in them: python tests/reference.py docs/events.md docs/rules.md
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from types import NoneType
from typing import Any, get_args

import click
from click.testing import CliRunner

from commands.main import cli
from ledger.events.event import Event, EventReversed, KeyReference, Meeting
from ledger.events.kinds import EVENTS, KINDS
from ledger.rules import RULES, Kind
from ledger.rules.catalog import EVERY
from ledger.values.fields import Money, PrintedMoney, Rate, Source
from ledger.values.model import Value

WIDTH = 80

# --- commands ------------------------------------------------------------------------------------


def commands(
    command: click.Command = cli, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command and subcommand with the words that lead to it, in the order of the help."""
    yield path, command
    if isinstance(command, click.Group):
        ctx = click.Context(command)
        for name in command.list_commands(ctx):
            below = command.get_command(ctx, name)
            assert below is not None
            yield from commands(below, (*path, name))


def help_of(path: tuple[str, ...]) -> str:
    """What `capital PATH --help` prints on a terminal of 80 columns, on any machine."""
    runner = CliRunner(env={"CAPITAL_LEDGER": None, "CAPITAL_BY": None})
    result = runner.invoke(cli, [*path, "--help"], prog_name="capital", terminal_width=WIDTH)
    assert result.exit_code == 0, result.output
    return "\n".join(line.rstrip() for line in result.output.strip().splitlines())


def reference_page() -> str:
    """docs/reference.md."""
    parts = [
        "# Reference: every command and option",
        "This page is what `--help` prints; it is written by `make reference`, never by hand.",
    ]
    for path, _ in commands():
        level = "###" if len(path) > 1 else "##"
        parts += [f"{level} {' '.join(('capital', *path))}", f"```text\n{help_of(path)}\n```"]
    return "\n\n".join(parts) + "\n"


# --- events --------------------------------------------------------------------------------------

NOTHING = "nothing"

EFFECTS: dict[str, str] = {
    "OpeningPositionStated": "sets each count it states, at the close of its day",
    "AuthorizedSharesChanged": "authorized: the new number",
    "PositionAdjusted": "issued and treasury by the changes stated; a change of null makes that "
    "count, and outstanding, unknown from there on; with `until`, taken back the day after",
    "SharesRepurchased": "treasury + shares; to RETIRED: issued - shares; on `settled_on` where "
    "stated (`--basis trade`: on `on`)",
    "SharesAcquired": "treasury + shares; to RETIRED: issued - shares; on `settled_on` where "
    "stated (`--basis trade`: on `on`)",
    "SharesIssued": "treasury - `from_treasury`, issued + the rest of the shares",
    "DividendElected": "treasury - `from_treasury`, issued + the rest of the shares",
    "TreasurySharesDisposed": "treasury - shares",
    "TreasurySharesCancelled": "issued and treasury - shares",
    "SplitEffected": "issued and treasury x new / old, each rounded down or as stated; an "
    "allotment under profile jp: issued + outstanding x new / old, treasury as it is; authorized: "
    "`authorized_after` of the resolution",
}
"""What an event does to the counts of its class; every other event does nothing to them."""


def command_of(event_class: type[Event]) -> str:
    """The command that records an event of this kind: the one whose callback is made for it."""
    if event_class is EventReversed:
        return "capital reverse"
    for path, command in commands():
        made_for = inspect.getclosurevars(command.callback).nonlocals if command.callback else {}
        if made_for.get("event_class") is event_class:
            return " ".join(("capital", *path))
    raise LookupError(f"no command records {event_class.__name__}")


def events_table() -> str:
    """Every event by kind of action: what it says, its command, its effect, its own fields."""
    parts = []
    order = [" ".join(("capital", *path)) for path, _ in commands()]
    kinds = sorted(KINDS.values(), key=lambda kind: order.index(command_of(kind.events_of_kind[0])))
    for kind in kinds:
        parts.append(f"## {kind.kind.capitalize()}")
        parts += [part for event in kind.events_of_kind for part in _event(event)]
    parts += ["## Correction", *_event(EventReversed)]
    return "\n\n".join(parts)


def _event(event_class: type[Event]) -> Iterator[str]:
    name = event_class.__name__
    yield f"### {name}"
    yield " ".join((event_class.__doc__ or "").split())
    yield (
        f"Recorded by `{command_of(event_class)}`. Effect on counts: {EFFECTS.get(name, NOTHING)}."
    )
    own = [
        (event_class.stored_name(key), field)
        for key, field in event_class.model_fields.items()
        if key not in Event.model_fields
    ]
    if own:
        rows = ["| field | holds | |", "|---|---|---|"]
        for alias, field in own:
            needed = "required" if field.is_required() else ""
            said = (field.description or "").replace("%%", "%")
            told = "; ".join(part for part in (said, needed) if part)
            rows.append(f"| `{alias}` | {_holds(field.annotation, alias, event_class)} | {told} |")
        yield "\n".join(rows)
    else:
        yield "No fields of its own."


def envelope_table() -> str:
    """What every event can say besides its own fields."""
    names = [
        ("issuer", "text", "the issuer's code; required"),
        ("class", "text", "the code of the share class; all events but the issuer's own"),
        ("action", "text", "the reference of the capital action; required"),
    ]
    rows = ["| field | holds | |", "|---|---|---|"]
    rows += [f"| `{name}` | {holds} | {told} |" for name, holds, told in names]
    for key, field in Event.model_fields.items():
        if key in ("issuer", "share_class", "action", "originator_version"):
            continue
        told = field.description or _ENVELOPE_WORDS[key]
        needed = "; required" if field.is_required() else ""
        rows.append(
            f"| `{Event.stored_name(key)}` | {_holds(field.annotation, key, Event)} "
            f"| {told}{needed} |"
        )
    return "\n".join(rows)


_ENVELOPE_WORDS = {
    "key": "names the event within its issuer; derived where a line states none",
    "source": "the document that says so",
    "meeting": "the meeting that decided",
    "note": "anything a reader should know",
    "acknowledged": "rules knowingly broken, each with its reason",
    "replaces": "the reversed event this one stands for; a memo",
}

_WORDS: dict[Any, str] = {
    int: "whole number",
    Decimal: "decimal, as text",
    date: "day",
    str: "text",
    bool: "true",
    Money: '`{"amount", "currency"}`',
    PrintedMoney: '`{"amount", "currency", "unit", "rounding"}`',
    Rate: '`{"pair", "value"}`',
    Source: '`{"title", "uri", "sha256", "page"}`',
    Meeting: '`{"body", "held_on", "name", "item"}`',
    KeyReference: '`{"key"}`',
}


def _holds(annotation: Any, name: str, event_class: type[Event]) -> str:
    """The kind of value of a field, in words."""
    if name == "reverses":
        return '`{"key"}`, or `{"action", "version"}` of a stored event'
    if name == "disclosed_at":
        return "day, or date-time with its zone"
    if name == "acknowledged":
        return 'list of `{"rule", "reason"}`'
    kinds = {kind for kind in _kinds(annotation) if kind is not NoneType}
    if len(kinds) != 1:
        return " or ".join(sorted(str(kind) for kind in kinds))
    (kind,) = kinds
    null = " or null" if name in event_class.nullable else ""
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return ", ".join(f"`{member.value}`" for member in kind)
    if isinstance(kind, str):  # the one value of a Literal
        return f"`{kind}`"
    if kind not in _WORDS and issubclass(kind, Value):
        parts = ", ".join(
            f'"{stored_name}"' for stored_name in map(kind.stored_name, kind.model_fields)
        )
        return f"`{{{parts}}}`"
    return _WORDS[kind] + null


def _kinds(annotation: Any) -> Iterator[Any]:
    """The plain types (or the literal values) an annotation is made of."""
    if hasattr(annotation, "__metadata__"):
        yield from _kinds(annotation.__origin__)
    elif get_args(annotation):
        for part in get_args(annotation):
            yield from _kinds(part)
    else:
        yield annotation


# --- rules ---------------------------------------------------------------------------------------


def rules_table() -> str:
    """Every rule of the ledger."""
    rows = ["| rule | kind | holds | basis | profiles |", "|---|---|---|---|---|"]
    for rule in RULES.values():
        profiles = (
            "all" if rule.profiles == EVERY else ", ".join(sorted(p.value for p in rule.profiles))
        )
        rows.append(
            f"| `{rule.id}` | {rule.kind.value} | {rule.holds} | {rule.basis} | {profiles} |"
        )
    return "\n".join(rows)


def kinds_table() -> str:
    """How a breach of each kind of rule is met."""
    words = {
        Kind.REFUSED: "refused always: arithmetic, identity, order",
        Kind.GUARDED: "refused unless acknowledged, with a reason; `check` lists it for ever",
        Kind.WARNING: "recorded, with a warning; `check` lists it",
        Kind.ASSERTION: "a published figure that should agree; recorded as it is, and `check` "
        "exits 1 while it does not agree",
        Kind.COMPUTED: "how a figure is made; it holds by construction",
    }
    rows = ["| kind | a breach is |", "|---|---|"]
    rows += [f"| {kind.value} | {words[kind]} |" for kind in Kind]
    return "\n".join(rows)


# --- pages with generated parts ------------------------------------------------------------------

PARTS: dict[str, Callable[[], str]] = {
    "envelope": envelope_table,
    "events": events_table,
    "rules": rules_table,
    "kinds": kinds_table,
}


def renewed(text: str) -> str:
    """A page with its generated parts as the code has them now.

    A part stands between `<!-- generated: NAME -->` and `<!-- end -->`.
    """

    def part(match: re.Match[str]) -> str:
        return f"{match[1]}\n\n{PARTS[match[2]]()}\n\n{match[3]}"

    return re.sub(r"(<!-- generated: (\w+) -->).*?(<!-- end -->)", part, text, flags=re.DOTALL)


def main(pages: list[str]) -> None:
    if not pages:
        sys.stdout.write(reference_page())
    for name in pages:
        page = Path(name)
        page.write_text(renewed(page.read_text(encoding="utf-8")), encoding="utf-8")


assert set(EFFECTS) <= set(EVENTS)

if __name__ == "__main__":
    main(sys.argv[1:])
