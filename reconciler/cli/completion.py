"""`reconciler completion`: scripts that let a shell complete commands and options."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from reconciler.cli import frame
from reconciler.cli.finish import COMPLETE
from reconciler.cli.output import Output
from reconciler.cli.settings import Settings
from reconciler.errors import ReconcilerError
from reconciler.render import json
from reconciler.render.ending import Ending


@frame.command(examples=('eval "$(reconciler completion bash)"', "reconciler completion fish | source"))
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(context: click.Context, settings: Settings, shell: str) -> Output:
    """Print a completion script; it reads no project and asks no vendor."""
    del settings
    script = _script(context.find_root().command, shell)
    return Output(
        Ending(),
        lambda sheet: sheet.raw(script),
        lambda ending: json.envelope("completion", ending, shell=shell, lines=script.splitlines()),
        lambda: f"```{shell}\n{script}```\n",
        plain=lambda: script,
    )


def _script(group: click.Command, shell: str) -> str:
    kind = get_completion_class(shell)
    if kind is None:
        raise ReconcilerError(f"no completion for {shell}")
    return kind(group, {}, "reconciler", COMPLETE).source()
