"""Kinds: what a vendor's objects of one sort can do, declared so that planner and engine need not know."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from functools import cached_property

from msgspec import Struct

from reconciler.model.state import Operation
from reconciler.model.value import ABSENT, Value


class Loudness(enum.Enum):
    """What a change means for the people who may be called."""

    QUIETER = "quieter"
    SAME = "same"
    LOUDER = "louder"
    OTHER = "other"


class Updatable(enum.Enum):
    """When a field can be changed in place."""

    ALWAYS = "always"
    INERT = "while inert"
    NEVER = "never"


class Lookup(enum.Enum):
    """How a request whose reply was lost is settled.

    LIST: the object shows in a list, or not. FIELDS: its fields show it, and repeating does no harm.
    NONE: it cannot be seen; such a request is never repeated by itself once phones can ring.
    """

    LIST = "list"
    FIELDS = "fields"
    NONE = "none"


def other(before: Value, after: Value) -> Loudness:  # noqa: ARG001 - the default of every field
    """The loudness of a change about which nothing is known."""
    return Loudness.OTHER


def same(before: Value, after: Value) -> Loudness:  # noqa: ARG001 - the signature of every loudness
    """The loudness of a change that no called person can notice."""
    return Loudness.SAME


class FieldSpec(Struct, frozen=True):
    """One field of a kind. `readable`: lists may show it (a reply that lacks it says nothing).

    `references` marks a field that holds other objects. `sensitive` values are never shown. `on_create`: a
    create sets it; one that does not is set right after it, and `initial` is what it has until then, if that
    is known. Fields that one request can set share the name of that `request`. `kept`: it is kept here, and no
    vendor is told of it. `looked_up`: its value is a name that the vendor must know, which only asking tells.
    `stands_for`: the field of which it is another spelling, so that one of the two is enough. `reset_by`: the field
    with whose change it goes back to what the vendor gives it.
    """

    name: str
    loudness: Callable[[Value, Value], Loudness] = other
    readable: bool = True
    updatable: Updatable = Updatable.ALWAYS
    sensitive: bool = False
    references: bool = False
    on_create: bool = True
    initial: Value = ABSENT
    request: str = ""
    kept: bool = False
    looked_up: bool = False
    stands_for: str = ""
    reset_by: str = ""


class OperationSpec(Struct, frozen=True):
    """One operation of a kind: whether repeating it is harmless, how a lost one is settled, whether it arms.

    `staged`: it is done by jobs, and nothing comes of it before a handle of one is in the log.
    `shows`: whom it queued can be read back, and a lost one is settled by that. `pauses`: it pauses a run that rings,
    or may have when it failed. `promise` says in a sentence what we do about a lost reply; docs/safety.md prints it.
    """

    operation: Operation
    lookup: Lookup
    repeatable: bool = False
    arms: bool = False
    undoable: bool = True
    staged: bool = False
    shows: bool = False
    pauses: bool = False
    promise: str = ""


class KindSpec(Struct, frozen=True, dict=True):
    """A kind's declaration.

    `runs`: its objects are passes of a campaign, with phases and people. `marker`: it carries one.
    `unique_name`: its natural key is unique in the account. `shows_running`: lists tell the run state.
    `batch`: contacts in one append at most. `hidden`: what can never be read, in words.
    `fill_on_create`: contacts go into the create itself. `ends_by_date`: the field with its last day,
    after which nothing is called any more. `suppresses`: it is a list of people never to be called that
    the vendor keeps, too; it is only ever added to, and need not be readable. `ranges` are pairs of fields
    of which the vendor refuses the first beyond the second. `rests`: a run that rings is paused while it is changed
    or filled, and goes on after it. `unique_reference`: the vendor knows people by their reference. `replaceable`:
    what an armed object cannot change is changed by another one for those whom it has not tried, and it can tell
    whom it has. `companion`: an object of it belongs to the one run that refers to it, and is made, and made again,
    with it. `order` sorts kinds in plans, lowest first.
    """

    name: str
    fields: tuple[FieldSpec, ...]
    operations: tuple[OperationSpec, ...]
    runs: bool = False
    marker: bool = False
    unique_name: bool = False
    deletable: bool = True
    shows_running: bool = False
    can_pause: bool = False
    rests: bool = False
    unique_reference: bool = False
    companion: bool = False
    fill_on_create: bool = False
    suppresses: bool = False
    replaceable: bool = False
    batch: int = 0
    ends_by_date: str | None = None
    ranges: tuple[tuple[str, str], ...] = ()
    clock_zone: str = "UTC"
    hidden: tuple[str, ...] = ()
    order: int = 0

    @cached_property
    def field_index(self) -> Mapping[str, FieldSpec]:
        """Its fields by name."""
        return {spec.name: spec for spec in self.fields}

    @cached_property
    def operation_index(self) -> Mapping[Operation, OperationSpec]:
        """What can be done with it."""
        return {spec.operation: spec for spec in self.operations}

    @property
    def shows_people(self) -> bool:
        """Whether it can be read back who is queued in an object."""
        queueing = self.operation_index.get(Operation.APPEND)
        return queueing is not None and queueing.shows

    @property
    def hidden_words(self) -> str:
        """What can never be read, as a phrase: run state, numbers and counts."""
        *most, last = self.hidden or ("",)
        return f"{', '.join(most)} and {last}" if most else last

    def set_by_create(self, name: str, value: Value) -> bool:
        """Whether a new object has this value of a field, without a further request."""
        spec = self.field_index[name]
        return spec.on_create or (spec.initial is not ABSENT and value == spec.initial)

    def operation(self, operation: Operation) -> OperationSpec:
        """How an operation behaves; KeyError when the vendor has none such."""
        return self.operation_index[operation]
