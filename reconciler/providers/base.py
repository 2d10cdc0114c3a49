"""The interface of a provider: pure lowering and decoding, and a few verbs for each kind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol, runtime_checkable

from msgspec import Struct, field

from reconciler.model.checkup import Quota
from reconciler.model.kind import KindSpec
from reconciler.model.objects import LiveObject, Lowered
from reconciler.model.outcome import Outcome, Pending
from reconciler.model.resource import Manifests, Project, ProviderSettings
from reconciler.model.standing import Counters
from reconciler.model.state import Operation, Snapshot
from reconciler.model.table import Cell, Column
from reconciler.model.value import Fields, Value
from reconciler.transport.client import Client
from reconciler.transport.outcome import Decode, decode_json


class Bound(Struct, frozen=True):
    """A Reference at the moment of sending: the object's id, and the name it goes by at the vendor."""

    remote_id: str
    natural_key: str | None


Sendable = Value | Bound | tuple["Sendable", ...] | Mapping[str, "Sendable"]


class SendableContact(Protocol):
    """One person to call, as a contact list gives it."""

    @property
    def number(self) -> str:
        """E.164, with the plus."""

    @property
    def reference(self) -> str | None:
        """Free text that the vendor hands back with results."""

    @property
    def ani(self) -> str | None:
        """Caller ID for this one person, E.164."""

    @property
    def fields(self) -> Mapping[str, str]:
        """Further named values."""


class NumberAlone(Struct, frozen=True):
    """A number in the shape of a person: of somebody who is never called, or of nobody; the repr tells nothing."""

    number: str
    reference: str | None = None
    ani: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        return "NumberAlone()"


class Sending(Struct, frozen=True):
    """An object about to be sent: References are Bound. `contacts` only where they go into the create."""

    fields: Mapping[str, Sendable]
    natural_key: str | None
    marker: str | None
    contacts: Sequence[SendableContact] = ()
    content: bytes | None = None


class Kind(Protocol):
    """The verbs of one kind. None prints, sleeps, retries or knows plans; none raises for a vendor's refusal.

    `read` never writes. Each other verb makes one request that writes, or the few that are safe only in their
    order, and returns how that ended. Deleting what is not there is DONE. A kind that returns Pending is Working, too.
    """

    spec: KindSpec

    def unsendable(self, fields: Fields, contact: SendableContact) -> str | None:
        """Say why a person cannot be sent there, showing nothing of the person; None if they can. Pure."""

    def read(self, client: Client) -> Sequence[Any]:
        """All objects of this kind as the vendor lists them; raises UnreachableError or CredentialsError."""

    def create(self, client: Client, sending: Sending) -> Outcome | Pending:
        """Make it, inert. The outcome of a DONE create has the remote id."""

    def update(
        self, client: Client, remote_id: str, sending: Sending, changed: frozenset[str]
    ) -> Outcome | Pending:
        """Set the changed fields; `sending` has all of them, for vendors that want more than the changed."""

    def delete(self, client: Client, remote_id: str) -> Outcome | Pending:
        """Remove it."""

    def append(
        self, client: Client, remote_id: str, sending: Sending, contacts: Sequence[SendableContact]
    ) -> Outcome | Pending:
        """Queue these people, at most `spec.batch` of them, in one request."""

    def set_phase(
        self, client: Client, remote_id: str, operation: Operation, sending: Sending | None = None
    ) -> Outcome | Pending:
        """START, STOP, PAUSE or RESUME it. `sending` is the object as wanted, where it is; not when it is silenced."""


@runtime_checkable
class Working(Protocol):
    """What a kind has besides if its vendor takes jobs: a verb that returned Pending is followed by these."""

    def poll(self, client: Client, remote_id: str, handle: str) -> Outcome | Pending:
        """Read how far it is. Of a handle that announced a request: whether it was made, UNKNOWN if nothing shows."""

    def proceed(self, client: Client, remote_id: str, handle: str) -> Outcome | Pending:
        """Make the one request that a handle announced; called once, when the handle is durable."""


@runtime_checkable
class Counting(Protocol):
    """A kind whose vendor counts how far its objects have come.

    `tells` names the counters that it has; the others are n/a. `pace`: seconds between two readings, at least.
    """

    tells: frozenset[str]
    pace: float

    def counters(self, client: Client) -> Mapping[str, Counters]:
        """Read the counters of all objects, by remote id; raises like Client.fetch."""


@runtime_checkable
class Showing(Protocol):
    """A kind whose vendor shows who is queued; asked where counts differ, or a request to queue people got no reply."""

    def queued(self, client: Client, remote_id: str, fields: Fields) -> Sequence[str]:
        """Read the numbers of all who are queued, E.164; raises like Client.fetch. `fields` are as last applied."""


@runtime_checkable
class Metered(Protocol):
    """A provider whose vendor lets an account make so many calls, and tells how many are left."""

    def quota(self, client: Client) -> Quota | None:
        """Read it, which may cost a call itself; None where it is not told. Raises like Client.fetch."""


@runtime_checkable
class Withdrawing(Protocol):
    """A kind whose vendor can keep people from being called who are queued already; it declares WITHDRAW."""

    def withdraw(
        self, client: Client, remote_id: str, fields: Fields, is_meant: Callable[[str], bool]
    ) -> Outcome:
        """Keep those from being called whose number, E.164, is meant. Doing it twice does no harm."""


@runtime_checkable
class Suppressing(Protocol):
    """A provider whose own do-not-call list can be read: nobody on it is called, through whatever provider."""

    def suppressed(self, settings: ProviderSettings, raw: Mapping[str, Sequence[Any]]) -> Iterable[str]:
        """Every number that somebody may have meant by an entry, E.164, of what each kind's `read` returned. Pure."""


@runtime_checkable
class Checking(Protocol):
    """A kind whose vendor judges an object without making it; asked under `plan --online-check` alone."""

    def check(self, client: Client, sending: Sending, missing: frozenset[str]) -> Outcome:
        """Ask whether it could be made: DONE or REFUSED. Its requests have Effect.CHECK, or read.

        `sending.contacts` is one placeholder, a number that is nobody's. `missing` names the fields that `sending`
        lacks, since what they refer to does not exist before an apply makes it; the reason of a DONE says what
        was not judged for it.
        """


class Progress(Struct, frozen=True):
    """How far an armed object has come: people it has not begun, and people being called at this moment.

    `over`: it can never run again. `counts` are all its other counters; two equal readings say that it rests.
    """

    waiting: int
    under_way: int
    running: bool
    over: bool = False
    counts: tuple[int | None, ...] = ()


@runtime_checkable
class Resolving(Protocol):
    """A kind with fields that are `looked_up`: names of what its vendor has and no manifest declares."""

    def unresolved(self, client: Client, several: Mapping[str, Fields]) -> Mapping[str, str]:
        """Say of which of these objects a name cannot be resolved, and why; read at once for all of them.

        Raises like Client.fetch.
        """


@runtime_checkable
class Replaceable(Protocol):
    """A kind that is declared `replaceable`: it tells who is left, so that another object can take them over."""

    def waiting(self, client: Client, remote_id: str) -> int | None:
        """Read how many people it has not begun, just before it is armed; None where that is not told."""

    def progress(self, client: Client, remote_id: str) -> Progress:
        """Read how far it has come; raises like Client.fetch."""

    def tried(self, client: Client, remote_id: str) -> Sequence[str]:
        """Read whom it has tried, with whatever result: distinct numbers, E.164; raises like Client.fetch."""


class Question(Struct, frozen=True):
    """What somebody wants to know of a report: of which campaigns, by remote id, of which days, of which number.

    Days are inclusive. What a report does not take is never set.
    """

    campaigns: tuple[str, ...] = ()
    since: dt.date | None = None
    until: dt.date | None = None
    number: str | None = None


class Report(Struct, frozen=True):
    """A report that a vendor offers: its columns, and how its rows are read.

    `takes` are the names of the Question's fields that may be asked, `needs` those that must be. `read` raises
    like Client.fetch; a row may lack columns. `price` says in words what answering costs, empty for nothing:
    what costs is asked for as the consent `spend`, and only then the client may write.
    """

    name: str
    help: str
    columns: tuple[Column, ...]
    read: Callable[[Client, Question], Iterable[Mapping[str, Cell]]]
    takes: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()
    price: Callable[[Question], str] = lambda _question: ""


@runtime_checkable
class Reporting(Protocol):
    """A provider that has reports, by name."""

    reports: Mapping[str, Report]


class LoweringContext(Struct, frozen=True):
    """What lowering may look at besides the manifests: all of it values."""

    project: Project
    manifests: Manifests
    settings: ProviderSettings
    snapshot: Snapshot | None
    now: dt.datetime


class Provider(Protocol):
    """One vendor. A module `reconciler.providers.<type>` exports `PROVIDER`, which has this shape.

    `hosts` are the vendor's own hosts; `base_url` the documented base; `concurrency` and `rate`
    (requests a second, None for no limit) what it stands by default.
    """

    type: str
    base_url: str
    hosts: tuple[str, ...]
    concurrency: int
    rate: float | None
    kinds: Mapping[str, Kind]

    def lower(self, context: LoweringContext) -> Lowered:
        """Manifests to wanted objects of this provider. Pure."""

    def decode(self, provider: str, raw: Mapping[str, Sequence[Any]]) -> tuple[LiveObject, ...]:
        """Make of what each kind's `read` returned, by kind name, live objects. Pure; references are ids."""

    def connect(self, settings: ProviderSettings, secrets: Mapping[str, str], connector: Connector) -> Client:
        """Make a client for one account; raises CredentialsError when a secret is missing."""


class Connector(Protocol):
    """Makes clients; the workflow fills in what all vendors share (effects, logging, stopping)."""

    def __call__(
        self,
        *,
        settings: ProviderSettings,
        base_url: str,
        headers: Mapping[str, str],
        secrets: Iterable[str] = (),
        concurrency: int = 2,
        rate: float | None = None,
        decode: Decode = decode_json,
        form: Iterable[tuple[str, str]] = (),
    ) -> Client:
        """Make a client that sends these headers with every request, and these fields with every form.

        `secrets` are masked wherever the vendor repeats them. `concurrency` and `rate` hold where the
        settings say nothing. `decode` is for a vendor whose JSON is none.
        """
