"""`capital audit documents`."""

from __future__ import annotations

import hashlib
from pathlib import Path

import click

from commands.main import open_ledger
from commands.output import Column, note, show
from commands.params import NAME, format_option
from ledger.book import Book
from ledger.errors import BadInput
from projections.documents import DocumentFound, Presence, compare
from projections.documents import documents as documents_of

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
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="The folder that should hold the documents.",
)
@format_option()
@click.pass_context
def documents(ctx: click.Context, /, issuer: str, folder: Path, form: str) -> None:
    """Check the files of a folder against the digests that entries recorded.

    A document is present if any file has its digest, altered if only a file of its name is there,
    else missing; exit code 1 where one is altered or missing. Digests are recorded with
    --source-file.

    \b
    Example:
      capital audit documents IIJ --folder notices
    """
    if not folder.is_dir():
        raise BadInput(f"there is no folder {folder}", "name the folder that holds the documents")
    book = Book(open_ledger(ctx), issuer)
    found = compare(documents_of(book.history), _digests(folder))
    show([_json(each) for each in found], form, _COLUMNS, found)
    counts = {kind: sum(each.presence is kind for each in found) for kind in Presence}
    note(", ".join(f"{count} {kind}" for kind, count in counts.items() if count) or "no documents")
    if counts[Presence.ALTERED] or counts[Presence.MISSING]:
        ctx.exit(1)


def _digests(folder: Path) -> dict[str, str]:
    digests = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            try:
                with path.open("rb") as file:
                    digest = hashlib.file_digest(file, "sha256").hexdigest()
            except OSError as problem:
                raise BadInput(f"{path}: {problem.strerror}", "check the permissions") from None
            digests[path.relative_to(folder).as_posix()] = digest
    return digests


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
