"""`capital explain`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import click

from commands.ask.asking import class_option, known_counts, known_history, one_class, one_or_list
from commands.ask.explain_tables import (
    STATED,
    SUMS,
    as_events,
    as_lines,
    as_tree,
    as_tree_of_years,
    as_years,
    columns_of_csv,
)
from commands.terminal.output import note, show
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
@class_option(all_classes=False)
@click.option("--fiscal-year", help="One year of dividends: FY2017, or its last day.")
@click.option("--tree", is_flag=True, help="Action by action, each with its part of the sum.")
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

    The lines always add up to the answer of the query itself. ACTION names one repurchase program.

    \b
    Example:
      capital explain outstanding IIJ --on 2008-10-28
      capital explain treasury IIJ --on 2008-10-28 --tree
      capital explain dividends IIJ --fiscal-year FY2017 --on 2018-05-24
      capital explain repurchase IIJ repurchase-2008-10-28 --on 2008-10-28
    """
    put = question(**asked)
    _must_go_together(what, issuer, action, fiscal_year, tree=tree)
    if what in OF_A_CLASS:
        counts = known_counts(ctx, issuer, put)
        one_class(share_class)
        classes = classes_asked(counts, share_class)
        explained = [OF_A_CLASS[what](counts, code, put) for code in classes]
        _tell(what, explained, share_class, put, form, tree=tree)
        return
    known = known_history(ctx, issuer, put)
    one_class(share_class)
    classes = classes_asked(known, share_class)
    if what == "dividends":
        explained = _dividends(known, classes, put, fiscal_year)
        _tell_dividends(explained, share_class, put, form, tree=tree)
    else:
        explained = _programs(known, put, action, share_class)
        _tell(what, explained, action, put, form, tree=tree)


def _must_go_together(
    what: str, issuer: str, action: str | None, fiscal_year: str | None, *, tree: bool
) -> None:
    """Refuse words that say nothing about this figure; raises BadInput."""
    if action is not None and what != "repurchase":
        raise BadInput(
            f"{what} of a class are explained, not of one action: {action!r}",
            f"name the class: --class CODE; all events of the action: "
            f"capital action {quoted(issuer)} {quoted(action)}",
        )
    if fiscal_year is not None and what != "dividends":
        raise BadInput(
            f"--fiscal-year is of dividends, not of {what}",
            f"name the day: capital explain {what} {quoted(issuer)} --on DAY",
        )
    if tree and what == "shares":
        raise BadInput(
            "--tree tells the sum of one figure, and shares are three side by side",
            f"ask for one: capital explain outstanding {quoted(issuer)} --tree; or treasury, or "
            "issued",
        )


def _dividends(
    known: KnownHistory, classes: list[str], put: Question, fiscal_year: str | None
) -> list[Any]:
    from projections.explain.dividends import explain_dividends  # noqa: PLC0415 - reads events

    explained = [explain_dividends(known, code, put, fiscal_year) for code in classes]
    return [
        told
        for told in explained
        if fiscal_year is None or len(classes) == 1 or any(y.dividends for y in told.answer)
    ]


def _programs(
    known: KnownHistory, put: Question, action: str | None, share_class: str | None
) -> list[Any]:
    """The programs asked about; raises BadInput where one is named of another class."""
    from projections.explain.repurchase import explain_repurchases  # noqa: PLC0415 - reads events

    explained = explain_repurchases(known, put, action)
    if share_class is None:
        return explained
    if action is not None and explained[0].share_class != share_class:
        raise BadInput(
            f"{action} is of class {explained[0].share_class}, not of {share_class}",
            f"leave out --class, or name its own: --class {quoted(explained[0].share_class)}",
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
            for line in (_in_groups(grouped.groups) if tree else answer.lines)
        ]
        columns = columns_of_csv(sums.columns, program=what == "repurchase", tree=tree)
        show(explained, form, columns, rows)
    else:
        if not explained:
            note(f"nothing to explain: no {what} is known by {put.on}")
        for answer, grouped in zip(explained, told, strict=True):
            program = f" {answer.answer.action}" if what == "repurchase" else ""
            click.echo(f"{answer.issuer} {answer.share_class}{program} on {put.on}")
            columns, rows = as_tree(sums, grouped) if tree else as_lines(sums, answer)
            show(answer, form, columns, rows)
            if answer.reason is not None:
                note(f"{answer.share_class}{program}: {answer.reason}")


def _tell_dividends(
    explained: list[Any], share_class: str | None, put: Question, form: str, *, tree: bool
) -> None:
    from projections.explain.dividends import dividends_by_action  # noqa: PLC0415 - reads events

    told = [dividends_by_action(answer) for answer in explained]
    if form == "json":
        show(one_or_list(told if tree else explained, share_class), form, (), ())
    elif form == "csv":
        rows = [
            (answer, line)
            for answer, by_year in zip(explained, told, strict=True)
            for line in (
                _in_groups(group for year in by_year.years for group in year.groups)
                if tree
                else answer.lines
            )
        ]
        show(explained, form, columns_of_csv(STATED, program=False, tree=tree), rows)
    else:
        if not any(answer.years or answer.lines for answer in explained):
            note(f"nothing to explain: no dividend is known by {put.on}")
        for answer, by_year in zip(explained, told, strict=True):
            if not (answer.years or answer.lines):
                continue
            click.echo(f"{answer.issuer} {answer.share_class} on {put.on}")
            if not tree:
                show(answer, form, *as_events(answer))
                click.echo()
            show(answer, form, *(as_tree_of_years(by_year) if tree else as_years(answer)))
            for year in answer.years:
                if year.reason is not None:
                    note(f"{answer.share_class} {year.fiscal_year}: {year.reason}")


def _in_groups(groups: Iterable[Any]) -> list[Any]:
    return [line for group in groups for line in group.lines]
