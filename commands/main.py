"""The `capital` command: finds the ledger, loads the command asked for, turns errors to words."""

from __future__ import annotations

import os
import sys
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import click

from commands.terminal.lazy import LazyGroup, groups_in
from commands.terminal.opening import VERIFIED
from commands.terminal.pager import paged, switch_off
from ledger.errors import LedgerError

if TYPE_CHECKING:
    pass

DEFAULT_LEDGER = "capital.db"

# Each command with its module and name, and its line in the overview. Nothing of a command is
# loaded before it is asked for.
STORE: dict[str, tuple[str, str]] = {
    "init": ("commands.store.init:init", "Make an empty ledger."),
    "upgrade": ("commands.store.upgrade:upgrade", "Bring an earlier version's ledger up to date."),
    "copy": ("commands.store.copy:copy", "Copy a ledger from one store to another, verbatim."),
    "backup": ("commands.store.copy:backup", "Write the ledger into a new file, and verify it."),
}
COMMANDS: dict[str, tuple[str, str]] = {
    "reverse": ("commands.record.reverse:reverse", "Take back an event recorded in error."),
    "import": ("commands.files.import_:import_command", "Record a file of events, all or nothing."),
    "export": ("commands.files.export:export_command", "Write every event as a line."),
    "schema": ("commands.files.schema:schema", "The JSON Schema of import lines."),
    "shares": (
        "commands.ask.shares:shares",
        "Shares authorized, issued, in treasury, outstanding.",
    ),
    "treasury": ("commands.ask.treasury:treasury", "Treasury shares and what they cost."),
    "dividends": ("commands.ask.dividends:dividends", "Dividends by fiscal year."),
    "repurchases": (
        "commands.ask.repurchases:repurchases",
        "Progress and headroom of repurchase programs.",
    ),
    "actions": ("commands.ask.actions:actions", "All capital actions, and what each awaits."),
    "action": ("commands.ask.actions:action", "One capital action with all its events."),
    "explain": ("commands.ask.explain:explain", "The sum and the documents behind a number."),
    "diff": ("commands.check.diff:diff", "What changed between two states of knowledge."),
    "notice": ("commands.report.notice:notice", "A company's notice, made again from the ledger."),
    "report": ("commands.report:report", "Reports made from the ledger, to file or to show."),
    "calendar": ("commands.ask.calendar:calendar", "Record dates, payments, deadlines, by day."),
    "tie-out": ("commands.check.tie_out:tie_out_", "Hold printed figures against the ledger."),
    "check": ("commands.check.check:check", "What disagrees, is missing, acknowledged or overdue."),
    "rules": ("commands.check.rules:rules", "The rules: what each holds, on which article."),
    "rebuild": ("commands.store.rebuild:rebuild", "Make the index of share counts again."),
    "audit": ("commands.audit:audit", "Prove the history, and every number by it."),
    "completion": (
        "commands.terminal.completion:completion",
        "Let the shell complete what is typed.",
    ),
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
"""The questions, whose answers may be longer than a screen. What records says little; an export is
for a file, and a replay tells its entries as it goes."""

HELP = ("-h", "--help")


class Failure(click.ClickException):
    """An error of the ledger as a user reads it."""

    exit_code: int  # type: ignore[misc]  # each error has its own, as UsageError has

    def __init__(self, error: LedgerError) -> None:
        super().__init__(error.message)
        self.exit_code = error.exit_code
        self.remedy = error.remedy

    def show(self, file: Any = None) -> None:
        """Say what was asked, what the ledger holds, and what to do next."""
        click.echo(f"Error: {self.message}", file=file or sys.stderr)
        if self.remedy:
            click.echo(f"Try: {self.remedy}", file=file or sys.stderr)


class CapitalGroup(LazyGroup):
    """The commands, none of which shows a traceback for an error of ours."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As click does; help is an answer too, and may be longer than the screen."""
        if ctx.resilient_parsing:  # a shell asks what to offer
            args = _rejoined(args)
        with paged(ctx) if set(HELP) & set(args) else nullcontext():
            return super().parse_args(ctx, args)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does; from here on a question is answered through the pager."""
        name, command, rest = super().resolve_command(ctx, args)
        if not ctx.resilient_parsing and (name in PAGED or set(HELP) & set(rest)):
            ctx.with_resource(paged(ctx))
        return name, command, rest

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except LedgerError as error:
            raise Failure(error) from None


def _rejoined(words: list[str]) -> list[str]:
    """A line as it is typed: bash hands over `--ledger=PATH` as three words."""
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
    """Record what a listed company does to its own capital, and ask about any date.

    \b
    Example:
      capital init
      capital issuer register IIJ --name "Internet Initiative Japan Inc." \\
          --currency JPY --fiscal-year-end 03-31 --profile jp
      capital class open IIJ common --on 2008-10-27 --issued 206478 --treasury 0 \\
          --authorized 377600 --source-title "Notice of repurchase, 2008-10-28"
      capital shares IIJ --on 2008-10-27

    Exit codes: 0 done; 1 refused, or a check failed; 2 bad usage or unreadable input;
    3 the ledger cannot be used.
    """
    ctx.obj = location
    ctx.meta[VERIFIED] = verified


def main() -> None:
    """Run `capital`; text the terminal cannot show is escaped rather than refused."""
    # What is recorded is checked by the declarations alone, not by plugins that happen to be
    # installed; looking for them also costs a tenth of a cold question.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        cli(prog_name="capital")
    except OSError as error:
        # The answer cannot be written: a full disk behind a pipe or a redirection.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        click.echo(f"Error: the answer cannot be written: {error.strerror}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
