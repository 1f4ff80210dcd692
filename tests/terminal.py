"""A terminal to run programs on: it has a size, shows what they write, and somebody types."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import subprocess
import termios
from pathlib import Path
from typing import Self

PATIENCE_SECONDS = 30


class Terminal:
    """A program on a pseudo-terminal of its own; its three streams are that terminal."""

    def __init__(
        self, *words: str, cwd: Path, env: dict[str, str], rows: int = 24, columns: int = 80
    ) -> None:
        self._ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self._process = subprocess.Popen(
            words,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            cwd=cwd,
            env={"PATH": os.environ["PATH"], "TERM": "xterm", "LC_ALL": "C.UTF-8", **env},
            start_new_session=True,
            # It controls the program, as a shell that handles jobs needs.
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509 - one call
        )
        os.close(theirs)
        self.written = ""
        """All that was written so far."""

    def type(self, keys: str) -> None:
        os.write(self._ours, keys.encode())

    def shows(self, text: str) -> None:
        """Wait until it is written; fails the test where it never is."""
        while text not in self.written:
            assert self._read(), f"{text!r} is not in {self.written!r}"

    def end(self) -> int:
        """Wait for the program to end; its exit code."""
        while self._read():
            pass
        return self._process.wait(timeout=PATIENCE_SECONDS)

    def _read(self) -> bool:
        """Take in what is written next; whether there was anything before patience ended."""
        ready, _, _ = select.select([self._ours], [], [], PATIENCE_SECONDS)
        try:
            part = os.read(self._ours, 65536) if ready else b""
        except OSError:  # how the end of a terminal reads
            part = b""
        self.written += part.decode(errors="replace")
        return bool(part)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._ours)
        self._process.kill()
        self._process.wait()
