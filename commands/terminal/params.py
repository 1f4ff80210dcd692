"""How words of a command line become dates, counts and amounts; the options queries share."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

import click

from commands.terminal.output import raw_option
from ledger.counts.basis import Basis
from ledger.history.knowledge import Knowledge, KnownBy
from projections.question import Question

if TYPE_CHECKING:
    from decimal import Decimal

    from click.shell_completion import CompletionItem

LONGEST_ENTRY_NUMBER = 18

_Command = TypeVar("_Command", bound=Callable[..., Any])


class Day(click.ParamType[date]):
    """A calendar day, written one way: 2018-05-24."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
            try:
                return date.fromisoformat(value)
            except ValueError:
                self.fail(f"{value!r} is not a date in the calendar", param, ctx)
        self.fail(f"{value!r} is not a date; write it as 2018-05-24", param, ctx)


class Name(click.ParamType[str]):
    """A code, a reference, a key: one spelling of each, however the keyboard composes accents."""

    name = "text"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        text = unicodedata.normalize("NFC", value)
        if not text.strip() or not all(c.isprintable() for c in text):
            self.fail(f"{value!r} is empty or cannot be printed", param, ctx)
        return text

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem[str]]:
        """What the ledger holds, where an issuer, an action or a class is typed."""
        from commands.terminal.offered import offered  # noqa: PLC0415 - a shell asks, no command does

        return offered(ctx, param.name or "", incomplete)


class Moment(click.ParamType[Any]):
    """A day, or a date-time with its zone: 2018-05-24T15:00:00+09:00."""

    name = "date|date-time"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> date | datetime:
        if isinstance(value, date):
            return value
        if not re.match(r"\d{4}-\d{2}-\d{2}[Tt ]", value, re.ASCII):
            return Day().convert(value, param, ctx)
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.fail(
                f"{value!r} is not a date-time; write it as 2018-05-24T15:00:00+09:00", param, ctx
            )
        if moment.tzinfo is None:
            self.fail(f"{value!r} has no zone; add one, such as {value}Z", param, ctx)
        return moment


class KnownAt(Moment):
    """A state of knowledge: a day (its end), a date-time, or the number of an entry."""

    name = "date|date-time|entry"

    def convert(  # type: ignore[override]  # an entry number is a third kind of answer
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> int | date | datetime:
        if isinstance(value, int | date):
            return value
        number = value.removeprefix("#")
        if number.isascii() and number.isdigit():
            if len(number) > LONGEST_ENTRY_NUMBER:
                self.fail("the entry number is too large", param, ctx)
            if int(number) < 1:
                self.fail("entries are numbered from 1", param, ctx)
            return int(number)
        return super().convert(value, param, ctx)


class WholeNumber(click.ParamType[Any]):
    """A count: plain digits, so that no separator is ever mistaken for a decimal point."""

    name = "number"

    def __init__(self, *, signed: bool = False, or_unknown: bool = False) -> None:
        self.signed = signed
        self.or_unknown = or_unknown

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> int | str:
        if isinstance(value, int):
            return value
        if self.or_unknown and value.lower() == "unknown":
            return "unknown"
        pattern = r"[+-]?\d{1,40}" if self.signed else r"\d{1,40}"
        if re.fullmatch(pattern, value, re.ASCII):
            return int(value)
        plain = value.replace(",", "").replace("_", "")
        hint = f"; write {plain}" if plain.isascii() and plain.isdigit() else ""
        self.fail(f"{value!r} is not a whole number in plain digits{hint}", param, ctx)


class PlainDecimal(click.ParamType[str]):
    """A decimal in plain digits, kept as the text it was typed in."""

    name = "decimal"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if re.fullmatch(r"\d{1,24}(\.\d{1,20})?", value, re.ASCII):
            return str(value)
        self.fail(f"{value!r} is not a decimal in plain digits, such as 13.50", param, ctx)


class Amount(click.ParamType[dict[str, str]]):
    """An amount of money: 400000000 (in the issuer's currency) or "USD 400000000"."""

    name = "amount"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> dict[str, str]:
        if isinstance(value, dict):
            return value
        match = re.fullmatch(r"(?:([A-Z]{3}) ?)?(\d{1,24}(?:\.\d{1,20})?)", value, re.ASCII)
        if match is None:
            self.fail(f'{value!r} is not an amount; write 400000000 or "USD 400000000"', param, ctx)
        money = {"amount": match[2]}
        return money if match[1] is None else {**money, "currency": match[1]}


class Word(click.Choice[str]):
    """One of the words of a field, in capitals as in filings and import lines, typed either way."""

    def __init__(self, words: type[StrEnum]) -> None:
        super().__init__([word.value for word in words], case_sensitive=False)

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:  # noqa: ARG002
        return "[" + "|".join(self.choices) + "]"

    def get_invalid_choice_message(self, value: Any, ctx: click.Context | None) -> str:  # noqa: ARG002
        return f"{value!r} is not one of {', '.join(self.choices)}"

    def shell_complete(
        self,
        ctx: click.Context,  # noqa: ARG002 - click's signature
        param: click.Parameter,  # noqa: ARG002
        incomplete: str,
    ) -> list[CompletionItem[str]]:
        """The words as they are written, however they are begun."""
        from click.shell_completion import CompletionItem  # noqa: PLC0415 - a shell asks for it

        return [
            CompletionItem(word) for word in self.choices if word.startswith(incomplete.upper())
        ]


_UNITS = {"thousand": 10**3, "million": 10**6, "billion": 10**9}


class PrintedAmount(click.ParamType[dict[str, str]]):
    """A total as a notice prints it: 608000000, or "JPY 608 million" with its unit."""

    name = "total"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> dict[str, str]:
        if isinstance(value, dict):
            return value
        match = re.fullmatch(
            r"(?:([A-Z]{3}) ?)?(\d{1,24}(?:\.\d{1,20})?)(?: (thousand|million|billion))?",
            value,
            re.ASCII,
        )
        if match is None:
            self.fail(f'{value!r} is not a total; write 608000000 or "JPY 608 million"', param, ctx)
        currency, digits, word = match.groups()
        total = _in_units(digits, _UNITS[word]) if word else {"amount": digits}
        return total if currency is None else {**total, "currency": currency}


def _in_units(digits: str, unit: int) -> dict[str, str]:
    """608 million is 608000000, known to the million; 1.2 billion to the hundred million."""
    from decimal import Decimal  # noqa: PLC0415 - only where a printed total is typed

    step = Decimal(unit).scaleb(-len(digits.partition(".")[2]))
    return {"amount": _whole(Decimal(digits) * unit), "unit": _whole(step)}


def _whole(value: Decimal) -> str:
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


DAY = Day()
NAME = Name()


def known_by_option(command: _Command) -> _Command:
    """--known-by."""
    return click.option(
        "--known-by",
        type=click.Choice([by.value for by in KnownBy]),
        default=KnownBy.RECORDED.value,
        show_default=True,
        help="Known to this ledger, or disclosed to the public.",
    )(command)


def knowledge_options(command: _Command) -> _Command:
    """--known-at and --known-by."""
    return click.option(
        "--known-at",
        type=KnownAt(),
        help="As known at the end of a day, at a date-time, or after an entry (12).",
    )(known_by_option(command))


def query_options(
    *,
    counts: bool = True,
    csv: bool = True,
    shares: bool = True,
    form: bool = True,
    on: str = "today",
) -> Callable[[_Command], _Command]:
    """The options every query takes: the axes of time, and (`form`) the form of the answer."""
    basis = [
        click.option(
            "--basis",
            type=click.Choice([basis.value for basis in Basis]),
            default=Basis.SETTLEMENT.value,
            show_default=True,
            help="Count a purchase from its settlement or from its trade.",
        ),
    ]
    share_basis = [
        click.option(
            "--share-basis", type=DAY, help="Tell figures in the shares of this day; default: --on."
        ),
    ]
    options = [
        click.option("--on", type=DAY, help=f"The day asked about (its close); default: {on}."),
        knowledge_options,
        *(basis if counts else []),
        *(share_basis if shares else []),
        *([format_option(csv=csv)] if form else []),
    ]

    def decorate(command: _Command) -> _Command:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


def format_option(*, csv: bool = True) -> Callable[[_Command], _Command]:
    """--format."""
    forms = ["table", "json", "csv"] if csv else ["table", "json"]
    form: Callable[[_Command], _Command] = click.option(
        "--format",
        "form",
        type=click.Choice(forms),
        default="table",
        show_default=True,
        help="A table for people; JSON or CSV for programs." if csv else "Words, or JSON.",
    )
    return (lambda command: form(raw_option(command))) if csv else form


def question(
    on: date | None,
    known_at: int | date | datetime | None,
    known_by: str,
    basis: str = Basis.SETTLEMENT,
    share_basis: date | None = None,
) -> Question:
    """The question these options put."""
    return Question(
        on or today(), Knowledge(known_at, KnownBy(known_by)), Basis(basis), share_basis
    )


def today() -> date:
    """Today where the user is."""
    return datetime.now().astimezone().date()
