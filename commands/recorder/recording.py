"""Recording commands, made from the events themselves: one way to record, typed or imported."""

from __future__ import annotations

import hashlib
import inspect
import re
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from commands.recorder.fields import ENVELOPE, bare, envelope_options, field_options
from commands.terminal.opening import open_ledger
from commands.terminal.params import NAME
from commands.terminal.receipt import tell, tell_unindexed, who
from ledger.errors import BadInput, StoreUnusable
from ledger.events.event import Event, Scope
from ledger.history.history import History
from ledger.lines.parsing import BadLine, event_from
from ledger.recording.issuer_record import Book, open_book
from ledger.recording.record import Command, Receipt, record
from ledger.rules import no_acknowledgment_of
from ledger.store.ledger import Ledger
from ledger.values.fields import Money, PrintedMoney
from ledger.values.model import Value
from projections.shares.index import catch_up


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
        *(click.Argument([a], metavar=metavars[a], type=NAME) for a in arguments),
        *sorted(own, key=lambda option: not option.required),
    ]
    if event_class.scope is Scope.ACTION:
        params.append(
            click.Option(
                ["--class", "share_class"],
                type=NAME,
                help="The share class; default: that of the action.",
            )
        )
    on_required = event_class.model_fields["on"].is_required()
    params += envelope_options(on_required=on_required, has_reason=has_reason)

    def callback(form: str, **values: Any) -> None:
        record_typed(event_class, values, form, has_reason=has_reason)

    summary = inspect.cleandoc(event_class.__doc__ or "")
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
    book = open_book(ledger, issuer, new=opens)
    line = typed_line(event_class, values, book.history, has_reason=has_reason)
    try:
        event = event_from(line)
    except BadLine as problem:
        raise BadInput(_of_option(problem)) from None
    command = Command(event.issuer, [event], who(values["by"]), key=values["key"])
    receipt = recorded(ledger, command, book, dry_run=values["dry_run"])
    tell(receipt, form, dry_run=values["dry_run"])


def recorded(
    ledger: Ledger, command: Command, book: Book | None = None, *, dry_run: bool
) -> Receipt:
    """Record a command, and bring the index up to it."""
    receipt = record(ledger, command, dry_run=dry_run, book=book)
    if receipt.entry is not None:
        index_after(ledger, [receipt.after])
    return receipt


def index_after(ledger: Ledger, known: Iterable[History]) -> None:
    """Bring the index up to what was recorded; an index that cannot be written loses nothing."""
    try:
        catch_up(ledger, known)
    except StoreUnusable as problem:
        tell_unindexed(problem)


def _of_option(problem: BadLine) -> str:
    """The problem of a field, told of the option it was typed with."""
    if not problem.field:
        return problem.problem
    first, *rest = problem.field.split(".")
    options = {option for p in click.get_current_context().command.params for option in p.opts}
    whole = "--" + "-".join([first, *rest]).replace("_", "-")
    option = whole if whole in options else "--" + first.replace("_", "-")
    return f"{option}: {problem.problem}"


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
    home = history.terms.currency
    for name, field in event_class.model_fields.items():
        if name in ENVELOPE:
            continue
        alias = event_class.stored_name(name)
        typed = _typed_value(alias, bare(field.annotation), values, home)
        if alias == "currency" and typed is None and field.is_required():
            typed = home
        if typed is not None:
            line[alias] = None if typed == "unknown" and alias in event_class.nullable else typed
    if event_class.__name__ == "IssuerRegistered":
        line["code"] = values["issuer"]
    reasons = list(values["reason"])
    if has_reason and reasons:
        line["reason"] = reasons[0]
    line |= acknowledged_for(values["acknowledge"], reasons, has_reason=has_reason)
    return line


def _typed_value(name: str, kind: Any, values: dict[str, Any], home: str | None) -> Any:
    def get(part: str) -> Any:
        return values.get(f"field_{part.replace('-', '_')}")

    value = get(name)
    if kind is PrintedMoney:
        if value is None:
            return None
        parts = _with_currency(value, home) | {
            part: typed
            for part in ("unit", "rounding")
            if (typed := get(f"{name}_{part}")) is not None
        }
    elif kind is Money:
        return _with_currency(value, home)
    elif isinstance(kind, type) and issubclass(kind, Value):
        parts = {
            part: _typed_value(f"{name}_{part}", bare(inner.annotation), values, home)
            for part, inner in kind.model_fields.items()
        }
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


def acknowledged_for(
    rules: tuple[str, ...], reasons: list[str], *, has_reason: bool
) -> dict[str, Any]:
    """Acknowledgments, where the first --reason may be the event's own."""
    if not has_reason:
        return acknowledgments(rules, reasons)
    return acknowledgments(rules, reasons[1:] or (reasons if rules else []))


def acknowledgments(rules: tuple[str, ...], reasons: list[str]) -> dict[str, Any]:
    if not rules:
        if reasons:
            raise BadInput("--reason says why a rule is broken: name it with --acknowledge RULE")
        return {}
    for rule in rules:
        problem = no_acknowledgment_of(rule)
        if problem is not None:
            raise BadInput(f"--acknowledge {problem}")
    if len(reasons) not in (1, len(rules)):
        raise BadInput(
            f"{len(rules)} rules are acknowledged with {len(reasons)} reasons",
            "give each --acknowledge RULE its --reason TEXT, or one reason for all",
        )
    each = reasons * len(rules) if len(reasons) == 1 else reasons
    pairs = zip(rules, each, strict=True)
    return {"acknowledged": [{"rule": rule, "reason": reason} for rule, reason in pairs]}


def group(
    first_line: str, events: dict[str, type[Event]], examples: str, *more: click.Command
) -> click.Group:
    """The commands of one kind of action, by verb, and an example of each.

    `first_line` is that of the module: name and help of the group. The group shows the example of
    its first command.
    """
    name, _, help_ = first_line.removeprefix("`capital ").partition(" …`: ")
    lines = {" ".join(example.split()[1:3]): example for example in _BEGINS.split(examples.strip())}
    commands = [
        recording_command(event, verb, lines[f"{name} {verb}"]) for verb, event in events.items()
    ]
    _, example, first = (commands[0].help or "").partition("\n\n\b\nExample:\n")
    help_of_group = help_ + example + first
    return click.Group(name, help=help_of_group, commands=[*commands, *more], short_help=help_)


_BEGINS = re.compile(r"\n(?=capital )")
