"""The requests of RVMpro's page, sent by curl in every documented way, get the documented answers."""

import json
import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest
from reconciler.sandbox import Sandbox

CASES = json.loads((Path(__file__).parent / "cases" / "rvm_documented.json").read_text())
TOKEN = "00000000-0000-4000-8000-000000000000"
RANGE = re.compile(r"(\d{10})\.\.(\d{10})")


def _multipart(parameters: Mapping[str, str]) -> list[str]:
    """PHP's curl makes this of the samples' arrays."""
    return [word for name, value in parameters.items() for word in ("--form-string", f"{name}={value}")]


def _urlencoded(parameters: Mapping[str, str]) -> list[str]:
    return [word for name, value in parameters.items() for word in ("--data-urlencode", f"{name}={value}")]


def _query(parameters: Mapping[str, str]) -> list[str]:
    """The samples in JavaScript put everything into the address."""
    return ["--get", *_urlencoded(parameters)]


WAYS = {"multipart": _multipart, "urlencoded": _urlencoded, "query": _query}


@pytest.fixture
def of_2018(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """A sandbox in the year of the samples."""
    start_at = request.param.get("start_at", "2018-10-18T18:47:27-04:00")
    with Sandbox(speed=0, start_at=start_at, tokens={"rvm": TOKEN}) as sandbox:
        yield sandbox


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("of_2018", "case"),
    [pytest.param(case, case, id=case["name"]) for case in CASES],
    indirect=["of_2018"],
)
def test_documented_request(of_2018: Sandbox, case: dict[str, Any], way: str) -> None:
    """However a documented request is sent, its answer is the documented one."""
    _prepare(of_2018, case)
    body = _curl(of_2018, case["path"], WAYS[way]({**case["parameters"], "token": TOKEN}))
    assert json.loads(body) == case["reply"]
    state = of_2018.state()["rvm"]
    assert [entry["number"] for entry in state["blacklist"]] == case.get("blacklist", _loaded(case))
    if "campaigns" in case:
        assert len(state["campaigns"]) == case["campaigns"]


def _curl(sandbox: Sandbox, path: str, words: list[str]) -> str:
    line = ["curl", "--silent", "--show-error", *words, sandbox.base_url("rvm") + path]
    return subprocess.run(line, capture_output=True, text=True, check=True, timeout=10).stdout


def _prepare(sandbox: Sandbox, case: dict[str, Any]) -> None:
    sandbox.next_ids({"rvm": case.get("next_ids", {})})
    sandbox.options({"rvm": _expanded(case.get("options", {}))})
    for step, value in case.get("given", []):
        if step == "advance":
            sandbox.clock(advance=value)
            continue
        form = urlencode({**_expanded(value), "token": TOKEN}).encode()
        with urlopen(sandbox.base_url("rvm") + step, data=form) as reply:  # noqa: S310 - it is on loopback
            assert b'_error":"false"' in reply.read()


def _expanded(values: Mapping[str, Any]) -> dict[str, Any]:
    """`2025550100..2025550106` stands for seven numbers."""
    return {
        name: RANGE.sub(_all_of, value) if isinstance(value, str) else value for name, value in values.items()
    }


def _all_of(match: re.Match[str]) -> str:
    return ",".join(map(str, range(int(match[1]), int(match[2]) + 1)))


def _loaded(case: dict[str, Any]) -> list[str]:
    """What the given steps put on the do-not-call list."""
    values = [_expanded(value) for step, value in case.get("given", []) if step == "/blacklist"]
    numbers = [value.get("b_numbers") or value["b_number"] for value in values]
    return [f"+1{number}" for each in numbers for number in each.split(",")]


def test_query_without_escapes(sandbox: Sandbox, rvm: Any) -> None:
    """The samples in JavaScript escape nothing, neither slashes nor commas nor colons."""
    query = (
        "api=create&token=" + rvm.token + "&c_name=myCoolCampaign&c_callback=5555555555"
        "&c_numbers=2025550155,12025550150&c_wav=http://myMediaServer.com/audioFiles/myVMDrop.wav"
        "&c_start=true&c_start_time=08:00&c_run_days=0,1,2,3,4,5,6&c_timezone=America/New_York"
    )
    reply = json.loads(_curl(sandbox, "/campaigns?" + query, ["--globoff"]))
    assert (reply["c_wav"], reply["c_wireless"], reply["c_status"]) == ("myVMDrop.wav", 2, "ACTIVE")
