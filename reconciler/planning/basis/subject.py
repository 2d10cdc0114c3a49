"""What a change is about: one object as we know it and as it is wanted, either of which may be missing."""

from __future__ import annotations

from msgspec import Struct

from reconciler.model.address import ObjectKey
from reconciler.model.kind import KindSpec, Loudness
from reconciler.model.objects import WantedObject
from reconciler.model.plan import Action, Change, Difference, Held, Movement, Origin
from reconciler.model.state import Record
from reconciler.model.value import ABSENT


class Subject(Struct, frozen=True):
    """What changes are about: one object, as we know it and as it is wanted, of which one may be missing."""

    key: ObjectKey
    kind: str
    record: Record | None = None
    wanted: WantedObject | None = None

    def change(
        self,
        action: Action,
        movement: Movement,
        reason: str,
        *,
        held: tuple[Held, ...] = (),
        differences: tuple[Difference, ...] = (),
        suffix: str = "",
    ) -> Change:
        """A change of the object, with what it was planned on."""
        return Change(
            id=f"{self.key}#{suffix or action.value}",
            key=self.key,
            kind=self.kind,
            action=action,
            movement=movement,
            reason=reason,
            differences=differences,
            held=held,
            remote_id=self.record.remote_id if self.record is not None else None,
            generation=self.record.generation if self.record is not None else 0,
            location=self.wanted.location if self.wanted is not None else None,
        )


def of_wanted(wanted: WantedObject, record: Record | None) -> Subject:
    """A wanted object, whether it exists or not."""
    return Subject(wanted.key, wanted.kind, record, wanted)


def of_record(record: Record, wanted: WantedObject | None = None) -> Subject:
    """An object that exists; `wanted` is what replaces it, if anything does."""
    return Subject(record.key, record.kind, record, wanted)


def creation(
    wanted: WantedObject, spec: KindSpec, record: Record | None, reason: str, held: tuple[Held, ...]
) -> Change:
    """The making of an object, with the settings that it will have; what it refers to is named."""
    settings = tuple(
        Difference(item.name, ABSENT, wanted.fields[item.name], ABSENT, Origin.HERE, Loudness.SAME)
        for item in spec.fields
        if not item.sensitive
        and wanted.fields.get(item.name) not in (None, wanted.key.address.name)
        and spec.set_by_create(item.name, wanted.fields[item.name])
    )
    subject = of_wanted(wanted, record)
    return subject.change(Action.CREATE, Movement.NEUTRAL, reason, held=held, differences=settings)
