"""Lives by chance at every vendor, judged by its books; SEQUENCES says how many of them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from reconciler.sandbox import Sandbox

from .declared import VENDORS
from .peace import START
from .sequence import Sequence

SEQUENCES = int(os.environ.get("SEQUENCES", "40"))
"""So many lives there are, over all vendors."""

FEW = 8
"""So many of them belong to the quick tests."""

STEPS = 12


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """One stand-in for all lives; each begins with an empty account."""
    with Sandbox(port=0, speed=0.0, start_at=START, seed=1) as running:
        yield running


def some() -> list[object]:
    """Seeds and vendors in turn, of which all but a few are slow."""
    names = list(VENDORS)
    marks = [() if at < FEW else pytest.mark.slow for at in range(SEQUENCES)]
    return [pytest.param(names[at % len(names)], at, marks=marks[at]) for at in range(SEQUENCES)]


@pytest.mark.parametrize(("vendor", "seed"), some())
def test_nobody_twice_whatever_happens(tmp_path: Path, sandbox: Sandbox, vendor: str, seed: int) -> None:
    """Through edits, faults, deaths and time nobody is queued or called twice in a run, and all settles."""
    Sequence(seed, tmp_path, sandbox, VENDORS[vendor]).live(STEPS)
