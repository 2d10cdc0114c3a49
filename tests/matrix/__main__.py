"""The fault matrix: `python -m tests.matrix`. Exit 1 if any column that must be 0 is not.

With `--recovery off` it has to fail: exit 1 where each column does that can, 2 where one does not.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from . import figures, table, without
from .cases import Case, slice_of
from .declared import VENDORS
from .everything import every_case, run_all


def main() -> int:
    """Run what was chosen, print the table, and write the artifact."""
    chosen = _arguments()
    if chosen.case:
        return _one(chosen.case, chosen.recovery)
    vendors = chosen.vendor or list(VENDORS)
    cases = [case for case in every_case(vendors) if chosen.only in case.name]
    if chosen.recovery == "off":
        cases = without.lost(cases)
    if chosen.slice:
        cases = slice_of(cases, chosen.slice)
    if chosen.recovery == "off":
        return _without_recovery(cases, chosen)
    results = table.Results()
    for verdict in run_all(cases, chosen.workers, chosen.recovery):
        results.add(verdict)
        if verdict.wrong and not chosen.quiet:
            sys.stderr.write(f"{verdict.case}: {verdict.wrong}\n")
    _written(chosen.out, "matrix", results.text(), results.json())
    added = figures.added(results.verdicts) if chosen.recovery == "on" else []
    for name in added:
        sys.stderr.write(f"asks a person, and did not in the last whole run: {name}\n")
    if chosen.rewrite:
        sys.stdout.write(figures.rewritten(results.verdicts, every_case(list(VENDORS))) + "\n")
    return 1 if results.wrong or added else 0


def _without_recovery(cases: list[Case], chosen: argparse.Namespace) -> int:
    failures = without.Failures()
    for way in without.WAYS:
        for verdict in run_all(cases, chosen.workers, way):
            failures.add(way, verdict)
    _written(chosen.out, "without", failures.text(), failures.json())
    return 2 if failures.missing() else 1


def _written(folder: Path | None, name: str, text: str, document: str) -> None:
    sys.stdout.write(text)
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.txt").write_text(text)
        (folder / f"{name}.json").write_text(document)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.matrix", description=__doc__)
    parser.add_argument("--vendor", action="append", choices=list(VENDORS), help="this one alone; repeatable")
    parser.add_argument("--only", default="", metavar="TEXT", help="cases whose name has this in it")
    parser.add_argument("--slice", type=int, metavar="N", help="so many cases, spread over everything")
    parser.add_argument("--case", metavar="NAME", help="one case by its name, told in full")
    parser.add_argument("--workers", type=int, default=3, metavar="N", help="processes; some of them wait")
    parser.add_argument(
        "--recovery",
        default="on",
        choices=["on", "again", "trust", "off"],
        help="test only: do what got no reply again, or trust that it was done; off is both, for lost replies",
    )
    parser.add_argument("--out", type=Path, metavar="FOLDER", help="where the table goes, as text and JSON")
    parser.add_argument(
        "--rewrite", action="store_true", help="commit a whole run's figures, if the unknown fell"
    )
    parser.add_argument("--quiet", action="store_true", help="name no case that is wrong, only the table")
    return parser.parse_args()  # fmt: skip


def _one(name: str, recovery: str) -> int:
    (verdict,) = run_all([Case.named(name)], 0, recovery)
    sys.stdout.write(table.told(verdict))
    return 1 if verdict.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
