"""The fault matrix: `python -m tests.matrix`. Exit 1 if any column that must be 0 is not."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from . import table
from .cases import slice_of
from .declared import VENDORS
from .everything import every_case, run_all


def main() -> int:
    """Run what was chosen, print the table, and write the artifact."""
    chosen = _arguments()
    if chosen.case:
        return _one(chosen.case)
    vendors = chosen.vendor or list(VENDORS)
    cases = [case for case in every_case(vendors) if chosen.only in case.name]
    if chosen.slice:
        cases = slice_of(cases, chosen.slice)
    results = table.Results()
    for verdict in run_all(cases, chosen.workers, chosen.recovery):
        results.add(verdict)
        if verdict.wrong and not chosen.quiet:
            sys.stderr.write(f"{verdict.case}: {verdict.wrong}\n")
    text = results.text()
    sys.stdout.write(text)
    if chosen.out:
        chosen.out.mkdir(parents=True, exist_ok=True)
        (chosen.out / "matrix.txt").write_text(text)
        (chosen.out / "matrix.json").write_text(results.json())
    return 1 if results.wrong else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.matrix", description=__doc__)
    parser.add_argument("--vendor", action="append", choices=list(VENDORS), help="this one alone; repeatable")
    parser.add_argument("--only", default="", metavar="TEXT", help="cases whose name has this in it")
    parser.add_argument("--slice", type=int, metavar="N", help="so many cases, spread over everything")
    parser.add_argument("--case", metavar="NAME", help="one case by its name, told in full")
    parser.add_argument("--workers", type=int, default=2, metavar="N")
    parser.add_argument(
        "--recovery",
        default="on",
        choices=["on", "again", "trust"],
        help="test only: how lost replies are dealt with instead",
    )
    parser.add_argument("--out", type=Path, metavar="FOLDER", help="where matrix.txt and matrix.json go")
    parser.add_argument("--quiet", action="store_true")
    return parser.parse_args()  # fmt: skip


def _one(name: str) -> int:
    case = next(item for item in every_case([name.split(" / ", maxsplit=1)[0]]) if item.name == name)
    (verdict,) = run_all([case], 0, "on")
    sys.stdout.write(table.told(verdict))
    return 1 if verdict.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
