"""Options made from the fields of an event: one kebab-case option per field."""

from __future__ import annotations

import types
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import click
from pydantic.fields import FieldInfo

from commands.recorder.amounts import Amount, PlainDecimal, PrintedAmount
from commands.terminal.params import (
    DAY,
    NAME,
    Moment,
    WholeNumber,
    Word,
)
from ledger.events.event import Event, Scope
from ledger.values.fields import Body, Money, PrintedMoney, Rate
from ledger.values.model import Value
from ledger.values.numbers import Rounding

ENVELOPE = frozenset(
    "originator_version issuer share_class action key on disclosed_at source meeting legal_basis "
    "note acknowledged replaces".split()
)


def field_options(event_class: type[Event]) -> Iterator[click.Option]:
    """The options for the fields that only this event has."""
    for name, field in event_class.model_fields.items():
        if name not in ENVELOPE:
            yield from _options(event_class.stored_name(name), field, event_class)


def _options(name: str, field: FieldInfo, event_class: type[Event]) -> Iterator[click.Option]:
    kind = bare(field.annotation)
    text = (field.description or name.replace("_", " ")).replace("%%", "%")
    help_ = text[0].upper() + text[1:] + ("" if text.endswith("...") else ".")
    # The currency defaults to the issuer's, so only the registration of an issuer requires it.
    defaults = name == "currency" and event_class.scope is not Scope.ISSUER
    required = field.is_required() and kind is not bool and not defaults
    if name == "code":
        return  # the issuer's code is an argument of the command
    if kind is Rate:
        yield _option(f"{name}-pair", str, f"{help_} The pair, such as USD/GBP.")
        yield _option(
            f"{name}-value",
            PlainDecimal(),
            "Units of the second currency for one unit of the first.",
        )
    elif kind is PrintedMoney:
        yield _option(name, PrintedAmount(), help_)
        yield _option(f"{name}-unit", PlainDecimal(), "Unit it is rounded to, such as 1000000.")
        yield _option(f"{name}-rounding", Word(Rounding), "How it is rounded; default: HALF_UP.")
    elif isinstance(kind, type) and issubclass(kind, Value) and kind is not Money:
        for part, inner in kind.model_fields.items():
            needed = required and inner.is_required()
            words = f"{help_.removesuffix('.')}: {part}."
            param_type = _param_type(bare(inner.annotation), nullable=False)
            yield _option(f"{name}-{part}", param_type, words, required=needed)
    elif kind is bool:
        flag = [f"--{name.replace('_', '-')}", f"field_{name}"]
        yield click.Option(flag, is_flag=True, default=None, help=help_)
    elif get_origin(kind) is not Literal:  # a field with one possible value needs no option
        nullable = name in event_class.nullable
        yield _option(name, _param_type(kind, nullable=nullable), help_, required=required)


def _option(name: str, param_type: Any, help_: str, *, required: bool = False) -> click.Option:
    option = f"--{name.replace('_', '-')}"
    # `from` and `class` are keywords of Python, so parameters get another name.
    return click.Option(
        [option, f"field_{name.replace('-', '_')}"], type=param_type, help=help_, required=required
    )


def _param_type(kind: Any, *, nullable: bool) -> Any:
    if kind is int:
        return WholeNumber(signed=nullable, or_unknown=nullable)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return Word(kind)
    return {Decimal: PlainDecimal(), date: DAY, Money: Amount()}.get(kind, str)


def bare(annotation: Any) -> Any:
    """The type of a field without `| None`."""
    if get_origin(annotation) in (Union, types.UnionType):
        (annotation,) = (part for part in get_args(annotation) if part is not type(None))
    return annotation.__origin__ if get_origin(annotation) is Annotated else annotation


def envelope_options(*, on_required: bool = True, has_reason: bool = False) -> list[click.Option]:
    """The options of every recording command."""
    known_file = click.Path(exists=True, dir_okay=False, path_type=Path)
    reason = "Reason for the acknowledgment."
    if has_reason:
        reason = "Reason for the event; given a second time, reason for the acknowledgment."
    several = {"multiple": True}
    options: list[tuple[str, str, dict[str, Any]]] = [
        ("on", "The day it happened.", {"type": DAY, "required": on_required}),
        ("disclosed-at", "When it was disclosed to the public.", {"type": Moment()}),
        ("by", BY, {"type": NAME, "envvar": "CAPITAL_BY"}),
        ("key", KEY, {"type": NAME}),
        ("source-title", "Title of the source document.", {}),
        ("source-uri", "Address of the source document.", {}),
        ("source-file", FILE, {"type": known_file}),
        ("source-page", "Page of the source document.", {"type": WholeNumber()}),
        ("meeting-body", "The body that decided.", {"type": Word(Body)}),
        ("meeting-held-on", "Day of that meeting; default: --on.", {"type": DAY}),
        ("meeting-name", "The meeting's name.", {}),
        ("meeting-item", "The item of its agenda.", {}),
        ("legal-basis", "Article of law, such as JP-CA-454-1.", {}),
        ("note", "A note for the reader.", {}),
        ("replaces", "Key of the reversed event that this one replaces.", {"type": NAME}),
        ("acknowledge", "Record although this rule is broken.", several | {"metavar": "RULE"}),
        ("reason", reason, several | {"metavar": "TEXT"}),
        ("dry-run", "Show what would change without recording it.", {"is_flag": True}),
    ]
    return [click.Option([f"--{name}"], help=help_, **more) for name, help_, more in options]


BY = "Who records the entry; default: the current user."
KEY = "Key of the events: repeating the command with the same key adds nothing."
FILE = "The document as a file; its SHA-256 digest is recorded."
