"""Lives by chance at RVM: edits, growth, hands, lost replies and replacements; judged by the vendor's books."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest
from reconciler.sandbox import Sandbox
from reconciler.testing.projects import people

from .conftest import START
from .rvm_hands import Hands, campaigns, rvm_folder, written

LIVES, FEW = int(os.environ.get("RECONCILER_LIVES", "30")), 3
"""So many lives there are, and so many of them belong to the quick tests."""

STEPS = 14
POOL = people(90)
ALLOW = ("--allow", "replace", "--allow", "shrink")
EVERYTHING = (*ALLOW, "--allow", "restore")
OPERATIONS = ("create", "start", "pause", "stop", "details", "overview", "list", "load")


class Life:
    """One project at work, with what its people are owed."""

    def __init__(self, root: Path, sandbox: Sandbox, seed: int) -> None:
        self.chance = random.Random(seed)
        self.sandbox = sandbox
        self.hands = Hands(sandbox)
        self.landlines = self.chance.choice(["", "", "7"])
        sandbox.options({"rvm": self.spellings()})
        self.project = rvm_folder(root, sandbox, numbers=POOL[:20])
        provider = {**self.project.providers["rvm"], "list_lag": 0.05}
        self.project.providers = {"rvm": provider}
        self.project.campaign |= {"on_queued_suppression": "report"}
        self.project.project = {"limits": {"max_shrink_percent": 100, "max_people": 1000}}
        self.settings(throttle=30)
        self.excused: set[str] = set()
        self.said: list[str] = []

    def settings(self, **changed: object) -> None:
        """Change what a campaign can never be told again."""
        self.project.campaign["rvm"] = {**self.project.campaign["rvm"], **changed}

    def spellings(self) -> dict[str, object]:
        """One of the vendors that this one may be, by its pages."""
        return {
            "drop_seconds": 0,
            "landlines": self.landlines,
            "details_lag_reads": self.chance.choice([0, 0, 2]),
            "blacklist_reaches_queued": self.chance.random() < 0.5,
            "ids": self.chance.choice(["text", "numbers", "zero_padded"]),
            "trailing_commas": self.chance.random() < 0.5,
            "rows": self.chance.choice(["total", "page"]),
            "spelling": self.chance.choice(["samples", "text"]),
            "start_active": self.chance.choice(["error", "success"]),
            "stop_ended": self.chance.choice(["error", "success"]),
            "failure_status": self.chance.choice([200, 400, 500]),
        }

    @property
    def is_over(self) -> bool:
        """Whether everything that was made has ended: who comes now waits for the next run."""
        self.sandbox.clock(advance=0)
        found = campaigns(self.sandbox)
        return bool(found) and all(item["status"] in ("COMPLETED", "STOPPED") for item in found)

    def excuse_the_late(self) -> None:
        """Who is not queued when everything has ended waits for the next run, and there is none here."""
        if self.is_over:
            self.excused |= {*self.project.numbers} - {item.number for item in self.sandbox.ledger.queued}

    # What happens

    def grow(self) -> None:
        """Some more people join."""
        fresh = [
            number for number in POOL if number not in self.project.numbers and number not in self.excused
        ]
        joined = self.chance.sample(fresh, min(len(fresh), self.chance.randint(1, 6)))
        self.project.numbers = [*self.project.numbers, *joined]

    def leave(self) -> None:
        """Somebody leaves the list."""
        gone = self.chance.choice(list(self.project.numbers))
        self.excused.add(gone)
        self.project.numbers = [number for number in self.project.numbers if number != gone]

    def suppress(self) -> None:
        """Somebody must not be called any more, queued or not."""
        number = self.chance.choice(POOL)
        self.excused.add(number)
        self.project.blacklist = [*dict.fromkeys([*self.project.blacklist, number])]

    def edit(self) -> None:
        """Settings change."""
        self.settings(throttle=self.chance.choice([20, 30, 40, 50]))

    def turn(self) -> None:
        """The manifest pauses it, or lets it go on."""
        self.project.campaign["state"] = self.chance.choice(["running", "paused"])

    def meddle(self) -> None:
        """Somebody pauses or starts a campaign at the vendor."""
        found = [item["id"] for item in campaigns(self.sandbox) if item["status"] in ("ACTIVE", "PAUSED")]
        if found:
            self.sandbox.clear_faults()
            self.hands.ask(self.chance.choice(["pause", "start"]), c_campaign_id=self.chance.choice(found))

    def trouble(self) -> None:
        """A reply will be lost."""
        fault = {
            "vendor": "rvm",
            "action": "reset",
            "count": 1,
            "when": self.chance.choice(["before", "after"]),
        }
        self.sandbox.faults({**fault, "operation": self.chance.choice(OPERATIONS)})

    def wait(self) -> None:
        """Time goes by."""
        self.sandbox.clock(advance=self.chance.randint(60, 1500))

    # How it goes

    def step(self) -> None:
        """Something happens, and mostly somebody applies."""
        acts = (
            self.grow,
            self.leave,
            self.suppress,
            self.edit,
            self.edit,
            self.turn,
            self.meddle,
            self.trouble,
            self.wait,
        )
        act = self.chance.choice(acts)
        act()
        self.said.append(act.__name__)
        written(self.project)
        if self.chance.random() < 0.8:
            consents = self.chance.choice([(), ALLOW, EVERYTHING])
            self.excuse_the_late()
            ran = self.project.run("apply", "--yes", *consents)
            self.said.append(f"apply {' '.join(consents)} -> {ran.code}")
            assert ran.code in (0, 1, 6, 7, 8, 69), ran.out + ran.err
        self.nobody_twice()

    def nobody_twice(self) -> None:
        """In a run nobody is called twice, whatever happened."""
        self.sandbox.clock(advance=0)
        assert self.sandbox.ledger.summary()["people_called_again"] == 0, self.said

    def end(self) -> None:
        """All is mended and consented to: everybody of the list is called once."""
        self.sandbox.clear_faults()
        self.project.campaign["state"] = "running"
        written(self.project)
        for _ in range(4):
            self.excuse_the_late()
            ran = self.project.run("apply", "--yes", *EVERYTHING)
            if ran.code == 0:
                break
        assert ran.code == 0, (self.said, ran.out + ran.err)
        plan = self.project.run("plan", "--detailed-exitcode")
        assert plan.code == 0, (self.said, plan.out + plan.err)
        self.sandbox.clock(advance=40 * 86400)
        self.nobody_twice()
        called = set(self.sandbox.ledger.called_once())
        mobile = {number for number in self.project.numbers if not number.endswith(self.landlines or "x")}
        owed = mobile - self.excused
        assert owed <= called, (self.said, sorted(owed - called))


@pytest.mark.parametrize(
    "seed", [pytest.param(seed, marks=() if seed < FEW else pytest.mark.slow) for seed in range(LIVES)]
)
def test_a_life(tmp_path: Path, seed: int) -> None:
    """Whatever happens at whichever step, nobody is called twice, and at the end nobody is lost."""
    with Sandbox(port=0, speed=0.0, start_at=START) as sandbox:
        life = Life(tmp_path, sandbox, seed)
        try:
            written(life.project)
            assert life.project.run("apply", "--yes").code == 0
            sandbox.clock(advance=3 * 3600 + 60)
            for _ in range(STEPS):
                life.step()
            life.end()
        finally:
            life.hands.close()
