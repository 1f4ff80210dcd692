"""Recording commands, made from the events: a typed event is recorded as an imported line is."""

from __future__ import annotations

import hashlib
import inspect
import re
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from commands.recorder.amounts import MarkedDecimal
from commands.recorder.fields import ENVELOPE, bare, envelope_options, field_options
from commands.terminal.opening import code_of, open_ledger
from commands.terminal.params import NAME, format_option
from commands.terminal.receipt import tell, tell_unindexed, who
from ledger.errors import BadInput, StoreUnusable
from ledger.events.event import Event, Scope
from ledger.history.history import History
from ledger.lines.parsing import BadLine, event_from
from ledger.recording.issuer_record import Book, open_book
from ledger.recording.record import Command, record
from ledger.rules import no_acknowledgment_of
from ledger.store.ledger import Ledger
from ledger.values.fields import Money, PrintedMoney
from ledger.values.model import Value
from projections.shares.index import catch_up


def recording_command(event_class: type[Event], name: str, example: str) -> click.Command:
    """The command that records one event of this kind."""
    # The option --reason of every command also takes the reason of the event.
    own = [option for option in field_options(event_class) if option.name != "field_reason"]
    params: list[click.Parameter] = [
        *(argument(name) for name in _ARGUMENTS[event_class.scope]),
        *sorted(own, key=lambda option: not option.required),
    ]
    if event_class.scope is Scope.ACTION:
        help_ = "The share class; default: that of the action."
        params.append(click.Option(["--class", "share_class"], type=NAME, help=help_))
    fields = event_class.model_fields
    params += envelope_options(
        on_required=fields["on"].is_required(), has_reason="reason" in fields
    )

    def callback(form: str, **values: Any) -> None:
        _record_typed(event_class, values, form)

    summary = inspect.cleandoc(event_class.__doc__ or "")
    command = click.Command(
        name,
        params=params,
        callback=callback,
        help=f"{summary}\n\n\b\nExample:\n"
        + "\n".join(f"  {line}" for line in example.split("\n")),
        short_help=summary.partition("\n")[0],
    )
    return format_option(csv=False)(command)


_ARGUMENTS = {
    Scope.ISSUER: ["issuer"],
    Scope.CLASS: ["issuer", "share_class"],
    Scope.ACTION: ["issuer", "action"],
}


def argument(name: str, kind: click.ParamType[Any] = NAME) -> click.Argument:
    return click.Argument([name], metavar=name.removeprefix("share_").upper(), type=kind)


def _record_typed(event_class: type[Event], values: dict[str, Any], form: str) -> None:
    ledger = open_ledger(click.get_current_context())
    opens = event_class.__name__ == "IssuerRegistered"
    if not opens:
        values["issuer"] = code_of(ledger, values["issuer"])
    book = open_book(ledger, values["issuer"], new=opens)
    record_line(ledger, _typed_line(event_class, values, book.history), values, form, book)


def record_line(
    ledger: Ledger, line: dict[str, Any], values: dict[str, Any], form: str, book: Book
) -> None:
    """Record the event of a line, update the index, and print the receipt."""
    try:
        event = event_from(line)
    except BadLine as problem:
        raise BadInput(_of_option(problem)) from None
    command = Command(event.issuer, [event], who(values["by"]), key=values["key"])
    receipt = record(ledger, command, dry_run=values["dry_run"], book=book)
    if receipt.entry is not None:
        try:
            catch_up(ledger, [receipt.after])
        except StoreUnusable as problem:  # the entry is recorded, and answers need no index
            tell_unindexed(problem)
    tell(receipt, form, dry_run=values["dry_run"])


def _of_option(problem: BadLine) -> str:
    """The problem of a field, with the name of the option it was typed with."""
    if not problem.field:
        return problem.problem
    first, *rest = problem.field.split(".")
    options = {option for p in click.get_current_context().command.params for option in p.opts}
    for name in ("-".join([first, *rest]), first):
        option = f"--{name.replace('_', '-')}"
        if option in options:
            return f"{option}: {problem.problem}"
    return str(problem)


def _typed_line(
    event_class: type[Event], values: dict[str, Any], history: History
) -> dict[str, Any]:
    """The import line that states the same event as these options."""
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
    marked: dict[str, MarkedDecimal] = {}
    for name, field in event_class.model_fields.items():
        if name in ENVELOPE:
            continue
        alias = event_class.stored_name(name)
        typed = _typed_value(alias, bare(field.annotation), values, home)
        if alias == "currency" and typed is None and field.is_required():
            typed = home
        if isinstance(typed, MarkedDecimal):
            marked[alias], typed = typed, str(typed)
        if typed is not None:
            line[alias] = None if typed == "unknown" and alias in event_class.nullable else typed
    _must_be_in(line.get("payment_currency") or line.get("currency") or home, marked)
    if event_class.__name__ == "IssuerRegistered":
        line["code"] = values["issuer"]
    return line | reasons(values, has_reason="reason" in event_class.model_fields)


def _typed_value(name: str, kind: Any, values: dict[str, Any], home: str | None) -> Any:
    def get(part: str) -> Any:
        return values.get(f"field_{part.replace('-', '_')}")

    value = get(name)
    if kind is PrintedMoney:
        if value is None:
            return None
        rounded = {part: get(f"{name}_{part}") for part in ("unit", "rounding")}
        parts = _with_currency(value, home) | _stated(rounded)
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
    return _stated(parts) or None


def _stated(parts: dict[str, Any]) -> dict[str, Any]:
    return {name: part for name, part in parts.items() if part is not None}


def _with_currency(money: dict[str, Any] | None, home: str | None) -> Any:
    if money is None:
        return None
    stated = dict(money)
    symbol_of = stated.pop("currencies", ())
    if symbol_of and home not in symbol_of:
        raise BadInput(
            f"the symbol of {stated['amount']} can be of {', '.join(symbol_of)}",
            f'write the code of the currency: "{symbol_of[0]} {stated["amount"]}"',
        )
    return stated if home is None else {"currency": home} | stated


def _must_be_in(currency: str | None, figures: dict[str, MarkedDecimal]) -> None:
    """Refuse figures typed with the symbol or code of another currency; raises BadInput."""
    for name, figure in figures.items():
        if currency not in figure.currencies:
            option = f"--{name.replace('_', '-')}"
            raise BadInput(
                f"{option} {figure} is typed in {' or '.join(figure.currencies)}, and the currency "
                f"is {currency or 'not stated'}",
                "name the currency: --currency CODE; or write the figure alone",
            )


def class_of(history: History, action: str, share_class: str | None) -> str:
    """The class of an action: as typed, as recorded before, the issuer's only one, or common.

    Raises BadInput if it must be named.
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
    """The fields that every event has, from the options of every recording command."""
    line = {
        "on": _iso(values["on"]),
        "disclosed_at": _iso(values["disclosed_at"]),
        "legal_basis": values["legal_basis"],
        "note": values["note"],
        "replaces": values["replaces"] and {"key": values["replaces"]},
        "source": _source(values),
        "meeting": _meeting(values),
    }
    return {name: part for name, part in line.items() if part}


def _iso(moment: date | datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _meeting(values: dict[str, Any]) -> dict[str, Any]:
    meeting = {name: values[f"meeting_{name}"] for name in ("body", "held_on", "name", "item")}
    if meeting["body"]:
        meeting["held_on"] = _iso(meeting["held_on"] or values["on"])
        return {name: part for name, part in meeting.items() if part}
    if any(meeting.values()):
        raise BadInput("a meeting needs its body: --meeting-body BOARD, AGM, EGM, ...")
    return {}


def _source(values: dict[str, Any]) -> dict[str, Any]:
    path: Path | None = values["source_file"]
    title = values["source_title"] or (path.name if path else None)
    if title is None:
        if values["source_uri"] or values["source_page"]:
            raise BadInput("a document needs its title: --source-title TEXT")
        return {}
    source = {"title": title, "uri": values["source_uri"], "page": values["source_page"]}
    if path:
        with path.open("rb") as file:
            source["sha256"] = hashlib.file_digest(file, "sha256").hexdigest()
    return _stated(source)


def reasons(values: dict[str, Any], *, has_reason: bool) -> dict[str, Any]:
    """The reason of the event, if it has one, and the acknowledgments.

    The first --reason is the event's; an only one is also that of the acknowledgments.
    """
    typed, rules = list(values["reason"]), values["acknowledge"]
    if not has_reason or not typed:
        return _acknowledgments(rules, typed)
    return {"reason": typed[0]} | _acknowledgments(rules, typed[1:] or (typed if rules else []))


def _acknowledgments(rules: tuple[str, ...], reasons: list[str]) -> dict[str, Any]:
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
    """The commands of one kind of action, by verb, with an example of each.

    `first_line` is the docstring of the module: name and help of the group. The group shows the
    example of its first command.
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
