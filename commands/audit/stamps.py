"""`capital audit timestamp`, and the stamp beside a checkpoint."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.audit.files import FILE, bytes_of, exists_already, note_of, write_new
from ledger.errors import BadInput, Refused
from ledger.proof.commit import second_text
from ledger.proof.timestamp import BadStamp, certificates, stamp_request, stamped_at
from projections.audit.verify import Kept

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

SUFFIX = ".tsr"
PATIENCE_SECONDS = 30
LONGEST_REPLY = 1_000_000


@click.command()
@click.argument("file", type=FILE)
@click.option("--request", type=FILE, help="Write the request into this new file.")
@click.option("--reply", type=FILE, help="Keep the authority's reply in this file beside FILE.")
@click.option("--url", help="Ask the authority at this address, and keep its reply beside FILE.")
@click.option(
    "--authority",
    "authorities",
    type=FILE,
    multiple=True,
    metavar="PEM",
    help="The certificates of the authority that is trusted; may be repeated.",
)
def timestamp(
    file: Path,
    request: Path | None,
    reply: Path | None,
    url: str | None,
    authorities: tuple[Path, ...],
) -> None:
    """Have an outside authority stamp a checkpoint with the time (RFC 3161).

    Only the SHA-256 of the checkpoint's text leaves this machine. The reply is verified, and kept
    beside the checkpoint, as FILE.tsr. Signatures are not stamped: they can be added later.

    \b
    Example:
      capital audit timestamp april.checkpoint --request april.tsq
      capital audit timestamp april.checkpoint --reply reply.tsr --authority authority.pem
      capital audit timestamp april.checkpoint --url https://tsa.example.com --authority tsa.pem
    """
    if sum(given is not None for given in (request, reply, url)) != 1:
        raise BadInput("give one of --request, --reply and --url")
    note = note_of(file)
    if request is not None:
        write_new(request, stamp_request(note.text)[0])
        click.echo(f"request for a time stamp of {file}: {request}")
        return
    if not authorities:
        raise BadInput(
            "a reply is kept only if it is verified",
            "name the authority's certificates: --authority",
        )
    trusted = _certificates(authorities)
    place = _beside(file)
    if place.exists():
        raise exists_already(place)
    nonce = None
    if url is not None:
        query, nonce = stamp_request(note.text)
        data = _asked(url, query)
    else:
        assert reply is not None
        data = bytes_of(reply)
    try:
        at = stamped_at(data, note.text, trusted, nonce)
    except BadStamp as problem:
        raise Refused(f"the time stamp of {file} does not hold: {problem}") from None
    write_new(place, data)
    click.echo(f"{file}: time-stamped at {second_text(at)}: {place}")


def kept(path: Path, authorities: Sequence[Path]) -> Kept:
    """A checkpoint that was kept in a file; with authorities, also what its stamp proves."""
    note, name = note_of(path), str(path)
    if not authorities:
        return Kept(name, note)
    trusted, place = _certificates(authorities), _beside(path)
    if not place.exists():
        return Kept(name, note, stamp_problem=f"has no time stamp: there is no {place}")
    try:
        at = stamped_at(bytes_of(place), note.text, trusted)
    except BadStamp as problem:
        return Kept(name, note, stamp_problem=f"the time stamp in {place} is not valid: {problem}")
    return Kept(name, note, stamped_at=second_text(at))


def _beside(path: Path) -> Path:
    return path.with_name(path.name + SUFFIX)


def _certificates(authorities: Sequence[Path]) -> list[Certificate]:
    found: list[Certificate] = []
    for path in authorities:
        try:
            found += certificates(bytes_of(path))
        except BadInput as problem:
            raise BadInput(f"{path}: {problem.message}") from None
    return list(dict.fromkeys(found))


def _asked(url: str, query: bytes) -> bytes:
    """What the authority at an address answers; raises Refused if it does not."""
    from http.client import HTTPException  # noqa: PLC0415 - only this command uses the network
    from urllib.error import HTTPError  # noqa: PLC0415 - as above
    from urllib.request import Request, urlopen  # noqa: PLC0415 - as above

    if not url.lower().startswith(("http://", "https://")):
        raise BadInput(f"--url {url!r} is not an address of http or https")
    headers = {"Content-Type": "application/timestamp-query"}
    try:
        request = Request(url, query, headers)  # noqa: S310 - http or https, as checked above
        with urlopen(request, timeout=PATIENCE_SECONDS) as answer:  # noqa: S310 - as above
            data: bytes = answer.read(LONGEST_REPLY)
    except (OSError, ValueError, HTTPException) as problem:
        if isinstance(problem, HTTPError):
            problem.close()  # it is the answer too
        raise Refused(f"the authority at {url} gave no time stamp: {problem}") from None
    return data
