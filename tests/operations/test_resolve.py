"""Resolve puts the evidence before a person and writes down what the person says."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from reconciler.sandbox import Sandbox
from reconciler.testing.projects import ProjectFolder, people

from .conftest import AFTER, Command

Campaigns = Callable[[], dict[int, str]]
ADDRESS = "plum/campaign/january"


@pytest.fixture
def lost_start(command: Command, sandbox: Sandbox) -> None:
    """A start whose reply was lost; the vendor carried it out."""
    sandbox.faults({"action": "reset", "path": "start$", "when": "after", "count": 1})
    assert command("apply", "--yes").code == 8
    sandbox.clear_faults()


@pytest.fixture
def lost_growth(command: Command, project: ProjectFolder, sandbox: Sandbox) -> None:
    """Five more people for a campaign that is started; the reply was lost, and the vendor did not queue them."""
    assert command("apply", "--yes").code == 0
    project.numbers = people(17)
    project.write()
    sandbox.faults({"action": "reset", "path": "add-calls$", "when": "before", "count": 1})
    assert command("apply", "--yes").code == 8
    sandbox.clear_faults()


@pytest.mark.usefixtures("lost_start")
def test_the_evidence_comes_first(command: Command) -> None:
    """What was sent, when, by whom, what the vendor shows, what to ask it, and what each answer leads to."""
    assert command("resolve").code == 8
    (listed,) = command("resolve", "--format", "json").document["unknowns"]
    assert (listed["address"], listed["operation"], listed["settles_itself"]) == (ADDRESS, "start", False)
    ran = command("resolve", ADDRESS)
    assert ran.code == 64
    for part in (
        "start, sent",
        "by ",
        "plum now: campaign 1 exists",
        "ask plum:",
        "up to 11 people are called",
    ):
        assert part in ran.err
    assert "--did-not-happen" in ran.err


@pytest.mark.usefixtures("lost_start")
@pytest.mark.parametrize("answer", ["--happened", "--cannot-tell"])
def test_a_start_that_happened_is_not_repeated(command: Command, sandbox: Sandbox, answer: str) -> None:
    """A start that happened, or that nobody can tell of, counts as one: it is never sent again."""
    assert command("resolve", ADDRESS, answer).code == 64
    assert command("resolve", ADDRESS, answer, "--reason", "ticket 8812").code == 0
    assert command("apply", "--yes").code == 0
    assert sum(write.path.endswith("start") for write in sandbox.ledger.writes) == 1
    sandbox.clock(set=AFTER)
    assert (len(sandbox.ledger.called_once()), len(sandbox.ledger.called_again())) == (11, 0)


@pytest.mark.slow
def test_a_start_that_did_not_happen_is_sent(
    command: Command, sandbox: Sandbox, campaigns: Campaigns
) -> None:
    """A start that did not happen is planned again, and nobody is called twice by it."""
    sandbox.faults({"action": "reset", "path": "start$", "when": "before", "count": 1})
    assert command("apply", "--yes").code == 8
    assert command("apply", "--yes").code == 8, "it is not repeated by itself"
    assert campaigns() == {1: "created"}
    assert command("resolve", ADDRESS, "--did-not-happen", "--reason", "log").code == 0
    assert command("apply", "--yes").code == 0
    assert campaigns() == {1: "active"}


@pytest.mark.usefixtures("lost_growth")
def test_people_who_were_not_queued_are_sent_once(command: Command, sandbox: Sandbox) -> None:
    """Contacts that did not arrive are sent by the next apply, each once, though the file changed meanwhile."""
    (listed,) = command("resolve", "--format", "json").document["unknowns"]
    assert (listed["people"], listed["operation"]) == (5, "append")
    assert command("resolve", ADDRESS, "--did-not-happen", "--reason", "log").code == 0
    assert command("apply", "--yes").code == 0
    sandbox.clock(set=AFTER)
    assert (len(sandbox.ledger.called_once()), len(sandbox.ledger.called_again())) == (16, 0)


@pytest.mark.usefixtures("lost_growth")
@pytest.mark.parametrize("answer", ["--happened", "--cannot-tell", "--ended"])
def test_people_who_may_be_queued_are_not_sent(command: Command, sandbox: Sandbox, answer: str) -> None:
    """Contacts that arrived, or may have, count as queued and are never sent again."""
    assert command("resolve", ADDRESS, answer, "--reason", "ticket").code == 0
    shown = command("state", "show", ADDRESS, "--format", "json").document["records"][0]
    assert (shown["people"], shown["phase"]) == (16, "ended" if answer == "--ended" else "armed")
    assert command("apply", "--yes").code == 0
    sandbox.clock(set=AFTER)
    assert not sandbox.ledger.called_again()
    assert len(sandbox.ledger.called_once()) == 11


@pytest.mark.usefixtures("lost_start")
def test_a_run_that_ended_stays_ended(command: Command) -> None:
    """--ended ends the run: nothing of it is sent or started by any later apply."""
    assert command("resolve", ADDRESS, "--ended", "--reason", "seen on the vendor's page").code == 0
    assert command("plan", "--format", "json").document["changes"] == []
    (last,) = command("state", "history", "--limit", "1", "--format", "json").document["entries"]
    assert "seen on the vendor's page" in last["reason"]


@pytest.mark.usefixtures("lost_start")
def test_it_asks_on_a_terminal(command: Command) -> None:
    """The question takes a letter and a reason; Enter leaves it open, anything else is refused."""
    assert command("resolve", ADDRESS, answers=[""]).code == 64
    assert command("resolve", ADDRESS, answers=["x"]).code == 64
    assert command("resolve", ADDRESS, answers=["h", ""]).code == 64
    assert command("resolve").code == 8
    ran = command("resolve", ADDRESS, answers=["h", "ticket 8812"])
    assert ran.code == 0
    assert "No unknown is left" in ran.out
    assert command("resolve").code == 0


@pytest.mark.slow
def test_what_settles_itself_is_left_to_apply(
    command: Command, sandbox: Sandbox, project: ProjectFolder
) -> None:
    """A lost create is looked for by apply; resolve can only force that it did not happen."""
    sandbox.faults({"action": "hold", "path": "campaigns$", "method": "POST", "count": 1})
    with project.start("apply", "--yes") as apply:
        assert sandbox.held(wait=20) is not None
        apply.kill()
    sandbox.clear_faults()
    sandbox.release()
    (listed,) = command("resolve", "--format", "json").document["unknowns"]
    assert (listed["operation"], listed["settles_itself"]) == ("create", True)
    assert command("resolve", ADDRESS, "--happened", "--reason", "x").code == 64
    assert command("resolve", ADDRESS, "--did-not-happen", "--reason", "x").code == 0
    assert command("apply", "--yes").code == 0
    assert len(sandbox.state()["plum"]["campaigns"]) == 1


def test_an_answer_needs_its_subject(command: Command) -> None:
    """An answer without an address, or for one where nothing is open, is wrong usage."""
    assert command("resolve", "--happened", "--reason", "x").code == 64
    assert command("resolve", ADDRESS, "--happened", "--reason", "x").code == 64
    assert command("resolve").code == 0
