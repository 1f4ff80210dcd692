"""The `capital` command: loads the command asked for, and shows errors as messages."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

import click

from commands.terminal.lazy import LazyGroup, groups_in
from commands.terminal.opening import VERIFIED
from commands.terminal.pager import paged, switch_off
from commands.terminal.screen import Unwritable, protect, protected
from ledger.errors import LedgerError, indented

if TYPE_CHECKING:
    from collections.abc import Iterator

DEFAULT_LEDGER = "capital.db"

# Each command with its module and name, and its line in the overview. A command is loaded only
# when it is asked for.
STORE: dict[str, tuple[str, str]] = {
    "init": ("commands.store.init:init", "Create an empty ledger."),
    "upgrade": ("commands.store.upgrade:upgrade", "Upgrade a ledger of an earlier version."),
    "copy": ("commands.store.copy:copy", "Copy a ledger from one store to another, verbatim."),
    "backup": ("commands.store.copy:backup", "Write the ledger into a new file, and verify it."),
}
COMMANDS: dict[str, tuple[str, str]] = {
    "reverse": ("commands.record.reverse:reverse", "Reverse an event recorded in error."),
    "import": ("commands.files.import_:import_command", "Record a file of events, all or nothing."),
    "export": ("commands.files.export:export_command", "Write every event as a line."),
    "schema": ("commands.files.schema:schema", "The JSON Schema of import lines."),
    "shares": (
        "commands.ask.shares:shares",
        "Shares authorized, issued, in treasury, outstanding.",
    ),
    "treasury": ("commands.ask.treasury:treasury", "Treasury shares and their cost."),
    "dividends": ("commands.ask.dividends:dividends", "Dividends by fiscal year."),
    "repurchases": (
        "commands.ask.repurchases:repurchases",
        "Progress and headroom of repurchase programs.",
    ),
    "actions": ("commands.ask.actions:actions", "All capital actions, with what each awaits."),
    "action": ("commands.ask.actions:action", "One capital action with all its events."),
    "explain": ("commands.ask.explain:explain", "The sum and the documents behind a number."),
    "diff": ("commands.check.diff:diff", "The differences between two states of knowledge."),
    "notice": ("commands.report.notice:notice", "A company's notice, reproduced from the ledger."),
    "report": ("commands.report:report", "Reports made from the ledger, to file or to present."),
    "calendar": ("commands.ask.calendar:calendar", "Record dates, payments and deadlines by day."),
    "tie-out": ("commands.check.tie_out:tie_out_", "Compare printed figures with the ledger."),
    "check": (
        "commands.check.check:check",
        "Figures that disagree, are missing, acknowledged or overdue.",
    ),
    "rules": ("commands.check.rules:rules", "The rules, with their articles."),
    "rebuild": ("commands.store.rebuild:rebuild", "Rebuild the index of share counts."),
    "audit": ("commands.audit:audit", "Verify and prove the history and its figures."),
    "completion": ("commands.terminal.completion:completion", "Tab completion for the shell."),
}
FIRST_RECORDED = ("issuer", "class")
"""An issuer and its classes are recorded before anything else."""


def every_command() -> dict[str, tuple[str, str]]:
    """Every command, with the groups that record the kinds of action."""
    groups = groups_in("commands.record")
    first = {name: groups.pop(name) for name in FIRST_RECORDED}
    return STORE | first | groups | COMMANDS


PAGED = frozenset(
    "shares treasury dividends repurchases actions action explain diff notice report calendar "
    "tie-out check rules schema".split()
)
"""The questions: their answers may be longer than a screen. Recording prints little, an
export is for a file, and a replay prints entry by entry."""

HELP = ("-h", "--help")


class Failure(click.ClickException):
    """An error of the ledger, shown to a user."""

    exit_code: int  # type: ignore[misc]  # each error has its own, as UsageError has

    def __init__(self, error: LedgerError) -> None:
        super().__init__(indented(error.message))
        self.exit_code = error.exit_code
        self.remedy = error.remedy

    def show(self, file: Any = None) -> None:
        """Print the message, and what to do next."""
        click.echo(f"Error: {self.message}", file=file or sys.stderr)
        if self.remedy:
            click.echo(f"Try: {indented(self.remedy)}", file=file or sys.stderr)


RECEIPT_LOST = 4
"""The exit code where something was recorded and the receipt cannot be written."""


def _unwritten(problem: Unwritable) -> int:
    """Say why the answer cannot be written, and what was recorded; the exit code."""
    if problem.recorded:
        said = f"the receipt cannot be written: {problem.why}; recorded: {problem.recorded}"
    else:
        said = f"the answer cannot be written: {problem.why}"
    if not problem.nobody_reads:
        click.echo(f"Error: {said}", err=True)
    return RECEIPT_LOST if problem.recorded else 1


@contextmanager
def _in_words() -> Iterator[None]:
    """Turn errors to words, of which no line that came from outside can be taken for another."""
    try:
        yield
    except LedgerError as error:
        raise Failure(error) from None
    except click.exceptions.NoArgsIsHelpError:
        raise  # its message is the help
    except click.UsageError as error:
        said = indented(error.format_message())
        if said == error.format_message():
            raise
        raise click.UsageError(said, error.ctx) from None


class CapitalGroup(LazyGroup):
    """The commands; none shows a traceback for an error of the ledger."""

    def main(self, *args: Any, **more: Any) -> Any:
        """As click does; everything printed passes a screen, and what cannot be written is told."""
        with protected():
            try:
                return super().main(*args, **more)
            except Unwritable as problem:
                sys.exit(_unwritten(problem))

    def make_context(self, *args: Any, **more: Any) -> click.Context:
        with _in_words():
            return super().make_context(*args, **more)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As click does, with help shown through the pager."""
        if ctx.resilient_parsing:  # a shell asks for completions
            args = _rejoined(args)
        with paged(ctx) if set(HELP) & set(args) else nullcontext():
            return super().parse_args(ctx, args)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, with the answers of questions shown through the pager."""
        name, command, rest = super().resolve_command(ctx, args)
        if not ctx.resilient_parsing and (name in PAGED or set(HELP) & set(rest)):
            ctx.with_resource(paged(ctx))
        return name, command, rest

    def invoke(self, ctx: click.Context) -> Any:
        with _in_words():
            return super().invoke(ctx)


def _rejoined(words: list[str]) -> list[str]:
    """The words as they are typed: bash hands over `--ledger=PATH` as three words."""
    joined: list[str] = []
    for word in words:
        if joined and (word == "=" or joined[-1].endswith("=")):
            joined[-1] += word
        else:
            joined.append(word)
    return joined


@click.group(
    cls=CapitalGroup,
    table=STORE | COMMANDS,
    whole=every_command,
    context_settings={"help_option_names": list(HELP)},
)
@click.option(
    "--ledger",
    "location",
    envvar="CAPITAL_LEDGER",
    type=click.Path(),
    default=DEFAULT_LEDGER,
    show_default=True,
    show_envvar=True,
    metavar="PATH",
    help="The ledger: a SQLite file, or postgresql://HOST/DATABASE?schema=NAME.",
)
@click.option(
    "--no-pager",
    is_flag=True,
    envvar="CAPITAL_NO_PAGER",
    show_envvar=True,
    is_eager=True,  # before --help, which is shown through the pager too
    expose_value=False,
    callback=switch_off,
    help="Do not show long answers a screen at a time.",
)
@click.option(
    "--verify",
    "verified",
    is_flag=True,
    help="Verify the rows of the issuer before a question is answered.",
)
@click.version_option(package_name="capital-ledger", prog_name="capital")
@click.pass_context
def cli(ctx: click.Context, /, location: str, *, verified: bool) -> None:
    """Record a listed company's actions on its own capital, and query any date.

    \b
    Example:
      capital init
      capital issuer register IIJ --name "Internet Initiative Japan Inc." \\
          --currency JPY --fiscal-year-end 03-31 --profile jp
      capital class open IIJ common --on 2008-10-27 --issued 206478 --treasury 0 \\
          --authorized 377600 --source-title "Notice of repurchase, 2008-10-28"
      capital shares IIJ --on 2008-10-27

    Exit codes: 0 done; 1 refused, or a check failed; 2 bad usage or unreadable input;
    3 the ledger cannot be used; 4 recorded, but the receipt cannot be written.
    """
    ctx.obj = location
    ctx.meta[VERIFIED] = verified


def main() -> None:
    """Run `capital`; text that the terminal cannot show is escaped."""
    # Only the declarations check events, no plugin that happens to be installed; looking for
    # plugins also takes a tenth of the time of a first question.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    protect()
    cli(prog_name="capital")


if __name__ == "__main__":
    main()
