"""Replies that were lost: what settles itself, what a person must settle, and that nobody is queued twice."""

from __future__ import annotations

from typing import Any

import pytest
from reconciler.sandbox import Sandbox
from reconciler.testing.projects import ProjectFolder, people

ADD_CALLS = "^/campaigns/add-calls$"
START = "^/campaigns/start$"
CAMPAIGN = "plum/campaign/january"


def lose(sandbox: Sandbox, path: str, when: str, **more: Any) -> None:
    """The next request to a path gets no reply, before or after the vendor took it in."""
    fault = {
        "vendor": "plum",
        "method": "POST",
        "path": path,
        "action": "reset",
        "when": when,
        "nth": 1,
        "count": 1,
    }
    sandbox.faults(fault | more)


@pytest.mark.slow
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("path", ["^/schedules$", "^/profiles$", "^/campaigns$"])
def test_lost_create_is_found_or_made(project: ProjectFolder, sandbox: Sandbox, path: str, when: str) -> None:
    """A create without a reply is looked for: found and adopted, or made by the next apply; never twice."""
    lose(sandbox, path, when)
    first = project.run("apply", "--yes")
    assert first.code == (0 if when == "after" else 7), first.out + first.err
    assert project.run("apply", "--yes").code == 0
    state = sandbox.state()["plum"]
    assert [len(state[kind]) for kind in ("schedules", "profiles", "campaigns")] == [1, 1, 1]
    assert sandbox.ledger.summary()["queued_again"] == 0


@pytest.mark.slow
@pytest.mark.parametrize("when", ["before", "after"])
def test_lost_filling_of_an_inert_run_converges(project: ProjectFolder, sandbox: Sandbox, when: str) -> None:
    """People whose queueing got no reply while nothing was armed: the object is thrown away and made again."""
    lose(sandbox, ADD_CALLS, when)
    assert project.run("apply", "--yes").code in {1, 7}
    assert project.run("apply", "--yes").code == 0
    assert project.run("plan").code == 0
    sandbox.clock(advance=40 * 86400)
    summary = sandbox.ledger.summary()
    assert summary["people_called_once"] == 11
    assert summary["people_called_again"] == 0
    assert len(sandbox.state()["plum"]["campaigns"]) == 1


def grow_and_lose(project: ProjectFolder, sandbox: Sandbox, when: str) -> None:
    """An armed run grows by three people, and the reply is lost."""
    assert project.run("apply", "--yes").code == 0
    project.numbers = [*project.numbers, *people(3, first=40)]
    project.write()
    lose(sandbox, ADD_CALLS, when)
    assert project.run("apply", "--yes").code == 8


@pytest.mark.parametrize("when", ["before", "after"])
def test_lost_growth_is_shown_first_and_never_repeated(
    project: ProjectFolder, sandbox: Sandbox, when: str
) -> None:
    """Once armed such a request is an unknown: shown first, its people count as sent, though the file changes."""
    grow_and_lose(project, sandbox, when)
    project.numbers = [*project.numbers, *people(2, first=60)]
    project.write()
    for command in (("plan",), ("drift",), ("apply", "--yes")):
        ran = project.run(*command)
        assert ran.code == 8, ran.out + ran.err
    plan = project.run("plan").out
    assert plan.index("unknown") < plan.index("Changes")
    assert "resolve" in plan
    assert sandbox.ledger.summary()["queued_again"] == 0
    queued = sandbox.ledger.summary()["people_queued"]
    assert queued == (14 if when == "after" else 11)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("when", "answer", "expected"),
    [
        ("after", "--happened", 14),
        ("after", "--cannot-tell", 14),
        ("before", "--cannot-tell", 11),
        ("before", "--did-not-happen", 14),
    ],
)
def test_resolve_settles_it(
    project: ProjectFolder, sandbox: Sandbox, when: str, answer: str, expected: int
) -> None:
    """After `resolve` the project converges; only `--did-not-happen` sends the people."""
    grow_and_lose(project, sandbox, when)
    resolved = project.run("resolve", CAMPAIGN, answer, "--reason", "asked the vendor")
    assert resolved.code == 0, resolved.out + resolved.err
    assert project.run("apply", "--yes").code == 0
    assert project.run("plan").code == 0
    summary = sandbox.ledger.summary()
    assert summary["people_queued"] == expected
    assert summary["queued_again"] == 0


@pytest.mark.slow
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("answer", ["--happened", "--did-not-happen", "--ended"])
def test_lost_start(project: ProjectFolder, sandbox: Sandbox, when: str, answer: str) -> None:
    """A start without a reply is never repeated by itself; a person says, and nobody is called twice."""
    lose(sandbox, START, when)
    assert project.run("apply", "--yes").code == 8
    assert project.run("apply", "--yes").code == 8
    starts = [item for item in sandbox.requests() if item["path"] == "/campaigns/start"]
    assert len(starts) == 1
    if answer == "--did-not-happen" and when == "after":
        return
    assert project.run("resolve", CAMPAIGN, answer, "--reason", "asked").code == 0
    assert project.run("apply", "--yes").code == 0
    sandbox.clock(advance=40 * 86400)
    summary = sandbox.ledger.summary()
    assert summary["people_called_again"] == 0
    called = when == "after" or answer == "--did-not-happen"
    assert summary["people_called_once"] == (11 if called else 0)


@pytest.mark.slow
def test_stop_settles_a_lost_start(project: ProjectFolder, sandbox: Sandbox) -> None:
    """A stop that succeeds settles an unknown start: quieter goes on although the unknown is open."""
    lose(sandbox, START, "after")
    assert project.run("apply", "--yes").code == 8
    project.campaign = {"state": "stopped"}
    project.write()
    ran = project.run("apply", "--yes")
    assert ran.code in {0, 8}, ran.out + ran.err
    plan = project.run("plan")
    assert plan.code == 0, plan.out


@pytest.mark.slow
@pytest.mark.parametrize("reads", [1, 2, 5])
def test_lagging_lists(project: ProjectFolder, sandbox: Sandbox, reads: int) -> None:
    """A lost create whose object shows only some reads later leaves one campaign, and an extra never rings."""
    sandbox.faults(
        {
            "vendor": "plum",
            "method": "POST",
            "path": "^/campaigns$",
            "action": "lag",
            "reads": reads,
            "count": 1,
        }
    )
    lose(sandbox, "^/campaigns$", "after")
    for _ in range(4):
        ran = project.run("apply", "--yes")
        if ran.code == 0:
            break
    assert project.run("apply", "--yes").code == 0
    assert project.run("plan").code == 0
    assert len(sandbox.state()["plum"]["campaigns"]) == 1
    sandbox.clock(advance=40 * 86400)
    summary = sandbox.ledger.summary()
    assert summary["people_called_once"] == 11
    assert summary["people_called_again"] == 0
