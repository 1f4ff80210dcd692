"""`capital check`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import click

from commands.ask.asking import known_of
from commands.ask.columns import plain
from commands.terminal.opening import open_ledger
from commands.terminal.output import Column, decimal, figure, number, show, words
from commands.terminal.params import NAME, query_options, question
from ledger.history.history import today_anywhere
from ledger.recording.issuer_record import Book
from projections.checks.check import check as findings_of
from projections.checks.finding import Finding

FINDINGS = (
    *plain("finding rule issuer action on"),
    *plain("entry", number),
    *plain("by"),
    Column("message", "what", lambda r: r.message),
    decimal("expected", "published", lambda r: r.expected),
    decimal("found", "in the ledger", lambda r: r.found),
    *plain("difference", decimal),
    *plain("reason"),
    Column("around", "events around", lambda r: "; ".join(r.around)),
)


@click.command()
@click.argument("issuer", type=NAME, required=False)
@query_options(counts=False)
@click.pass_context
def check(ctx: click.Context, /, issuer: str | None, form: str, **asked: Any) -> None:
    """Figures that disagree, missing figures, acknowledged breaches and overdue events.

    For one issuer or for all. The exit code is 1 if a published figure disagrees with the ledger
    or a rule is broken without an acknowledgment; everything else is information.

    \b
    Example:
      capital check IIJ --on 2018-06-29
    """
    ledger = open_ledger(ctx)
    put = question(**asked)
    today = today_anywhere(datetime.now(UTC))
    findings: list[Finding] = []
    for code in [issuer] if issuer else ledger.issuers():
        book = Book(ledger, code)
        findings += findings_of(known_of(book, put), book.register, put, today)
    if form == "table":
        _tell(findings)
    else:
        show(findings, form, FINDINGS, findings)
    if any(finding.fails for finding in findings):
        ctx.exit(1)


def _tell(findings: list[Finding]) -> None:
    """The findings for people: one block each, failures marked."""
    for finding in findings:
        rule = f" {finding.rule}" if finding.rule else ""
        click.echo(
            f"{finding.on}  {finding.finding.upper() if finding.fails else finding.finding}{rule}: "
            f"{finding.issuer} {finding.action} (entry {finding.entry}, by {finding.by})"
        )
        click.echo(f"    {words(finding.message)}")
        if finding.difference:
            click.echo(f"    difference: {figure(finding.difference)}")
        if finding.reason:
            click.echo(f"    reason: {words(finding.reason)}")
        for event in finding.around:
            click.echo(f"    nearby event: {event}")
    failed = sum(finding.fails for finding in findings)
    count = f"{len(findings)} finding{'' if len(findings) == 1 else 's'}"
    click.echo(f"{count}, {failed} of them failure{'' if failed == 1 else 's'}")
