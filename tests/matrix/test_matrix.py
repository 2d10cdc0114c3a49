"""The fault matrix in tests: each fault once at each vendor, and the proof that it can fail.

All of it: `python -m tests.matrix`.
"""

from __future__ import annotations

import json

import pytest

from . import figures, table, without
from .cases import FAULTS, FOLDER, Case, each_fault_once
from .declared import VENDORS
from .everything import every_case, run_all
from .verdict import ALLOWED

UNKNOWN_SHARE = json.loads((FOLDER / "allowed.json").read_text())["at_most_percent"]


@pytest.mark.slow
@pytest.mark.parametrize("vendor", VENDORS)
def test_each_fault_once(vendor: str) -> None:
    """Whatever befalls a request, a state write or the process, the vendor's books show everything exactly once.

    No line of the catalogue is dead: each befalls something at each vendor.
    """
    chosen = each_fault_once(every_case([vendor]))
    assert {case.fault for case in chosen} == FAULTS.keys()
    results = table.Results(list(run_all(chosen, 0)))
    assert not results.wrong, "\n".join(map(table.told, results.wrong))
    assert not figures.added(results.verdicts)


@pytest.mark.slow
@pytest.mark.parametrize("vendor", VENDORS)
@pytest.mark.parametrize("column", without.OF_RECOVERY)
def test_without_recovery_it_fails(vendor: str, column: str) -> None:
    """With recovery switched off each column is not 0, at each vendor where nothing else prevents that."""
    known = without.KNOWN[vendor][column]
    if "prevented_by" in known:
        assert known["prevented_by"]
        return
    (verdict,) = run_all([Case.named(known["case"])], 0, known["way"])
    assert column in verdict.wrong, table.told(verdict)


@pytest.mark.parametrize("column", without.OF_RECOVERY)
def test_each_column_can_fail_somewhere(column: str) -> None:
    """There is no column that recovery has no part in."""
    assert any("case" in without.KNOWN[vendor][column] for vendor in VENDORS)


def test_the_allowed_unknowns_are_few() -> None:
    """The table of cells that may ask a person names a reason for each, and a share that is small."""
    assert all(cell["reason"] and cell["vendor"] in VENDORS for cell in ALLOWED)
    assert figures.share(figures.committed()) <= UNKNOWN_SHARE <= 5


def test_every_case_that_may_ask_a_person_is_one_of_those_cells() -> None:
    """The committed names are of cases at vendors for which the table has a reason."""
    known = [Case.named(name) for item in figures.committed().values() for name in item["unknown"]]
    assert {case.vendor for case in known} <= {cell["vendor"] for cell in ALLOWED}
    assert len({case.name for case in known}) == len(known)
