"""The requests of wolkvox's pages and collection, sent by curl, get the documented answers."""

import json
import subprocess
from pathlib import Path
from typing import Any

import httpx
import pytest
from reconciler.sandbox import Sandbox

CASES = json.loads((Path(__file__).parent / "cases" / "wolkvox_documented.json").read_text())
TOKEN = "00000000-0000-4000-8000-000000000000"
MORNING = "2024-04-26T11:30:00-05:00"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_documented_request(case: dict[str, Any]) -> None:
    """A documented request is answered as documented, with the status that its code names."""
    with Sandbox(speed=0, start_at=MORNING, tokens={"wolkvox": TOKEN}) as sandbox:
        _prepare(sandbox, case)
        status, body = _curl(sandbox, case)
        assert (status, json.loads(body)) == (case.get("status", 200), case["reply"])
        if "queued" in case:
            assert [entry.number for entry in sandbox.ledger.queued] == case["queued"]
        if "customer_ids" in case:
            assert sandbox.state()["wolkvox"]["campaigns"][0]["customer_ids"] == case["customer_ids"]


def _prepare(sandbox: Sandbox, case: dict[str, Any]) -> None:
    first = case.get("next_id", 1)
    sandbox.next_ids({"wolkvox": {"campaigns": first}} if "next_id" in case else {})
    sandbox.options({"wolkvox": case.get("options", {})})
    given: list[list[Any]] = []
    if "campaign" in case:
        kind = case["campaign"]
        made = {"campaign_name": "spring", "skill_id": "4069"}
        given.append(["POST", f"campaign.php?api=create_campaign&type_campaign={kind}", made])
        people = [
            {"customer_id": f"10000000{at}", "tel1": f"9324256740{at}"}
            for at in range(case.get("records", 0))
        ]
        if people:
            address = f"campaign.php?api=add_record&type_campaign={kind}&campaign_id={first}"
            given.append(["POST", address, people])
    for step, *rest in [*given, *case.get("given", [])]:
        if step == "advance":
            sandbox.clock(advance=rest[0])
            continue
        sent = httpx.request(
            step,
            sandbox.base_url("wolkvox") + rest[0],
            json=rest[1] if len(rest) > 1 else None,
            headers={"wolkvox-token": TOKEN},
            verify=False,  # noqa: S501 - plain HTTP
        )
        assert sent.status_code < 300, sent.text


def _curl(sandbox: Sandbox, case: dict[str, Any]) -> tuple[int, str]:
    method, address, *body = case["request"]
    headers = case.get("headers", {"wolkvox-token": TOKEN})
    words = [word for name, value in headers.items() for word in ("--header", f"{name}: {value}")]
    if body:
        words += ["--header", "Content-Type: application/json", "--data-raw", json.dumps(body[0])]
    elif method == "PUT":
        words += ["--header", "Content-Length: 0"]
    line = ["curl", "--silent", "--show-error", "--request", method, "--write-out", "\n%{http_code}"]
    done = subprocess.run(
        [*line, *words, sandbox.base_url("wolkvox") + address],
        capture_output=True,
        text=True,
        check=True,
        timeout=10,
    )
    answer, _, status = done.stdout.rpartition("\n")
    return int(status), answer
