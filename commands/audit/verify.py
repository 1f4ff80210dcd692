"""`capital audit verify`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from commands.audit.files import FILE, bytes_of, trust_of
from commands.audit.stamps import kept
from commands.terminal.opening import open_ledger
from commands.terminal.output import as_json, note, show_json, words
from commands.terminal.params import WholeNumber, format_option
from commands.terminal.progress import bar
from ledger.errors import BadInput
from ledger.history.history import today_anywhere
from ledger.proof.trust import Trust, Voucher
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
    help="Compare the ledger or the bundle with this checkpoint; may be repeated.",
)
@click.option(
    "--key",
    "keys",
    multiple=True,
    metavar="FILE|KEY",
    help="A public key that must have signed or cosigned: a file, or the key itself; may be "
    "repeated.",
)
@click.option(
    "--require",
    "required",
    type=WholeNumber(),
    metavar="N",
    help="How many of these keys must have; default: all.",
)
@click.option(
    "--authority",
    "authorities",
    type=FILE,
    multiple=True,
    metavar="PEM",
    help="Each checkpoint must have a time stamp of an authority with these certificates.",
)
@format_option(csv=False)
@click.pass_context
def verify(
    ctx: click.Context,
    /,
    file: Path | None,
    checkpoints: tuple[Path, ...],
    keys: tuple[str, ...],
    required: int | None,
    authorities: tuple[Path, ...],
    form: str,
) -> None:
    """Verify the whole ledger; with FILE, a bundle or a proof, without any ledger.

    The tree is recomputed from every row and compared with every commit; every row must be
    readable, versions and entries without a gap, every entry must name exactly its events, every
    history must be legal, and the answers of the queries must equal the sum of the events. A
    checkpoint kept elsewhere reveals what the file alone cannot: rows rewritten together with
    their commits, and a tail that was cut. The exit code is 1 on any finding.

    Signatures of keys that are not given are ignored. A key counts once, however often it signed.

    \b
    Example:
      capital audit verify
      capital audit verify --checkpoint april.checkpoint --key capital.key.pub
      capital audit verify signed.zip --key capital.key.pub
      capital audit verify --checkpoint april.cosigned --key capital.key.pub \\
          --key witness.key.pub --require 2
    """
    if not checkpoints and (authorities or (required is not None and file is None)):
        raise BadInput(
            "--require and --authority are about a checkpoint", "name one with --checkpoint"
        )
    trust = trust_of(keys, required)
    held = [kept(path, authorities) for path in checkpoints]
    if file is not None:
        faults, said, vouchers = _of_file(file, trust, held)
        if form == "json":
            show_json({"verified": said, "findings": faults, "signatures": vouchers})
        else:
            _tell(faults, f"verified: {said}")
            if not faults:
                _tell_elsewhere(vouchers, held)
    else:
        today = today_anywhere(datetime.now(UTC))
        with bar("verifying") as watch:
            found = verify_ledger(open_ledger(ctx), held, trust, today, watch)
        faults = found.faults
        if form == "json":
            show_json(_json(found))
        else:
            _tell(faults, _sound(found))
            _tell_checkpoints(found)
        for words in found.notes:
            note(f"note: {words}")
    if trust is None and any(each.note.signatures for each in held):
        note("note: signatures were not checked; name the public key with --key")
    if faults:
        ctx.exit(1)


def _of_file(
    path: Path, trust: Trust | None, held: Sequence[Kept]
) -> tuple[Sequence[Fault], str, Sequence[Voucher]]:
    """What is wrong with a bundle or a proof, what it says, and whose signatures it has."""
    data = bytes_of(path)
    try:
        if data.startswith(ZIP):
            return _of_bundle(data, trust, held)
        faults, said = check_proof(json.loads(data.decode()), trust)
    except BadInput as problem:
        raise BadInput(f"{path}: {problem.message}", problem.remedy) from None
    except (ValueError, RecursionError):
        raise BadInput(
            f"{path} is neither a bundle nor a proof",
            "compare a ledger with a checkpoint with: capital audit verify --checkpoint FILE",
        ) from None
    if held:
        raise BadInput("--checkpoint is for a ledger or a bundle; a proof names its own")
    return faults, said, ()


def _of_bundle(
    data: bytes, trust: Trust | None, held: Sequence[Kept]
) -> tuple[Sequence[Fault], str, Sequence[Voucher]]:
    checked = check_bundle(data, trust, [each.note for each in held])
    point = checked.note.checkpoint
    faults = list(checked.faults)
    for each in held:
        if each.stamp_problem is not None:
            faults.append(fault_at(FaultKind.STAMP, f"{each.name}: {each.stamp_problem}"))
        other = each.note.checkpoint
        if (other.size, other.root, other.issuers_root) != (
            point.size,
            point.root,
            point.issuers_root,
        ):
            message = f"the bundle was made from a different state of the ledger than {each.name}"
            faults.append(fault_at(FaultKind.REWRITTEN, message))
    if trust is None:
        by = (
            "its checkpoint is signed; name the key with --key"
            if checked.note.signatures
            else ("its checkpoint is not signed")
        )
        note(f"note: {by}: compare it with a copy you received by another way (--checkpoint)")
    said = (
        f"{checked.issuer} entries 1 to {checked.last_entry}, {checked.rows:,} rows, unaltered and "
        f"complete, from the ledger of {point.size:,} rows at {point.time}"
    )
    return faults, said, () if trust is None else trust.vouchers(checked.note)


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
            stamped = f", time-stamped at {each.stamped_at}" if each.stamped_at else ""
            said = f"valid for its {each.size:,} rows, made at {each.time}{stamped}"
            _tell_vouchers(each.checkpoint, each.signatures, said)


def _tell_elsewhere(vouchers: Sequence[Voucher], held: Sequence[Kept]) -> None:
    """Say who vouches for a bundle: by signatures, and by stamps of checkpoints like its own."""
    _tell_vouchers("its checkpoint", vouchers)
    for each in held:
        if each.stamped_at is not None:
            click.echo(f"{each.name}: time-stamped at {each.stamped_at}")


def _tell_vouchers(name: str, vouchers: Sequence[Voucher], said: str = "") -> None:
    """Say which signatures count; which do not, and why."""
    counted = ", ".join(voucher.words for voucher in vouchers if voucher.counted)
    signed = f"signed by {counted}" if counted else ""
    if said or signed:
        click.echo(f"{words(name)}: {', '.join(filter(None, (said, signed)))}")
    others = ", ".join(voucher.words for voucher in vouchers if not voucher.counted)
    if others:
        click.echo(f"{words(name)}: not counted: {others}")


def _json(found: Verification) -> dict[str, Any]:
    answer = as_json(found)
    answer["findings"] = answer.pop("faults")
    assert isinstance(answer, dict)
    return answer
