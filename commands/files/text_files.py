"""Lines of text from files: plain or gzip, from a name or from standard input."""

from __future__ import annotations

import gzip
import sys
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO, cast

from ledger.errors import BadInput
from ledger.recording.importing import Unreadable

GZIP = b"\x1f\x8b"
LONGEST_LINE_BYTES = 8 * 1024 * 1024


def lines_of(name: str, stack: ExitStack) -> Iterator[str | Unreadable]:
    """The lines of a file or, for "-", of standard input; gzip is unpacked.

    Raises BadInput if they cannot be read.
    """
    if name == "-":
        if sys.stdin is None:
            raise BadInput("standard input is closed", "name a file, or send lines to it")
        binary = sys.stdin.buffer
    else:
        path = Path(name)
        if path.is_dir():
            raise BadInput(f"{name} is a folder; name a file of lines")
        try:
            binary = stack.enter_context(path.open("rb"))
        except OSError as error:
            raise BadInput(f"{name} cannot be read: {error.strerror}") from None
    if _begins_as_gzip(binary):
        return _decoded(name, gzip.GzipFile(fileobj=binary))
    return _decoded(name, binary)


def only_text(name: str, lines: Iterator[str | Unreadable]) -> Iterator[str]:
    """These lines; raises BadInput for the first that is not text."""
    for number, line in enumerate(lines, start=1):
        if isinstance(line, Unreadable):
            raise BadInput(f"{name}:{number}: {line.why}", "nothing was recorded")
        yield line


def _begins_as_gzip(binary: BinaryIO) -> bool:
    peek = getattr(binary, "peek", None)
    return peek is not None and cast("bytes", peek(2))[:2] == GZIP


def _decoded(name: str, binary: BinaryIO | gzip.GzipFile) -> Iterator[str | Unreadable]:
    number = 0
    try:
        lines = iter(lambda: binary.readline(LONGEST_LINE_BYTES + 1), b"")
        for number, raw in enumerate(lines, start=1):
            if len(raw) > LONGEST_LINE_BYTES:
                raise BadInput(
                    f"{name}:{number}: the line is too long; the limit is "
                    f"{LONGEST_LINE_BYTES:,} bytes",
                    "an event is one line; nothing was recorded",
                )
            yield _text(number, raw)
    except (EOFError, OSError, zlib.error) as error:
        raise BadInput(
            f"{name}:{number + 1}: cannot be unpacked: {error}",
            "the file is truncated or damaged; nothing was recorded",
        ) from None


def _text(number: int, raw: bytes) -> str | Unreadable:
    try:
        return raw.decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError as error:
        why = f"is not UTF-8 text (byte {error.start + 1} of the line); save the file as UTF-8"
        return Unreadable(raw.decode(errors="backslashreplace"), why)
