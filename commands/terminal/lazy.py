"""Groups of commands of which nothing is loaded before it is asked for."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


Table = Mapping[str, tuple[str, str]]
"""For each command, `module:name` and its line in the overview."""

FIRST_LINE = re.compile(r'"""`capital (\S+) …`: (.+)"""')


def groups_in(package: str) -> dict[str, tuple[str, str]]:
    """The groups of a package, in the order of their modules; none of them is loaded.

    The docstring of such a module is "`capital NAME …`: What it does." on one line, and the group
    in it has the name of the module.
    """
    from pathlib import Path  # noqa: PLC0415 - slow to import, and no question looks for a group

    (folder,) = importlib.import_module(package).__path__
    found = {}
    for path in sorted(Path(folder).glob("*.py")):
        with path.open(encoding="utf-8") as file:
            first = FIRST_LINE.match(file.readline())
        if first is not None:
            found[first[1]] = f"{package}.{path.stem}:{path.stem}", first[2]
    return found


class LazyGroup(click.Group):
    """A group whose commands are named by module; loads the one that is asked for."""

    def __init__(
        self, name: str, table: Table, whole: Callable[[], Table] | None = None, **more: Any
    ) -> None:
        """`whole` has the commands of `table`, and those that have to be looked for."""
        super().__init__(name, **more)
        self._known, self._whole = table, whole

    @cached_property
    def table(self) -> Table:
        """Every command, in the order of the overview."""
        return self._known if self._whole is None else self._whole()

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(self.table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        known = self._known if cmd_name in self._known else self.table
        if cmd_name not in known:
            return None
        module, _, name = known[cmd_name][0].partition(":")
        command = getattr(importlib.import_module(module), name)
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, with the nearest commands named where there is none."""
        word = args[0] if args else "-"
        unknown = not word.startswith("-") and word not in self._known and word not in self.table
        if unknown and not ctx.resilient_parsing:
            from difflib import get_close_matches  # noqa: PLC0415 - only on the way to an error

            near = get_close_matches(word, self.table, n=3)
            hint = f" Did you mean {' or '.join(near)}?" if near else ""
            ctx.fail(f"unknown command {word!r}.{hint} See: {ctx.command_path} --help")
        return super().resolve_command(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
        """The commands that begin so, without loading a single one, and the group's options."""
        from click.shell_completion import CompletionItem  # noqa: PLC0415 - a shell asks for it

        commands = [
            CompletionItem(name, help=words)
            for name, (_, words) in self.table.items()
            if name.startswith(incomplete)
        ]
        return commands + click.Command.shell_complete(self, ctx, incomplete)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """The overview, without loading a single command."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, words) for name, (_, words) in self.table.items()])
