"""The streams all printing passes: what cannot be seen is escaped; what cannot be written is told.

A name, a reason or a file name may hold characters that move the cursor, turn the order of text
round or cannot be seen. Answers, errors and notes all go through a `Screen`, which writes such
characters as JSON does (`\\u202e`), so that JSON stays the same value.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from io import BufferedWriter, RawIOBase, TextIOWrapper
from typing import Any, TextIO, cast

from ledger.errors import escaped

NAMED = 50
"""Entries named where there is no receipt of them."""


class Unwritable(Exception):
    """The answer cannot be written: a closed stream, a full disk, a pipe that nobody reads."""

    def __init__(self, problem: OSError) -> None:
        super().__init__(problem.strerror)
        self.why = problem.strerror
        self.nobody_reads = problem.errno == errno.EPIPE
        self.recorded: str | None = None
        """The entries of which the receipt cannot be written."""


class Screen:
    """A stream that shows what is written; it has no bytes beneath, so nothing gets round it."""

    # Of this screen; the stream beneath escapes what its own encoding cannot write. Where click
    # finds another encoding, or none, it looks for the bytes beneath a stream.
    encoding = "utf-8"
    errors = "backslashreplace"

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream
        self._lost = False
        """Whether writing failed: it is told once, and what comes after is not written."""

    def write(self, text: str | bytes) -> int:
        if isinstance(text, bytes):
            if not text:  # click asks so whether a stream takes bytes
                raise TypeError(text)
            self.verbatim(text.decode())  # words for a shell to complete
            return len(text)
        shown = escaped(text)
        if shown:  # click writes nothing to find out what a stream takes, and drops the error
            self.verbatim(shown)
        return len(text)

    def verbatim(self, text: str) -> None:
        """Write what this program drew itself, colors included, or data for a program."""
        with self._telling():
            if self._stream is None:
                raise OSError(errno.EBADF, "standard output is closed")
            self._stream.write(text)
            self._stream.flush()

    def flush(self) -> None:
        with self._telling():
            if self._stream is not None:
                self._stream.flush()

    def isatty(self) -> bool:
        return self._stream is not None and self._stream.isatty()

    def __getattr__(self, name: str) -> Any:
        if name == "buffer":
            raise AttributeError(name)
        return getattr(self._stream, name)

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except OSError as problem:
            self._discard()
            if not self._lost:
                self._lost = True
                self._failed(problem)

    def _failed(self, problem: OSError) -> None:
        raise Unwritable(problem) from None

    def _discard(self) -> None:
        """Send what is still to be written nowhere, or Python tries again when it ends."""
        with suppress(OSError, AttributeError):  # closed, or in memory
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self.fileno())
            os.close(nowhere)


class _Notes(Screen):
    """Standard error: where it cannot be written, nobody is told, and the work goes on."""

    def _failed(self, problem: OSError) -> None:
        pass


def protect() -> None:
    """Let all that is printed from now on pass a screen."""
    for number in range(3):  # or the ledger's file would take the number of a closed stream
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    streams: Any = sys
    if isinstance(getattr(sys.stdout, "buffer", None), RawIOBase):
        # PYTHONUNBUFFERED: what a full pipe does not take would be lost without an error.
        name, raw = sys.stdout.encoding, streams.stdout.detach()
        streams.stdout = TextIOWrapper(BufferedWriter(raw), encoding=name)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    streams.stdout, streams.stderr = _screens()


@contextmanager
def protected() -> Iterator[None]:
    """Let all that is printed inside pass a screen, where it does not yet."""
    if isinstance(sys.stdout, Screen):
        yield
        return
    out, err = _screens()
    with redirect_stdout(out), redirect_stderr(err):
        yield


def _screens() -> tuple[Any, Any]:
    return Screen(sys.stdout), _Notes(sys.stderr)


def beneath(stream: TextIO) -> TextIO:
    """The stream itself, for bars that move the cursor."""
    inner: Any = stream
    return cast("TextIO", inner._stream) if isinstance(inner, Screen) else stream  # noqa: SLF001 - ours


def drawn(text: str) -> None:
    """Print what this program drew itself, colors included."""
    if isinstance(sys.stdout, Screen):
        sys.stdout.verbatim(text)
        sys.stdout.flush()
    else:
        sys.stdout.write(text)


def data(text: str) -> None:
    """Print data for a program as it is; on a terminal it is escaped like all other text."""
    if sys.stdout.isatty():
        sys.stdout.write(text)
    else:
        drawn(text)


@contextmanager
def receipt_of(entries: Sequence[str]) -> Iterator[None]:
    """Print the receipt of entries: where it cannot be written, they are named."""
    try:
        yield
    except Unwritable as problem:
        more = f" and {len(entries) - NAMED:,} more" if len(entries) > NAMED else ""
        problem.recorded = ", ".join(entries[:NAMED]) + more if entries else None
        raise
