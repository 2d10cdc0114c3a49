"""The table of results, as text and as JSON."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from .cases import Case
from .verdict import COLUMNS, Verdict

HEADS = ("cases", "converged", "named unknown", *COLUMNS)


@dataclass
class Results:
    """Verdicts, added one by one."""

    verdicts: list[Verdict] = field(default_factory=list)

    def add(self, verdict: Verdict) -> None:
        """Take one in."""
        self.verdicts.append(verdict)

    @property
    def wrong(self) -> list[Verdict]:
        """Those with anything in a column that must be 0."""
        return [item for item in self.verdicts if item.wrong]

    def rows(self) -> dict[str, Counter[str]]:
        """Counts per vendor."""
        found: dict[str, Counter[str]] = defaultdict(Counter)
        for item in self.verdicts:
            for row in (item.vendor, "all"):
                found[row]["cases"] += 1
                found[row][item.ended] += item.ended not in COLUMNS
                found[row].update(dict.fromkeys(item.wrong, 1))
                found[row]["seconds"] += round(item.seconds * 1000)
        return dict(sorted(found.items(), key=lambda pair: (pair[0] == "all", pair[0])))

    def text(self) -> str:
        """For eyes."""
        rows = self.rows()
        lines = ["  ".join([f"{'vendor':8}", *(f"{head:>{max(len(head), 6)}}" for head in HEADS)])]
        for name, counts in rows.items():
            cells = (f"{_cell(head, counts):>{max(len(head), 6)}}" for head in HEADS)
            lines.append("  ".join([f"{name:8}", *cells]))
        lines += ["", *_unknowns(self.verdicts)]
        return "\n".join(lines) + "\n"

    def json(self) -> str:
        """For a machine."""
        document = {
            "rows": {name: dict(counts) for name, counts in self.rows().items()},
            "unknown": _unknown_cells(self.verdicts),
            "cases": [item.as_json() for item in sorted(self.verdicts, key=lambda item: item.case)],
        }
        return json.dumps(document, indent=1) + "\n"


def _cell(head: str, counts: Counter[str]) -> str:
    return str(counts[head])


def _unknown_cells(verdicts: list[Verdict]) -> dict[str, int]:
    """Cells that ended unknown: vendor and request, and how many cases."""
    cases = (Case.named(item.case) for item in verdicts if item.ended == "named unknown")
    cells = Counter(f"{case.vendor} {case.target}" for case in cases)
    return dict(sorted(cells.items()))


def _unknowns(verdicts: list[Verdict]) -> list[str]:
    cells = _unknown_cells(verdicts)
    share = 100 * sum(cells.values()) / max(1, len(verdicts))
    return [
        f"ended in a named unknown: {share:.2f} % of all cases",
        *(f"  {name}: {count}" for name, count in cells.items()),
    ]


def told(verdict: Verdict) -> str:
    """One case in full."""
    steps = [f"  exit {code}: {said}" for code, said in zip(verdict.commands, verdict.story, strict=False)]
    wrong = [f"  {name}: {text}" for name, text in verdict.wrong.items()]
    return "\n".join([f"{verdict.case}: {verdict.ended}", *steps, *wrong]) + "\n"
