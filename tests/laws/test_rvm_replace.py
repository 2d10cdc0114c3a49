"""Settings changed while a run rings, at a vendor that cannot edit: nobody is dropped twice, and nobody is lost."""

from __future__ import annotations

import signal
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from reconciler.sandbox import Sandbox
from reconciler.testing.projects import ProjectFolder, people

from .commands import apply, converged
from .conftest import START
from .killing import killed_at_request, killed_at_write
from .rvm_hands import Hands, campaigns, rvm_folder, written

pytestmark = pytest.mark.slow
"""Each waits, several times, until a vendor's details agree that nothing is in flight."""

ADDRESS = "rvm/campaign/january"
CONSENT = ("--allow", f"replace:{ADDRESS}")
COUNT = 40
DAY = 86400
NEW = "6175550111"


def ringing(root: Path, sandbox: Sandbox, **options: Any) -> ProjectFolder:
    """A run that rings: some of its forty people were tried, some are being called, and its callback has changed."""
    sandbox.options({"rvm": {"drop_seconds": 20, **options}})
    made = rvm_folder(root, sandbox, numbers=people(COUNT))
    made.providers = {"rvm": {**made.providers["rvm"], "list_lag": 2}}
    made.campaign["rvm"] = {**made.campaign["rvm"], "throttle": 120}
    written(made)
    assert made.run("apply", "--yes").code == 0
    sandbox.clock(advance=3 * 3600 + 65)
    made.campaign["rvm"] = {**made.campaign["rvm"], "callback": NEW}
    made.write()
    sandbox.clock(speed=20.0)
    return made


@pytest.fixture
def project(tmp_path: Path, sandbox: Sandbox) -> ProjectFolder:
    """A run that rings, and whose details show late."""
    return ringing(tmp_path / "project", sandbox, details_lag_reads=3)


@pytest.fixture
def hands(sandbox: Sandbox) -> Iterator[Hands]:
    """Somebody's hands at the vendor."""
    found = Hands(sandbox)
    yield found
    found.close()


def everybody_once(sandbox: Sandbox, count: int = COUNT) -> None:
    """At the end of its days everybody was called once, by the vendor's own books."""
    sandbox.clock(speed=0.0)
    sandbox.clock(advance=40 * DAY)
    summary = sandbox.ledger.summary()
    assert (summary["people_called_once"], summary["people_called_again"]) == (count, 0)


def test_the_rest_is_taken_over(project: ProjectFolder, sandbox: Sandbox) -> None:
    """With drops in flight and details that lag by three reads: nobody is dropped twice, nobody of the list is lost."""
    apply(project, 0, *CONSENT)
    before, after = campaigns(sandbox)
    assert before["status"] == "STOPPED"
    assert (after["status"], after["callback"]) == ("ACTIVE", NEW)
    assert before["delivered"] > 0
    assert before["delivered"] + after["queued"] == COUNT
    converged(project)
    everybody_once(sandbox)


def test_without_consent_it_is_left_alone(project: ProjectFolder, sandbox: Sandbox) -> None:
    """Held, with the line that would let it go on; the run rings as it did, and may still grow as it is."""
    assert CONSENT[1] in apply(project, 6)
    assert [item["status"] for item in campaigns(sandbox)] == ["ACTIVE"]
    project.numbers = [*project.numbers, "+12025550177"]
    project.write()
    apply(project, 6)
    assert [(item["status"], item["callback"]) for item in campaigns(sandbox)] == [
        ("ACTIVE", "6175550199"),
        ("ACTIVE", "6175550199"),
    ]
    everybody_once(sandbox, COUNT + 1)


def test_all_parts_are_taken_over(project: ProjectFolder, sandbox: Sandbox) -> None:
    """Two parts ring: both are replaced by one that has the rest of both."""
    project.numbers = [*project.numbers, *people(10, 500)]
    project.write()
    apply(project, 6)
    apply(project, 0, *CONSENT)
    assert [item["status"] for item in campaigns(sandbox)] == ["STOPPED", "STOPPED", "ACTIVE"]
    converged(project)
    everybody_once(sandbox, COUNT + 10)


def test_replaced_twice(project: ProjectFolder, sandbox: Sandbox) -> None:
    """What took over can be replaced in its turn."""
    apply(project, 0, *CONSENT)
    sandbox.clock(advance=60)
    project.campaign["rvm"] = {**project.campaign["rvm"], "throttle": 90}
    project.write()
    apply(project, 0, *CONSENT)
    assert [item["status"] for item in campaigns(sandbox)] == ["STOPPED", "STOPPED", "ACTIVE"]
    assert campaigns(sandbox)[-1]["throttle"] == "90"
    converged(project)
    everybody_once(sandbox)


def test_it_is_filtered_anew(project: ProjectFolder, sandbox: Sandbox) -> None:
    """Whoever is suppressed by now, or new by now: kept out of what takes over, or in it."""
    project.campaign["on_queued_suppression"] = "report"
    late = project.numbers[-1]
    project.blacklist = [late]
    project.numbers = [*project.numbers, "+12025550177"]
    written(project)
    apply(project, 0, *CONSENT)
    assert [item["status"] for item in campaigns(sandbox)] == ["STOPPED", "ACTIVE"]
    converged(project)
    everybody_once(sandbox)
    assert sandbox.ledger.called_from([late]) == 0


def test_a_paused_run_is_replaced_by_a_paused_one(project: ProjectFolder, sandbox: Sandbox) -> None:
    """Started only if it ran: what the manifest wants paused is taken over and waits."""
    project.campaign["state"] = "paused"
    project.write()
    apply(project, 0, *CONSENT)
    assert [item["status"] for item in campaigns(sandbox)] == ["STOPPED", "PAUSED"]
    converged(project)
    project.campaign["state"] = "running"
    project.write()
    apply(project, 0)
    everybody_once(sandbox)


def test_paused_by_hand_is_not_replaced(project: ProjectFolder, sandbox: Sandbox, hands: Hands) -> None:
    """What somebody made quieter stays so: the replacement waits for the consent to set it back."""
    hands.ask("pause", c_campaign_id=campaigns(sandbox)[0]["id"])
    apply(project, 6, *CONSENT)
    assert [item["status"] for item in campaigns(sandbox)] == ["PAUSED"]
    apply(project, 0, *CONSENT, "--allow", f"restore:{ADDRESS}")
    assert [item["status"] for item in campaigns(sandbox)] == ["STOPPED", "ACTIVE"]
    everybody_once(sandbox)


def test_numbers_that_do_not_agree_keep_it_paused(tmp_path: Path, sandbox: Sandbox) -> None:
    """Details that never catch up: it rests and is held; without the consent it goes on as it was."""
    project = ringing(tmp_path / "project", sandbox, details_lag_reads=10_000)
    said = apply(project, 6, *CONSENT)
    assert "left its queue" in said
    assert [item["status"] for item in campaigns(sandbox)] == ["PAUSED"]
    apply(project, 6)
    assert [item["status"] for item in campaigns(sandbox)] == ["ACTIVE"]
    everybody_once(sandbox)


def test_deliveries_without_end_keep_it_paused(tmp_path: Path, sandbox: Sandbox) -> None:
    """While anybody is being called nothing is stopped; a later apply goes on from there."""
    project = ringing(tmp_path / "project", sandbox)
    sandbox.clock(speed=0.0)
    assert "being called" in apply(project, 6, *CONSENT)
    assert [item["status"] for item in campaigns(sandbox)] == ["PAUSED"]
    sandbox.clock(advance=60)
    apply(project, 0, *CONSENT)
    assert [item["status"] for item in campaigns(sandbox)] == ["STOPPED", "ACTIVE"]
    converged(project)
    everybody_once(sandbox)


def test_a_signal_while_it_comes_to_rest(tmp_path: Path, sandbox: Sandbox) -> None:
    """Interrupted while deliveries go on: it stays paused, nothing is stopped, and the next apply goes on."""
    project = ringing(tmp_path / "project", sandbox)
    sandbox.clock(speed=0.0)
    process = project.start("apply", "--yes", *CONSENT)
    deadline = time.monotonic() + 30
    while campaigns(sandbox)[0]["status"] != "PAUSED" and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 7, out + err
    assert [item["status"] for item in campaigns(sandbox)] == ["PAUSED"]
    sandbox.clock(advance=60)
    apply(project, 0, *CONSENT)
    everybody_once(sandbox)


def test_protected_runs_are_not_replaced(project: ProjectFolder, sandbox: Sandbox) -> None:
    """`protect: true` outranks the consent."""
    project.campaign["protect"] = True
    project.write()
    apply(project, 6, *CONSENT)
    assert [item["status"] for item in campaigns(sandbox)] == ["ACTIVE"]


def test_a_hold_keeps_it_as_it_is(project: ProjectFolder, sandbox: Sandbox) -> None:
    """Under the project's hold nothing is stopped whose rest could not begin."""
    assert project.run("hold", "--reason", "a test").code in (0, 6)
    apply(project, 6, *CONSENT)
    assert [item["status"] for item in campaigns(sandbox)] == ["ACTIVE"]


def test_a_manifest_can_consent(project: ProjectFolder, sandbox: Sandbox) -> None:
    """A reviewed consent in a manifest is enough, and the plan names it."""
    consent = {
        "action": "replace",
        "address": ADDRESS,
        "run": "1",
        "reason": "wrong number",
        "until": "2099-01-01",
    }
    project.extra = {**project.extra, "consents": [consent]}
    project.write()
    assert CONSENT[1] in project.run("plan", "--format", "json").document["consents"]
    apply(project, 0)
    assert [item["status"] for item in campaigns(sandbox)] == ["STOPPED", "ACTIVE"]


def test_a_saved_plan_replaces(project: ProjectFolder, sandbox: Sandbox) -> None:
    """A reviewed plan carries the consent, and who was tried since it was made is no obstacle."""
    path = str(project.root / "plan.json")
    project.run("plan", "--out", path, *CONSENT)
    sandbox.clock(advance=60)
    ran = project.run("apply", path, "--yes")
    assert ran.code == 0, ran.out + ran.err
    assert [item["status"] for item in campaigns(sandbox)] == ["STOPPED", "ACTIVE"]
    everybody_once(sandbox)


@pytest.mark.parametrize(
    "spelling", [{"ids": "numbers"}, {"ids": "zero_padded", "trailing_commas": True}, {"rows": "page"}]
)
def test_odd_replies_within_a_replacement(
    project: ProjectFolder, sandbox: Sandbox, spelling: dict[str, Any]
) -> None:
    """However overview, channels and details are spelled, the rest is the same people."""
    sandbox.options({"rvm": {**spelling, "spelling": "text", "media_type": "text/html; charset=UTF-8"}})
    apply(project, 0, *CONSENT)
    everybody_once(sandbox)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("operation", ["pause", "stop", "create", "start"])
def test_a_lost_reply_within_a_replacement(
    project: ProjectFolder, sandbox: Sandbox, operation: str, when: str
) -> None:
    """Whichever reply is lost, the next apply goes on from what the vendor shows."""
    sandbox.faults({"vendor": "rvm", "action": "reset", "operation": operation, "when": when, "count": 1})
    project.run("apply", "--yes", *CONSENT)
    apply(project, 0, *CONSENT)
    assert Counter(item["status"] for item in campaigns(sandbox))["ACTIVE"] == 1
    converged(project)
    everybody_once(sandbox)


# Killed

REQUESTS = 34
WRITES = 24
"""More than a replacement has, so that one without a kill is among them."""


def settle(project: ProjectFolder, *more: str) -> None:
    """Run the command again, up to four times, as an operator would."""
    for _ in range(4):
        ran = project.run("apply", "--yes", *more)
        if ran.code == 0:
            return
    raise AssertionError(f"exit {ran.code}\n{ran.out}{ran.err}")


def judge(project: ProjectFolder, sandbox: Sandbox) -> None:
    """What is not stopped has the new settings, and everybody is called once."""
    going = [item for item in campaigns(sandbox) if item["status"] in ("ACTIVE", "COMPLETED")]
    assert [item["callback"] for item in going] == [NEW]
    converged(project)
    everybody_once(sandbox)
    assert all(item["hopper"] == 0 for item in campaigns(sandbox))


@pytest.mark.one_in(7)
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("number", range(1, REQUESTS + 1))
def test_killed_at_every_request_of_a_replacement(tmp_path: Path, number: int, when: str) -> None:
    """Killed before or after the vendor took in any request, the next applies finish it: nobody twice, nobody lost."""
    with Sandbox(port=0, speed=0.0, start_at=START) as sandbox:
        project = ringing(tmp_path, sandbox, details_lag_reads=3)
        killed_at_request(project, sandbox, number, when, "apply", "--yes", *CONSENT, vendor="rvm")
        settle(project, *CONSENT)
        judge(project, sandbox)


@pytest.mark.one_in(7)
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("number", range(1, WRITES + 1))
def test_killed_at_every_write_of_a_replacement(tmp_path: Path, number: int, when: str) -> None:
    """Killed before or after any durable write of the state, the same."""
    with Sandbox(port=0, speed=0.0, start_at=START) as sandbox:
        project = ringing(tmp_path, sandbox, details_lag_reads=3)
        killed_at_write(project, number, when, "apply", "--yes", *CONSENT)
        settle(project, *CONSENT)
        judge(project, sandbox)


@pytest.mark.one_in(7)
@pytest.mark.parametrize("number", range(1, REQUESTS + 1))
def test_killed_and_the_consent_taken_back(tmp_path: Path, number: int) -> None:
    """Killed after any request, and nobody consents any more: everybody is called once all the same."""
    with Sandbox(port=0, speed=0.0, start_at=START) as sandbox:
        project = ringing(tmp_path, sandbox, details_lag_reads=3)
        killed_at_request(project, sandbox, number, "after", "apply", "--yes", *CONSENT, vendor="rvm")
        for _ in range(3):
            assert project.run("apply", "--yes").code in (0, 6)
        everybody_once(sandbox)
