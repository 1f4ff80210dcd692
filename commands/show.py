"""`capital shares`, `treasury`, `dividends`, `repurchases`: point-in-time queries."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import click

from commands.main import open_ledger
from commands.output import (
    Column,
    count_column,
    figure,
    money,
    note,
    printed,
    show,
    term_words,
)
from commands.params import query_options, question
from ledger.book import Book
from ledger.errors import BadInput
from ledger.event import ALL_CLASSES
from ledger.store import Ledger
from projections.dividends import DividendAnswer, FiscalYear, fiscal_years
from projections.positions import (
    CountChange,
    ShareCounts,
    classes_asked,
    share_counts,
    share_history,
)
from projections.question import Question
from projections.repurchases import RepurchaseAnswer
from projections.repurchases import repurchases as repurchase_answers
from projections.treasury import TreasuryPosition, treasury_position

_Command = TypeVar("_Command", bound=Callable[..., Any])


def class_option(*, all_classes: bool = True) -> Callable[[_Command], _Command]:
    """--class, as queries take it."""
    help_ = "One share class; default: each." + (
        ' "all" for the sum over classes.' if all_classes else ""
    )
    return click.option("--class", "share_class", help=help_)


def only_issuer(ledger: Ledger, issuer: str | None) -> str:
    """The issuer asked about, or the ledger's only one."""
    if issuer is not None:
        return issuer
    issuers = ledger.issuers()
    if len(issuers) == 1:
        return issuers[0]
    have = ", ".join(issuers[:20]) or "none yet"
    raise BadInput(f"which issuer? the ledger holds: {have}", "name one, or ask --all")


# --- shares --------------------------------------------------------------------------------------

SHARES = (
    Column("issuer", "issuer", lambda r: r.issuer),
    Column("class", "class", lambda r: r.share_class),
    Column("on", "on", lambda r: r.asked.on),
    count_column("authorized", "authorized", lambda r: r.authorized),
    count_column("issued", "issued", lambda r: r.issued),
    count_column("treasury", "treasury", lambda r: r.treasury),
    count_column("outstanding", "outstanding", lambda r: r.outstanding),
    Column("entry", "entry", lambda r: r.asked.entry, right=True),
)

HISTORY = (
    Column("on", "on", lambda r: r.on),
    Column("action", "action", lambda r: r.action),
    Column("event", "event", lambda r: r.event),
    Column("entry", "entry", lambda r: r.entry, right=True),
    count_column("issued_change", "issued by", lambda r: r.issued_change),
    count_column("treasury_change", "treasury by", lambda r: r.treasury_change),
    count_column("issued", "issued", lambda r: r.issued),
    count_column("treasury", "treasury", lambda r: r.treasury),
    count_column("outstanding", "outstanding", lambda r: r.outstanding),
)


@click.command()
@click.argument("issuer", required=False)
@class_option()
@click.option("--history", is_flag=True, help="Every change up to the day, one a line.")
@click.option("--all", "every", is_flag=True, help="Every issuer of the ledger.")
@query_options()
@click.pass_context
def shares(
    ctx: click.Context,
    /,
    issuer: str | None,
    share_class: str | None,
    form: str,
    *,
    history: bool,
    every: bool,
    **asked: Any,
) -> None:
    """Shares authorized, issued, in treasury and outstanding, at the close of a day.

    \b
    Example:
      capital shares IIJ --on 2008-10-27
      capital shares IIJ --history --on 2018-06-29
      capital shares --all --on 2018-03-31 --format csv
    """
    ledger = open_ledger(ctx)
    put = question(**asked)
    if every:
        if issuer is not None or history:
            raise BadInput("--all is of every issuer: it goes with no ISSUER and no --history")
        _not_by_entry(put)
        answers: list[ShareCounts] = []
        for code in ledger.issuers():
            answers += _counts(Book(ledger, code), share_class, put, lenient=True)
        show(answers, form, SHARES, answers)
        return
    book = Book(ledger, only_issuer(ledger, issuer))
    must_exist(book, put)
    if history:
        changes = _changes(book, share_class, put)
        show(changes, form, HISTORY, changes)
        return
    answers = _counts(book, share_class, put)
    show(_one_or_list(answers, share_class), form, SHARES, answers)
    if form == "table":
        tell_reasons(answers)


def _not_by_entry(put: Question) -> None:
    if isinstance(put.knowledge.at, int):
        raise BadInput(
            f"--known-at {put.knowledge.at} is an entry number: each issuer counts its own",
            "with --all give a date or a date-time",
        )


def must_exist(book: Book, put: Question) -> None:
    """Refuse knowledge of entries that are yet to come; raises BadInput."""
    at, last = put.knowledge.at, book.history.last_entry
    if isinstance(at, int) and last is not None and at > last:
        raise BadInput(
            f"--known-at {at}: the last entry of {book.issuer} is {last}",
            f"give an entry from 1 to {last}, or leave it out",
        )


def _counts(
    book: Book, share_class: str | None, put: Question, *, lenient: bool = False
) -> list[ShareCounts]:
    known = book.history.known(put.knowledge)
    if lenient and share_class not in (None, ALL_CLASSES, *book.history.classes):
        return []
    classes = classes_asked(book.history, known, share_class)
    return [share_counts(book.history, code, put) for code in classes]


def _changes(book: Book, share_class: str | None, put: Question) -> list[CountChange]:
    known = book.history.known(put.knowledge)
    classes = classes_asked(book.history, known, share_class)
    return [change for code in classes for change in share_history(book.history, code, put)]


def _one_or_list(answers: Sequence[Any], share_class: str | None) -> Any:
    """One object where one class was named, a list otherwise."""
    return answers[0] if share_class is not None else list(answers)


def tell_reasons(answers: Sequence[Any]) -> None:
    """Say why a figure is unknown, beside the table."""
    for answer in answers:
        if answer.reason:
            note(f"{answer.share_class}: {answer.reason}")


# --- treasury ------------------------------------------------------------------------------------

TREASURY = (
    Column("issuer", "issuer", lambda r: r.issuer),
    Column("class", "class", lambda r: r.share_class),
    Column("on", "on", lambda r: r.asked.on),
    count_column("shares", "shares", lambda r: r.shares),
    count_column("cost", "cost", lambda r: money(r.cost)),
    count_column("average_cost", "average cost", lambda r: figure(r.average_cost)),
    count_column("percent_of_issued", "% of issued", lambda r: r.percent_of_issued),
    Column("entry", "entry", lambda r: r.asked.entry, right=True),
)


@click.command()
@click.argument("issuer", required=False)
@class_option(all_classes=False)
@query_options()
@click.pass_context
def treasury(
    ctx: click.Context, /, issuer: str | None, share_class: str | None, form: str, **asked: Any
) -> None:
    """Treasury shares: count, moving-average cost without fees, share of issued.

    \b
    Example:
      capital treasury ACME --on 2020-12-31
    """
    ledger = open_ledger(ctx)
    put = question(**asked)
    book = Book(ledger, only_issuer(ledger, issuer))
    must_exist(book, put)
    known = book.history.known(put.knowledge)
    one_class(share_class)
    answers: list[TreasuryPosition] = [
        treasury_position(book.history, code, put)
        for code in classes_asked(book.history, known, share_class)
    ]
    show(_one_or_list(answers, share_class), form, TREASURY, answers)
    if form == "table":
        tell_reasons(answers)


def one_class(share_class: str | None) -> None:
    """Refuse the sum over classes where there is none; raises BadInput."""
    if share_class == ALL_CLASSES:
        raise BadInput('this is of one class at a time, not of "all"', "name it: --class CODE")


# --- dividends -----------------------------------------------------------------------------------

DIVIDENDS = (
    Column("fiscal_year", "year", lambda r: r[0].fiscal_year),
    Column("fiscal_year_end", "ended", lambda r: r[0].fiscal_year_end),
    Column("class", "class", lambda r: r[0].share_class),
    Column("term", "term", lambda r: r[1] and term_words(r[1].term)),
    Column("action", "dividend", lambda r: r[1] and r[1].action),
    Column("state", "state", lambda r: r[1] and r[1].state),
    Column("currency", "", lambda r: r[1].currency if r[1] else r[0].currency),
    Column("per_share", "per share", lambda r: _per_share(r[1]), right=True),
    Column("restated", "restated", lambda r: r[1] and r[1].restated, right=True),
    Column("record_date", "record date", lambda r: r[1] and r[1].record_date),
    Column("payable_on", "payable on", lambda r: r[1] and r[1].payable_on),
    Column("total", "total", lambda r: r[1] and figure(_amount(r[1].total)), right=True),
    Column("stated_total", "as stated", lambda r: r[1] and printed(r[1].stated_total), right=True),
)


def _declared(year: FiscalYear) -> str | None:
    mixed = " (unlike shares)" if year.declared.mixed_basis else ""
    return None if year.declared.per_share is None else f"{year.declared.per_share}{mixed}"


YEARS = (
    Column("fiscal_year", "year", lambda r: r.fiscal_year),
    Column("class", "class", lambda r: r.share_class),
    Column("currency", "", lambda r: r.currency),
    Column("interim", "interim", lambda r: r.interim, right=True),
    Column("year_end", "year-end", lambda r: r.year_end, right=True),
    Column("annual", "annual", _declared, right=True),
    Column(
        "year_end_basis",
        "in year-end shares",
        lambda r: r.year_end_basis and r.year_end_basis.per_share,
        right=True,
    ),
    Column("restated", "restated", lambda r: r.restated.per_share, right=True),
    Column("approved", "approved", lambda r: r.approved_per_share, right=True),
    Column("paid", "paid", lambda r: r.paid_per_share, right=True),
    Column("total", "total", lambda r: money(r.total), right=True),
    Column("total_is", "total is", lambda r: r.total_is),
)


def _amount(value: Any) -> str | None:
    return None if value is None else str(value.amount)


def _per_share(dividend: DividendAnswer | None) -> str | None:
    if dividend is None:
        return None
    if dividend.per_share_low is not None:
        return f"{dividend.per_share_low} to {dividend.per_share_high}"
    return dividend.per_share or ("undecided" if dividend.state == "forecast" else None)


@click.command()
@click.argument("issuer", required=False)
@class_option(all_classes=False)
@click.option("--fiscal-year", help="One year: FY2017, or its last day.")
@query_options(counts=False)
@click.pass_context
def dividends(
    ctx: click.Context,
    /,
    issuer: str | None,
    share_class: str | None,
    fiscal_year: str | None,
    form: str,
    **asked: Any,
) -> None:
    """Dividends by fiscal year: state and money of each; the year as declared and restated.

    What is decided counts, awaiting approval included; forecasts and withdrawn ones never do.

    \b
    Example:
      capital dividends IIJ --on 2018-05-24
      capital dividends IIJ --fiscal-year FY2017 --format json
    """
    ledger = open_ledger(ctx)
    put = question(**asked)
    book = Book(ledger, only_issuer(ledger, issuer))
    must_exist(book, put)
    known = book.history.known(put.knowledge)
    one_class(share_class)
    classes = classes_asked(book.history, known, share_class)
    years = [
        year
        for code in classes
        for year in fiscal_years(book.history, code, put, fiscal_year)
        if fiscal_year is None or year.dividends or len(classes) == 1
    ]
    rows: list[tuple[FiscalYear, DividendAnswer | None]] = [
        (year, dividend) for year in years for dividend in (year.dividends or (None,))
    ]
    show(years, form, DIVIDENDS, rows)
    if form == "table" and years:
        click.echo()
        show(years, form, YEARS, years)


# --- repurchases ---------------------------------------------------------------------------------

REPURCHASES = (
    Column("action", "program", lambda r: r.action),
    Column("class", "class", lambda r: r.share_class),
    Column("state", "state", lambda r: r.state),
    Column("from", "from", lambda r: r.from_, absent="unknown"),
    Column("until", "until", lambda r: r.until, absent="unknown"),
    Column("days_left", "days left", lambda r: r.days_left, right=True),
    count_column("shares", "bought", lambda r: r.shares),
    count_column("max_shares", "of at most", lambda r: r.max_shares),
    Column("shares_percent", "%", lambda r: r.shares_percent, right=True),
    count_column("shares_left", "left", lambda r: r.shares_left),
    count_column("amount", "paid", lambda r: money(r.amount)),
    count_column("max_amount", "of at most", lambda r: money(r.max_amount)),
    Column("amount_percent", "%", lambda r: r.amount_percent, right=True),
    count_column("amount_left", "left", lambda r: money(r.amount_left)),
)


@click.command()
@click.argument("issuer", required=False)
@click.argument("action", required=False)
@click.option("--class", "share_class", help="Programs of one share class.")
@query_options(counts=False)
@click.pass_context
def repurchases(
    ctx: click.Context,
    /,
    issuer: str | None,
    action: str | None,
    share_class: str | None,
    form: str,
    **asked: Any,
) -> None:
    """Progress of repurchase programs, by trade date, and what both caps still allow.

    \b
    Example:
      capital repurchases IIJ --on 2008-11-14
      capital repurchases IIJ repurchase-2008-10-28 --format json
    """
    ledger = open_ledger(ctx)
    put = question(**asked)
    book = Book(ledger, only_issuer(ledger, issuer))
    must_exist(book, put)
    answers: list[RepurchaseAnswer] = repurchase_answers(book.history, put, action)
    if share_class is not None:
        classes_asked(book.history, book.history, share_class)
        answers = [answer for answer in answers if answer.share_class == share_class]
    one = action is not None and len(answers) == 1
    show(answers[0] if one else answers, form, REPURCHASES, answers)
