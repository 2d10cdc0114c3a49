"""The root of the command line: `reconciler` without a command, and what every command hangs on."""

from __future__ import annotations

from typing import Any

import click

from reconciler import __version__
from reconciler.cli.frame import Overview


@click.group(
    cls=Overview, invoke_without_command=True, epilog="help COMMAND, help exit-codes, help environment"
)
@click.version_option(__version__, prog_name="reconciler", allow_from_autoenv=False)
@click.pass_context
def group(context: click.Context) -> Any:
    """Outbound campaigns as code; nobody is called until you apply."""
    if context.invoked_subcommand is None:
        from reconciler.cli.overview import overview

        return overview()
    return None
