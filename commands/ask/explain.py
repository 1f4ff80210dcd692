"""`capital explain`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from commands.ask.asking import class_option, known_counts, known_history, one_class, one_or_list
from commands.ask.explain_tables import (
    SUMS,
    as_events,
    as_lines,
    as_tree,
    as_tree_of_years,
    as_years,
    columns_of_csv,
)
from commands.terminal.output import note, show, table
from commands.terminal.params import NAME, query_options, question
from ledger.errors import BadInput, quoted
from ledger.history.facts import AnyKnown
from projections.explain.counts import explain_issued, explain_outstanding
from projections.explain.shares import explain_shares
from projections.explain.treasury import explain_treasury
from projections.question import Question
from projections.shares.positions import classes_asked

if TYPE_CHECKING:
    from ledger.history.history import KnownHistory

OF_A_CLASS: dict[str, Callable[[AnyKnown, str, Question], Any]] = {
    "shares": explain_shares,
    "outstanding": explain_outstanding,
    "treasury": explain_treasury,
    "issued": explain_issued,
}


@click.command()
@click.argument("what", type=click.Choice([*OF_A_CLASS, "dividends", "repurchase"]))
@click.argument("issuer", type=NAME)
@click.argument("action", type=NAME, required=False)
@class_option()
@click.option("--fiscal-year", help="One year of dividends: FY2017, or its last day.")
@click.option("--tree", is_flag=True, help="Group by action, each with its part of the sum.")
@query_options()
@click.pass_context
def explain(
    ctx: click.Context,
    /,
    what: str,
    issuer: str,
    action: str | None,
    share_class: str | None,
    fiscal_year: str | None,
    form: str,
    *,
    tree: bool,
    **asked: Any,
) -> None:
    """The sum behind a number: each event, its entry, document and article, and the total.

    The lines always add up to the answer of the query. ACTION names one repurchase program.

    \b
    Example:
      capital explain outstanding IIJ --on 2008-10-28
      capital explain treasury IIJ --on 2008-10-28 --tree
      capital explain dividends IIJ --fiscal-year FY2017 --on 2018-05-24
      capital explain repurchase IIJ repurchase-2008-10-28 --on 2008-10-28
    """
    put = question(**asked)
    _must_go_together(what, issuer, action, fiscal_year, tree=tree)
    known: Any = (known_counts if what in OF_A_CLASS else known_history)(ctx, issuer, put)
    one_class(share_class)
    classes = classes_asked(known, share_class)
    if what in OF_A_CLASS:
        explained = [OF_A_CLASS[what](known, code, put) for code in classes]
    elif what == "dividends":
        explained = _dividends(known, classes, put, fiscal_year)
    else:
        explained = _programs(known, put, action, share_class)
    named = action if what == "repurchase" else share_class
    _tell(what, explained, named, put, form, tree=tree)


def _must_go_together(
    what: str, issuer: str, action: str | None, fiscal_year: str | None, *, tree: bool
) -> None:
    """Refuse options that do not apply to this figure; raises BadInput."""
    if action is not None and what != "repurchase":
        raise BadInput(
            f"explain {what} takes a class, not an action: {action!r}",
            f"name the class: --class CODE; all events of the action: "
            f"capital action {quoted(issuer)} {quoted(action)}",
        )
    if fiscal_year is not None and what != "dividends":
        raise BadInput(
            f"--fiscal-year applies to dividends, not to {what}",
            f"name the day: capital explain {what} {quoted(issuer)} --on DAY",
        )
    if tree and what == "shares":
        raise BadInput(
            '--tree shows the sum of one figure; "shares" shows three figures side by side',
            f"ask for one: capital explain outstanding {quoted(issuer)} --tree; or treasury, or "
            "issued",
        )


def _dividends(
    known: KnownHistory, classes: list[str], put: Question, fiscal_year: str | None
) -> list[Any]:
    from projections.explain.dividends import explain_dividends  # noqa: PLC0415 - reads events

    explained = [explain_dividends(known, code, put, fiscal_year) for code in classes]
    if fiscal_year is None or len(classes) == 1:
        return explained
    return [told for told in explained if any(year.dividends for year in told.answer)]


def _programs(
    known: KnownHistory, put: Question, action: str | None, share_class: str | None
) -> list[Any]:
    """The programs asked about; raises BadInput for a program of another class."""
    from projections.explain.repurchase import explain_repurchases  # noqa: PLC0415 - reads events

    explained = explain_repurchases(known, put, action)
    if share_class is None:
        return explained
    if action is not None and explained[0].share_class != share_class:
        raise BadInput(
            f"{action} belongs to class {explained[0].share_class}, not to {share_class}",
            "leave out --class, or give the action's class: "
            f"--class {quoted(explained[0].share_class)}",
        )
    return [told for told in explained if told.share_class == share_class]


def _tell(
    what: str, explained: list[Any], named: str | None, put: Question, form: str, *, tree: bool
) -> None:
    sums = SUMS[what]
    told = explained if sums.by_action is None else [sums.by_action(one) for one in explained]
    if form == "json":
        show(one_or_list(told if tree else explained, named), form, (), ())
    elif form == "csv":
        rows = [
            (answer, line)
            for answer, grouped in zip(explained, told, strict=True)
            for line in (_in_groups(grouped) if tree else answer.lines)
        ]
        columns = columns_of_csv(sums.columns, program=what == "repurchase", tree=tree)
        show(explained, form, columns, rows)
    elif what == "dividends":
        _tell_years(explained, told, put, tree=tree)
    else:
        if not explained:
            note(f"nothing to explain: no {what} is known on {put.on}")
        for answer, grouped in zip(explained, told, strict=True):
            program = f" {answer.answer.action}" if what == "repurchase" else ""
            click.echo(f"{answer.issuer} {answer.share_class}{program} on {put.on}")
            click.echo(table(*(as_tree(sums, grouped) if tree else as_lines(sums, answer))))
            if answer.reason is not None:
                note(f"{answer.share_class}{program}: {answer.reason}")


def _in_groups(grouped: Any) -> list[Any]:
    """The lines of each action; those of dividends are grouped by year first."""
    parts = getattr(grouped, "years", (grouped,))
    return [line for part in parts for group in part.groups for line in group.lines]


def _tell_years(explained: list[Any], told: list[Any], put: Question, *, tree: bool) -> None:
    if not any(answer.years or answer.lines for answer in explained):
        note(f"nothing to explain: no dividend is known on {put.on}")
    for answer, by_year in zip(explained, told, strict=True):
        if not (answer.years or answer.lines):
            continue
        click.echo(f"{answer.issuer} {answer.share_class} on {put.on}")
        if not tree:
            click.echo(table(*as_events(answer)))
            click.echo()
        click.echo(table(*(as_tree_of_years(by_year) if tree else as_years(answer))))
        for year in answer.years:
            if year.reason is not None:
                note(f"{answer.share_class} {year.fiscal_year}: {year.reason}")
