"""Pace: 1,000 schedules made at 20 ms of latency, eight at a time, the state durable, against the physical floor."""

from __future__ import annotations

import shutil
import statistics
from collections.abc import Iterator
from pathlib import Path

from bench import bare_client, projects
from bench.measure import TOOL, Cost, cost, median
from bench.result import Result
from bench.vendor import Vendor, vendor

COUNT, LATENCY = 1_000, 0.020
GOAL = 1.3


def run(folder: Path, times: int) -> Iterator[Result]:
    """The whole process, with start-up, reading and the state's fsyncs in it, in turn with a bare client."""
    floor = COUNT / projects.CONCURRENCY * LATENCY
    with vendor(LATENCY) as at:
        root = projects.schedules(folder / "pace", COUNT, at.base_url)
        turns = [(_apply(root, at), _bare(at)) for _ in range(times + 1)][1:]
    costs = [ours for ours, _ in turns]
    bare = statistics.median(theirs for _, theirs in turns)
    detail = f"{median(costs, 'wall'):.2f} s (floor {floor:.2f} s), {median(costs, 'user'):.2f} s of user CPU"
    yield Result(
        "apply of 1,000 at 20 ms / (n/C x latency)", median(costs, "wall") / floor, GOAL, "x", detail
    )
    near = statistics.median(ours.wall / theirs for ours, theirs in turns)
    yield Result("the same / bare sockets at this stand-in", near, GOAL, "x", f"bare sockets {bare:.2f} s")


def _apply(root: Path, at: Vendor) -> Cost:
    at.reset()
    shutil.rmtree(root / ".reconciler", ignore_errors=True)
    return cost((*TOOL, "apply", "--yes", "--quiet"), root, at.environment)


def _bare(at: Vendor) -> float:
    at.reset()
    return bare_client.seconds(at, COUNT)
