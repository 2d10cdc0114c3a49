"""A vendor in memory: a whole provider with lists, people and run states, whose every call can be made to fail.

`FakeProvider` is a real `Provider` with two kinds: `schedule`, shared and known by its name, and `campaign`, with
runs, people and a marker. Nothing travels; what was asked of it stands in `calls`, and what it came to in
`objects`, `queued` and `rung`. It is as strict as a vendor may be and asserts nothing itself.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from msgspec import Struct

from reconciler.errors import UnreachableError
from reconciler.model.kind import FieldSpec, KindSpec, Lookup, Loudness, OperationSpec, Updatable, same
from reconciler.model.objects import LiveObject, Lowered, WantedObject
from reconciler.model.outcome import Outcome
from reconciler.model.resource import ProviderSettings
from reconciler.model.state import Operation, Result
from reconciler.model.value import Fields, Value
from reconciler.providers.base import Bound, Connector, LoweringContext, Sendable, SendableContact, Sending
from reconciler.transport.client import Account, Circumstances, Client


def more_is_louder(before: Value, after: Value) -> Loudness:
    """Grade a number or a text that means more calls as it grows."""
    if before == after:
        return Loudness.SAME
    louder = isinstance(before, str) and isinstance(after, str) and before < after
    return Loudness.LOUDER if louder else Loudness.QUIETER


SCHEDULE = KindSpec(
    name="schedule",
    fields=(FieldSpec("nickname", same, updatable=Updatable.NEVER), FieldSpec("days", more_is_louder)),
    operations=(
        OperationSpec(Operation.CREATE, Lookup.LIST),
        OperationSpec(Operation.UPDATE, Lookup.FIELDS, repeatable=True),
        OperationSpec(Operation.DELETE, Lookup.LIST, repeatable=True),
    ),
    unique_name=True,
)
CAMPAIGN = KindSpec(
    name="campaign",
    fields=(
        FieldSpec("end_date", more_is_louder),
        FieldSpec("script"),
        FieldSpec("schedule", references=True),
    ),
    operations=(
        OperationSpec(Operation.CREATE, Lookup.LIST),
        OperationSpec(Operation.UPDATE, Lookup.FIELDS, repeatable=True),
        OperationSpec(Operation.APPEND, Lookup.NONE),
        OperationSpec(Operation.START, Lookup.NONE, arms=True),
        OperationSpec(Operation.STOP, Lookup.NONE, repeatable=True),
        OperationSpec(Operation.DELETE, Lookup.LIST, repeatable=True),
    ),
    runs=True,
    marker=True,
    batch=2,
    order=1,
)


class Call(Struct, frozen=True):
    """One thing that was asked of the vendor: `verb` is `read` or an operation's word."""

    kind: str
    verb: str
    remote_id: str = ""
    fields: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.verb} {self.kind}"


@dataclass(slots=True)
class Thing:
    """One object as the vendor has it. `hidden`: so many reads of its list do not show it yet."""

    kind: str
    remote_id: str
    fields: dict[str, Value]
    name: str | None = None
    marker: str | None = None
    running: bool = False
    queued: list[str] = field(default_factory=list)
    hidden: int = 0


class Trouble(Struct, frozen=True):
    """How a call ends instead; `acts`: the vendor does it all the same."""

    result: Result
    acts: bool


class FakeVendor:
    """The account: its objects, everything asked of it, and the troubles it has been given.

    `before` is called with every call before anything happens, from the caller's thread; it may block or raise.
    """

    def __init__(self) -> None:
        self.objects: dict[str, Thing] = {}
        self.calls: list[Call] = []
        self.rung: list[str] = []
        """The numbers that a campaign could call, each time that one was armed, or queued where it rings."""
        self.before: Callable[[Call], None] = lambda _call: None
        self.lag = 0
        """How many reads do not show an object that is made from now on."""
        self.ids = itertools.count(1)
        self._troubles: dict[str, list[Trouble]] = {}
        self._lock = threading.RLock()

    def trouble(self, call: str, result: Result, *, acts: bool = False, times: int = 1) -> None:
        """Let the next calls like `start campaign` end so; `read campaign` cannot be read, whatever the result."""
        self._troubles.setdefault(call, []).extend([Trouble(result, acts)] * times)

    def asked(self, *verbs: str) -> list[str]:
        """The calls so far that were no reads, or those of some verbs, in words."""
        return [str(call) for call in self.calls if (call.verb in verbs if verbs else call.verb != "read")]

    def thing(self, kind: str) -> Thing:
        """The only object of a kind."""
        (found,) = (item for item in self.objects.values() if item.kind == kind)
        return found

    def read(self, kind: str) -> list[Thing]:
        """List a kind."""
        trouble = self._begin(Call(kind, "read"))
        if trouble is not None:
            raise UnreachableError(f"the list of {kind}s cannot be read")
        with self._lock:
            found = [item for item in self.objects.values() if item.kind == kind]
            shown = [item for item in found if not item.hidden]
            for item in found:
                item.hidden = max(0, item.hidden - 1)
            return shown

    def write(self, call: Call, act: Callable[[], str | None]) -> Outcome:
        """Do something, unless a trouble stands in its way."""
        trouble = self._begin(call)
        if trouble is not None and not trouble.acts:
            return Outcome(trouble.result, "a trouble")
        with self._lock:
            remote_id = act()
        if trouble is not None:
            return Outcome(trouble.result, "a trouble, and yet done")
        return Outcome(Result.DONE, remote_id=remote_id)

    def _begin(self, call: Call) -> Trouble | None:
        with self._lock:
            self.calls.append(call)
        self.before(call)
        with self._lock:
            waiting = self._troubles.get(str(call), [])
            return waiting.pop(0) if waiting else None


class FakeKind:
    """The verbs of one kind of a FakeVendor."""

    def __init__(self, vendor: FakeVendor, spec: KindSpec) -> None:
        self.vendor = vendor
        self.spec = spec

    def unsendable(self, fields: Fields, contact: SendableContact) -> str | None:
        """Take everybody."""
        del fields, contact
        return None

    def read(self, client: Client) -> Sequence[Any]:
        """List all."""
        del client
        return self.vendor.read(self.spec.name)

    def create(self, client: Client, sending: Sending) -> Outcome:
        """Make it, inert."""
        del client

        def act() -> str:
            remote_id = str(next(self.vendor.ids))
            thing = Thing(
                self.spec.name, remote_id, _plain(sending.fields), sending.natural_key, sending.marker
            )
            thing.hidden = self.vendor.lag
            self.vendor.objects[remote_id] = thing
            return remote_id

        return self.vendor.write(Call(self.spec.name, "create"), act)

    def update(self, client: Client, remote_id: str, sending: Sending, changed: frozenset[str]) -> Outcome:
        """Set everything that is sent: a vendor that wants the whole object with each change."""
        del client
        call = Call(self.spec.name, "update", remote_id, tuple(sorted(changed)))
        return self.vendor.write(call, lambda: self._at(remote_id).fields.update(_plain(sending.fields)))

    def delete(self, client: Client, remote_id: str) -> Outcome:
        """Remove it."""
        del client

        def act() -> None:
            self.vendor.objects.pop(remote_id, None)

        return self.vendor.write(Call(self.spec.name, "delete", remote_id), act)

    def append(
        self, client: Client, remote_id: str, sending: Sending, contacts: Sequence[SendableContact]
    ) -> Outcome:
        """Queue these people; they ring at once where it runs."""
        del client, sending
        numbers = [contact.number for contact in contacts]

        def act() -> None:
            thing = self._at(remote_id)
            thing.queued.extend(numbers)
            self.vendor.rung.extend(numbers if thing.running else ())

        return self.vendor.write(Call(self.spec.name, "append", remote_id), act)

    def set_phase(
        self,
        client: Client,
        remote_id: str,
        operation: Operation,
        sending: Sending | None = None,
    ) -> Outcome:
        """Start or stop it; a start calls everybody in the queue."""
        del client, sending

        def act() -> None:
            thing = self._at(remote_id)
            thing.running = operation is Operation.START
            self.vendor.rung.extend(thing.queued if thing.running else ())

        return self.vendor.write(Call(self.spec.name, operation.value, remote_id), act)

    def _at(self, remote_id: str) -> Thing:
        return self.vendor.objects[remote_id]


class FakeProvider:
    """A provider whose vendor is in memory; `wanted` is what lowering gives, whatever the manifests say."""

    type = "fake"
    base_url = "http://127.0.0.1:9/"
    hosts: tuple[str, ...] = ()
    rate: float | None = None

    def __init__(self, vendor: FakeVendor, wanted: Sequence[WantedObject] = (), concurrency: int = 2) -> None:
        self.vendor = vendor
        self.wanted = tuple(wanted)
        self.concurrency = concurrency
        self.kinds: Mapping[str, FakeKind] = {
            spec.name: FakeKind(vendor, spec) for spec in (SCHEDULE, CAMPAIGN)
        }

    def lower(self, context: LoweringContext) -> Lowered:
        """Give what was asked for."""
        del context
        return Lowered(self.wanted)

    def decode(self, provider: str, raw: Mapping[str, Sequence[Any]]) -> tuple[LiveObject, ...]:
        """Show every object with all its fields; neither people nor run state."""
        return tuple(_live(provider, thing) for things in raw.values() for thing in things)

    def connect(self, settings: ProviderSettings, secrets: Mapping[str, str], connector: Connector) -> Client:
        """Make a client that nothing is sent by."""
        del secrets, connector
        return Client(Account(provider=settings.name, base_url=self.base_url, headers={}), Circumstances())


def _live(provider: str, thing: Thing) -> LiveObject:
    schedule = thing.fields.get("schedule")
    uses = (("schedule", str(schedule)),) if schedule else ()
    return LiveObject(
        provider, thing.kind, thing.remote_id, dict(thing.fields), thing.name, thing.marker, uses=uses
    )


def _plain(fields: Mapping[str, Sendable]) -> dict[str, Value]:
    return {name: _unbound(value) for name, value in fields.items()}


def _unbound(value: Sendable) -> Value:
    if isinstance(value, Bound):
        return value.remote_id
    if isinstance(value, Mapping):
        return {name: _unbound(item) for name, item in value.items()}
    return tuple(_unbound(item) for item in value) if isinstance(value, tuple) else value
