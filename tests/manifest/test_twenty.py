"""Twenty different mistakes in one project."""

from __future__ import annotations

import shutil
from pathlib import Path

HERE = Path(__file__).parent


def test_all_mistakes_are_told_in_one_run(folder):
    """Somebody with twenty mistakes learns all of them, each with its place, from a single run."""
    shutil.copytree(HERE / "twenty", folder.root, dirs_exist_ok=True)
    problems = folder.load().problems
    found = [f"{problem.location} {problem.code}" for problem in problems]
    assert found == (HERE / "twenty.txt").read_text().splitlines()
    assert len(found) == 20
    assert all(problem.location and problem.location.line for problem in problems)
