"""`capital repurchase import`."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

import click

from commands.files.import_ import record_files, recording_options
from commands.files.text_files import lines_of, only_text
from commands.terminal.opening import open_ledger
from commands.terminal.params import NAME
from ledger.actions.repurchase import program_at
from ledger.errors import BadInput, Unknown, quoted
from ledger.lines.broker_csv import execution_lines
from ledger.recording.issuer_record import Book
from ledger.values.fields import LAST_DAY


@click.command("import")
@click.argument("issuer", metavar="ISSUER", type=NAME)
@click.argument("action", metavar="ACTION", type=NAME)
@click.argument("file", metavar="FILE")
@click.option("--currency", help="Currency of the amounts; default: the program's.")
@recording_options
@click.pass_context
def import_executions(
    ctx: click.Context, /, issuer: str, action: str, file: str, currency: str | None, **how: Any
) -> None:
    """Record a broker's daily executions of one program: a CSV file, one purchase per row.

    Columns: traded_on, shares, amount and, optionally, settled_on, venue, fees; in any order and
    case. Thousands separators are accepted ("16,500"); ambiguous dates are refused: write them as
    2017-08-01. A row that is already recorded adds nothing, so the same file can be imported again.

    \b
    Example:
      capital repurchase import ACME repurchase-2020-08-05 september.csv --dry-run
      capital repurchase import ACME repurchase-2020-08-05 september.csv
    """
    history = Book(open_ledger(ctx), issuer).history
    facts = history.actions.get(action)
    if not facts or facts[0].event.action_type.kind != "repurchase":
        raise Unknown(
            f"{issuer} has no repurchase program {action!r}",
            f"see them with: capital repurchases {quoted(issuer)}; authorize one with: capital "
            "repurchase authorize",
        )
    program = program_at(facts, LAST_DAY)
    of_program = currency or program.currency or history.terms.currency
    if of_program is None:
        raise BadInput("the currency of the amounts is not known", "give it: --currency JPY")
    line = {"issuer": issuer, "class": facts[0].event.share_class, "action": action}
    with ExitStack() as stack:
        rows = execution_lines(file, only_text(file, lines_of(file, stack)), line, of_program)
        record_files(ctx, [(file, rows)], **how)
