"""Jobs that a vendor takes and goes on with: polled to their end, and taken up again whenever we died."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from msgspec.structs import replace
from reconciler.engine.account import Account
from reconciler.engine.observe import observe
from reconciler.model.kind import Lookup, OperationSpec
from reconciler.model.outcome import Outcome, Pending
from reconciler.model.state import Hold, HoldChanged, Operation, Result
from reconciler.providers.base import SendableContact, Sending
from reconciler.testing.fakes import CAMPAIGN, Call, FakeKind, FakeProvider, FakeVendor
from reconciler.transport.client import Client

from .stage import NOW, Stage

STAGED = replace(
    CAMPAIGN,
    batch=10,
    operations=tuple(
        OperationSpec(Operation.APPEND, Lookup.NONE, staged=True)
        if item.operation is Operation.APPEND
        else item
        for item in CAMPAIGN.operations
    ),
)


class JobKind(FakeKind):
    """People are added in two jobs: a file is taken in, and then appended by a request of its own."""

    files: dict[str, list[str]]

    def append(
        self, client: Client, remote_id: str, sending: Sending, contacts: Sequence[SendableContact]
    ) -> Outcome | Pending:
        """Take the file in."""
        del client, sending
        numbers = [contact.number for contact in contacts]
        before = len(self._at(remote_id).queued)
        self.vendor.write(Call("campaign", "upload", remote_id), lambda: None)
        self.files[f"f{len(self.files)}"] = numbers
        return Pending(f"file f{len(self.files) - 1} {before} {len(numbers)}", 0.0)

    def poll(self, client: Client, remote_id: str, handle: str) -> Outcome | Pending:
        """Once the file is there, its append is announced; of that, the count tells."""
        del client
        stage, name, before, count = handle.split()
        self.vendor.write(Call("campaign", "poll", remote_id), lambda: None)
        if stage == "file":
            return Pending(f"append {name} {before} {count}", 0.0, announces=True)
        queued = len(self._at(remote_id).queued)
        done = queued == int(before) + int(count)
        return Outcome(
            Result.DONE if done else Result.UNKNOWN, f"{queued} people", facts={"seen": str(queued)}
        )

    def proceed(self, client: Client, remote_id: str, handle: str) -> Outcome | Pending:
        """Append it; the vendor takes every file it is given, however often."""
        del client
        numbers = self.files[handle.split()[1]]

        def act() -> None:
            self._at(remote_id).queued.extend(numbers)

        outcome = self.vendor.write(Call("campaign", "proceed", remote_id), act)
        self.vendor.before(Call("campaign", "proceeded", remote_id))
        return Pending(handle.replace("append", "wait"), 0.0) if outcome.done else outcome


class JobProvider(FakeProvider):
    """A vendor whose campaigns are filled by jobs."""

    def __init__(self, vendor: FakeVendor, files: dict[str, list[str]]) -> None:
        super().__init__(vendor)
        kind = JobKind(vendor, STAGED)
        kind.files = files
        self.kinds = {**self.kinds, "campaign": kind}


class JobStage(Stage):
    """A stage at such a vendor."""

    def __init__(self) -> None:
        super().__init__()
        self.files: dict[str, list[str]] = {}

    def _account(self, name: str) -> Account:
        return replace(super()._account(name), provider=JobProvider(self.vendors[name], self.files))


class Killed(BaseException):
    """The process is gone."""


def die_at(stage: JobStage, verb: str) -> None:
    """Die once, before a call is made or after one was."""
    left = [verb]

    def before(call: Call) -> None:
        if left and call.verb == left[0]:
            left.clear()
            raise Killed

    stage.vendor.before = before


def killed(stage: JobStage) -> None:
    """An apply that is killed; the next one is another process."""
    with pytest.raises(Killed):
        stage.apply()
    stage.stop.clear()


def test_a_job_is_followed_to_its_end() -> None:
    """Everybody is in it, what the vendor told is known, and nothing is open."""
    stage = JobStage()
    assert stage.apply()["campaign append"] == "done"
    assert len(stage.vendor.thing("campaign").queued) == 5
    assert stage.record().facts["seen"] == "5"
    assert not stage.open_intents()
    assert stage.vendor.asked("proceed") == ["proceed campaign"]


@pytest.mark.parametrize("verb", ["upload", "poll", "proceed", "proceeded"])
def test_whoever_dies_while_it_lasts_queues_nobody_twice(verb: str) -> None:
    """Killed before or after any request of a job: after the next applies everybody is queued once, and rung once."""
    stage = JobStage()
    die_at(stage, verb)
    killed(stage)
    stage.apply()
    stage.apply()
    assert sorted(stage.vendor.thing("campaign").queued) == sorted(stage.rows["people"].numbers)
    assert sorted(stage.vendor.rung) == sorted(stage.rows["people"].numbers)
    assert not stage.open_intents()


@pytest.mark.parametrize("verb", ["upload", "poll", "proceed", "proceeded"])
def test_growth_that_is_cut_off_is_never_sent_twice(verb: str) -> None:
    """Of an armed run a request that may have left is looked for, and if it does not show, stays open."""
    stage = JobStage()
    stage.apply()
    stage.rows["people"].numbers.append("+12015550199")
    die_at(stage, verb)
    killed(stage)
    stage.apply()
    stage.apply()
    queued = stage.vendor.thing("campaign").queued
    lost = verb == "proceed"
    assert sorted(queued) == sorted(stage.rows["people"].numbers[: -1 if lost else None])
    assert [intent.operation for intent in stage.open_intents()] == ([Operation.APPEND] if lost else [])


def test_planning_asks_and_goes_on_with_nothing() -> None:
    """A look at a job writes neither at the vendor nor in the state; what it shows as done is planned with."""
    stage = JobStage()
    die_at(stage, "proceeded")
    killed(stage)
    serial, asked = stage._open().serial, len(stage.vendor.asked("proceed"))
    (intent,) = stage.open_intents()
    assert intent.handle.startswith("append")
    (entry,) = stage.recovery().peek(stage._open().snapshot, observe(stage.accounts.values()))
    assert entry.result is Result.DONE
    assert stage._open().serial == serial
    assert len(stage.vendor.asked("proceed")) == asked


def test_a_hold_stops_a_job_before_people_are_added() -> None:
    """A brake that is set while a file is under way: the file is taken in, and nobody is added by it."""
    stage = JobStage()

    def brake(call: Call) -> None:
        if call.verb == "upload":
            time = NOW.isoformat()
            stage._open().write(HoldChanged(Hold("stop", "me", time), time, "me", "stop"))

    stage.vendor.before = brake
    assert stage.apply()["campaign append"] == "held"
    assert stage.vendor.thing("campaign").queued == []
    assert stage.vendor.asked("proceed") == []
    (intent,) = stage.open_intents()
    assert intent.handle.startswith("file")
