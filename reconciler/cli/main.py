"""The command `reconciler`: parses the line, runs one command, ends with its exit code."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from typing import Any

import click

from reconciler import __version__
from reconciler.cli import finish
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


GARBAGE = (200_000, 50, 100)
"""Thresholds of the cycle collector: a plan of many thousand values has no cycles to look for."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and end the process."""
    gc.set_threshold(*GARBAGE)
    for stream in (sys.stdout, sys.stderr):
        # What a stream can't encode is escaped: an error there would hide a result whose work is done.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    code = finish.run(group, sys.argv[1:] if arguments is None else arguments)
    gc.freeze()  # the interpreter's last collection would walk every value of a large plan, to free it all anyway
    sys.exit(code)


if __name__ == "__main__":
    main()
