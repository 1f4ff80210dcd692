"""`capital audit documents`."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import click

from commands.terminal.opening import code_of, open_ledger
from commands.terminal.output import Column, note, show
from commands.terminal.params import NAME, format_option
from ledger.errors import BadInput
from ledger.history.knowledge import EVERYTHING
from ledger.recording.issuer_record import Book
from projections.checks.documents import DocumentFound, Presence, compare
from projections.checks.documents import documents as documents_of

_COLUMNS = (
    Column("presence", "file", lambda r: r.presence),
    Column("title", "document", lambda r: r.document.title),
    Column("file", "found as", lambda r: r.file),
    Column("entries", "entries", lambda r: _listed(r.document.entries)),
    Column("sha256", "sha256", lambda r: r.document.sha256),
)


@click.command()
@click.argument("issuer", type=NAME)
@click.option(
    "--folder",
    metavar="DIRECTORY",
    required=True,
    help="The folder that should hold the documents.",
)
@format_option()
@click.pass_context
def documents(ctx: click.Context, /, issuer: str, folder: str, form: str) -> None:
    """Check the files of a folder against the digests that entries recorded.

    A document is present if any file has its digest, altered if only a file of its name is there,
    else missing; exit code 1 where one is altered or missing. Digests are recorded with
    --source-file.

    \b
    Example:
      capital audit documents IIJ --folder notices
    """
    place = Path(folder)
    if not folder.strip() or not place.is_dir() or not os.access(place, os.R_OK | os.X_OK):
        raise BadInput(
            f"there is no folder {folder!r} that can be read",
            "name the folder that holds the documents",
        )
    ledger = open_ledger(ctx)
    issuer = code_of(ledger, issuer)
    book = Book(ledger, issuer)
    found = compare(documents_of(book.history.as_of(EVERYTHING)), _digests(place))
    show([_json(each) for each in found], form, _COLUMNS, found)
    counts = {kind: sum(each.presence is kind for each in found) for kind in Presence}
    note(", ".join(f"{count} {kind}" for kind, count in counts.items() if count) or "no documents")
    if counts[Presence.ALTERED] or counts[Presence.MISSING]:
        ctx.exit(1)


def _digests(folder: Path) -> dict[str, str]:
    """The digest of every file beneath a folder, by its name there; raises BadInput."""
    digests = {}
    try:
        for place, _, files in os.walk(folder, onerror=_raised):
            for path in (Path(place, file) for file in sorted(files)):
                if not path.is_file():
                    continue  # a pipe, or a link that leads nowhere
                with path.open("rb") as file:
                    digest = hashlib.file_digest(file, "sha256").hexdigest()
                digests[path.relative_to(folder).as_posix()] = digest
    except OSError as problem:
        raise BadInput(f"{problem.filename}: {problem.strerror}", "check the permissions") from None
    return digests


def _raised(problem: OSError) -> None:
    raise problem


def _listed(entries: tuple[int, ...]) -> str:
    return ", ".join(map(str, entries))


def _json(found: DocumentFound) -> dict[str, object]:
    document = found.document
    return {
        "presence": found.presence,
        "file": found.file,
        "title": document.title,
        "uri": document.uri,
        "sha256": document.sha256,
        "pages": document.pages,
        "entries": document.entries,
    }
