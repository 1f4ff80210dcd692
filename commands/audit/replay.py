"""`capital audit replay`."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, field, replace
from datetime import date, datetime

import click

from commands.terminal.opening import open_ledger
from commands.terminal.output import fields_words, show_json, source_words, words
from commands.terminal.params import DAY, NAME, KnownAt, WholeNumber, format_option
from commands.terminal.receipt import position_words
from ledger.errors import BadInput, Unknown, quoted
from ledger.history.knowledge import Knowledge
from ledger.store.ledger import Ledger
from projections.audit.replay import Difference, Digest, ReplayedEntry
from projections.audit.replay import replay as replay_rows


@click.command()
@click.argument("issuer", type=NAME, required=False)
@click.option("--action", type=NAME, help="Show only the events of this action (needs ISSUER).")
@click.option("--to", type=WholeNumber(), help="The last entry to walk (of one ISSUER).")
@click.option("--until", type=DAY, help="The last day of recording to walk (UTC).")
@click.option("--known-at", type=KnownAt(), help="Walk what was recorded by then.")
@click.option("--step", is_flag=True, help="Stop after each entry (on a terminal).")
@click.option("--quiet", is_flag=True, help="Print only the result and the digest.")
@click.option("--expect", metavar="DIGEST", help="Compare with the digest of an earlier replay.")
@format_option(csv=False)
@click.pass_context
def replay(
    ctx: click.Context,
    /,
    issuer: str | None,
    action: str | None,
    to: int | None,
    until: date | None,
    known_at: int | date | datetime | None,
    expect: str | None,
    form: str,
    *,
    step: bool,
    quiet: bool,
) -> None:
    """Walk every stored entry from the first: who recorded what when, on which document.

    At the end it compares every replayed count with the queries, on every day that changed one,
    and prints a digest for the working papers: the root over all rows up to the last entry
    walked, and a digest of all answers. The exit code is 1 if anything differs.

    \b
    Example:
      capital audit replay IIJ
      capital audit replay IIJ --to 3
      capital audit replay --quiet
    """
    ledger = open_ledger(ctx)
    knowledge = _knowledge(ledger, issuer, to, until, known_at)
    expected = None if expect is None else _expected(expect)
    if step and not (sys.stdin and sys.stdin.isatty() and sys.stdout.isatty()):
        raise BadInput("--step waits for a key after each entry, so it needs a terminal")
    if action is not None:
        _must_have(ledger, issuer, action)
    telling = _Telling(action, form, quiet=quiet, step=step)
    for walked in replay_rows(ledger, issuer, knowledge=knowledge, details=not quiet):
        telling.take(walked)
    differences, digest = telling.differences, telling.digest
    if expected is not None:
        differences += _unexpected(digest, expected, issuer or "")
    if form == "json":
        show_json(
            {
                "entries": telling.entries,
                "differences": differences,
                "root": digest.root,
                "answers": digest.answers,
                "digest": digest.text,
            }
        )
    else:
        click.echo(_verdict(telling.count, differences))
        click.echo(f"root     {digest.root}")
        click.echo(f"answers  {digest.answers}")
        click.echo(f"digest   {digest.text}")
    if differences:
        ctx.exit(1)


@dataclass
class _Telling:
    """What is printed of a replay while it runs."""

    action: str | None
    form: str
    quiet: bool
    step: bool
    count: int = 0
    entries: list[ReplayedEntry] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    digest: Digest = field(default_factory=lambda: Digest("", ""))

    def take(self, walked: ReplayedEntry | Difference | Digest) -> None:
        if isinstance(walked, Digest):
            self.digest = walked
        elif isinstance(walked, Difference):
            self.differences.append(walked)
        else:
            self.count += 1
            entry = walked if self.action is None else _only(walked, self.action)
            if entry is not None and not self.quiet:
                self._show(entry)

    def _show(self, entry: ReplayedEntry) -> None:
        if self.form == "json":
            self.entries.append(entry)
            return
        click.echo(_entry(entry))
        if self.step:
            click.pause("-- any key for the next entry, Ctrl-C to stop --")


def _knowledge(
    ledger: Ledger,
    issuer: str | None,
    to: int | None,
    until: date | None,
    known_at: int | date | datetime | None,
) -> Knowledge:
    given = {"--to": to, "--until": until, "--known-at": known_at}
    named = [option for option, value in given.items() if value is not None]
    if len(named) > 1:
        raise BadInput(f"{' and '.join(named)} both say where to stop; give only one")
    at = next((value for value in given.values() if value is not None), None)
    if isinstance(at, int):
        (option,) = named
        if issuer is None:
            raise BadInput(f"{option} {at}: each issuer numbers its own entries", "name the ISSUER")
        last = len(ledger.entries(issuer))
        if not 1 <= at <= last:
            raise Unknown(f"{option} {at}: the entries of {issuer} are 1 to {last}", "leave it out")
    return Knowledge(at)


def _expected(text: str) -> Digest:
    match = re.fullmatch(r"([A-Za-z0-9+/]{43}=)\.([0-9a-f]{64})", text.strip())
    if match is None:
        raise BadInput(
            f"--expect {text!r} is not a digest", "give the last line of an earlier replay, in full"
        )
    return Digest(match[1], match[2])


def _unexpected(digest: Digest, expected: Digest, issuer: str) -> list[Difference]:
    pairs = (
        ("the root over the rows", digest.root, expected.root),
        ("the digest of the answers", digest.answers, expected.answers),
    )
    return [
        Difference(issuer, 0, what, replayed, f"{wanted} was expected")
        for what, replayed, wanted in pairs
        if replayed != wanted
    ]


def _must_have(ledger: Ledger, issuer: str | None, action: str) -> None:
    if issuer is None:
        raise BadInput(f"--action {action} needs an ISSUER", "name the ISSUER")
    have = sorted({part.action for entry, _ in ledger.entries(issuer) for part in entry.events})
    if action not in have:
        raise Unknown(
            f"{issuer} has no action {action!r}; it has: {', '.join(have)}",
            f"see them with: capital actions {quoted(issuer or '')}",
        )


def _only(entry: ReplayedEntry, action: str) -> ReplayedEntry | None:
    """What an entry says of one action."""
    events = [event for event in entry.events if event.action == action]
    return replace(entry, events=events) if events else None


def _entry(entry: ReplayedEntry) -> str:
    source = f", on {source_words(entry.source)}" if entry.source else ""
    recorded = words(entry.recorded_at)
    lines = [f"{entry.issuer} entry {entry.entry}, recorded {recorded} by {entry.by}{source}"]
    for event in entry.events:
        says = fields_words(event.fields)
        lines.append(
            f"  {words(event.on, 'undated')}  {event.action} {event.version}: {event.event}"
            + (f": {says}" if says else "")
        )
        if event.source is not None:
            lines.append(f"      on {source_words(event.source)}")
    lines += [f"  -> {position_words(counts)}" for counts in entry.positions]
    return "\n".join(lines)


def _verdict(count: int, differences: list[Difference]) -> str:
    replayed = f"{count:,} entr{'y' if count == 1 else 'ies'} replayed"
    if not differences:
        return f"{replayed}: every count agrees with the queries"
    first = differences[0]
    many = f"{len(differences):,} difference{'' if len(differences) == 1 else 's; the first'}"
    told = f"{replayed}: {many}: {first.issuer} {first.what}"
    if not first.replayed:
        return told
    answered = "" if first.answered.endswith("expected") else " answered"
    return f"{told}: {first.replayed} replayed, {first.answered}{answered}"
