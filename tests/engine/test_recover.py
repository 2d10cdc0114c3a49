"""Recovery: what is looked for, how long, and what an account that cannot be read says."""

from __future__ import annotations

import threading
import time

import pytest
from reconciler.backends.memory import Fault
from reconciler.engine.observe import observe
from reconciler.errors import StateError
from reconciler.model.state import Operation, Phase, Result
from reconciler.testing.fakes import Call

from .stage import DONE, Stage


def crashed_at_create(stage: Stage) -> None:
    """A state with an open create that the vendor did carry out."""

    def fail(call: Call) -> None:
        if str(call) == "create campaign":
            stage.backend.fail_next_append(Fault.BEFORE)

    stage.vendor.before = fail
    with pytest.raises(StateError):
        stage.apply()
    stage.stop.clear()
    stage.vendor.before = lambda _call: None


def test_adopts_what_it_made() -> None:
    """A create whose end was lost with the process is found by its marker, and goes on from there."""
    stage = Stage()
    crashed_at_create(stage)
    assert [intent.operation for intent in stage.open_intents()] == [Operation.CREATE]
    assert set(stage.apply().values()) == {DONE}
    assert stage.vendor.asked("create") == ["create schedule", "create campaign"]


@pytest.mark.parametrize("unreadable", [1, 2, 3])
def test_unreadable_is_not_gone(unreadable: int) -> None:
    """While an account cannot be read each time, nothing follows from what it does not show."""
    stage = Stage()
    crashed_at_create(stage)
    stage.vendor.thing("campaign").hidden = 9
    reads = [0]

    def fail(call: Call) -> None:
        if str(call) == "read campaign":
            reads[0] += 1
            if reads[0] == unreadable:
                stage.vendor.trouble("read campaign", Result.UNKNOWN)

    stage.vendor.before = fail
    stage.recovery().run(stage._open(), observe(stage.accounts.values()))
    assert [intent.operation for intent in stage.open_intents()] == [Operation.CREATE]


def test_other_account_is_settled_though_one_is_unreachable() -> None:
    """An account that cannot be read keeps its unknowns; another's are settled."""
    stage = Stage("one", "two")
    stage.campaigns = {"jan": {"provider": "one"}, "feb": {"provider": "two"}}
    for vendor in stage.vendors.values():
        vendor.trouble("create campaign", Result.UNKNOWN, acts=True)
    stage.vendors["two"].before = lambda call: (
        stage.vendors["two"].trouble("read campaign", Result.UNKNOWN, times=5)
        if str(call) == "create campaign"
        else None
    )
    stage.apply()
    open_at = {intent.key.address.provider for intent in stage.open_intents()}
    assert open_at == {"two"}
    assert stage.record("jan").phase is Phase.ARMED


@pytest.mark.slow
def test_looks_over_the_whole_lag() -> None:
    """However long ago an intent was written, what does not show is looked for over the whole lag."""
    stage = Stage(list_lag=0.3)
    crashed_at_create(stage)
    stage.vendor.thing("campaign").hidden = 9
    began = time.monotonic()
    stage.recovery().run(stage._open(), observe(stage.accounts.values()))
    assert time.monotonic() - began >= 0.3
    assert not stage.open_intents()


def test_waits_end_with_a_signal() -> None:
    """A signal ends the waits of recovery; what was looked for stays open."""
    stage = Stage(list_lag=60)
    crashed_at_create(stage)
    stage.vendor.thing("campaign").hidden = 9
    threading.Timer(0.1, stage.stop.set).start()
    began = time.monotonic()
    stage.recovery().run(stage._open(), observe(stage.accounts.values()))
    assert time.monotonic() - began < 5
    assert len(stage.open_intents()) == 1


@pytest.mark.slow
def test_late_object_is_removed_and_nobody_called_twice() -> None:
    """An object that shows only after it was given up is removed; it never rang."""
    stage = Stage()
    crashed_at_create(stage)
    stage.vendor.thing("campaign").hidden = 4
    for _ in range(5):
        stage.apply()
    assert len([item for item in stage.vendor.objects.values() if item.kind == "campaign"]) == 1
    assert sorted(stage.vendor.rung) == sorted(stage.rows["people"].numbers)
