"""The interface of a provider: pure lowering and decoding, and a few verbs for each kind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from reconciler.model.kind import KindSpec
from reconciler.model.objects import LiveObject, Lowered
from reconciler.model.outcome import Outcome, Pending
from reconciler.model.resource import Manifests, Project, ProviderSettings
from reconciler.model.state import Operation, Snapshot
from reconciler.model.value import Value
from reconciler.transport.client import Client


@dataclass(frozen=True, slots=True)
class Bound:
    """A Reference at the moment of sending: the object's id, and the name it goes by at the vendor."""

    remote_id: str
    natural_key: str | None


Sendable = Value | Bound | tuple["Sendable", ...]


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


@dataclass(frozen=True, slots=True)
class Sending:
    """An object about to be sent: References are Bound. `contacts` only where they go into the create."""

    fields: Mapping[str, Sendable]
    natural_key: str | None
    marker: str | None
    contacts: Sequence[SendableContact] = ()


class Kind(Protocol):
    """The verbs of one kind. None prints, sleeps, retries or knows plans; none raises for a vendor's refusal.

    `read` never writes. Each other verb makes one request that writes and returns how it ended.
    Deleting what is not there is DONE.
    """

    spec: KindSpec

    def read(self, client: Client) -> Sequence[Any]:
        """All objects of this kind as the vendor lists them; raises UnreachableError or CredentialsError."""

    def create(self, client: Client, sending: Sending) -> Outcome | Pending:
        """Make it, inert. The outcome of a DONE create has the remote id."""

    def update(
        self, client: Client, remote_id: str, sending: Sending, changed: frozenset[str]
    ) -> Outcome | Pending:
        """Set the changed fields; `sending` has all fields, for vendors that want more than the changed ones."""

    def delete(self, client: Client, remote_id: str) -> Outcome | Pending:
        """Remove it."""

    def append(
        self, client: Client, remote_id: str, sending: Sending, contacts: Sequence[SendableContact]
    ) -> Outcome | Pending:
        """Queue these people, at most `spec.batch` of them, in one request."""

    def set_phase(self, client: Client, remote_id: str, operation: Operation) -> Outcome | Pending:
        """START, STOP, PAUSE or RESUME it."""


@dataclass(frozen=True, slots=True)
class LoweringContext:
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
    kinds: Mapping[str, Kind]

    def lower(self, context: LoweringContext) -> Lowered:
        """Manifests to wanted objects of this provider. Pure."""

    def decode(self, provider: str, raw: Mapping[str, Sequence[Any]]) -> tuple[LiveObject, ...]:
        """What every kind's `read` returned, by kind name, to live objects. Pure; References are ids."""

    def connect(self, settings: ProviderSettings, secrets: Mapping[str, str], connector: Connector) -> Client:
        """A client for one account."""


class Connector(Protocol):
    """Makes clients; the workflow fills in what all vendors share (clock, budget, logging, stopping)."""

    def __call__(
        self, *, settings: ProviderSettings, base_url: str, headers: Mapping[str, str], options: Mapping[str, Any]
    ) -> Client:
        """A client that sends these headers with every request."""

