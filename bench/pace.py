"""Pace: 1,000 schedules made at 20 ms of latency, eight at a time, the state durable, against the physical floor."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from bench import projects
from bench.measure import TOOL, Cost, cost, median
from bench.result import Result
from bench.vendor import Vendor, vendor

COUNT, LATENCY = 1_000, 0.020
GOAL = 1.3


def run(folder: Path, times: int) -> Iterator[Result]:
    """The whole process, with start-up, reading and the state's fsyncs in it."""
    floor = COUNT / projects.CONCURRENCY * LATENCY
    with vendor(LATENCY) as at:
        root = projects.schedules(folder / "pace", COUNT, at.base_url)
        costs = [_apply(root, at) for _ in range(times + 1)][1:]
    detail = f"{median(costs, 'wall'):.2f} s (floor {floor:.2f} s), {median(costs, 'user'):.2f} s of user CPU"
    yield Result(
        "apply of 1,000 at 20 ms / (n/C x latency)", median(costs, "wall") / floor, GOAL, "x", detail
    )


def _apply(root: Path, at: Vendor) -> Cost:
    at.reset()
    shutil.rmtree(root / ".reconciler", ignore_errors=True)
    return cost((*TOOL, "apply", "--yes", "--quiet"), root, at.environment)
