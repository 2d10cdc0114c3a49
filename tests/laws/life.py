"""The life of a project by chance: edits, hands at the vendor, faults, deaths, time, and applies between them."""

from __future__ import annotations

import datetime as dt
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
from reconciler.backends.local import LocalBackend
from reconciler.errors import ProjectError, ReconcilerError
from reconciler.model.address import Address
from reconciler.model.plan import Plan
from reconciler.model.report import ApplyReport
from reconciler.model.state import Phase
from reconciler.model.unknowns import Answer
from reconciler.sandbox import Sandbox
from reconciler.testing.generated import DAYS, POOL, STATES, Draft, draft
from reconciler.workflow.hold import release_hold
from reconciler.workflow.stop import stop_all
from reconciler.workflow.stop_one import stop_addresses

from .conftest import Vendor
from .judge import Judge
from .operator import EVERYTHING, Operator

IMPATIENT, PATIENT = 0.3, 5.0
"""Time-outs while faults are about, and when none are."""

LONGEST_LAG = 5
"""So many reads may not show a new object."""

SETTLING = 3
"""So many applies without faults must be enough."""

LASTING = frozenset({"protect", "depends", "exists", "problem", "replace", "shared"})
"""What may hold a change although everything is consented to."""


class Died(BaseException):
    """The process is no more."""


class Mortal(LocalBackend):
    """A state backend whose process dies at one of its writes, and writes nothing afterwards."""

    def __init__(self, folder: Path, left: int, *, after: bool) -> None:
        super().__init__(folder)
        self.left = left
        self.after = after

    def append(self, lines: Any, expected_head: str, blobs: Any = ()) -> str:
        self.left -= 1
        if self.left < 0 or (self.left == 0 and not self.after):
            raise Died
        head = super().append(lines, expected_head, blobs)
        if self.left == 0:
            raise Died
        return head


class Life:
    """One project from its first apply to the day when everything has settled."""

    def __init__(self, seed: int, root: Path, sandbox: Sandbox) -> None:
        self.rng = random.Random(seed)
        self.sandbox = sandbox
        self.operator = Operator(root, sandbox)
        self.project: Draft = draft(self.rng, self.operator.provider(IMPATIENT))
        self.judge = Judge(sandbox, self.project)
        self.vendor = Vendor(sandbox)
        self.told: list[str] = []
        self.removed: dict[str, dict[str, Any]] = {}
        self.faulty = self.braked = False
        self.dying: tuple[int, bool] | None = None

    def live(self, steps: int) -> None:
        """So many steps, then peace; a failure tells the whole life."""
        try:
            self.settle_in()
            self.apply_some()
            for _ in range(steps):
                step = self.rng.choices(list(STEPS), list(STEPS.values()))[0]
                step(self)
                self.judge.look()
            self.find_peace()
        except BaseException as error:
            error.add_note("this life:\n  " + "\n  ".join(self.told))
            raise
        finally:
            self.vendor.close()

    def tell(self, text: str) -> None:
        self.told.append(text)

    # Beginning and end

    def settle_in(self) -> None:
        """Strangers live at the vendor already."""
        self.sandbox.reset()
        self.sandbox.options({"plum": {
            "show_pacing": self.rng.random() < 0.5,
            "schedule_nickname": self.rng.choice(["entered", "current"]),
            "restart_after_stop": self.rng.choice(["redial", "resume"]),
            "start_active": self.rng.choice(["success", "redial"]),
        }})  # fmt: skip
        self.vendor.post("schedules", days='["sun"]', nickname="theirs")
        self.vendor.post(
            "profiles", period="1", amount_per_period="1", time_between_periods="1", nickname="theirs"
        )
        window = {"profile": "theirs", "start_time": "09:00", "end_time": "10:00"}
        self.vendor.post(
            "campaigns", start_date="2027-01-04", end_date="2027-01-29", schedule="theirs",
            profiles=json.dumps([window]), start_url="https://theirs.example/",
        )  # fmt: skip
        for kind in ("schedules", "profiles", "campaigns"):
            self.judge.adopt_stranger(kind, 1)
        self.project.write(self.operator.root)

    def find_peace(self) -> None:
        """Without faults a few applies, with every question answered and everything consented to, are enough."""
        self.sandbox.clear_faults()
        self.faulty, self.dying = False, None
        for kind in ("schedules", "profiles", "campaigns"):
            for _ in range(LONGEST_LAG):
                self.vendor.list(kind)
        self.project.provider = dict(self.operator.provider(PATIENT))
        self.mend()
        self.release()
        for _ in range(SETTLING):
            self.resolve()
            self.apply(EVERYTHING)
        self.resolve()
        plan = self.operator.plan()
        self.is_settled(plan)
        writes = self.sandbox.ledger.summary()["writes"]
        self.apply(EVERYTHING)
        assert self.sandbox.ledger.summary()["writes"] == writes, "an apply of nothing wrote something"
        self.sandbox.clock(advance=100 * 86400)
        self.judge.look()

    def is_settled(self, plan: Plan) -> None:
        assert not plan.unknowns, plan.unknowns
        assert not plan.failures, plan.failures
        lasting = [item for item in plan.changes if {held.action for held in item.held} & LASTING]
        left = [item for item in plan.changes if item not in lasting and not self.consented(item)]
        assert not left, left

    def consented(self, item: Any) -> bool:
        """Held for want of a consent that `plan` was not given."""
        return bool(item.held) and all(held.consent is not None for held in item.held)

    # Commands

    def apply(self, allow: tuple[str, ...] = ()) -> None:
        words = " ".join(allow) if len(allow) < 5 else "everything"
        self.tell(f"apply {words}{' and die' if self.dying else ''}")
        before, loud = len(self.sandbox.requests()), self.judge.loud
        try:
            self.report(self.operator.apply(allow, self.mortal()))
        except ProjectError as error:
            self.tell(f"  refused: {[problem.message for problem in error.problems]}")
            if not self.mend():
                raise
            return
        except (ReconcilerError, Died) as error:
            if not (self.faulty or self.dying):
                raise
            self.tell(f"  {type(error).__name__} {error}")
        self.judge.remember()
        self.tell_requests(before)
        self.judge.look()
        if self.braked:
            assert self.judge.loud == loud, "the project is on hold, and somebody was queued or started"
        self.dying = None
        if self.rng.random() < 0.7:
            self.sandbox.clear_faults()
            self.faulty = False

    def report(self, report: ApplyReport) -> None:
        for step in report.steps:
            self.tell(f"  {step.change.id} {step.result.value} {step.detail}")
        for problem in report.plan.problems:
            self.tell(f"  {problem.code} {problem.message}")
        if self.project.moved and self.rng.random() < 0.5:
            self.project.moved = []
            self.project.write(self.operator.root)

    def tell_requests(self, since: int) -> None:
        for item in self.sandbox.requests()[since:]:
            if item["method"] != "GET" or item["fault"]:
                self.tell(f"    {item['method']} {item['path']} {item['status']} {item['fault'] or ''}")

    def mortal(self) -> LocalBackend | None:
        if self.dying is None:
            return None
        return Mortal(self.operator.root / ".reconciler", self.dying[0], after=self.dying[1])

    def apply_some(self) -> None:
        self.apply(tuple(self.rng.sample(EVERYTHING, self.rng.choice([0, 0, 2, 5, len(EVERYTHING)]))))

    def resolve(self, tell: Callable[[Answer], Answer] = lambda answer: answer) -> None:
        """Answer what nobody knows; by the vendor's books, unless `tell` makes something else of that."""
        try:
            count = self.operator.resolve_by_truth(tell)
        except ProjectError:
            self.mend()
            return
        self.tell(f"resolve: {count}")

    def resolve_somehow(self) -> None:
        """The truth, or that nobody can tell, or that the run is over: all of them are safe."""
        self.resolve(lambda answer: self.rng.choice([answer, answer, Answer.CANNOT_TELL, Answer.ENDED]))

    def look_for_drift(self) -> None:
        writes = self.sandbox.ledger.summary()["writes"]
        try:
            self.operator.plan()
        except ProjectError:
            self.mend()
        assert self.sandbox.ledger.summary()["writes"] == writes, "a plan wrote"

    def mend(self) -> bool:
        """What an editor does about manifests that are refused: dates in the future."""
        today, mended = self.operator.now().date(), False
        for campaign in self.project.campaigns.values():
            if dt.date.fromisoformat(campaign["end_date"]) <= today and campaign["state"] == "running":
                self.project.set_dates(campaign, today)
                mended = True
        self.project.write(self.operator.root)
        return mended

    def stop_one(self) -> None:
        """`stop ADDRESS`: the run ends."""
        with self.operator.open() as workspace:
            records = workspace.journal.snapshot.records.values()
            there = sorted({item.key.address for item in records if item.phase is Phase.ARMED})
            if there:
                address = self.rng.choice(there)
                stop_addresses(workspace, [address], "by chance")
                self.tell(f"stop {address}")

    def silence(self) -> None:
        """`stop --all --ours`: everything is quiet, and stays so until the hold is released."""
        with self.operator.open() as workspace:
            stop_all(workspace, reason="by chance", ours=True)
        self.tell("stop --all --ours")
        self.braked = True

    def release(self) -> None:
        """`hold release`."""
        if self.braked:
            with self.operator.open() as workspace:
                release_hold(workspace, "by chance")
            self.tell("hold release")
            self.braked = False

    # Edits

    def edit(self) -> None:
        change = self.rng.choice(EDITS)
        change(self)
        self.project.write(self.operator.root)

    def some_list(self) -> list[int] | None:
        return self.project.lists[self.rng.choice(list(self.project.lists))] if self.project.lists else None

    def some_campaign(self) -> str | None:
        return self.rng.choice(list(self.project.campaigns)) if self.project.campaigns else None

    def grow(self) -> None:
        people = self.some_list()
        if people is not None:
            fresh = [at for at in self.rng.sample(range(POOL), 3) if at not in people]
            people += fresh
            self.tell(f"grow by {fresh}")

    def shrink(self) -> None:
        people = self.some_list()
        if people is not None and len(people) > 2:
            gone = self.rng.sample(people, self.rng.choice([1, 1, 2]))
            people[:] = [at for at in people if at not in gone]
            self.tell(f"shrink by {gone}")

    def begin_run(self) -> None:
        name = self.some_campaign()
        if name is not None:
            self.project.new_run(name)
            self.tell(f"{name}: {self.project.campaigns[name]['run']}")

    def go_back(self) -> None:
        name = self.some_campaign()
        if name is not None and self.rng.random() < 0.5:
            self.project.set_run(name, self.rng.choice(self.project.runs[self.project.tokens[name]]))
            self.tell(f"{name}: back to {self.project.campaigns[name]['run']}")

    def change_state(self) -> None:
        name = self.some_campaign()
        if name is not None:
            self.project.campaigns[name]["state"] = self.rng.choice(STATES)
            self.tell(f"{name}: {self.project.campaigns[name]['state']}")

    def change_settings(self) -> None:
        name = self.some_campaign()
        if name is not None:
            campaign = self.project.campaigns[name]
            what = self.rng.choice(["dates", "windows", "addresses", "schedule", "protect", "contacts"])
            self.tell(f"{name}: other {what}")
            if what == "dates":
                self.project.set_dates(campaign, self.operator.now().date())
            elif what == "windows":
                self.project.set_windows(campaign)
            elif what == "addresses":
                self.project.set_addresses(name)
            elif what == "schedule":
                campaign["schedule"] = self.rng.choice(list(self.project.schedules))
            elif what == "contacts":
                campaign["contacts"] = self.rng.choice([*self.project.lists, None])
            else:
                campaign["protect"] = self.rng.choice([True, False])

    def change_days(self) -> None:
        name = self.rng.choice(list(self.project.schedules))
        self.project.schedules[name]["days"] = self.rng.sample(DAYS, self.rng.randint(1, 7))
        self.tell(f"schedule {name}: {self.project.schedules[name]['days']}")

    def change_pace(self) -> None:
        name = self.rng.choice(list(self.project.profiles))
        self.project.profiles[name]["amount_per_period"] = self.rng.choice([1, 10, 100])
        self.tell(f"profile {name}: {self.project.profiles[name]}")

    def add_campaign(self) -> None:
        if len(self.project.campaigns) < 6:
            name = self.project.add_campaign()
            self.project.set_dates(self.project.campaigns[name], self.operator.now().date())
            self.tell(f"add {name}: {self.project.campaigns[name]}")

    def remove_campaign(self) -> None:
        name = self.some_campaign()
        if name is not None:
            self.removed[name] = self.project.campaigns.pop(name)
            self.project.moved = [pair for pair in self.project.moved if pair[1] != name]
            self.forget(name, None)
            self.tell(f"remove {name}")

    def come_back(self) -> None:
        """A campaign that was removed comes back under its name, in the run that it had."""
        gone = [name for name in self.removed if name not in self.project.campaigns]
        if gone:
            name = self.rng.choice(gone)
            self.project.campaigns[name] = self.removed[name]
            self.project.campaigns[name]["schedule"] = self.rng.choice(list(self.project.schedules))
            self.project.set_windows(self.project.campaigns[name])
            self.tell(f"{name} comes back, run {self.project.campaigns[name]['run']}")

    def rename(self) -> None:
        name = self.some_campaign()
        if name is None:
            return
        new, declared = f"n{len(self.told)}", self.rng.random() < 0.5
        self.project.campaigns[new] = self.project.campaigns.pop(name)
        self.forget(name, new)
        if declared:
            self.project.tokens[new] = self.project.tokens.pop(name)
            earlier = [old for old, target in self.project.moved if target == name and self.is_known(old)]
            self.move(earlier[0] if earlier else name, name, new)
        else:
            self.move(None, name, new)
            self.project.tokens[new] = f"m{len(self.told)}"
            self.project.runs[self.project.tokens[new]] = [self.project.campaigns[new]["run"]]
            self.project.set_addresses(new)
        self.tell(f"rename {name} to {new}{', moved' if declared else ''}")

    def is_known(self, name: str) -> bool:
        """Whether the state has a campaign of that name."""
        with self.operator.open() as workspace:
            keys = workspace.journal.snapshot.records
        return any(key.address == Address("plum", "campaign", name) for key in keys)

    def move(self, source: str | None, name: str, new: str) -> None:
        """Say where a campaign came from; what was said of its last name is of no use any more."""
        kept = [pair for pair in self.project.moved if pair[1] != name]
        self.project.moved = [*kept, (source, new)] if source is not None else kept

    def forget(self, name: str, new: str | None) -> None:
        """Blacklists name no campaign that is not there."""
        for listed in self.project.blacklists.values():
            if name in listed.applies_to:
                listed.applies_to = [item for item in listed.applies_to if item != name] + (
                    [new] if new else []
                )

    def suppress(self) -> None:
        if not self.project.blacklists:
            name = self.project.add_blacklist()
            self.tell(f"blacklist {name}: {self.project.blacklists[name]}")
            return
        listed = self.rng.choice(list(self.project.blacklists.values()))
        fresh = [at for at in self.project.some_people() if at not in listed.people]
        listed.people += fresh
        self.tell(f"suppress {fresh}")

    def unsuppress(self) -> None:
        if self.project.blacklists and self.rng.random() < 0.4:
            listed = self.rng.choice(list(self.project.blacklists.values()))
            if len(listed.people) > 1:
                self.tell(f"take {listed.people[0]} off a blacklist")
                del listed.people[0]

    def suppress_elsewhere(self) -> None:
        """Somebody goes from one blacklist to another, which may be for other campaigns."""
        lists = list(self.project.blacklists.values())
        if len(lists) > 1:
            source, target = self.rng.sample(lists, 2)
            if len(source.people) > 1:
                target.people = sorted({*target.people, source.people.pop()})
                self.tell("somebody goes from one blacklist to another")

    def suppress_anew(self) -> None:
        name = self.project.add_blacklist()
        self.tell(f"blacklist {name}: {self.project.blacklists[name]}")

    # Hands at the vendor

    def by_hand(self) -> None:
        change = self.rng.choice(HANDS)
        try:
            change(self)
        except (httpx.HTTPError, ValueError) as error:
            self.tell(f"  by hand, refused: {error}")

    def some_of_ours(self, kind: str) -> int | None:
        ours = self.judge.ours(kind)
        return self.rng.choice(sorted(ours)) if ours else None

    def hand_days(self) -> None:
        if (key := self.some_of_ours("schedules")) is not None:
            days = self.rng.sample(DAYS, self.rng.randint(1, 7))
            self.tell(f"by hand: schedule {key} {days}")
            self.vendor.patch("schedules", key, days=json.dumps(days))

    def hand_rename(self) -> None:
        if (key := self.some_of_ours("schedules")) is not None:
            self.tell(f"by hand: schedule {key} renamed")
            days = json.dumps(self.judge.ours("schedules")[key]["days"])
            self.vendor.patch("schedules", key, name=f"renamed {len(self.told)}", days=days)

    def hand_pace(self) -> None:
        if (key := self.some_of_ours("profiles")) is not None:
            self.tell(f"by hand: profile {key} faster or slower")
            self.vendor.patch("profiles", key, amount_per_period=str(self.rng.choice([1, 50, 500])))

    def hand_dates(self) -> None:
        if (key := self.some_of_ours("campaigns")) is not None:
            end = self.operator.now().date() + dt.timedelta(days=self.rng.randint(0, 40))
            self.tell(f"by hand: campaign {key} ends {end}")
            self.vendor.patch("campaigns", key, end_date=end.isoformat())

    def hand_address(self) -> None:
        if (key := self.some_of_ours("campaigns")) is not None:
            field = self.rng.choice(["start_url", "result_url"])
            self.tell(f"by hand: campaign {key} {field}")
            self.vendor.patch("campaigns", key, **{field: "https://by-hand.example/"})

    def hand_stop(self) -> None:
        if (key := self.some_of_ours("campaigns")) is not None:
            self.tell(f"by hand: campaign {key} stopped")
            self.vendor.post("campaigns/stop", campaign_id=str(key))

    def hand_delete(self) -> None:
        kind = self.rng.choice(["campaigns", "campaigns", "schedules", "profiles"])
        if (key := self.some_of_ours(kind)) is not None:
            self.tell(f"by hand: {kind} {key} deleted")
            self.vendor.delete(kind, key)

    def hand_stranger(self) -> None:
        """A stranger's campaign that uses a schedule of ours."""
        if (key := self.some_of_ours("schedules")) is not None:
            self.tell(f"by hand: a stranger uses schedule {key}")
            window = {"profile": "theirs", "start_time": "09:00", "end_time": "10:00"}
            made = self.vendor.post(
                "campaigns", start_date="2027-01-04", end_date="2027-01-29", schedule=str(key),
                profiles=json.dumps([window]), start_url="https://theirs.example/",
            )  # fmt: skip
            if "response" in made:
                self.judge.adopt_stranger("campaigns", made["response"]["id"])

    # Trouble

    def fault(self) -> None:
        rng = self.rng
        action = rng.choice(
            [
                "reset",
                "reset",
                "reset",
                "status",
                "retry_after",
                "truncate",
                "html",
                "empty",
                "lag",
                "lag",
                "timeout",
            ]
        )
        method = rng.choice(["POST", "POST", "POST", "PATCH", "DELETE", None, "GET"])
        fault: dict[str, Any] = {
            "vendor": "plum", "action": action, "method": method, "when": rng.choice(["before", "after"]),
            "nth": rng.randint(1, 4), "count": rng.choice([1, 1, 1, 2, 4]),
        }  # fmt: skip
        if method == "POST" and rng.random() < 0.6:
            fault["path"] = rng.choice(
                ["^/campaigns$", "add-calls", "start", "stop", "^/(schedules|profiles)$"]
            )
            fault["nth"] = 1
        if action == "status":
            fault["status"] = rng.choice([500, 502, 503, 504, 408, 429])
        if action == "retry_after":
            fault |= {"seconds": 0, "when": "before"}
        if action == "lag":
            fault |= {
                "method": "POST",
                "path": "^/(campaigns|schedules|profiles)$",
                "reads": rng.randint(1, LONGEST_LAG),
            }
        if action == "timeout" and fault["method"] in {None, "GET"}:
            fault |= {"method": "POST", "count": 1}
        self.sandbox.faults(fault)
        self.faulty = True
        self.tell(f"fault {fault}")

    def die(self) -> None:
        self.dying = (self.rng.randint(1, 12), self.rng.random() < 0.5)
        self.apply_some()

    def trouble(self) -> None:
        self.fault()
        self.apply_some()

    def lose_growth(self) -> None:
        """A list grows, and the reply to the sending is lost; then everything is tried again."""
        self.grow()
        self.project.write(self.operator.root)
        self.lose("add-calls")

    def lose_start(self) -> None:
        """A campaign is to start, and the reply is lost; then everything is tried again."""
        name = self.some_campaign()
        if name is None:
            return
        self.project.campaigns[name]["state"] = "running"
        if self.rng.random() < 0.5:
            self.project.new_run(name)
        self.tell(f"{name}: running, run {self.project.campaigns[name]['run']}")
        self.project.write(self.operator.root)
        self.lose("start")

    def lose(self, path: str) -> None:
        """The reply to one request is lost, whether it was carried out or not; applies go on."""
        when = self.rng.choice(["before", "after"])
        action = self.rng.choice(["reset", "html", "status"])
        fault = {"vendor": "plum", "action": action, "path": f"^/campaigns/{path}$", "when": when, "count": 1}
        self.sandbox.faults(fault)
        self.faulty = True
        self.tell(f"fault {fault}")
        self.apply(EVERYTHING)
        self.edit()
        self.apply_some()

    def wait(self) -> None:
        seconds = self.rng.choice([60, 3600, 4 * 3600, 86400, 7 * 86400])
        self.sandbox.clock(advance=seconds)
        self.tell(f"{seconds} seconds pass")


STEPS: dict[Callable[[Life], None], int] = {
    Life.edit: 30, Life.by_hand: 9, Life.fault: 6, Life.trouble: 12, Life.lose_growth: 6, Life.lose_start: 6,
    Life.die: 6, Life.apply_some: 18, Life.wait: 8,
    Life.resolve_somehow: 5, Life.stop_one: 2, Life.silence: 1, Life.release: 2, Life.look_for_drift: 4,
}  # fmt: skip
EDITS: tuple[Callable[[Life], None], ...] = (
    Life.grow, Life.grow, Life.grow, Life.shrink, Life.begin_run, Life.go_back, Life.change_state, Life.change_state,
    Life.change_settings, Life.change_settings, Life.change_settings, Life.change_days, Life.change_pace,
    Life.add_campaign, Life.remove_campaign, Life.rename, Life.suppress, Life.suppress, Life.unsuppress,
    Life.suppress_elsewhere, Life.suppress_anew, Life.come_back,
)  # fmt: skip
HANDS: tuple[Callable[[Life], None], ...] = (
    Life.hand_days, Life.hand_rename, Life.hand_pace, Life.hand_dates, Life.hand_address, Life.hand_stop,
    Life.hand_delete, Life.hand_stranger,
)  # fmt: skip
