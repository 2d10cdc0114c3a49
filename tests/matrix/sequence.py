"""A project's life at any vendor by chance: edits, hands, faults, deaths and time between applies, then peace.

What is asserted is what the vendor's books show: in every run each person is queued at most once in what was ever
armed, and called at most once; who is suppressed when queued is never called; strangers' objects are as they were;
and in the end, with every question answered, a plan is empty. All of it follows from a seed.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from reconciler.backends.local import LocalBackend
from reconciler.errors import ProjectError, ReconcilerError
from reconciler.model.state import Intent, Operation
from reconciler.model.unknowns import Answer
from reconciler.planning.settling.answers import settles_itself
from reconciler.sandbox import Sandbox
from reconciler.state.people import decode_people
from reconciler.workflow.resolve import resolve
from reconciler.workflow.workspace import Workspace, open_workspace

from .cases import FAULTS, Fault
from .hands import DEEDS
from .peace import Ended, Site
from .run import arm
from .scenarios import DAY, Scenario, campaign, nothing
from .spoil import Spoiler, stand_in
from .vendors import Hands, Vendor

STATES = ("draft", "running", "running", "running", "stopped")
SETTLING = 4
"""So many applies without faults must be enough."""

QUICK = [
    fault
    for fault in FAULTS.values()
    if (fault.sandbox or fault.wire) and fault.timeout > 1 and fault.wire != "clock"
]


class Died(BaseException):
    """The process is no more."""


class Sequence:
    """One life."""

    def __init__(self, seed: int, root: Path, sandbox: Sandbox, vendor: Vendor) -> None:
        self.rng = random.Random(f"{vendor.name} {seed}")
        options = self.rng.choice(vendor.options)
        consents = ("end-run", "delete", "replace", "rerun", "shrink", "people")
        life = Scenario("life", nothing, nothing, allow=consents)
        self.site = Site(root, sandbox, vendor, life, options)
        self.told: list[str] = []
        self.runs = 1
        self.fresh = 40
        self.suppressed: set[str] = set()
        self.wanted: Counter[str] = Counter()
        """How often somebody may be called by now: once for each run that was in force with them in its list."""
        self.named: set[tuple[int, str]] = set()

    def live(self, steps: int) -> None:
        """So many steps, then peace; a failure tells the whole life."""
        try:
            self.site.folder.write()
            self.apply()
            for _ in range(steps):
                step = self.rng.choices(list(STEPS), list(STEPS.values()))[0]
                step(self)
                self.judge()
            self.find_peace()
        except BaseException as error:
            error.add_note("this life:\n  " + "\n  ".join(self.told))
            raise

    # Commands

    def apply(self, work: Callable[[], Ended] | None = None) -> Ended | None:
        """Apply once more, whatever befalls it."""
        self.remember()
        try:
            ended = (work or self.site.apply)()
        except Died:
            self.told.append("apply, and died")
            return None
        self.told.append(f"apply: exit {ended.code} {ended.said}")
        self.judge()
        return ended

    def remember(self) -> None:
        """Who may be called from now on, and who may not, by the files that this apply reads."""
        folder = self.site.folder
        self.suppressed |= set(folder.blacklist)
        for number in folder.numbers:
            self.named.add((self.runs, number))

    def spoiled(self) -> None:
        """An apply that meets a fault at a request by chance."""
        fault, number = self.rng.choice(QUICK), self.rng.randint(1, 14)
        lasting = self.rng.random() < 0.3
        spoiler = ByNumber(stand_in(self.site.sandbox, self.site.vendor), number=number, lasting=lasting)
        spoiler.connection = fault.wire if fault.wire in {"refused", "name", "tls"} else ""
        spoiler.before = lambda: self.befall(spoiler, fault)
        self.told.append(f"{fault.name} at request {number}{', lasting' if lasting else ''}")
        with spoiler.at_work():
            self.apply()
        self.site.sandbox.clear_faults()

    def befall(self, spoiler: ByNumber, fault: Fault) -> None:
        self.told.append(f"  {fault.name}: {spoiler.names[-1]}")
        if fault.sandbox is not None:
            arm(self.site, spoiler.names[-1], fault)

    def die(self) -> None:
        """An apply whose process is gone at one of its state writes."""
        left, after = self.rng.randint(1, 12), self.rng.random() < 0.5
        self.told.append(f"dies {'after' if after else 'before'} state write {left}")
        with dying(left, after=after):
            self.apply()

    def resolve(self) -> None:
        """Answer every question that apply cannot, as the vendor's own books say."""
        try:
            with open_workspace(self.site.options_of()) as workspace:
                snapshot = workspace.journal.snapshot
                for intent in tuple(snapshot.intents.values()):
                    if not settles_itself(intent, snapshot.records.get(intent.key)):
                        answer = self.truth(workspace, intent)
                        self.told.append(f"resolve {intent.operation.value}: {answer.value}")
                        resolve(workspace, [(intent, answer)], "looked into the vendor's books")
        except (ReconcilerError, ProjectError) as error:
            self.told.append(f"resolve: {error}")

    def truth(self, workspace: Workspace, intent: Intent) -> Answer:
        """As the vendor's books have it, once whatever the vendor is still at has come to its end."""
        self.site.sandbox.clock(advance=600)
        record = workspace.journal.record(intent.key)
        campaigns = self.known_as(str(record.remote_id)) if record is not None else set()
        if intent.operation is Operation.START or intent.contacts is None:
            happened = bool(campaigns & self.site.armed())
        else:
            meant = decode_people(workspace.journal.read_blob(intent.contacts)).keys()
            queued = {
                item.number for item in self.site.sandbox.ledger.queued if item.campaign_id in campaigns
            }
            happened = any(workspace.digester.exact(number) in meant for number in queued)
        return Answer.HAPPENED if happened else Answer.DID_NOT_HAPPEN

    def known_as(self, remote_id: str) -> set[int]:
        """The campaigns that the ledger means by an id of the vendor's, however that is spelt."""
        there = self.site.sandbox.state()[self.site.vendor.name]["campaigns"]
        return {
            int(item["id"])
            for item in there
            if remote_id in {item.get("hash"), str(item["id"]), str(item["id"]).lstrip("0")}
        }

    # Edits and time

    def edit(self) -> None:
        change = self.rng.choice(EDITS)
        change(self)
        self.site.folder.write()

    def grow(self) -> None:
        count = self.rng.randint(1, 3)
        self.site.folder.numbers = [
            *self.site.folder.numbers,
            *self.site.vendor.people(count, first=self.fresh),
        ]
        self.fresh += count
        self.told.append(f"grow by {count}")

    def shrink(self) -> None:
        self.site.folder.numbers = [*self.site.folder.numbers[1:]]
        self.told.append("somebody leaves")

    def suppress(self) -> None:
        self.site.folder.blacklist = [
            *self.site.folder.blacklist,
            self.rng.choice(list(self.site.folder.numbers)),
        ]
        self.told.append("somebody is suppressed")

    def change_state(self) -> None:
        state = self.rng.choice(STATES)
        campaign(state=state)(self.site.folder)
        self.told.append(f"state {state}")

    def begin_run(self) -> None:
        self.runs += 1
        campaign(run=f"run {self.runs}", state="running")(self.site.folder)
        self.told.append(f"run {self.runs}")

    def meddle(self) -> None:
        """Somebody does something to a campaign of ours at the vendor; what nobody armed is not set going by it."""
        ours = {item.id for item in self.site.ours() if item.kind == "campaign"}
        there = self.site.sandbox.state()[self.site.vendor.name]["campaigns"]
        campaigns = [item for item in there if int(item["id"]) in ours]
        if not campaigns:
            return
        chosen, deed = self.rng.choice(campaigns), self.rng.choice(DEEDS[self.site.vendor.name])
        if deed.wakes and int(chosen["id"]) not in self.site.armed():
            return
        self.told.append(f"somebody {deed.name}: campaign {chosen['id']}")
        try:
            deed.do(Hands(self.site.sandbox, self.site.vendor.name), chosen)
        except (httpx.HTTPStatusError, KeyError):
            self.told.append("  the vendor refuses that")

    def wait(self) -> None:
        seconds = self.rng.choice([3600, 4 * 3600, DAY, 3 * DAY])
        self.site.sandbox.clock(advance=seconds)
        self.told.append(f"{seconds} seconds pass")

    # Judging

    def judge(self) -> None:
        """What must hold at any moment."""
        may = Counter(number for _, number in self.named)
        queued, called = self.site.queued(self.site.armed()), self.site.called()
        assert not queued - may, f"queued again in a run: {queued - may}"
        assert not called - may, f"called again in a run: {called - may}"
        assert not self.site.touched(), self.site.touched()
        first = self.site.folder.vendor.people(12)[3]
        assert not called[first], "called though suppressed from the beginning"

    def find_peace(self) -> None:
        """Without faults, with every question answered, some applies leave nothing to do but what needs consent."""
        self.site.sandbox.clear_faults()
        for _ in range(SETTLING):
            self.resolve()
            self.apply()
        self.resolve()
        plan = self.site.plan()
        assert plan.plan is not None, plan
        assert not plan.plan.unknowns, plan.plan.unknowns
        left = [item for item in plan.plan.changes if not item.held]
        assert not left, left
        self.site.sandbox.clock(advance=100 * DAY)
        self.judge()


class ByNumber(Spoiler):
    """Spoils the n-th request, whichever it is."""

    def is_chosen(self, name: str, number: int) -> bool:
        del name, number
        at = len(self.names)
        return at >= self.number if self.lasting else at == self.number


@contextmanager
def dying(left: int, *, after: bool) -> Iterator[None]:
    """The n-th append is the last thing that this process does."""
    append = LocalBackend.append
    done = [0]

    def mortal(backend: LocalBackend, *given: object) -> str:
        done[0] += 1
        if done[0] > left or (done[0] == left and not after):
            raise Died
        head = append(backend, *given)  # type: ignore[arg-type]
        if done[0] == left:
            raise Died
        return head

    LocalBackend.append = mortal  # type: ignore[method-assign]
    try:
        yield
    finally:
        LocalBackend.append = append  # type: ignore[method-assign]


STEPS: dict[Callable[[Sequence], object], int] = {
    Sequence.edit: 30, Sequence.apply: 20, Sequence.spoiled: 25, Sequence.die: 10, Sequence.meddle: 15,
    Sequence.wait: 8, Sequence.resolve: 7,
}  # fmt: skip
EDITS: tuple[Callable[[Sequence], None], ...] = (
    Sequence.grow, Sequence.grow, Sequence.grow, Sequence.shrink, Sequence.suppress, Sequence.change_state,
    Sequence.change_state, Sequence.begin_run,
)  # fmt: skip
