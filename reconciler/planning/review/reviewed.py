"""Reviewed plans: what of a fresh plan was seen and agreed to before (law 11)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping

from msgspec import Struct, field

from reconciler.errors import PlanStale
from reconciler.model.digest import digest
from reconciler.model.plan import Change, Plan
from reconciler.model.value import plain

LOAD = "load"
"""Suffix of a change that only suppresses people: blacklists are read anew, and may only add (law 11)."""


def loads(change_id: str) -> bool:
    """Whether a change, by its id, only suppresses people."""
    return change_id.endswith(f"#{LOAD}")


class Reviewed(Struct, frozen=True):
    """A saved plan: the digest of each change that was not held, and when it may ring first.

    `suppressed` are keyed digests of people whom the reviewed plan kept out; they stay out. Unless it is
    `whole`, it knows the changes that are as reviewed, and cannot tell a new one from one that differs.
    """

    project_id: str
    lineage: str
    expires: str
    digest: str
    changes: Mapping[str, str]
    rings: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, int] = field(default_factory=dict)
    allow: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    suppressed: frozenset[bytes] = frozenset()
    whole: bool = True

    @property
    def name(self) -> str:
        """What tells this review from every other."""
        changes = (f"{name}={digest}" for name, digest in sorted(self.changes.items()))
        return review_name(self.project_id, self.lineage, self.expires, self.digest, *changes)


def review_name(*parts: str) -> str:
    """A short name of a review, by all that it is of."""
    return digest(parts, 16)


def change_digest(item: Change) -> str:
    """A digest of what a change does, and of what it was planned on; wording and people counts stay out.

    Who is queued is in it as the digest of the whole list: a blacklist that has grown since may only take
    people away.
    """
    parts = [
        item.id,
        item.action.value,
        int(item.movement),
        [
            [each.field, plain(each.applied), plain(each.wanted), plain(each.live)]
            for each in item.differences
        ],
        [name for name in item.after if not loads(name)],
        item.people_digest,
        item.remote_id,
        item.generation,
        item.live_digest,
        item.wanted_digest,
    ]
    return digest(parts, 16)


def check_fresh(reviewed: Reviewed, plan: Plan, now: dt.datetime) -> None:
    """Refuse a saved plan that is of another project or state, or that has expired; raises PlanStale.

    A plan made before there was any state names none; what its changes were planned on is pinned in each.
    """
    remedy = "make and review a new one: reconciler plan --out FILE"
    if reviewed.project_id != plan.project_id:
        raise PlanStale("the plan is of another project", remedy)
    if reviewed.lineage and reviewed.lineage != plan.lineage:
        raise PlanStale("the plan was made on another state", remedy)
    if dt.datetime.fromisoformat(reviewed.expires) < now:
        raise PlanStale(f"the plan expired at {reviewed.expires}", remedy)


def unreviewed(
    reviewed: Reviewed, plan: Plan, left: Callable[[Change], bool] = lambda _: False
) -> dict[str, str]:
    """The changes of a fresh plan that may not be made as reviewed, each with the reason.

    `left` knows what the same review began before and did not finish.
    """
    reasons: dict[str, str] = {}
    for item in plan.todo:
        reason = None if left(item) else _difference(reviewed, item)
        waits = next((other for other in item.after if other in reasons), None)
        if reason is None and waits is not None:
            reason = f"waits for {waits}"
        if reason is not None:
            reasons[item.id] = reason
    return reasons


def _difference(reviewed: Reviewed, item: Change) -> str | None:
    if loads(item.id):
        return None
    if item.id not in reviewed.changes:
        return "not in the reviewed plan" if reviewed.whole else "new, or not as in the reviewed plan"
    if reviewed.changes[item.id] != change_digest(item):
        return "differs from the reviewed plan"
    if item.people > reviewed.people.get(item.id, item.people):
        return "reaches more people than the reviewed plan"
    ring = reviewed.rings.get(item.id)
    if ring and item.first_ring and earlier(item.first_ring, ring):
        return "would ring earlier than the reviewed plan"
    return None


def earlier(first: str, second: str) -> bool:
    """Whether one moment comes before another."""
    return dt.datetime.fromisoformat(first) < dt.datetime.fromisoformat(second)


def vanished(reviewed: Reviewed, plan: Plan) -> tuple[str, ...]:
    """Reviewed changes that a fresh plan does not have: done already, or not needed any more."""
    fresh = {item.id for item in plan.changes}
    return tuple(name for name in reviewed.changes if name not in fresh)
