"""Recording commands, made from the events themselves: one option a field, one way to record."""

from __future__ import annotations

import getpass
import hashlib
import json
import os
import types
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin

import click
from pydantic.fields import FieldInfo

from commands.main import open_ledger
from commands.output import as_json, note, words
from commands.params import (
    DAY,
    Amount,
    Moment,
    PlainDecimal,
    PrintedAmount,
    WholeNumber,
)
from ledger.actions.issuer import issuer_terms
from ledger.actions.repurchase import AlreadyBought
from ledger.book import Command, Receipt, open_book, record
from ledger.errors import BadInput
from ledger.event import Event, Scope
from ledger.lines import BadLine, event_from
from ledger.rules import RULES, Kind
from ledger.timeline import History
from ledger.values import Body, Money, PrintedMoney, Rate, Rounding
from projections.positions import ShareCounts, share_counts
from projections.question import Question

ENVELOPE = frozenset(
    "originator_version issuer share_class action key on disclosed_at source meeting legal_basis "
    "note acknowledged replaces".split()
)


# --- options from fields -------------------------------------------------------------------------


def field_options(event_class: type[Event]) -> Iterator[click.Option]:
    """One kebab-case option for each field of the event's own."""
    for name, field in event_class.model_fields.items():
        if name not in ENVELOPE:
            yield from _options(field.alias or name, field, event_class)


def _options(name: str, field: FieldInfo, event_class: type[Event]) -> Iterator[click.Option]:
    kind = _bare(field.annotation)
    text = (field.description or name.replace("_", " ")).replace("%%", "%")
    help_ = text[0].upper() + text[1:] + "."
    # A currency is asked for only where it is not the issuer's own.
    defaults = name == "currency" and event_class.scope is not Scope.ISSUER
    required = field.is_required() and kind is not bool and not defaults
    if name == "code":
        return  # the issuer's code is the command's own argument
    if kind is Rate:
        yield _option(f"{name}-pair", str, f"{help_} The pair, such as USD/GBP.")
        yield _option(f"{name}-value", PlainDecimal(), "What one unit of the first buys.")
    elif kind is AlreadyBought:
        yield _option(f"{name}-shares", WholeNumber(), "Shares bought before the ledger begins.")
        yield _option(f"{name}-amount", Amount(), "What they cost.")
    elif kind is PrintedMoney:
        yield _option(name, PrintedAmount(), help_)
        yield _option(f"{name}-unit", PlainDecimal(), "Unit it is rounded to, such as 1000000.")
        roundings = click.Choice([rounding.value for rounding in Rounding], case_sensitive=False)
        yield _option(f"{name}-rounding", roundings, "How it is rounded; default: HALF_UP.")
    elif kind is bool:
        yield click.Option([f"--{name.replace('_', '-')}"], is_flag=True, default=None, help=help_)
    elif get_origin(kind) is not Literal:  # a field with a single value is not asked for
        nullable = name in event_class.nullable
        yield _option(name, _param_type(kind, nullable=nullable), help_, required=required)


def _option(name: str, param_type: Any, help_: str, *, required: bool = False) -> click.Option:
    option = f"--{name.replace('_', '-')}"
    if required:
        help_ = help_.removesuffix(".") + " (required)."
    # `from` and `class` are words of Python: parameters get a name that is none.
    return click.Option(
        [option, f"field_{name.replace('-', '_')}"], type=param_type, help=help_, required=required
    )


def _param_type(kind: Any, *, nullable: bool) -> Any:
    if kind is int:
        return WholeNumber(signed=nullable, or_unknown=nullable)
    if kind is Decimal:
        return PlainDecimal()
    if kind is date:
        return DAY
    if kind is Money:
        return Amount()
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return click.Choice([member.value for member in kind], case_sensitive=False)
    return str


def _bare(annotation: Any) -> Any:
    """The type of a field without `| None`."""
    if get_origin(annotation) in (Union, types.UnionType):
        (annotation,) = (part for part in get_args(annotation) if part is not type(None))
    return getattr(annotation, "__origin__", annotation) if _annotated(annotation) else annotation


def _annotated(annotation: Any) -> bool:
    return hasattr(annotation, "__metadata__")


def envelope_options(*, on: bool = True, on_required: bool = True) -> list[click.Option]:
    """What every recording command takes."""
    day = "The day it happened" + (" (required)." if on_required else ".")
    bodies = click.Choice([body.value for body in Body], case_sensitive=False)
    known_file = click.Path(exists=True, dir_okay=False, path_type=Path)
    return [
        *([click.Option(["--on"], type=DAY, required=on_required, help=day)] if on else []),
        click.Option(["--disclosed-at"], type=Moment(), help="When the public could know it."),
        click.Option(["--by"], envvar="CAPITAL_BY", help="Who records it; default: you."),
        click.Option(["--key"], help="Names the entry: the same command again adds nothing."),
        click.Option(["--source-title"], help="The document that says so."),
        click.Option(["--source-uri"], help="Its address."),
        click.Option(
            ["--source-file"], type=known_file, help="The document itself: its digest is kept."
        ),
        click.Option(["--source-page"], type=WholeNumber(), help="The page that says so."),
        click.Option(["--meeting-body"], type=bodies, help="Who decided."),
        click.Option(["--meeting-held-on"], type=DAY, help="Day of that meeting; default: --on."),
        click.Option(["--meeting-name"], help="Its name."),
        click.Option(["--meeting-item"], help="The item of its agenda."),
        click.Option(["--legal-basis"], help="The article, such as JP-CA-454-1."),
        click.Option(["--note"], help="Anything a reader should know."),
        click.Option(["--replaces"], help="Key of the reversed event this one replaces."),
        click.Option(
            ["--acknowledge"],
            multiple=True,
            metavar="RULE",
            help="Record in spite of this rule ...",
        ),
        click.Option(["--reason"], multiple=True, metavar="TEXT", help="... and why."),
        click.Option(["--dry-run"], is_flag=True, help="Say what would change, record nothing."),
        click.Option(
            ["--format", "form"],
            type=click.Choice(["table", "json"]),
            default="table",
            show_default=True,
            help="Words, or JSON.",
        ),
    ]


# --- the command ---------------------------------------------------------------------------------


def recording_command(event_class: type[Event], name: str, example: str) -> click.Command:
    """The command that records one event of this kind."""
    arguments = {
        Scope.ISSUER: ["issuer"],
        Scope.CLASS: ["issuer", "share_class"],
        Scope.ACTION: ["issuer", "action"],
    }[event_class.scope]
    metavars = {"issuer": "ISSUER", "share_class": "CLASS", "action": "ACTION"}
    own = list(field_options(event_class))
    has_reason = any(option.name == "field_reason" for option in own)
    if has_reason:  # one --reason serves the event and, where given, the acknowledgment
        own = [option for option in own if option.name != "field_reason"]
    params: list[click.Parameter] = [
        *(click.Argument([a], metavar=metavars[a]) for a in arguments),
        *sorted(own, key=lambda option: not option.required),
    ]
    if event_class.scope is Scope.ACTION:
        params.append(
            click.Option(
                ["--class", "share_class"], help="The share class; default: the action's own."
            )
        )
    params += envelope_options(on_required=event_class.model_fields["on"].is_required())

    def callback(form: str, **values: Any) -> None:
        record_typed(event_class, values, form, has_reason=has_reason)

    summary = (event_class.__doc__ or "").strip()
    return click.Command(
        name,
        params=params,
        callback=callback,
        help=f"{summary}\n\n\b\nExample:\n"
        + "\n".join(f"  {line}" for line in example.split("\n")),
        short_help=summary.partition("\n")[0],
    )


def record_typed(
    event_class: type[Event], values: dict[str, Any], form: str, *, has_reason: bool
) -> None:
    """Record the event these options state, and say what it did."""
    ctx = click.get_current_context()
    ledger = open_ledger(ctx)
    issuer = values["issuer"]
    opens = event_class.__name__ == "IssuerRegistered"
    history = open_book(ledger, issuer, new=opens).history
    line = typed_line(event_class, values, history, has_reason=has_reason)
    try:
        event = event_from(line)
    except BadLine as problem:
        raise BadInput(f"--{problem}" if problem.field else str(problem)) from None
    command = Command(issuer, [event], who(values["by"]), key=values["key"])
    receipt = record(ledger, command, dry_run=values["dry_run"])
    tell(receipt, form, dry_run=values["dry_run"])


def typed_line(
    event_class: type[Event], values: dict[str, Any], history: History, *, has_reason: bool
) -> dict[str, Any]:
    """The import line these options amount to: what is typed and what is imported are the same."""
    line: dict[str, Any] = {"event": event_class.__name__, "issuer": values["issuer"]}
    match event_class.scope:
        case Scope.ISSUER:
            line["action"] = "issuer"
        case Scope.CLASS:
            line |= {"class": values["share_class"], "action": f"class-{values['share_class']}"}
        case _:
            share_class = class_of(history, values["action"], values["share_class"])
            line |= {"class": share_class, "action": values["action"]}
    line |= envelope(values)
    home = issuer_terms(history).currency
    for name, field in event_class.model_fields.items():
        if name in ENVELOPE:
            continue
        alias = field.alias or name
        typed = _typed_value(alias, _bare(field.annotation), values, home)
        if alias == "currency" and typed is None and field.is_required():
            typed = home
        if typed is not None:
            line[alias] = None if typed == "unknown" and alias in event_class.nullable else typed
    if event_class.__name__ == "IssuerRegistered":
        line["code"] = values["issuer"]
    reasons = list(values["reason"])
    if has_reason and reasons:
        line["reason"] = reasons[0]
    line |= acknowledgments(values["acknowledge"], reasons[has_reason:] or reasons)
    return line


def _typed_value(name: str, kind: Any, values: dict[str, Any], home: str | None) -> Any:
    def get(part: str) -> Any:
        return values.get(f"field_{part.replace('-', '_')}", values.get(part))

    value = get(name)
    if kind is Rate:
        parts = {"pair": get(f"{name}_pair"), "value": get(f"{name}_value")}
    elif kind is AlreadyBought:
        amount = _with_currency(get(f"{name}_amount"), home)
        parts = {"shares": get(f"{name}_shares"), "amount": amount}
    elif kind is PrintedMoney:
        if value is None:
            return None
        parts = _with_currency(value, home) | {
            part: typed
            for part in ("unit", "rounding")
            if (typed := get(f"{name}_{part}")) is not None
        }
    elif kind is Money:
        return _with_currency(value, home)
    elif isinstance(value, date):
        return value.isoformat()
    else:
        return value
    stated = {part: typed for part, typed in parts.items() if typed is not None}
    return stated or None


def _with_currency(money: dict[str, str] | None, home: str | None) -> Any:
    if money is None or "currency" in money:
        return money
    return money if home is None else {**money, "currency": home}


def class_of(history: History, action: str, share_class: str | None) -> str:
    """The class of an action: as typed, as recorded before, the issuer's only one, or common.

    Raises BadInput where it must be named.
    """
    if share_class is not None:
        return share_class
    recorded = next((f.event.share_class for f in history.facts if f.event.action == action), None)
    if recorded is not None:
        return recorded
    if len(history.classes) > 1:
        raise BadInput(
            f"{history.issuer} has several classes: {', '.join(history.classes)}",
            "name one: --class CODE",
        )
    return history.classes[0] if history.classes else "common"


def envelope(values: dict[str, Any]) -> dict[str, Any]:
    """What every event can say, from the options every recording command takes."""
    line: dict[str, Any] = {}
    for name in ("on", "disclosed_at"):
        moment: date | datetime | None = values.get(name)
        if moment is not None:
            line[name] = moment.isoformat()
    for name in ("legal_basis", "note"):
        if values[name]:
            line[name] = values[name]
    if values["replaces"]:
        line["replaces"] = {"key": values["replaces"]}
    source = _source(values)
    if source:
        line["source"] = source
    meeting = {
        "body": values["meeting_body"],
        "held_on": values["meeting_held_on"] or values.get("on"),
        "name": values["meeting_name"],
        "item": values["meeting_item"],
    }
    if values["meeting_body"]:
        if meeting["held_on"] is not None:
            meeting["held_on"] = meeting["held_on"].isoformat()
        line["meeting"] = {name: part for name, part in meeting.items() if part}
    elif any(values[f"meeting_{name}"] for name in ("held_on", "name", "item")):
        raise BadInput("a meeting needs its body: --meeting-body BOARD, AGM, EGM, ...")
    return line


def _source(values: dict[str, Any]) -> dict[str, Any]:
    path: Path | None = values["source_file"]
    title = values["source_title"] or (path.name if path else None)
    if title is None:
        if values["source_uri"] or values["source_page"]:
            raise BadInput("a document needs its title: --source-title TEXT")
        return {}
    source = {
        "title": title,
        "uri": values["source_uri"],
        "page": values["source_page"],
        "sha256": _digest(path) if path else None,
    }
    return {name: part for name, part in source.items() if part is not None}


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def acknowledgments(rules: tuple[str, ...], reasons: list[str]) -> dict[str, Any]:
    if not rules:
        return {}
    for rule in rules:
        if rule not in RULES or RULES[rule].kind is Kind.REFUSED:
            can = ", ".join(r.id for r in RULES.values() if r.kind is not Kind.REFUSED)
            why = "cannot be acknowledged" if rule in RULES else "is no rule"
            raise BadInput(f"--acknowledge {rule}: {why}", f"those that can be: {can}")
    if len(reasons) not in (1, len(rules)):
        raise BadInput(
            f"{len(rules)} rules are acknowledged with {len(reasons)} reasons",
            "give each --acknowledge RULE its --reason TEXT, or one reason for all",
        )
    each = reasons * len(rules) if len(reasons) == 1 else reasons
    pairs = zip(rules, each, strict=True)
    return {"acknowledged": [{"rule": rule, "reason": reason} for rule, reason in pairs]}


def who(typed: str | None) -> str:
    """Who records: as typed, else the user of this machine."""
    if typed:
        return typed
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # no name for this user id, in a container
        return f"uid-{os.getuid()}"


# --- the receipt ---------------------------------------------------------------------------------


def tell(receipt: Receipt, form: str, *, dry_run: bool) -> None:
    """Say what was recorded, its entry, and the position after it."""
    if form == "json":
        click.echo(json.dumps(receipt_json(receipt, dry_run=dry_run), ensure_ascii=False, indent=2))
        return
    if not receipt.recorded and receipt.entry is None:
        for hit in receipt.hits:
            click.echo(
                f"{hit.event.name} of {hit.event.action} was recorded before, by entry "
                f"{hit.entry.number} with key {hit.event.key}; nothing added"
            )
        return
    number = receipt.recorded[0].entry.number
    head = f"dry run, nothing recorded; would be entry {number}" if dry_run else f"entry {number}"
    for fact in receipt.recorded:
        event = fact.event
        on = f" on {event.on}" if event.is_dated else ""
        click.echo(f"{head}: {event.issuer} {event.action}: {event.name}{on}")
    for counts in positions_after(receipt):
        click.echo(position_words(counts))
    for covered in receipt.covered:
        note(f"acknowledged: {covered.rule} ({covered.reason})")
    for warning in receipt.warnings:
        note(f"warning: {warning.rule}: {warning.message}")
    for code in new_classes(receipt):
        note(
            f"note: {code!r} is a new class of {receipt.issuer}, beside "
            f"{', '.join(receipt.before.classes)}"
        )


def new_classes(receipt: Receipt) -> list[str]:
    """Classes the command speaks of first, where there are others: a typo would be one."""
    before = receipt.before.classes
    return [code for code in receipt.after.classes if before and code not in before]


def positions_after(receipt: Receipt) -> list[ShareCounts]:
    """The counts of each class touched, at the latest day the command touched it."""
    days: dict[str, date] = {}
    for fact in receipt.recorded:
        event = fact.event
        code = event.share_class
        if code is not None and code in receipt.after.classes and event.is_dated:
            days[code] = max(event.settles or event.on, days.get(code, date.min))
    return [share_counts(receipt.after, code, Question(day)) for code, day in sorted(days.items())]


def position_words(counts: ShareCounts) -> str:
    """A position in one line."""
    figures = ", ".join(
        f"{name} {words(count, 'unknown')}"
        for name, count in (
            ("issued", counts.issued),
            ("treasury", counts.treasury),
            ("outstanding", counts.outstanding),
        )
    )
    why = f" ({counts.reason})" if counts.reason else ""
    return f"{counts.issuer} {counts.share_class} on {counts.asked.on}: {figures}{why}"


def receipt_json(receipt: Receipt, *, dry_run: bool) -> dict[str, Any]:
    """The receipt for programs."""
    return {
        "issuer": receipt.issuer,
        "entry": receipt.entry.number if receipt.entry is not None else None,
        "dry_run": dry_run,
        "recorded": [_fact_json(fact) for fact in receipt.recorded],
        "hits": [{**_fact_json(fact), "entry": fact.entry.number} for fact in receipt.hits],
        "acknowledged": [{"rule": c.rule, "reason": c.reason} for c in receipt.covered],
        "warnings": [{"rule": w.rule, "message": w.message} for w in receipt.warnings],
        "positions": [as_json(counts) for counts in positions_after(receipt)],
    }


def _fact_json(fact: Any) -> dict[str, Any]:
    event = fact.event
    return {
        "action": event.action,
        "version": event.version,
        "event": event.name,
        "on": event.on.isoformat() if event.is_dated else None,
        "key": event.key,
    }


def group(name: str, help_: str, commands: list[click.Command]) -> click.Group:
    """The commands of one kind of action."""
    return click.Group(name, help=help_, commands=commands)
