"""All cases, and all workers: each with a sandbox of its own, since a case must not see another's."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed

from . import switch
from .cases import Case, cases
from .declared import VENDORS
from .run import run, traffic
from .verdict import Verdict


def every_case(vendors: Sequence[str]) -> list[Case]:
    """Every case of these vendors; their applies are made once in peace to see what there is to spoil."""
    return [
        case
        for name in vendors
        for scenario in VENDORS[name].acts
        for case in cases(name, scenario.name, traffic(name, scenario.name))
    ]


def run_all(chosen: Sequence[Case], workers: int, recovery: str = "on") -> Iterator[Verdict]:
    """The verdicts, as they come; without workers in this process, and in order."""
    if not workers:
        with switch.recovery(recovery):
            yield from map(run, chosen)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, context, initializer=switch.turn, initargs=(recovery,)) as pool:
        for done in as_completed([pool.submit(run, case) for case in chosen]):
            yield done.result()
