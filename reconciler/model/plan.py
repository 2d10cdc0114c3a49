"""Plans: what differs, what would be done about it, and what that means in people called."""

from __future__ import annotations

import enum

from msgspec import Struct

from reconciler.model.address import Address, ObjectKey
from reconciler.model.kind import Loudness
from reconciler.model.problem import Location, Problem
from reconciler.model.state import Intent
from reconciler.model.value import ABSENT, Value


class Action(enum.Enum):
    """What a change does, with its symbol in plans."""

    CREATE = "create"
    UPDATE = "update"
    APPEND = "append"
    START = "start"
    RESUME = "resume"
    PAUSE = "pause"
    STOP = "stop"
    DELETE = "delete"
    REPLACE = "replace"
    WITHDRAW = "withdraw"

    @property
    def symbol(self) -> str:
        """One ASCII character, the same in every output."""
        return {
            "create": "+",
            "update": "~",
            "append": "+",
            "delete": "-",
            "stop": "x",
            "pause": "=",
            "replace": "x",
            "withdraw": "-",
        }.get(self.value, ">")


class Movement(enum.IntEnum):
    """The three parts of an apply, in their order."""

    QUIETER = 1
    NEUTRAL = 2
    LOUDER = 3


class Origin(enum.Enum):
    """Who made a difference: the manifest, somebody at the vendor, or both."""

    HERE = "here"
    OUTSIDE = "outside"
    BOTH = "both"


class Difference(Struct, frozen=True):
    """One field: as last applied, as the manifest wants it, as the vendor shows it (ABSENT: it does not).

    `loudness` is that of the step from what holds now to what is wanted; in a finding, of the step
    that was made outside.
    """

    field: str
    applied: Value
    wanted: Value
    live: Value
    origin: Origin
    loudness: Loudness

    @property
    def current(self) -> Value:
        """What holds now, as far as anybody knows."""
        return self.applied if self.live is ABSENT else self.live


class Held(Struct, frozen=True, order=True):
    """Why a change is left undone, and the consent that would let it go on (`restore:ADDRESS`), if any."""

    action: str
    reason: str
    consent: str | None = None


class Change(Struct, frozen=True):
    """One step of an apply: one request, or a series of appends.

    `after` names the changes that must have succeeded first. `people` are queued by it (append) or
    become reachable through it (start). `people_digest` is a keyed digest of exactly who.
    `wanted_digest` covers all that the manifests want of the object; `generation` and `live_digest` pin
    what it was planned on, `remote_id` what it acts on. `waits` says why a start arms and makes no request yet.
    """

    id: str
    key: ObjectKey
    kind: str
    action: Action
    movement: Movement
    reason: str
    differences: tuple[Difference, ...] = ()
    after: tuple[str, ...] = ()
    people: int = 0
    people_digest: str = ""
    held: tuple[Held, ...] = ()
    remote_id: str | None = None
    generation: int = 0
    live_digest: str = ""
    wanted_digest: str = ""
    first_ring: str | None = None
    location: Location | None = None
    waits: str = ""

    @property
    def address(self) -> Address:
        """The resource that owns it."""
        return self.key.address

    @property
    def sends(self) -> bool:
        """Whether it queues people, or lets phones ring."""
        if self.action is Action.CREATE:
            return self.people > 0
        return self.action in (Action.APPEND, Action.START, Action.RESUME)


class Finding(Struct, frozen=True):
    """Something at a vendor that is not as we left it.

    `what` is `changed`, `missing`, `ended outside`, `renamed` or `suppressed but queued`.
    `grade` is what it means for people. `held` says why apply leaves it, if it does.
    """

    key: ObjectKey
    kind: str
    what: str
    grade: Loudness
    text: str
    differences: tuple[Difference, ...] = ()
    held: Held | None = None
    location: Location | None = None


class OpenUnknown(Struct, frozen=True):
    """A request of which nobody knows whether it was carried out. `settles_itself`: apply finds out."""

    intent: Intent
    text: str
    settles_itself: bool


class PeopleRow(Struct, frozen=True):
    """People of one campaign run, each counted once.

    reachable = first_time + again: may be called once the plan is applied, queued before or now.
    `suppressed` are kept out; `queued_suppressed` are suppressed though queued already.
    `added` are those whom this plan queues or arms. `shared` are reachable in another campaign, too.
    """

    address: Address
    run: str
    reachable: int
    first_time: int
    again: int
    suppressed: int
    queued_suppressed: int = 0
    added: int = 0
    shared: int = 0
    ringing: bool = False


class FirstRing(Struct, frozen=True):
    """The first minute a phone can ring, ISO 8601 with the campaign's offset.

    `earliest_local` is the earliest `HH:MM` that minute can be for one of the people, by number prefix.
    """

    address: Address
    at: str
    earliest_local: str | None = None


class LimitUse(Struct, frozen=True):
    """A limit of the project and how much of it a plan uses."""

    name: str
    used: int
    allowed: int
    exceeded: bool = False


class Note(Struct, frozen=True):
    """A remark outside the exit code: stable, about one address."""

    address: str
    text: str


class ProviderFailure(Struct, frozen=True):
    """A provider that could not be read, and why; all its addresses are left alone."""

    provider: str
    message: str
    credentials: bool = False


class Plan(Struct, frozen=True):
    """What apply would do, in order, and everything a reviewer should know first.

    `digest` covers changes, people and consents, not clock, progress or wording.
    `pins` has a short text for each change that would be made, by which it is known again when the plan is
    made anew. `created` and `expires` are ISO 8601. `serial` and `lineage` name the state it was made on.
    """

    project: str
    project_id: str
    lineage: str
    serial: int
    key_fingerprint: str | None
    created: str
    expires: str
    changes: tuple[Change, ...] = ()
    findings: tuple[Finding, ...] = ()
    unknowns: tuple[OpenUnknown, ...] = ()
    people: tuple[PeopleRow, ...] = ()
    people_total: PeopleRow | None = None
    first_ring: FirstRing | None = None
    limits: tuple[LimitUse, ...] = ()
    consents: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    not_visible: tuple[Note, ...] = ()
    problems: tuple[Problem, ...] = ()
    failures: tuple[ProviderFailure, ...] = ()
    hold: str | None = None
    objects: int = 0
    digest: str = ""
    pins: tuple[str, ...] = ()

    @property
    def todo(self) -> tuple[Change, ...]:
        """The changes that apply would make now."""
        return tuple(change for change in self.changes if not change.held)

    @property
    def held(self) -> tuple[Change, ...]:
        """The changes that wait for somebody's consent."""
        return tuple(change for change in self.changes if change.held)
