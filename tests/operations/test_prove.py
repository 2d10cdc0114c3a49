"""`prove`: each request of a run with its end, and a head that finds any later change."""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from typing import Any

import pytest
from reconciler.backends.local import LocalBackend
from reconciler.sandbox import Sandbox
from reconciler.state.chain import EMPTY_HEAD, next_head
from reconciler.testing.projects import ProjectFolder

from .conftest import Command

ADDRESS = "plum/campaign/january"


@pytest.fixture
def head(command: Command) -> str:
    """The head that an apply printed."""
    ran = command("apply", "--yes")
    assert ran.code == 0, ran.err
    (line,) = [line for line in ran.out.splitlines() if line.startswith("head  ")]
    return line.removeprefix("head  ")


def proof(command: Command, *more: str, code: int = 0) -> dict[str, Any]:
    """What prove says."""
    ran = command("prove", *more, "--format", "json")
    assert ran.code == code, ran.out + ran.err
    return ran.document


def test_a_run_from_intent_to_what_the_vendor_shows(command: Command, head: str, sandbox: Sandbox) -> None:
    """Every intent of a run has its end with the request's id, and the vendor is asked what it shows now."""
    found = proof(command, ADDRESS, "--run", "1")
    (run,) = found["runs"]
    assert (run["people"], run["open"]) == (11, [])
    steps = [(link["step"], link["what"]) for link in run["links"]]
    assert steps == [
        ("intent", "intent: create"), ("outcome", "create: done"), ("read back", "read back: as applied"),
        ("intent", "intent: append"), ("outcome", "append: done"), ("read back", "read back: as applied"),
        ("intent", "intent: start"), ("outcome", "start: done"),
    ]  # fmt: skip
    assert all(link["request"] for link in run["links"] if link["step"] == "outcome")
    assert all(link["digest"] for link in run["links"] if link["step"] == "intent")
    assert all(link["digest"] for link in run["links"] if link["step"] == "read back")
    assert found["now"] == [f"{ADDRESS}@1: campaign 1 shows, as applied"]
    assert found["head"] == head
    sandbox.clock(advance=40 * 86400)
    assert all(number not in str(found) for number in sandbox.ledger.calls_per_number())


def test_the_last_request_is_read_back_by_the_next_apply(command: Command, head: str) -> None:
    """One apply later the chain ends with what the vendor showed of it; one more has nothing to write."""
    assert command("apply", "--yes").code == 0
    found = proof(command, ADDRESS)
    (run,) = found["runs"]
    assert [(link["step"], link["what"]) for link in run["links"]][-2:] == [
        ("outcome", "start: done"), ("read back", "read back: as applied"),
    ]  # fmt: skip
    assert found["head"] != head
    assert command("apply", "--yes").code == 0
    assert proof(command)["head"] == found["head"]


def test_what_was_lost_and_found_is_told(command: Command, sandbox: Sandbox) -> None:
    """A create whose reply was lost: the attempt, and then the reading that settled it."""
    sandbox.faults({"vendor": "plum", "path": "^/campaigns$", "method": "POST", "action": "reset", "when": "after",
                    "nth": 1})  # fmt: skip
    assert command("apply", "--yes").code == 0
    (run,) = proof(command, ADDRESS)["runs"]
    assert [(link["step"], link["unknown"]) for link in run["links"]][:3] == [
        ("intent", False), ("outcome", True), ("read back", False),
    ]  # fmt: skip
    assert "adopted" in command("prove", ADDRESS).out


@pytest.mark.slow
def test_what_nobody_knows_has_no_end(command: Command, sandbox: Sandbox) -> None:
    """A start without a reply is shown as open, and ends the command with 8; an answer closes it."""
    sandbox.faults({"vendor": "plum", "path": "start$", "action": "reset", "when": "after", "nth": 1})
    assert command("apply", "--yes").code == 8
    (run,) = proof(command, ADDRESS, code=8)["runs"]
    assert len(run["open"]) == 1
    assert command("resolve", ADDRESS, "--happened", "--reason", "asked the vendor").code == 0
    (run,) = proof(command, ADDRESS)["runs"]
    assert (run["open"], run["links"][-1]["step"]) == ([], "answer")


def test_all_runs_and_the_key(command: Command, head: str, project: ProjectFolder) -> None:
    """Without an address every run is one line; the seal needs the key, and changes with the head."""
    found = proof(command)
    assert {run["address"] for run in found["runs"]} == {
        ADDRESS,
        "plum/profile/pace",
        "plum/schedule/weekdays",
    }
    assert found["head"] == head
    assert len(found["seal"]) == 32
    project.campaign = {"state": "stopped"}
    project.write()
    assert command("apply", "--yes").code == 0
    later = proof(command, "--head", head)
    assert later["seal"] != found["seal"]
    assert (later["unchanged_up_to"], later["entries"]) == (found["entries"], found["entries"] + 5)


def test_nothing_is_where_nothing_was(command: Command) -> None:
    """An address nobody ever applied, and a run without its address, are mistakes in the command line."""
    assert command("apply", "--yes").code == 0
    assert command("prove", "plum/campaign/nobody").code == 64
    assert command("prove", ADDRESS, "--run", "77").code == 64
    assert command("prove", "--run", "1").code == 64


def forged(folder: Path, change: int) -> None:
    """The log written anew with one entry changed, by somebody who knows how heads are made."""
    lines = [*LocalBackend(folder).history()]
    lines[change] = re.sub(rb'"time":"[^"]+"', b'"time":"2020-01-01T00:00:00+00:00"', lines[change])
    heads = [*itertools.accumulate(lines, next_head, initial=EMPTY_HEAD)][1:]
    text = b"".join(b"%b %b\n" % (head.encode(), line) for head, line in zip(heads, lines, strict=True))
    (folder / "log-000001.jsonl").write_bytes(text)


@pytest.mark.parametrize("change", [0, 3, -1])
def test_a_head_from_outside_finds_any_change(
    command: Command, head: str, project: ProjectFolder, change: int
) -> None:
    """Whoever rewrites an entry with all heads after it still is found out by a head that was kept elsewhere."""
    assert proof(command, "--head", head)["unchanged_up_to"]
    forged(project.root / ".reconciler", change)
    assert command("prove").code == 0, "by itself the log looks whole"
    ran = command("prove", "--head", head)
    assert ran.code == 1
    assert "never had the head" in ran.err
