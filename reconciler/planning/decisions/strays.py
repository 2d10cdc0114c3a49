"""What somebody else put at the vendor: other people in an object of ours, other objects with its marker."""

from __future__ import annotations

from reconciler.model.kind import KindSpec, Loudness
from reconciler.model.objects import LiveObject, Strays, WantedObject
from reconciler.model.plan import Held, Note
from reconciler.model.state import Record
from reconciler.planning.basis.decision import NOTHING, Decision
from reconciler.planning.basis.desk import Desk
from reconciler.planning.basis.scene import miscount


def astray(desk: Desk, spec: KindSpec, record: Record, live: LiveObject) -> tuple[str, Loudness] | None:
    """How the people in an object differ from those whom we queued, by name where they show, else by their count.

    While a request or a job is open that says nothing.
    """
    if desk.index.unknown.get(record.key):
        return None
    if spec.shows_people:
        strays = desk.scene.strays.get(record.key)
        return None if strays is None else (_stray_words(strays), _graded(strays.strangers > 0))
    counts = miscount(record, live)
    if counts is None:
        return None
    return f"{counts[0]} people are in it and {counts[1]} were", _graded(counts[0] > counts[1])


def _graded(louder: bool) -> Loudness:
    return Loudness.LOUDER if louder else Loudness.QUIETER


def _stray_words(strays: Strays) -> str:
    more = f"{strays.strangers} people are in it whom nobody here queued" if strays.strangers else ""
    less = f"{strays.missing} people are gone from it" if strays.missing else ""
    return ", ".join(text for text in (more, less) if text)


def held_by_copies(copies: tuple[LiveObject, ...]) -> tuple[Held, ...]:
    """What holds the arming of a run whose marker is borne by another object, too (law 2)."""
    if not copies:
        return ()
    return (Held("copy", f"{_ids(copies)} at the vendor bears its marker, too; remove what is not ours"),)


def copy_notes(wanted: WantedObject, copies: tuple[LiveObject, ...]) -> Decision:
    """The note that other objects bear a run's marker."""
    if not copies:
        return NOTHING
    text = f"{_ids(copies)} at the vendor bears its marker, too: a copy that somebody made; it is left alone"
    return Decision(notes=(Note(str(wanted.key.address), text),))


def _ids(copies: tuple[LiveObject, ...]) -> str:
    return ", ".join(item.remote_id for item in copies)
