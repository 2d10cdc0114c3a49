"""The command `reconciler`: parses the line, runs one command, ends with its exit code."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence

GARBAGE = (200_000, 50, 100)
"""Thresholds of the cycle collector: neither modules nor a plan of many thousand values have cycles to look for."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and end the process."""
    gc.set_threshold(*GARBAGE)  # before what follows is loaded, a tenth of which would be the collector's

    from reconciler.cli import finish
    from reconciler.cli.root import group

    for stream in (sys.stdout, sys.stderr):
        # What a stream can't encode is escaped: an error there would hide a result whose work is done.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    code = finish.run(group, sys.argv[1:] if arguments is None else arguments)
    gc.freeze()  # the interpreter's last collection would walk every value of a large plan, to free it all anyway
    sys.exit(code)


if __name__ == "__main__":
    main()
