"""Two people, or two CI jobs, apply one project at once: real commands, a real store, a vendor's books."""

from __future__ import annotations

import os
import secrets
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from reconciler.sandbox import Sandbox
from reconciler.testing.projects import ProjectFolder, people

from .places import PLACES, Shared
from .test_git import git

ROUNDS = int(os.environ.get("RECONCILER_ROUNDS", "1"))
START = "2027-01-04T05:00:00-05:00"


def campaign(number: int) -> dict[str, Any]:
    """Return one more campaign, of the people of its round."""
    return {
        "provider": "plum",
        "state": "running",
        "start_date": "2027-01-04",
        "end_date": "2027-01-29",
        "schedule": "weekdays",
        "windows": [{"start_time": "08:00", "end_time": "11:00", "profile": "pace"}],
        "contacts": f"people-{number}",
        "plum": {
            "start_url": f"https://ivr.example/start/{number}",
            "result_url": "https://ivr.example/results",
            "ani": "+16175550199",
        },
    }


def projects(tmp_path: Path, sandbox: Sandbox, shared: Shared, **backend: object) -> list[ProjectFolder]:
    """Return the same project, as two people have it. `backend`: further settings of where its state is."""
    facts = sandbox.ready()["providers"]["plum"]
    provider = {
        "type": "plum",
        "token": {"env": "PLUM_TOKEN"},
        "base_url": facts["base_url"],
        "list_lag": 0.1,
    }
    tokens = {"PLUM_TOKEN": facts["token"], "RECONCILER_KEY": secrets.token_hex(32), **shared.tokens}
    found = []
    for name in ("one", "one" if shared.one_folder else "two"):
        declared = {**shared.backend(tmp_path / name), "key": {"env": "RECONCILER_KEY"}, **backend}
        project = ProjectFolder(tmp_path / name, {"plum": provider}, tokens, project={"backend": declared})
        found.append(project.write())
    return found


def grown(project: ProjectFolder, number: int) -> None:
    """Declare one more campaign."""
    (project.root / "contacts" / f"{number}.csv").write_text(
        "phone,reference\n" + "".join(f"{each},x\n" for each in people(3, 20 + 3 * number))
    )
    lists = project.extra.setdefault("contact_lists", {})
    lists[f"people-{number}"] = {
        "file": f"../contacts/{number}.csv",
        "columns": {"phone": "phone", "reference": "reference"},
        "region": "US",
    }
    project.extra.setdefault("campaigns", {})[f"round-{number}"] = campaign(number)
    project.write()


def _case(name: str) -> object:
    """A place; over SSH every request of Git is a connection of its own, which takes its time."""
    asked = ROUNDS > 1 or os.environ.get("RECONCILER_EVERY_CASE") == "1"
    skipping = pytest.mark.skipif(
        name == "git over ssh" and not asked, reason="slow: RECONCILER_EVERY_CASE=1, or RECONCILER_ROUNDS"
    )
    return pytest.param(name, marks=skipping)


@pytest.mark.slow
@pytest.mark.parametrize("name", [_case(place) for place in PLACES])
def test_two_apply_at_once(tmp_path: Path, name: str, record_property: Callable[[str, object], None]) -> None:
    """Each round two clones apply the same new campaign: it is made once, its people queued once.

    Who comes too late does nothing, whether he was told that another is at it or found it done.
    """
    ended: Counter[tuple[int, ...]] = Counter()
    with (
        PLACES[name](tmp_path) as shared,
        Sandbox(port=0, speed=0.0, start_at=START) as sandbox,
    ):
        both = projects(tmp_path, sandbox, shared)
        for number in range(ROUNDS):
            ended[_contest(both, number)] += 1
        made = Counter(str(item) for item in _starts(sandbox))
        assert len(made) == ROUNDS + 1
        assert set(made.values()) == {1}
        sandbox.clock(advance=40 * 86400)
        summary = sandbox.ledger.summary()
        assert summary["queued_again"] == summary["people_called_again"] == 0
        assert summary["people_called_once"] == 12 + 3 * ROUNDS
    record_property("rounds", f"{name}: {ROUNDS}, ended {dict(ended)}")


def _contest(both: list[ProjectFolder], number: int) -> tuple[int, ...]:
    """One round: how the two ended, the better first; both see afterwards that nothing is left to do."""
    for project in both:
        grown(project, number)
    started = [project.start("apply", "--yes") for project in both]
    said = [process.communicate(timeout=240) for process in started]
    codes = [process.returncode for process in started]
    assert set(codes) <= {0, 5}, said
    assert 0 in codes, said
    assert "Traceback" not in "".join(errors for _, errors in said)
    for project in both:
        ran = project.run("plan", "--detailed-exitcode")
        assert ran.code == 0, (number, codes, ran.out, ran.err)
    return tuple(sorted(codes))


def _starts(sandbox: Sandbox) -> list[object]:
    """What tells the campaigns at the vendor apart."""
    return [item["start_url"] for item in sandbox.state()["plum"]["campaigns"]]


@pytest.mark.slow
def test_wave_of_creates_is_few_pushes(tmp_path: Path) -> None:
    """Sixty campaigns made and filled are 120 intents and as many outcomes, and a push for many of them together."""
    with PLACES["git"](tmp_path) as shared, Sandbox(port=0, speed=0.0, start_at=START) as sandbox:
        project, _ = projects(tmp_path, sandbox, shared)
        several = {f"c-{number}": draft(number) for number in range(60)}
        project.extra["campaigns"] = several
        project.campaign = {"state": "draft"}
        ran = project.write().run("apply", "--yes")
        assert ran.code == 0, ran.err
        assert len(sandbox.state()["plum"]["campaigns"]) == 61
        assert _pushes(tmp_path) < 40


def _pushes(tmp_path: Path) -> int:
    return int(git(tmp_path / "origin.git", "rev-list", "--count", "refs/reconciler/state"))


def draft(number: int) -> dict[str, Any]:
    """Return a campaign that is made and filled, and not started."""
    return campaign(number) | {"state": "draft", "contacts": "people"}


@pytest.mark.slow
def test_starts_that_go_out_together_share_their_pushes(tmp_path: Path) -> None:
    """Each start is announced right before its request; those that leave at once are announced and ended at once."""
    with PLACES["git"](tmp_path) as shared, Sandbox(port=0, speed=0.0, start_at=START) as sandbox:
        project, _ = projects(tmp_path, sandbox, shared)
        project.extra["campaigns"] = {f"c-{number}": draft(number) for number in range(24)}
        assert project.write().run("apply", "--yes").code == 0
        before = _pushes(tmp_path)
        for campaign_of in project.extra["campaigns"].values():
            campaign_of["state"] = "running"
        ran = project.write().run("apply", "--yes")
        assert ran.code == 0, ran.err
        assert _pushes(tmp_path) - before <= 36
