"""Silence at vendors that can pause, and that show whether a campaign runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from reconciler.engine.account import Account
from reconciler.engine.silence import gentlest, silence_all
from reconciler.model.address import Address, ObjectKey
from reconciler.model.kind import KindSpec, Lookup, OperationSpec
from reconciler.model.objects import LiveObject
from reconciler.model.outcome import Outcome, Pending
from reconciler.model.problem import Location
from reconciler.model.resource import ProviderSettings
from reconciler.model.silence import Hush, Silence, Silenced, silence_codes
from reconciler.model.state import Operation, Phase, Record, RecordWritten, Result, Snapshot
from reconciler.planning.settling.silenced import after_silence

KEY = ObjectKey(Address("fake", "campaign", "january"), "1")
DONE = Outcome(Result.DONE)


class Campaigns:
    """A kind that can pause and shows what runs; what is asked of it is noted."""

    def __init__(
        self, running: Mapping[str, bool | None], reply: Outcome | Pending = DONE, *, deaf: bool = False
    ):
        operations = (Operation.PAUSE, Operation.STOP)
        self.spec = KindSpec(
            "campaign",
            fields=(),
            operations=tuple(OperationSpec(each, Lookup.FIELDS) for each in operations),
            runs=True,
            shows_running=True,
            can_pause=True,
        )
        self.running, self.reply, self.deaf = dict(running), reply, deaf
        self.asked: list[tuple[str, Operation]] = []

    def read(self, _client: object) -> Sequence[Any]:
        return [(name, state) for name, state in self.running.items()]

    def set_phase(self, _client: object, remote_id: str, operation: Operation) -> Outcome | Pending:
        self.asked.append((remote_id, operation))
        if not self.deaf:
            self.running[remote_id] = False
        return self.reply


class Vendor:
    """A vendor with one kind."""

    concurrency = 2

    def __init__(self, campaigns: Campaigns) -> None:
        self.kinds = {"campaign": campaigns}

    def decode(self, provider: str, raw: Mapping[str, Sequence[Any]]) -> tuple[LiveObject, ...]:
        return tuple(
            LiveObject(provider, "campaign", name, {}, running=state) for name, state in raw["campaign"]
        )


def objects_of(campaigns: Campaigns, snapshot: Snapshot) -> tuple[Silenced, ...]:
    """Silence one account."""
    settings = ProviderSettings("fake", "fake", Location("test"))
    account = Account("fake", settings, Vendor(campaigns), None)  # type: ignore[arg-type]
    objects, failures = silence_all([account], snapshot, ours=False, wait=lambda _seconds: None)
    assert not failures
    return objects


def silenced(campaigns: Campaigns) -> dict[str, Hush]:
    """Silence one account, and say how each object ended up."""
    return {item.remote_id: item.result for item in objects_of(campaigns, Snapshot("l", "p"))}


def test_pausing_comes_before_stopping() -> None:
    """Where a vendor can pause, nothing that could go on is ended."""
    campaigns = Campaigns({"1": True})
    assert silenced(campaigns) == {"1": Hush.PAUSED}
    assert campaigns.asked == [("1", Operation.PAUSE)]


def test_what_shows_quiet_is_not_asked() -> None:
    """A campaign that the vendor shows as not running is left as it is."""
    campaigns = Campaigns({"1": False, "2": None})
    assert silenced(campaigns) == {"1": Hush.QUIET, "2": Hush.PAUSED}
    assert campaigns.asked == [("2", Operation.PAUSE)]


def test_a_yes_is_read_back() -> None:
    """A vendor that says yes and still shows it running has not silenced anything."""
    assert silenced(Campaigns({"1": True}, deaf=True)) == {"1": Hush.LOUD}


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (Outcome(Result.UNKNOWN), Hush.LOUD),
        (Outcome(Result.REFUSED), Hush.LOUD),
        (Pending("job", 1.0), Hush.LOUD),
    ],
)
def test_no_yes_and_still_running_is_loud(reply: Outcome | Pending, expected: Hush) -> None:
    """Whatever was replied, what shows as running afterwards counts."""
    assert silenced(Campaigns({"1": True}, reply, deaf=True)) == {"1": expected}


def test_what_shows_quiet_afterwards_is_proven() -> None:
    """A reply that was lost does not matter once the vendor shows silence."""
    assert silenced(Campaigns({"1": True}, Outcome(Result.UNKNOWN))) == {"1": Hush.PAUSED}


@pytest.mark.parametrize(("deaf", "codes"), [(False, frozenset()), (True, frozenset({8}))])
def test_only_silence_that_was_proven_ends_with_0(deaf: bool, codes: frozenset[int]) -> None:
    """The exit code is 0 when everything was read back, else 8."""
    objects = objects_of(Campaigns({"1": True}, deaf=deaf), Snapshot("l", "p"))
    assert silence_codes(Silence("x", everything=True, objects=objects)) == codes


def test_a_pause_leaves_the_run_open() -> None:
    """A run of ours that was paused is not over: it may be resumed after the hold."""
    record = Record(KEY, "campaign", "1", phase=Phase.ARMED, running=True)
    snapshot = Snapshot("l", "p", records={KEY: record})
    objects = objects_of(Campaigns({"1": True}), snapshot)
    (entry,) = after_silence(snapshot, objects, "stop --all: x", "2027-01-04T08:00:00+00:00", "who")
    assert isinstance(entry, RecordWritten)
    assert (entry.record.phase, entry.record.running) == (Phase.ARMED, False)


def test_a_kind_without_means_is_said() -> None:
    """A vendor that can neither pause nor stop is reported, never passed over."""
    assert gentlest(KindSpec("campaign", (), (), runs=True)) is None
