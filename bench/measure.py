"""What a process costs: time on the clock, on the processor, and memory; medians over turns."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
TOOL = (sys.executable, "-m", "reconciler")
UNWANTED = ("PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED", "PYTHONPATH")
"""Settings of whoever runs the bench that would cost both sides something, and not the same."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds on the clock and of the processor in user mode, megabytes at the peak."""

    wall: float
    user: float
    memory: float


def surroundings(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of a measured process: byte code is kept, and the tool is the one of this folder."""
    kept = {name: value for name, value in os.environ.items() if name not in UNWANTED}
    return {**kept, "PYTHONPATH": str(ROOT), "NO_COLOR": "1", **(more or {})}


def cost(command: Sequence[str], cwd: Path, environment: Mapping[str, str]) -> Cost:
    """Run a command to its end; raises RuntimeError with what it said when it fails."""
    with tempfile.TemporaryFile() as said:
        begun = time.perf_counter()
        process = subprocess.Popen(command, cwd=cwd, env=environment, stdout=said, stderr=said)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            raise RuntimeError(said.read().decode("utf-8", "replace")[-2000:])
    return Cost(wall, usage.ru_utime, usage.ru_maxrss / 1024)


def in_turn(times: int, *runs: Callable[[], Cost]) -> list[list[Cost]]:
    """Each run so many times, in turn, so that a busy minute of the machine hits all alike; the first is for caches."""
    for run in runs:
        run()
    turns = [[run() for run in runs] for _ in range(times)]
    return [list(costs) for costs in zip(*turns, strict=True)]


def median(costs: Sequence[Cost], what: str) -> float:
    """The median of one sort of cost."""
    return statistics.median(getattr(each, what) for each in costs)


def ratio(ours: Sequence[Cost], theirs: Sequence[Cost], what: str) -> float:
    """The median of the ratios of neighbours in time."""
    return statistics.median(
        getattr(mine, what) / getattr(yours, what) for mine, yours in zip(ours, theirs, strict=True)
    )
