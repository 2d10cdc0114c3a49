"""Plum's own command lines, run by curl as documented but for host, token, file and application addresses."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from reconciler.sandbox import Sandbox
from reconciler.sandbox.ledger import Queued

CASES = json.loads((Path(__file__).parent / "cases" / "plum_documented.json").read_text())
BY_PUT = [case | {"name": f"{case['name']} by PUT"} for case in CASES if case.get("also_put")]  # case 21
for by_put in BY_PUT:
    by_put["curl"] = by_put["curl"].replace("--request PATCH", "--request PUT")


@pytest.mark.parametrize("case", CASES + BY_PUT, ids=lambda case: case["name"])
def test_documented_line(sandbox: Sandbox, plum: Any, tmp_path: Path, case: dict[str, Any]) -> None:
    """The vendor's own command lines get the vendor's own answers."""
    _prepare(sandbox, plum, case)
    status, body = _run(case["curl"], sandbox, tmp_path)
    assert json.loads(body) == case["reply"]
    assert status == case.get("status", 200)
    assert {kind: plum.listed(kind) for kind in case.get("after", {})} == case.get("after", {})
    assert _queued(sandbox.ledger.queued) == case.get("queued", {})
    if "run" in case:
        assert [campaign["run"] for campaign in sandbox.state()["plum"]["campaigns"]] == [case["run"]]


def _prepare(sandbox: Sandbox, plum: Any, case: dict[str, Any]) -> None:
    sandbox.next_ids({"plum": case.get("next_ids", {})})
    sandbox.options({"plum": case.get("options", {})})
    for method, path, parameters in case.get("given", []):
        assert plum.send(method, path, **parameters).json()["status"] == "success"


def _run(curl: str, sandbox: Sandbox, folder: Path) -> tuple[int, str]:
    numbers = folder / "api-test-1.csv"
    numbers.write_text("tel:+12223334444;ani=7778889999\ntel:+14443332222;ani=9998887777\n")
    places = {"BASE": sandbox.base_url("plum"), "NUMBERS": str(numbers)}
    places["TOKEN"] = sandbox.ready()["providers"]["plum"]["token"]
    for name, value in places.items():
        curl = curl.replace(name, value)
    line = curl + " --silent --show-error --write-out '\\n%{http_code}'"
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=True, timeout=10)
    body, _, status = done.stdout.rpartition("\n")
    return int(status), body


def _queued(queued: list[Queued]) -> dict[str, int]:
    numbers = [entry.number for entry in queued]
    return {number: numbers.count(number) for number in numbers}
