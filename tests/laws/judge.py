"""The judge of a life: what the vendor's own books must never show, whatever happened."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

from reconciler.sandbox import Sandbox
from reconciler.testing.generated import TOKEN, Draft, number

from .operator import started

KINDS = ("schedules", "profiles", "campaigns")


class Judge:
    """Looks at the vendor after every step, and knows what the files said at each."""

    def __init__(self, sandbox: Sandbox, project: Draft) -> None:
        self.sandbox = sandbox
        self.project = project
        self.tokens: dict[int, str] = {}
        self.kept_out: dict[int, frozenset[str]] = {}
        self.ever: dict[str, set[int]] = {}
        self.strangers: dict[str, dict[int, Any]] = {kind: {} for kind in KINDS}
        self._queued = 0
        self._starts = 0

    def adopt_stranger(self, kind: str, number: int) -> None:
        """An object that is somebody else's: it must stay as it is now."""
        self.strangers[kind][number] = self._objects(kind)[number]

    def ours(self, kind: str) -> dict[int, Any]:
        """The objects that no stranger made."""
        return {key: item for key, item in self._objects(kind).items() if key not in self.strangers[kind]}

    def _objects(self, kind: str) -> dict[int, Any]:
        return {item["id"]: item for item in self.sandbox.state()["plum"][kind]}

    @property
    def loud(self) -> tuple[int, int]:
        """How many people were queued so far, and how many campaigns started."""
        return self._queued, self._starts

    def remember(self) -> None:
        """An apply has read the blacklists: whom they hold stays suppressed."""
        for name, listed in self.project.blacklists.items():
            self.ever.setdefault(name, set()).update(listed.people)

    def must_not_call(self, name: str) -> frozenset[str]:
        """Whom a campaign must not call: by the files as they are, and by all that its lists ever held."""
        listed = self.project.blacklists
        gone = {at for other, people in self.ever.items() if other not in listed for at in people}
        mine = {
            at for other, people in self.ever.items()
            if other in listed and self.project.suppressed(name, other) for at in people
        }  # fmt: skip
        return self.project.suppressed_people(name) | {number(at) for at in gone | mine}

    def look(self) -> None:
        """Everything that must hold after any step."""
        for key, item in self.ours("campaigns").items():
            found = TOKEN.search(item["start_url"])
            if key not in self.tokens and found is not None:
                self.tokens[key] = found[1]
        self._look_at_queue()
        self._look_at_starts()
        self._nobody_twice()
        self._stopped_is_silent()
        self._strangers_untouched()

    def _look_at_queue(self) -> None:
        fresh = self.sandbox.ledger.queued[self._queued :]
        self._queued += len(fresh)
        for item in fresh:
            name = self.project.name_of(self.tokens[item.campaign_id])
            assert name is not None, f"campaign {item.campaign_id} was filled, and the manifests lack it"
            assert item.number not in self.must_not_call(name), f"{item.number} is suppressed for {name}"

    def _look_at_starts(self) -> None:
        fresh = started(self.sandbox)[self._starts :]
        self._starts += len(fresh)
        for key in fresh:
            name = self.project.name_of(self.tokens[key])
            assert name is not None, f"campaign {key} was started, and the manifests lack it"
            assert self.tokens[key] == self.project.token_of(name), (
                f"campaign {key} of another run was started"
            )
            self.kept_out[key] = self.must_not_call(name)
            self._is_complete(key, name)

    def _is_complete(self, key: int, name: str) -> None:
        """Nothing is armed before everybody whom it is for is queued, and nobody else."""
        listed = self.project.campaigns[name].get("contacts")
        wanted = {number(at) for at in self.project.lists[listed]} if listed else set()
        armed = {other for other in self.kept_out if self.tokens[other] == self.tokens[key]}
        queued = {item.number for item in self.sandbox.ledger.queued if item.campaign_id in armed}
        missing = wanted - self.must_not_call(name) - queued
        assert not missing, f"campaign {key} was started without {missing}"
        mine = {item.number for item in self.sandbox.ledger.queued if item.campaign_id == key}
        assert mine.isdisjoint(self.kept_out[key]), f"campaign {key} was started with suppressed people in it"
        assert mine <= wanted, f"campaign {key} was started with people who had left its list"

    def _nobody_twice(self) -> None:
        starts = Counter(started(self.sandbox))
        assert all(count == 1 for count in starts.values()), f"started twice: {starts}"
        queued = Counter(
            (self.tokens[item.campaign_id], item.number)
            for item in self.sandbox.ledger.queued
            if item.campaign_id in starts
        )
        assert all(count == 1 for count in queued.values()), (
            f"queued twice in one run: {queued.most_common(3)}"
        )
        calls = Counter((self.tokens[item.campaign_id], item.number) for item in self.sandbox.ledger.calls)
        assert all(count == 1 for count in calls.values()), f"called twice in one run: {calls.most_common(3)}"
        for item in self.sandbox.ledger.calls:
            assert item.number not in self.kept_out[item.campaign_id], (
                f"{item.number} was suppressed, and called"
            )

    def _stopped_is_silent(self) -> None:
        """A campaign that was stopped once it ran calls nobody any more."""
        running: set[int | None] = set()
        silent: dict[int | None, datetime] = {}
        for item in self.sandbox.ledger.writes:
            if item.status == 200 and item.path == "/campaigns/start":
                running.add(item.campaign_id)
            if item.status == 200 and item.path == "/campaigns/stop" and item.campaign_id in running:
                silent.setdefault(item.campaign_id, item.at)
        for call in self.sandbox.ledger.calls:
            since = silent.get(call.campaign_id)
            assert since is None or call.at <= since, f"campaign {call.campaign_id} was stopped, and called"

    def _strangers_untouched(self) -> None:
        for kind, expected in self.strangers.items():
            there = self._objects(kind)
            for key, item in expected.items():
                assert there.get(key) == item, (
                    f"a stranger's {kind} {key} was touched: {item} -> {there.get(key)}"
                )
