"""Long answers on a terminal are shown a screen at a time; in a pipe nothing changes."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from typing import Any

import click

from commands.terminal.screen import Screen, beneath, drawn

_SWITCHED_OFF = "commands.terminal.pager.off"
_LESS = "-FRX"
"""Of `less`, where the user has not said otherwise: quit at the end of what fits on one screen,
show colors, and leave the answer on the screen."""


def switch_off(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    """--no-pager."""
    ctx.meta[_SWITCHED_OFF] = value


class _Answer(io.StringIO):
    """What is printed, held back; it looks like the terminal it will be shown on."""

    def isatty(self) -> bool:
        return True


@contextmanager
def paged(ctx: click.Context) -> Iterator[None]:
    """Show what is printed inside through the pager of the user if it is longer than the screen.

    What is said on standard error stays in its place between the lines, where both are the same
    terminal. An error raised inside is told after what was printed before it.
    """
    terminal = sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty()
    if not terminal or ctx.meta.get(_SWITCHED_OFF):
        yield
        return
    answer = _Answer()
    shown: Any = Screen(answer)
    notes = shown if sys.stderr.isatty() else sys.stderr
    try:
        with redirect_stdout(shown), redirect_stderr(notes):
            yield
    finally:
        text = answer.getvalue()
        if ctx.meta.get(_SWITCHED_OFF) or _fits(text):  # read only now, if --help came with it
            drawn(text)
        else:
            os.environ.setdefault("LESS", _LESS)
            # What is held back is escaped already.
            with redirect_stdout(beneath(sys.stdout)), click.get_pager_file() as pager:
                pager.write(text)


def _fits(text: str) -> bool:
    """Whether the screen shows it all, with a line left for the prompt."""
    from shutil import get_terminal_size  # noqa: PLC0415 - slow to import, and no pipe needs it

    from wcwidth import wcswidth  # noqa: PLC0415 - as above

    columns, rows = get_terminal_size()
    used = (max(1, -(-wcswidth(line) // columns)) for line in click.unstyle(text).splitlines())
    return sum(used) < rows
