"""Nothing personal and nothing secret in any byte that is left behind (law 14)."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from reconciler.sandbox import Sandbox
from reconciler.testing.projects import ProjectFolder, Ran, people


def needles(project: ProjectFolder) -> list[bytes]:
    """Every form of every number of the lists, and the token."""
    found = [project.tokens["PLUM_TOKEN"]]
    for number in [*project.numbers, *project.blacklist]:
        digits = number.removeprefix("+")
        national = digits.removeprefix("1")
        found += [digits, national, f"{national[:3]}-{national[3:6]}-{national[6:]}", f"({national[:3]})"]
    return [text.encode() for text in found]


def leaks(project: ProjectFolder, data: bytes) -> list[bytes]:
    """Which of them some bytes hold."""
    return [needle for needle in needles(project) if needle in data]


@pytest.mark.slow
def test_no_number_and_no_token_anywhere(project: ProjectFolder, sandbox: Sandbox, tmp_path: Path) -> None:
    """A full run with -vv, failures and refusals included, leaves no called number and no token behind."""
    ran: list[Ran] = []
    root = project.root

    def run(*arguments: str) -> None:
        ran.append(project.run(*arguments, "-vv"))

    reports = ("--report", f"json={root / 'r.json'}", "--report", f"markdown={root / 'r.md'}")
    run("validate")
    run("plan", "--out", str(root / "plan.out"), *reports)
    refusal = json.dumps({"phone_numbers": [f"bad: {project.numbers[0]}"]})
    once = {"vendor": "plum", "method": "POST", "path": "^/campaigns/add-calls$", "nth": 1, "count": 1}
    sandbox.faults(once | {"action": "status", "status": 422, "body": refusal})
    run("apply", "--yes", "--events", str(root / "events.jsonl"))
    run("apply", "--yes")
    run("drift", "--format", "json")
    project.numbers = [*project.numbers, *people(2, first=70)]
    project.write()
    sandbox.faults(
        {
            "vendor": "plum",
            "path": "^/campaigns/add-calls$",
            "action": "reset",
            "when": "after",
            "nth": 1,
            "count": 1,
        }
    )
    run("apply", "--yes")
    run("plan", "--format", "json")
    run("status")
    run("state", "list")
    run("state", "history")
    run("doctor")
    (root / "contacts" / "people.csv").write_text("phone,reference\n" + f"{project.numbers[0]}x99,V1\n" * 3)
    run("plan")
    for each in ran:
        assert leaks(project, (each.out + each.err).encode()) == []
        assert not re.search(r"\+1\d{10}", each.out.replace("+16175550199", "")), each.out
    for path in tmp_path.rglob("*"):
        if path.is_file() and "contacts" not in path.parts:
            assert leaks(project, path.read_bytes()) == [], path
