"""Size: a plan of 10,000 campaigns that finds nothing to do, against octoDNS, and how costs grow from 1,000."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bench import projects
from bench.measure import TOOL, Cost, cost, in_turn, median, ratio
from bench.octodns import Octodns
from bench.result import Result
from bench.vendor import Vendor, vendor

SMALL, LARGE = 1_000, 10_000
PLAN_GOAL, MEMORY_GOAL, GROWTH_GOAL, REQUESTS_GOAL = 0.35, 200.0, 11.0, 3.0


def run(folder: Path, times: int) -> Iterator[Result]:
    """Apply both projects for real, then plan both in turn with the peer."""
    with vendor() as small, vendor() as large:
        small_root = projects.campaigns(folder / "small", SMALL, small.base_url)
        large_root = projects.campaigns(folder / "large", LARGE, large.base_url)
        small_apply, large_apply = _apply(small_root, small), _apply(large_root, large)
        peer = Octodns(folder.parent, LARGE)
        before = len(large.requests())
        ours, small_plans, theirs = in_turn(
            times, lambda: _plan(large_root, large), lambda: _plan(small_root, small), peer.plan
        )
        requests = (len(large.requests()) - before) / (times + 1)
    detail = f"{median(ours, 'wall'):.2f} s, octoDNS {median(theirs, 'wall'):.2f} s"
    yield Result("no-op plan of 10,000 / octoDNS, wall", ratio(ours, theirs, "wall"), PLAN_GOAL, "x", detail)
    detail = f"{median(ours, 'user'):.2f} s, octoDNS {median(theirs, 'user'):.2f} s"
    yield Result(
        "no-op plan of 10,000 / octoDNS, user CPU", ratio(ours, theirs, "user"), PLAN_GOAL, "x", detail
    )
    detail = f"octoDNS {median(theirs, 'memory'):.0f} MB"
    yield Result("no-op plan of 10,000, peak memory", median(ours, "memory"), MEMORY_GOAL, " MB", detail)
    detail = f"{median(small_plans, 'user'):.2f} -> {median(ours, 'user'):.2f} s"
    yield Result(
        "plan, user CPU, 1,000 -> 10,000", ratio(ours, small_plans, "user"), GROWTH_GOAL, "x", detail
    )
    growth = large_apply.user / small_apply.user
    detail = f"{small_apply.user:.2f} -> {large_apply.user:.2f} s, {large_apply.memory:.0f} MB"
    yield Result("apply, user CPU, 1,000 -> 10,000", growth, GROWTH_GOAL, "x", detail)
    yield Result("requests of a plan of 10,000", requests, REQUESTS_GOAL, "", "one list a kind")


def _apply(root: Path, at: Vendor) -> Cost:
    return cost((*TOOL, "apply", "--yes"), root, at.environment)


def _plan(root: Path, at: Vendor) -> Cost:
    return cost((*TOOL, "plan"), root, at.environment)
