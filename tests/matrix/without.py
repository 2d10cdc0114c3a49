"""The matrix with recovery switched off: what has to fail then, at which vendor, and what keeps the rest from failing.

A column that is never anything but 0 says nothing. So the cases that lose a reply are run once more by a tool that
does not look what became of a request (`switch.py`): once it does everything again, once it trusts that all was done.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from .cases import FOLDER, Case
from .verdict import COLUMNS, Verdict

WAYS = ("again", "trust")

OF_RECOVERY = tuple(name for name in COLUMNS if name not in ("outcome", "crash"))
"""How a reply is judged, and what nobody foresaw, have nothing to do with recovery."""

KNOWN: dict[str, dict[str, dict[str, str]]] = json.loads((FOLDER / "without_recovery.json").read_text())[
    "vendors"
]
"""By vendor and column: a case that shows it, by its name and way, or what else prevents it there."""


def lost(cases: Iterable[Case]) -> list[Case]:
    """Those that lose a reply, and nothing else."""
    return [case for case in cases if case.fault.startswith("reset")]


@dataclass
class Failures:
    """What failed without recovery, by vendor and column: how many cases, and one that shows it."""

    cases: dict[str, int] = field(default_factory=dict)
    counts: dict[tuple[str, str], int] = field(default_factory=dict)
    shown: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)

    def add(self, way: str, verdict: Verdict) -> None:
        """Take one in."""
        self.cases[verdict.vendor] = self.cases.get(verdict.vendor, 0) + 1
        for name in verdict.wrong:
            cell = verdict.vendor, name
            self.counts[cell] = self.counts.get(cell, 0) + 1
            example = {"case": verdict.case, "way": way}
            if cell not in self.shown or example["case"] < self.shown[cell]["case"]:
                self.shown[cell] = example

    def missing(self) -> list[str]:
        """Columns that nothing prevents from failing, and that did not."""
        return [
            f"{vendor}: {name}"
            for vendor in self.cases
            for name in OF_RECOVERY
            if not self.counts.get((vendor, name)) and "prevented_by" not in KNOWN[vendor].get(name, {})
        ]

    def text(self) -> str:
        """For eyes."""
        lines = ["  ".join([f"{'vendor':8}  cases", *(f"{name:>10}" for name in OF_RECOVERY)])]
        for vendor, cases in sorted(self.cases.items()):
            cells = (f"{self.counts.get((vendor, name), 0):>10}" for name in OF_RECOVERY)
            lines.append("  ".join([f"{vendor:8}  {cases:>5}", *cells]))
        reasons = [
            f"  {vendor}: {name}: {KNOWN[vendor].get(name, {})['prevented_by']}"
            for vendor in sorted(self.cases)
            for name in OF_RECOVERY
            if "prevented_by" in KNOWN[vendor].get(name, {})
        ]
        if reasons:
            lines += ["", "does not fail, since something else prevents it:", *reasons]
        return "\n".join([*lines, "", self._conclusion(), ""])

    def _conclusion(self) -> str:
        missing = self.missing()
        if missing:
            return f"did not fail, and nothing else prevents it: {', '.join(missing)}"
        return "without recovery every column fails wherever nothing else prevents it"

    def json(self) -> str:
        """For a machine: the examples have the form of `without_recovery.json`."""
        found: dict[str, dict[str, Any]] = {}
        for (vendor, name), example in sorted(self.shown.items()):
            found.setdefault(vendor, {})[name] = example
        counts = {f"{vendor} {name}": count for (vendor, name), count in sorted(self.counts.items())}
        return json.dumps({"counts": counts, "vendors": found}, indent=1) + "\n"
