"""Which progress is shown: bars on a terminal, lines elsewhere."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from reconciler.cli.console import Console, is_terminal
from reconciler.cli.progress import Lines, Shown


@contextlib.contextmanager
def progress_on(console: Console) -> Iterator[Shown]:
    """Bars on a terminal, lines elsewhere."""
    if console.quiet or not is_terminal(console.remarks):
        with Lines(console) as lines:
            yield lines
        return
    from reconciler.cli.bars import Bars

    with Bars(console) as bars:
        yield bars
