"""The documents behind an issuer's record, compared with files by digest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from ledger.history.history import KnownHistory


@dataclass(frozen=True, slots=True)
class Document:
    """A document, and the entries that name it."""

    title: str
    uri: str | None
    sha256: str | None
    pages: tuple[int, ...]
    entries: tuple[int, ...]

    @property
    def names(self) -> set[str]:
        """The names its file may have: its title, or the last part of its address."""
        last = PurePosixPath(unquote(urlsplit(self.uri or "").path)).name
        return {name for name in (self.title, last) if name}


def documents(known: KnownHistory) -> list[Document]:
    """Every document that an entry or an event names, in the order of first use."""
    pages: dict[tuple[str, str | None, str | None], set[int]] = {}
    entries: dict[tuple[str, str | None, str | None], set[int]] = {}
    named = [(line.source, line.number) for line in known.entries]
    named += [(fact.event.source, fact.entry.number) for fact in known.facts]
    for source, entry in named:
        if source is None:
            continue
        what = (source.title, source.uri, source.sha256)
        entries.setdefault(what, set()).add(entry)
        pages.setdefault(what, set()).update([] if source.page is None else [source.page])
    ordered = sorted(entries, key=lambda what: (min(entries[what]), what[0], what[1] or ""))
    return [
        Document(*what, tuple(sorted(pages[what])), tuple(sorted(entries[what])))
        for what in ordered
    ]


class Presence(StrEnum):
    """Whether a folder holds a document."""

    PRESENT = "present"
    ALTERED = "altered"
    MISSING = "missing"
    UNCHECKED = "no digest recorded"


@dataclass(frozen=True, slots=True)
class DocumentFound:
    """A document and the file it was found in, if any."""

    document: Document
    presence: Presence
    file: str | None


def compare(wanted: Iterable[Document], digests: Mapping[str, str]) -> list[DocumentFound]:
    """Each document, and whether it is among the files, given as digests by name.

    A file with the digest of a document is that document, whatever its name; a file with its name
    and another digest was altered.
    """
    by_digest = {digest: name for name, digest in sorted(digests.items(), reverse=True)}
    found = []
    for document in wanted:
        same_name = (n for n in sorted(digests) if PurePosixPath(n).name in document.names)
        if document.sha256 is None:
            presence, file = Presence.UNCHECKED, None
        elif (file := by_digest.get(document.sha256)) is not None:
            presence = Presence.PRESENT
        else:
            file = next(same_name, None)
            presence = Presence.MISSING if file is None else Presence.ALTERED
        found.append(DocumentFound(document, presence, file))
    return found
