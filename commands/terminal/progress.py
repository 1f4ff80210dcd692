"""Progress of long work: a bar on a terminal, nothing in a pipe."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from commands.terminal.screen import beneath

if TYPE_CHECKING:
    from ledger.recording.importing import Progress

PATIENCE_SECONDS = 1.0
"""Work that is done by then shows no bar."""


@contextmanager
def bar(label: str) -> Iterator[Callable[[int, int], None]]:
    """A bar that is told how much is done, and of how much."""
    if not sys.stderr.isatty():
        yield lambda _done, _of: None
        return
    begun = time.monotonic()
    with click.progressbar(length=1, label=label, file=beneath(sys.stderr), show_eta=True) as shown:

        def watch(done: int, of: int) -> None:
            if time.monotonic() - begun > PATIENCE_SECONDS:
                shown.length = of
                shown.update(done - shown.pos)

        yield watch


class Stages:
    """Work of several stages, of which the first does not know how long it is."""

    def __init__(self) -> None:
        self.shown = sys.stderr.isatty()
        self.last = ""

    def __call__(self, progress: Progress) -> None:
        if not self.shown:
            return
        of = f" of {progress.of:,}" if progress.of else ""
        self.last = f"\r{progress.stage} {progress.done:,}{of} "
        click.echo(self.last, file=beneath(sys.stderr), nl=False)

    def done(self) -> None:
        if self.last:
            click.echo("\r" + " " * len(self.last) + "\r", file=beneath(sys.stderr), nl=False)
