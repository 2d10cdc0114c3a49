"""What the last whole run came to, committed: cases that end in a question to a person may only become fewer."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from typing import Any

from .cases import FOLDER, Case
from .verdict import Verdict

FILE = FOLDER / "figures.json"


def committed() -> dict[str, Any]:
    """By vendor: how many cases there were, how many converged, and the names of those that ended unknown."""
    found: dict[str, Any] = json.loads(FILE.read_text())["vendors"]
    return found


def added(verdicts: Iterable[Verdict]) -> list[str]:
    """The cases that ask a person now, and did not in the last whole run."""
    known = Counter(_cell(name) for figures in committed().values() for name in figures["unknown"])
    return sorted((Counter(map(_cell, _unknown(verdicts))) - known).elements())


def _cell(name: str) -> str:
    """A case by its name, but for the number of a state write: writes that meet go together, now and then."""
    case = Case.named(name)
    return name if case.target != "state" else f"{case.vendor} / {case.scenario} / state / {case.fault}"


def _unknown(verdicts: Iterable[Verdict]) -> set[str]:
    return {item.case for item in verdicts if item.ended == "named unknown"}


def of(verdicts: list[Verdict]) -> dict[str, Any]:
    """The figures of a whole run."""
    found = {}
    for vendor in sorted({item.vendor for item in verdicts}):
        own = [item for item in verdicts if item.vendor == vendor]
        converged = sum(item.ended == "converged" for item in own)
        found[vendor] = {"cases": len(own), "converged": converged, "unknown": sorted(_unknown(own))}
    return found


def share(figures: dict[str, Any]) -> float:
    """How many of a hundred cases end in a question."""
    cases = sum(item["cases"] for item in figures.values())
    return 100 * sum(len(item["unknown"]) for item in figures.values()) / max(1, cases)


def rewritten(verdicts: list[Verdict], every: Iterable[Case]) -> str:
    """Commit the figures of a whole run in which nothing was wrong, if the share did not rise; what was done."""
    if {item.case for item in verdicts} != {case.name for case in every}:
        return "figures.json is left as it is: that was no whole run"
    if any(item.wrong for item in verdicts):
        return "figures.json is left as it is: something was wrong"
    fresh, before = of(verdicts), share(committed())
    if share(fresh) > before:
        return f"figures.json is left as it is: {share(fresh):.2f} % ask a person, and {before:.2f} % did"
    why = "The last whole run. A case that asks a person and is not named here fails the matrix."
    FILE.write_text(json.dumps({"why": why, "vendors": fresh}, indent=1) + "\n")
    return f"figures.json is rewritten: {share(fresh):.2f} % ask a person, and {before:.2f} % did"
