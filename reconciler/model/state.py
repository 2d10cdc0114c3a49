"""State: what we did at the vendors, and what we began and have not seen the end of."""

from __future__ import annotations

import enum
from collections.abc import Mapping

from msgspec import Struct, field

from reconciler.model.address import ObjectKey
from reconciler.model.value import Fields

FORMAT = 1
"""Version of the state's form; a tool that knows less refuses it by name."""


REMARK = "remark"
"""Fact of a record: what the vendor said about its people when it was made; plans note it."""

QUEUED = "queued"
"""Fact of a record: how many people the vendor showed in it once they were queued; another count is somebody's hand."""


UNVERIFIED = "unverified"
"""Fact of a record: how many people a request had that got no reply and cannot be looked up; it is sent again."""

UNSEEN = "unseen"
"""Fact of a record: when it had been looked for over a whole list lag, and did not show; nobody waits for it again."""

ARMED_WITH = "armed_with"
"""Fact of a record: how many people its vendor showed waiting in it when it was armed."""

REPLACED = "replaced"
"""Why an object ended whose untried people another part takes over; only those it tried count as sent by it."""


class Phase(enum.Enum):
    """Of a run's object: only ever forward. Schedules and profiles stay inert."""

    INERT = "inert"
    ARMED = "armed"
    ENDED = "ended"


class Operation(enum.Enum):
    """What an intent announces; one request, or a bounded series of the same kind."""

    CREATE = "create"
    UPDATE = "update"
    APPEND = "append"
    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    WITHDRAW = "withdraw"
    STOP = "stop"
    DELETE = "delete"


class Result(enum.Enum):
    """How an intent ended. UNKNOWN keeps it open; the last three are what a person said."""

    DONE = "done"
    REFUSED = "refused"
    NOT_SENT = "not sent"
    UNKNOWN = "unknown"
    NOT_DONE = "not done"
    HAPPENED = "happened"
    DID_NOT_HAPPEN = "did not happen"
    ASSUMED = "assumed"


class BlobRef(Struct, frozen=True, order=True):
    """A stored set of people (see `state.people`): hex digest of its bytes, and how many it has."""

    digest: str
    count: int


class Record(Struct, frozen=True):
    """One object that we own, or a run that was armed once and whose object is gone.

    `fields` are as last applied, references as remote ids. `sent` is who was queued there, `withdrawn` who of
    them is not called any more, since a list suppressed them.
    `running` is the last run state that we commanded. `ended` says why an ended run ended.
    `generation` counts the writes, so that a plan can tell whether it still fits; `shown` is the one as which it
    was last read back.
    """

    key: ObjectKey
    kind: str
    remote_id: str | None
    natural_key: str | None = None
    marker: str | None = None
    phase: Phase = Phase.INERT
    fields: Fields = field(default_factory=dict)
    depends_on: tuple[ObjectKey, ...] = ()
    sent: tuple[BlobRef, ...] = ()
    withdrawn: tuple[BlobRef, ...] = ()
    running: bool = False
    ended: str | None = None
    protect: bool = False
    imported: bool = False
    generation: int = 0
    shown: int = 0
    facts: Mapping[str, str] = field(default_factory=dict)


class Intent(Struct, frozen=True):
    """Written before a request: what is about to be done, to whom, and how to find out whether it was.

    `before` are the remote ids that bore the marker or natural key when it was written.
    `lookup` tells whether reading the vendor can settle it; `arms` whether phones can ring from it on.
    `unknown` is set once the request was made and nobody could tell how it ended; `evidence` says more.
    `handle` names the job that the vendor took last for it.
    `time` is ISO 8601 with an offset; `holder` names who wrote it.
    """

    id: str
    key: ObjectKey
    kind: str
    operation: Operation
    digest: str
    time: str
    holder: str
    lookup: bool
    arms: bool = False
    contacts: BlobRef | None = None
    marker: str | None = None
    natural_key: str | None = None
    before: tuple[str, ...] = ()
    fields: Fields = field(default_factory=dict)
    depends_on: tuple[ObjectKey, ...] = ()
    protect: bool = False
    unknown: bool = False
    evidence: str = ""
    handle: str = ""


class Hold(Struct, frozen=True):
    """A brake on the project: nothing arms, sends, resumes or widens until it is released."""

    reason: str
    who: str
    time: str


class Review(Struct, frozen=True):
    """A reviewed plan that was begun: its name, the changes of it as pins, and whose apply it was last.

    It stands as long as nobody else does anything: then whatever of it is left is still as it was reviewed.
    """

    name: str
    pins: tuple[str, ...]
    who: str


class Snapshot(Struct, frozen=True):
    """All of the state at one moment. `serial` counts log entries since `lineage` began."""

    lineage: str
    project_id: str
    serial: int = 0
    key_fingerprint: str | None = None
    normaliser: int = 0
    records: Mapping[ObjectKey, Record] = field(default_factory=dict)
    intents: Mapping[str, Intent] = field(default_factory=dict)
    suppressed: Mapping[str, tuple[BlobRef, ...]] = field(default_factory=dict)
    """Whom each blacklist ever held; a name stays when its list is gone from the manifests."""
    blacklists: Mapping[str, int] = field(default_factory=dict)
    """How many people each blacklist had when it was last used, to notice one that shrank."""
    hold: Hold | None = None
    review: Review | None = None


class IntentWritten(Struct, frozen=True):
    """Log: a request is about to be made."""

    intent: Intent


class JobTaken(Struct, frozen=True):
    """Log: the vendor works on what an intent announced, and may be asked for it by `handle`.

    `announces`: the request that goes on from there is about to be made.
    """

    intent_id: str
    handle: str
    time: str
    announces: bool = False


class OutcomeWritten(Struct, frozen=True):
    """Log: how an intent ended. `record` is the object from now on; None leaves it as it was.

    `dropped` removes the object's record. UNKNOWN keeps the intent open, marked unknown.
    `who` and `reason` are given when a person settled it.
    """

    intent_id: str
    result: Result
    time: str
    record: Record | None = None
    dropped: bool = False
    evidence: str = ""
    who: str = ""
    reason: str = ""


class RecordWritten(Struct, frozen=True):
    """Log: an object is ours from now on, or known differently, without a request of ours."""

    record: Record
    time: str
    who: str
    reason: str


class ObjectShown(Struct, frozen=True):
    """Log: what the vendor showed of an object after the last request to it. Nothing follows from it.

    `generation` is the record's then, `digest` of all that showed; `differing` are the fields that were not as applied.
    `ended` and `people` as the vendor had them, where it shows them.
    """

    key: ObjectKey
    generation: int
    digest: str
    time: str
    running: bool | None = None
    people: int | None = None
    ended: str = ""
    differing: tuple[str, ...] = ()


class RecordDropped(Struct, frozen=True):
    """Log: an object is ours no longer."""

    key: ObjectKey
    time: str
    who: str
    reason: str


class RecordMoved(Struct, frozen=True):
    """Log: an object, with all its runs, has another address."""

    source: ObjectKey
    target: ObjectKey
    time: str
    who: str
    reason: str


class SuppressionRemembered(Struct, frozen=True):
    """Log: people who are suppressed for ever, by blacklist, beside those remembered of it already."""

    added: Mapping[str, BlobRef]
    blacklists: Mapping[str, int]
    time: str


class HoldChanged(Struct, frozen=True):
    """Log: a hold was set, or released (None)."""

    hold: Hold | None
    time: str
    who: str
    reason: str


class ReviewBegun(Struct, frozen=True):
    """Log: what follows, as far as it is this holder's, carries out a reviewed plan."""

    review: Review
    time: str


class StateBegun(Struct, frozen=True):
    """Log: the first entry of a lineage, or a change of key."""

    lineage: str
    project_id: str
    key_fingerprint: str | None
    normaliser: int
    time: str
    who: str


LogEntry = (
    StateBegun
    | IntentWritten
    | JobTaken
    | OutcomeWritten
    | RecordWritten
    | ObjectShown
    | RecordDropped
    | RecordMoved
    | SuppressionRemembered
    | HoldChanged
    | ReviewBegun
)
