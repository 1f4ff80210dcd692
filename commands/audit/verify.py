"""`capital audit verify`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from commands.audit.files import FILE, kept, key_option, verifier_of
from commands.terminal.opening import open_ledger
from commands.terminal.output import as_json, note, show_json, words
from commands.terminal.params import format_option
from commands.terminal.progress import bar
from ledger.errors import BadInput
from ledger.history.history import today_anywhere
from ledger.proof.checkpoint import Verifier
from projections.audit.bundle_check import check_bundle
from projections.audit.fault import Fault, FaultKind, fault_at
from projections.audit.proofs import check_proof
from projections.audit.verify import Kept, Verification
from projections.audit.verify import verify as verify_ledger

ZIP = b"PK"
FAULTS_SHOWN = 20


@click.command()
@click.argument("file", type=FILE, required=False)
@click.option(
    "--checkpoint",
    "checkpoints",
    type=FILE,
    multiple=True,
    metavar="FILE",
    help="Hold the ledger, or the bundle, against this checkpoint; may be repeated.",
)
@key_option
@format_option(csv=False)
@click.pass_context
def verify(
    ctx: click.Context,
    /,
    file: Path | None,
    checkpoints: tuple[Path, ...],
    public: str | None,
    form: str,
) -> None:
    """Verify the whole ledger; with FILE, a bundle or a proof, without any ledger.

    The tree is computed again from every row and held against every commit; every row must be
    readable, versions and entries without a gap, every entry name exactly its events, every
    history legal, and the queries answer what the events add up to. A checkpoint that was kept
    elsewhere shows what nobody can see in the file alone: rows rewritten together with their
    commits, and a tail that was cut. Exit code 1 on any finding.

    \b
    Example:
      capital audit verify
      capital audit verify --checkpoint april.checkpoint --key capital.key.pub
      capital audit verify signed.zip --key capital.key.pub
    """
    verifier = verifier_of(public)
    held = [kept(path) for path in checkpoints]
    if file is not None:
        faults, said = _of_file(file, verifier, held)
        if form == "json":
            show_json({"verified": said, "findings": faults})
        else:
            _tell(faults, f"verified: {said}")
    else:
        today = today_anywhere(datetime.now(UTC))
        with bar("verifying") as watch:
            found = verify_ledger(open_ledger(ctx), held, verifier, today, watch)
        faults = found.faults
        if form == "json":
            show_json(_json(found))
        else:
            _tell(faults, _sound(found))
            _tell_checkpoints(found)
        for words in found.notes:
            note(f"note: {words}")
    if verifier is None and any(each.note.signatures for each in held):
        note("note: signatures were not checked; name the public key with --key")
    if faults:
        ctx.exit(1)


def _of_file(
    path: Path, verifier: Verifier | None, held: Sequence[Kept]
) -> tuple[Sequence[Fault], str]:
    """What is wrong with a bundle or a proof, and what it says."""
    try:
        data = path.read_bytes()
    except OSError as problem:
        raise BadInput(f"{path}: {problem.strerror}", "name another file") from None
    try:
        if data.startswith(ZIP):
            return _of_bundle(data, verifier, held)
        faults, said = check_proof(json.loads(data.decode()), verifier)
    except BadInput as problem:
        raise BadInput(f"{path}: {problem.message}", problem.remedy) from None
    except (ValueError, RecursionError):
        raise BadInput(
            f"{path} is neither a bundle nor a proof",
            "hold a ledger against a checkpoint with: capital audit verify --checkpoint FILE",
        ) from None
    if held:
        raise BadInput("--checkpoint is for a ledger or a bundle; a proof names its own")
    return faults, said


def _of_bundle(
    data: bytes, verifier: Verifier | None, held: Sequence[Kept]
) -> tuple[Sequence[Fault], str]:
    checked = check_bundle(data, verifier)
    point = checked.note.checkpoint
    faults = list(checked.faults)
    for each in held:
        other = each.note.checkpoint
        if (other.size, other.root, other.issuers_root) != (
            point.size,
            point.root,
            point.issuers_root,
        ):
            message = f"the bundle was made of another state of the ledger than {each.name}"
            faults.append(fault_at(FaultKind.REWRITTEN, message))
    if verifier is None:
        by = (
            "its checkpoint is signed; name the key with --key"
            if checked.note.signatures
            else ("its checkpoint is not signed")
        )
        note(f"note: {by}: compare it with one that reached you by another way (--checkpoint)")
    return faults, (
        f"{checked.issuer} entries 1 to {checked.last_entry}, {checked.rows:,} rows, none altered "
        f"and none left out of the ledger of {point.size:,} rows at {point.time}"
    )


def _tell(faults: Sequence[Fault], sound: str) -> None:
    if not faults:
        click.echo(sound)
        return
    for fault in faults[:FAULTS_SHOWN]:
        whose = f"{fault.issuer} " if fault.issuer else ""
        entry = f"entry {fault.entry}: " if fault.entry else ""
        click.echo(f"{fault.fault}: {whose}{entry}{words(fault.message)}")
    if len(faults) > FAULTS_SHOWN:
        click.echo(f"... and {len(faults) - FAULTS_SHOWN:,} more")
    click.echo(f"{len(faults):,} finding{'s' if len(faults) > 1 else ''}; keep the file as it is")


def _sound(found: Verification) -> str:
    return (
        f"verified: {_count(found.rows, 'row')} in {_count(found.commits, 'commit')}, "
        f"{_count(found.entries, 'entry', 'entries')} of {_count(found.issuers, 'issuer')}; "
        f"root {found.root}"
    )


def _count(number: int, one: str, many: str | None = None) -> str:
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def _tell_checkpoints(found: Verification) -> None:
    for each in found.checkpoints:
        if each.holds:
            by = f", signed by {each.signed_by}" if each.signed_by else ""
            click.echo(
                f"{words(each.checkpoint)}: holds for its {each.size:,} rows, of {each.time}{by}"
            )


def _json(found: Verification) -> dict[str, Any]:
    answer = as_json(found)
    answer["findings"] = answer.pop("faults")
    assert isinstance(answer, dict)
    return answer
