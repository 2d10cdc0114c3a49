"""Start-up: `reconciler --help` against a click group that does nothing else."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from bench.measure import ROOT, cost, in_turn, median, ratio, surroundings
from bench.result import Result

OURS = "from reconciler.cli.main import main; main(['--help'])"
BARE = "import bench.bare_click; bench.bare_click.group(['--help'])"
GOAL = 1.3


def run(folder: Path, times: int) -> Iterator[Result]:
    """Both as a console script would start them; the first start of each writes its byte code."""
    del folder
    environment = surroundings()
    ours, bare = in_turn(
        times * 7,
        lambda: cost((sys.executable, "-c", OURS), ROOT, environment),
        lambda: cost((sys.executable, "-c", BARE), ROOT, environment),
    )
    detail = f"{median(ours, 'wall') * 1000:.0f} ms, bare click {median(bare, 'wall') * 1000:.0f} ms"
    yield Result("reconciler --help / bare click group", ratio(ours, bare, "wall"), GOAL, "x", detail)
