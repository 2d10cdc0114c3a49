"""Pins: a reviewed plan in a few letters for each change, for places that cannot hold it whole."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from reconciler.errors import ReconcilerError
from reconciler.model.plan import Change, Plan
from reconciler.planning.review.reviewed import Reviewed, change_digest, review_name

BYTES = 12
"""Of a change's digest: enough that nobody finds another change with the same."""
_PIN = re.compile(r"([A-Za-z0-9+/]{16})(?::([0-9]{1,12}):(\S{0,40}))?")
_DIGEST = re.compile(r"[0-9a-f]{32}")


def pin(item: Change, digest: str) -> str:
    """A change by its digest; of one that sends, also how many people it reaches and when it rings first."""
    short = base64.b64encode(bytes.fromhex(digest)[:BYTES]).decode()
    return f"{short}:{item.people}:{item.first_ring or ''}" if item.people or item.first_ring else short


class Pins(Struct, frozen=True):
    """What is known of a reviewed plan: its digest, and, unless it was too large, a pin for each change.

    Unlike a saved plan it does not expire: what each change was planned on is in its digest. It does not
    know who was kept out by name, only how many people each change may reach.
    """

    project_id: str
    digest: str
    pins: tuple[str, ...] = ()
    lineage: str = ""

    @property
    def name(self) -> str:
        """What tells this review from every other."""
        return review_name(self.project_id, self.digest, *sorted(self.pins))

    def against(self, plan: Plan) -> Reviewed:
        """The same for a plan that was made anew: those of its changes that were reviewed, in full."""
        known = {pinned[:16]: pinned for pinned in self.pins}
        changes, people, rings = {}, {}, {}
        for item in plan.todo:
            digest = change_digest(item)
            pinned = pin(item, digest) if plan.digest == self.digest else known.get(pin(item, digest)[:16])
            if pinned is None:
                continue
            changes[item.id] = digest
            people[item.id], ring = reach(pinned)
            if ring:
                rings[item.id] = ring
        return Reviewed(
            project_id=self.project_id,
            lineage=self.lineage,
            expires=plan.expires,
            digest=self.digest,
            changes=changes,
            rings=rings,
            people=people,
            whole=False,
        )


def reach(pinned: str) -> tuple[int, str]:
    """How many people a pinned change reaches, and when it rings first; no text where it does not."""
    _, _, rest = pinned.partition(":")
    number, _, ring = rest.partition(":")
    return int(number or 0), ring


def read_pins(facts: Mapping[str, object]) -> Pins:
    """Pins from what a comment or a file says; raises ReconcilerError where it does not fit together."""
    pins = tuple(_pins(facts.get("pins", ())))
    digest = str(facts.get("digest", ""))
    if digest and not _DIGEST.fullmatch(digest):
        raise ReconcilerError("the reviewed digest is not one", "copy it whole: 32 letters and digits")
    return Pins(str(facts.get("project_id", "")), digest, pins, str(facts.get("lineage", "")))


def _pins(written: object) -> Iterator[str]:
    if not isinstance(written, Sequence) or isinstance(written, str):
        raise ReconcilerError("the reviewed plan has no list of pins", "make the plan again")
    for each in written:
        if not isinstance(each, str) or not _PIN.fullmatch(each):
            raise ReconcilerError("the reviewed plan has a pin that is none", "make the plan again")
        yield each
