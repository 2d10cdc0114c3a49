"""The fault matrix in tests: a slice of it, and the proof that it can fail. All of it: `python -m tests.matrix`."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from . import table
from .cases import FAULTS, FOLDER, Case, slice_of
from .declared import VENDORS
from .everything import every_case, run_all
from .run import traffic
from .verdict import ALLOWED

SLICE = 40
"""So many cases of each vendor belong to the tests."""

LOST = ("reset before processing", "reset after processing")
EXPECTED = {"plum": {"duplicates", "twice", "suppressed", "early", "foreign", "stuck"}}
"""What has to show without recovery: every column at the vendor that can be asked least, and something at each."""

UNKNOWN_SHARE = json.loads((FOLDER / "allowed.json").read_text())["at_most_percent"]


@pytest.mark.slow
@pytest.mark.parametrize("vendor", VENDORS)
def test_slice(vendor: str) -> None:
    """Whatever befalls a request, a state write or the process, the vendor's books show everything exactly once."""
    results = table.Results(list(run_all(slice_of(every_case([vendor]), SLICE), 0)))
    assert not results.wrong, "\n".join(map(table.told, results.wrong))


@pytest.mark.slow
@pytest.mark.parametrize("vendor", VENDORS)
def test_every_kind_of_fault_once(vendor: str) -> None:
    """No line of the catalogue is dead: each befalls something at each vendor, and all goes well."""
    every = slice_of(every_case([vendor]), 1_000_000)
    first = {case.fault: case for case in reversed(every)}
    assert first.keys() >= {item.name for item in FAULTS.values()}
    results = table.Results(list(run_all(list(first.values()), 0)))
    assert not results.wrong, "\n".join(map(table.told, results.wrong))


@pytest.mark.slow
@pytest.mark.one_in(4)
@pytest.mark.parametrize("vendor", VENDORS)
def test_without_recovery_it_fails(vendor: str) -> None:
    """With recovery switched off the same cases show duplicates, calls to the suppressed, and others' objects touched.

    Replies that were lost are taken for not done, and done again; or for done.
    """
    lost = [case for case in every_case([vendor]) if case.fault in LOST and _writes(case)]
    found: Counter[str] = Counter()
    for how in ("again", "trust"):
        found.update(name for verdict in run_all(lost, 0, how) for name in verdict.wrong)
    assert EXPECTED.get(vendor, {"stuck"}) <= found.keys(), found


def _writes(case: Case) -> bool:
    return case.target in traffic(case.vendor, case.scenario).writes


def test_the_allowed_unknowns_are_few() -> None:
    """The table of cells that may ask a person names a reason for each, and a share that is small."""
    assert all(cell["reason"] and cell["vendor"] in VENDORS for cell in ALLOWED)
    assert UNKNOWN_SHARE <= 5
