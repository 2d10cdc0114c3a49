"""Applies against a vendor in memory: orders, outcomes, faults at each point, and what is read when."""

from __future__ import annotations

import copy
import threading
from collections.abc import Callable
from contextlib import suppress

import pytest
from msgspec.structs import replace
from reconciler.backends.memory import Fault
from reconciler.errors import StateError, StateLocked
from reconciler.model.address import Address, ObjectKey
from reconciler.model.resource import Desired
from reconciler.model.state import Hold, HoldChanged, Operation, Phase, Result
from reconciler.model.value import Reference
from reconciler.testing.fakes import Call

from .stage import DONE, NOW, Rows, Stage

FIRST = [
    "create schedule",
    "create campaign",
    "append campaign",
    "append campaign",
    "append campaign",
    "start campaign",
]
WRITES = 14
"""Appends to the state of a first apply, at most."""


def at(verb: str, act: Callable[[], None], nth: int = 1) -> Callable[[Call], None]:
    """Do something at the n-th call of a verb, before the vendor sees it."""
    left = [nth]

    def before(call: Call) -> None:
        left[0] -= call.verb == verb
        if left[0] == 0 and call.verb == verb:
            act()

    return before


def nobody_twice(stage: Stage) -> None:
    """Everybody was called once, by one campaign."""
    assert sorted(stage.vendor.rung) == sorted(stage.rows["people"].numbers)
    assert len([item for item in stage.vendor.objects.values() if item.kind == "campaign"]) == 1


def test_order_of_a_first_apply() -> None:
    """What is needed comes first, people come in batches, and arming comes last; then nothing is left to do."""
    stage = Stage()
    assert set(stage.apply().values()) == {DONE}
    assert stage.vendor.asked() == FIRST
    assert stage.apply() == {}
    assert stage.record().phase is Phase.ARMED
    assert sum(ref.count for ref in stage.record().sent) == 5
    assert not stage.open_intents()


@pytest.mark.slow
@pytest.mark.parametrize("fault", list(Fault))
@pytest.mark.parametrize("number", range(1, WRITES + 1))
def test_state_that_fails_at_any_write(fault: Fault, number: int) -> None:
    """Where a write of the state fails, stored or not, the next applies call everybody once."""
    stage = Stage()
    appends = stage.backend.append
    left = [number]

    def append(lines: object, head: str, blobs: object = ()) -> str:
        left[0] -= 1
        if left[0] == 0:
            stage.backend.fail_next_append(fault)
        return appends(lines, head, blobs)  # type: ignore[arg-type]

    stage.backend.append = append  # type: ignore[assignment,method-assign]
    with suppress(StateError):
        stage.apply()
    stage.stop.clear()
    for _ in range(2):
        stage.apply()
    starts = [intent for intent in stage.open_intents() if intent.operation is Operation.START]
    if starts:
        assert stage.vendor.asked("start") in ([], ["start campaign"])
    else:
        nobody_twice(stage)


def test_nothing_is_sent_after_the_state_failed() -> None:
    """A disk that is full ends everything: of many changes of a wave only those under way are sent."""
    stage = Stage(concurrency=1)
    stage.campaigns = {f"c{number:02}": {"state": Desired.DRAFT} for number in range(20)}
    stage.vendor.before = at("create", lambda: stage.backend.fail_next_append(Fault.BEFORE), 3)
    with pytest.raises(StateError):
        stage.apply()
    assert len(stage.vendor.asked("create")) <= 5
    stage.stop.clear()
    stage.apply()
    stage.apply()
    assert len(stage.vendor.objects) == 21


def test_nothing_new_is_sent_after_a_signal() -> None:
    """After the first signal only what is under way ends; what was announced and not sent is written down so."""
    stage = Stage(concurrency=1)
    stage.campaigns = {f"c{number:02}": {"state": Desired.DRAFT} for number in range(20)}
    stage.vendor.before = at("create", stage.stop.set, 4)
    ended = stage.apply()
    assert len(stage.vendor.asked("create")) == 4
    assert list(ended.values()).count("skipped") >= 1
    assert not stage.open_intents()


@pytest.mark.slow
def test_every_change_has_a_step_after_a_signal() -> None:
    """Whenever the signal comes, each change has its end."""
    for verb, nth in (("read", 1), ("read", 3), ("create", 1), ("append", 2), ("start", 1)):
        stage = Stage()
        stage.vendor.before = at(verb, stage.stop.set, nth)
        assert len(stage.apply()) == 4
        stage.stop.clear()
        stage.vendor.before = lambda _call: None
        stage.apply()
        nobody_twice(stage)


def test_lease_lost_in_mid_apply() -> None:
    """Once the lease is somebody else's, nothing more is sent, whatever was announced."""
    stage = Stage(concurrency=1)
    stage.campaigns = {f"c{number:02}": {"state": Desired.DRAFT} for number in range(20)}
    stage.vendor.before = at("create", lambda: stage.backend.break_lease() and None, 3)
    with pytest.raises(StateLocked):
        stage.apply()
    assert len(stage.vendor.asked("create")) <= 5


@pytest.mark.parametrize("verb", ["create", "append", "start"])
def test_hold_set_in_mid_apply(verb: str) -> None:
    """A hold that comes while an apply is at work keeps everything from then on from queueing or arming anybody."""
    stage = Stage()
    hold = HoldChanged(Hold("wrong list", "ann", NOW.isoformat()), NOW.isoformat(), "ann", "wrong list")
    stage.vendor.before = at(verb, lambda: stage._open().write(hold))
    ended = stage.apply()
    later = [item for item in stage.vendor.asked() if item.split()[0] in {"append", "start"}]
    assert len(later) == {"create": 0, "append": 1, "start": 4}[verb]
    assert ("held" in ended.values()) == (verb != "start")


def test_hold_set_in_mid_apply_keeps_windows_narrow() -> None:
    """A hold that comes while an apply is at work also keeps a run from getting wider."""
    stage = Stage()
    stage.apply()
    stage.changed(end_date="2027-01-29")
    hold = HoldChanged(Hold("stop", "ann", NOW.isoformat()), NOW.isoformat(), "ann", "stop")
    stage.between = lambda: stage._open().write(hold)
    assert stage.apply() == {"campaign update": "held"}
    assert stage.vendor.thing("campaign").fields["end_date"] == "2027-01-20"


@pytest.mark.parametrize("acts", [True, False])
@pytest.mark.parametrize("call", ["create schedule", "create campaign", "append campaign"])
def test_lost_replies_while_inert_converge(call: str, acts: bool) -> None:
    """Before a run is armed every lost reply is settled by looking, or by making the run again."""
    stage = Stage()
    stage.vendor.trouble(call, Result.UNKNOWN, acts=acts)
    stage.apply()
    for _ in range(2):
        stage.apply()
    assert not stage.open_intents()
    nobody_twice(stage)


@pytest.mark.parametrize("acts", [True, False])
def test_lost_start_is_never_repeated(acts: bool) -> None:
    """A start without a reply stays open, and is not sent again by itself."""
    stage = Stage()
    stage.vendor.trouble("start campaign", Result.UNKNOWN, acts=acts)
    for _ in range(3):
        stage.apply()
    assert stage.vendor.asked("start") == ["start campaign"]
    assert [intent.operation for intent in stage.open_intents()] == [Operation.START]


@pytest.mark.parametrize("acts", [True, False])
def test_lost_growth_is_never_repeated(acts: bool) -> None:
    """Once armed, people whose queueing got no reply count as sent."""
    stage = Stage()
    stage.apply()
    stage.rows["people"] = Rows([*stage.rows["people"].numbers, "+12015550190"])
    stage.vendor.trouble("append campaign", Result.UNKNOWN, acts=acts)
    for _ in range(3):
        stage.apply()
    assert len(stage.vendor.asked("append")) == 4
    assert [intent.operation for intent in stage.open_intents()] == [Operation.APPEND]


@pytest.mark.parametrize("acts", [True, False])
@pytest.mark.parametrize("verb", ["update", "stop", "delete"])
def test_lost_replies_that_repeat(verb: str, acts: bool) -> None:
    """An update, a stop or a deletion without a reply is done again until the vendor confirms or shows it."""
    stage = Stage()
    stage.changed(state=Desired.DRAFT if verb == "delete" else Desired.RUNNING)
    stage.apply()
    wish = {"update": {"end_date": "2027-01-10"}, "stop": {"state": Desired.STOPPED}, "delete": {}}
    stage.changed(**wish[verb])
    if verb == "delete":
        stage.rows["people"] = Rows(stage.rows["people"].numbers[:4])
        stage.allow = ("shrink",)
    stage.vendor.trouble(f"{verb} campaign", Result.UNKNOWN, acts=acts)
    for _ in range(3):
        stage.apply()
    assert not stage.open_intents()
    assert stage.apply() == {}


def test_later_batch_refused() -> None:
    """Where a later batch is refused nothing is armed, and what was queued stays known: only the rest is sent again."""
    stage = Stage()
    stage.vendor.before = at("append", lambda: stage.vendor.trouble("append campaign", Result.REFUSED), 2)
    ended = stage.apply()
    assert ended["campaign append"] == "failed"
    assert ended["campaign start"] == "skipped"
    assert sum(ref.count for ref in stage.record().sent) == 2
    stage.vendor.before = lambda _call: None
    stage.apply()
    nobody_twice(stage)


def test_done_without_an_id_is_looked_for() -> None:
    """A create that is confirmed without an id is found by its marker, and not made twice."""
    stage = Stage()
    stage.vendor.ids = iter(["1", ""])  # type: ignore[assignment]
    stage.apply()
    assert stage.vendor.asked("create") == ["create schedule", "create campaign"]


def test_rows_that_are_missing_keep_a_run_from_starting() -> None:
    """Fewer rows than people who were planned: the append fails, and nothing is armed."""
    stage = Stage()
    stage.between = lambda: stage.rows.update(people=Rows(stage.rows["people"].numbers[:3]))
    ended = stage.apply()
    assert ended["campaign append"] == "failed"
    assert not stage.vendor.rung


# Quieter first, and by itself


def test_quieter_part_needs_nothing() -> None:
    """Of a change that shortens a run and moves it to a schedule not made yet, the shortening goes first, alone."""
    stage = Stage()
    stage.apply()
    other = ObjectKey(Address("fake", "schedule", "other"))
    stage.changed(end_date="2027-01-10", schedule=Reference(other))
    made = stage.wanted

    def wanted() -> tuple[object, ...]:
        schedule, campaign = made()
        fresh = replace(schedule, key=other, fields={"nickname": "other", "days": "mon"}, natural_key="other")
        return (schedule, fresh, replace(campaign, depends_on=(other,)))

    stage.wanted = wanted  # type: ignore[assignment,method-assign]
    before = len(stage.vendor.asked())
    ended = stage.apply()
    assert set(ended.values()) == {DONE}, ended
    assert stage.vendor.asked()[before:] == ["update campaign", "create schedule", "update campaign"]
    first = next(call for call in stage.vendor.calls if call.verb == "update")
    assert first.fields == ("end_date",)
    assert stage.apply() == {}


def test_quieter_part_brings_nothing_louder() -> None:
    """A vendor that takes the whole object with each change gets what is quieter first, all else as it was."""
    stage = Stage()
    stage.apply()
    seen: list[object] = []

    def before(call: Call) -> None:
        if call.verb == "update":
            seen.append(dict(stage.vendor.thing("campaign").fields))

    stage.vendor.before = before
    stage.changed(end_date="2027-01-10", script="b")
    assert stage.apply() == {"campaign quieten": DONE, "campaign update": DONE}
    assert [item["script"] for item in seen] == ["a", "a"]  # type: ignore[index]
    assert stage.vendor.thing("campaign").fields["script"] == "b"
    assert stage.apply() == {}


@pytest.mark.parametrize("result", [Result.REFUSED, Result.NOT_SENT, Result.UNKNOWN])
def test_louder_part_brings_the_quieter_along(result: Result) -> None:
    """Where the quieter part of a change fails alone, the rest brings it along; nothing gets louder without it."""
    stage = Stage()
    stage.apply()
    stage.changed(end_date="2027-01-10", script="b")
    stage.rows["people"] = Rows([*stage.rows["people"].numbers, "+12015550190"])
    stage.vendor.trouble("update campaign", result)
    assert set(stage.apply().values()) == {DONE}
    updates = [call.fields for call in stage.vendor.calls if call.verb == "update"]
    assert updates == [("end_date",), ("end_date", "script")]
    assert stage.apply() == {}


def test_louder_part_does_not_go_without_the_quieter() -> None:
    """Where both are refused, the object is as it was, nobody more is queued, and every change has its end."""
    stage = Stage()
    stage.apply()
    stage.changed(end_date="2027-01-10", script="b")
    stage.rows["people"] = Rows([*stage.rows["people"].numbers, "+12015550190"])
    stage.vendor.trouble("update campaign", Result.REFUSED, times=2)
    ended = stage.apply()
    assert ended == {"campaign quieten": "failed", "campaign update": "failed", "campaign append": "skipped"}
    assert stage.vendor.thing("campaign").fields["script"] == "a"


def test_louder_part_waits_while_the_quieter_is_unknown() -> None:
    """While nobody knows how the quieter part ended, and the vendor cannot be asked, the rest is not made."""
    stage = Stage()
    stage.apply()
    stage.changed(end_date="2027-01-10", script="b")
    stage.vendor.trouble("update campaign", Result.UNKNOWN)
    stage.between = lambda: stage.vendor.trouble("read campaign", Result.UNKNOWN)
    ended = stage.apply()
    assert ended == {"campaign quieten": "unknown", "campaign update": "skipped"}
    assert len(stage.vendor.asked("update")) == 1


def test_stop_goes_out_though_nothing_can_be_read() -> None:
    """A stop is sent at once, without reading first, although the vendor cannot be read any more."""
    stage = Stage()
    stage.apply()
    stage.changed(state=Desired.STOPPED)
    stage.between = lambda: stage.vendor.trouble("read campaign", Result.UNKNOWN, times=9)
    reads = len([call for call in stage.vendor.calls if call.verb == "read"])
    assert stage.apply() == {"campaign stop": DONE}
    assert len([call for call in stage.vendor.calls if call.verb == "read"]) == reads + 2


# What differs just before the write


def test_unreadable_between_waves() -> None:
    """Where a vendor cannot be read before people are sent, they are not, and the next apply goes on."""
    stage = Stage()
    stage.vendor.before = at("create", lambda: stage.vendor.trouble("read campaign", Result.UNKNOWN), 2)
    ended = stage.apply()
    assert ended["campaign append"] == "failed"
    assert not stage.vendor.asked("append")
    stage.apply()
    nobody_twice(stage)


@pytest.mark.parametrize("kind", ["campaign", "schedule"])
@pytest.mark.parametrize("meanwhile", ["planned", "filled"])
def test_hand_change_before_arming(kind: str, meanwhile: str) -> None:
    """A run is not armed if it, or the schedule that it uses, was changed by hand since it was planned."""
    stage = Stage()
    stage.changed(state=Desired.DRAFT)
    stage.apply()
    stage.changed(state=Desired.RUNNING)
    stage.rows["people"] = Rows([*stage.rows["people"].numbers, "+12015550190"])
    field = {"campaign": "end_date", "schedule": "days"}[kind]

    def hand() -> None:
        stage.vendor.thing(kind).fields[field] = "z"

    if meanwhile == "planned":
        stage.between = hand
    else:
        stage.vendor.before = at("append", hand)
    assert stage.apply()["campaign start"] == "stale"
    assert not stage.vendor.rung


def test_copy_by_hand_before_arming() -> None:
    """Two objects that bear a run's marker: neither is started."""
    stage = Stage()

    def by_hand() -> None:
        twin = copy.copy(stage.vendor.thing("campaign"))
        twin.remote_id, twin.queued = "99", []
        stage.vendor.objects["99"] = twin

    stage.vendor.before = at("append", by_hand)
    assert stage.apply()["campaign start"] == "stale"
    assert not stage.vendor.rung


def test_an_id_of_something_else_is_not_believed() -> None:
    """A create whose reply names the id of another run: nobody is queued there."""
    stage = Stage()
    stage.apply()
    rung = list(stage.vendor.rung)
    stage.campaigns["feb"] = {}
    wrong = stage.record("jan").remote_id
    stage.vendor.ids = iter([wrong])  # type: ignore[assignment]
    kept = stage.vendor.objects[str(wrong)]

    def restore() -> None:
        stage.vendor.objects[str(wrong)] = kept

    stage.vendor.before = lambda call: restore() if call.verb == "read" else None
    ended = stage.apply()
    assert ended["campaign append"] == "stale", ended
    assert stage.vendor.rung == rung


def test_lists_that_lag() -> None:
    """What was made and does not show yet is waited for, and filled and armed once it shows."""
    stage = Stage()
    stage.vendor.lag = 2
    assert set(stage.apply().values()) == {DONE}
    nobody_twice(stage)


def test_list_that_never_shows_it() -> None:
    """What does not show within the lag is neither filled nor armed; later nobody is called twice."""
    stage = Stage()
    stage.vendor.lag = 9
    ended = stage.apply()
    assert ended["campaign append"] == "failed"
    assert not stage.vendor.asked("append")
    stage.vendor.lag = 0
    for _ in range(6):
        stage.apply()
    nobody_twice(stage)


def test_reads_do_not_grow_with_campaigns() -> None:
    """However many campaigns are made, filled and armed, the lists are read once a wave."""
    stage = Stage(concurrency=4)
    stage.campaigns = {f"c{number:02}": {} for number in range(30)}
    assert set(stage.apply().values()) == {DONE}
    assert len([call for call in stage.vendor.calls if call.verb == "read"]) <= 2 * 3


# Several accounts


def test_each_account_is_fresh_by_itself() -> None:
    """That one account was read just now says nothing of another."""
    stage = Stage("one", "two")
    stage.campaigns = {"jan": {"provider": "one"}, "feb": {"provider": "two"}}
    stage.apply()
    for name in ("jan", "feb"):
        stage.campaigns[name] |= {"end_date": "2027-01-29"}
    real = {"one": 0.0, "two": 60.0}
    stage_applying = stage.applying

    def applying(planned: object, observation: object) -> object:
        for name, seconds in real.items():
            observation.read_at[name] -= seconds  # type: ignore[attr-defined]
        return stage_applying(planned, observation)  # type: ignore[arg-type]

    stage.applying = applying  # type: ignore[assignment,method-assign]
    before = {name: len(vendor.calls) for name, vendor in stage.vendors.items()}
    stage.apply()
    reads = {name: _reads(vendor.calls[before[name] :]) for name, vendor in stage.vendors.items()}
    assert reads == {"one": 2, "two": 4}


def _reads(calls: list[Call]) -> int:
    return sum(call.verb == "read" for call in calls)


def test_slow_account_does_not_hold_up_another() -> None:
    """While one account's changes hang, another's are carried out to the end."""
    stage = Stage("slow", "swift", concurrency=1)
    stage.campaigns = {f"a{number}": {"provider": "slow", "state": Desired.DRAFT} for number in range(9)}
    stage.campaigns |= {f"b{number}": {"provider": "swift", "state": Desired.DRAFT} for number in range(9)}
    swift = threading.Event()

    def count(call: Call) -> None:
        if len(stage.vendors["swift"].asked("create")) == 10:
            swift.set()
        del call

    stage.vendors["swift"].before = count
    stage.vendors["slow"].before = lambda call: (
        None if call.kind != "campaign" or call.verb == "read" else _wait(swift)
    )
    assert set(stage.apply().values()) == {DONE}


def _wait(event: threading.Event) -> None:
    assert event.wait(10)


def test_many_changes_of_one_object_come_one_after_the_other() -> None:
    """Two updates of one object never run at once: each builds on the record that the other left."""
    stage = Stage()
    stage.apply()
    stage.changed(end_date="2027-01-29", script="b")
    stage.vendor.thing("campaign").fields["end_date"] = "2027-01-10"
    stage.allow = ("restore",)
    at_work: list[int] = [0]

    def before(call: Call) -> None:
        if call.verb == "update":
            at_work[0] += 1
            assert at_work[0] == 1
            threading.Event().wait(0.05)
            at_work[0] -= 1

    stage.vendor.before = before
    assert set(stage.apply().values()) == {DONE}
    assert stage.apply() == {}
