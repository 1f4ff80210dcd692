"""`capital completion`: the script by which a shell completes what is typed."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

SHELLS = ["bash", "zsh", "fish"]


@click.command()
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def completion(ctx: click.Context, /, shell: str) -> None:
    """The script that lets a shell complete commands, options, issuers and actions.

    Issuers, references of actions and share classes are read from the ledger that the typed line
    names, so that the Tab key offers what can be asked about. Write the script once, to where
    the shell looks for it, and open a new shell:

    \b
    Example:
      capital completion bash > capital.bash
      capital completion zsh > _capital
      capital completion fish > capital.fish

    \b
    bash (4.4 or later, with bash-completion):
      ~/.local/share/bash-completion/completions/capital
    zsh (a folder of $fpath, before compinit runs):
      ~/.zfunc/_capital
    fish:
      ~/.config/fish/completions/capital.fish
    """
    command = ctx.find_root().command
    script = get_completion_class(shell)
    assert script is not None
    if shell == "bash":
        # Bash would take a reference such as div:2020 for three words.
        click.echo("COMP_WORDBREAKS=${COMP_WORDBREAKS//:}")
    click.echo(script(command, {}, "capital", "_CAPITAL_COMPLETE").source(), nl=False)
