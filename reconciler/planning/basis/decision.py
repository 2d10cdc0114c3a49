"""A decision about one object: what is to be done, said and remembered of it, and several as one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct, field

from reconciler.model.plan import Change, Finding, Note
from reconciler.model.problem import Problem
from reconciler.model.state import RecordDropped, RecordWritten
from reconciler.planning.basis.scene import People

Learned = RecordWritten | RecordDropped
"""What a plan learns of an object without any request."""


class Decision(Struct, frozen=True):
    """What is to be done, said and remembered about one object.

    `queued` are the people of each append, by change id. `entries` are facts that an apply writes
    into the state without any request. `after` are changes that a change comes after, beside what order alone tells.
    """

    changes: tuple[Change, ...] = ()
    findings: tuple[Finding, ...] = ()
    notes: tuple[Note, ...] = ()
    problems: tuple[Problem, ...] = ()
    entries: tuple[Learned, ...] = ()
    queued: Mapping[str, People] = field(default_factory=dict)
    after: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def __add__(self, more: Decision) -> Decision:
        if more is NOTHING or self is NOTHING:
            return self if more is NOTHING else more
        return joined((self, more))


NOTHING = Decision()


def joined(decisions: Iterable[Decision]) -> Decision:
    """Several decisions as one, in their order."""
    parts = [decision for decision in decisions if decision is not NOTHING]
    if len(parts) <= 1:
        return parts[0] if parts else NOTHING
    return Decision(
        changes=tuple(item for part in parts for item in part.changes),
        findings=tuple(item for part in parts for item in part.findings),
        notes=tuple(item for part in parts for item in part.notes),
        problems=tuple(item for part in parts for item in part.problems),
        entries=tuple(item for part in parts for item in part.entries),
        queued={key: value for part in parts for key, value in part.queued.items()},
        after={key: value for part in parts for key, value in part.after.items()},
    )
