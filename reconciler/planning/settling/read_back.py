"""What a vendor showed of an object once our last request to it was over, as an entry of the log (law 2). Pure."""

from __future__ import annotations

from reconciler.model.objects import LiveObject
from reconciler.model.state import ObjectShown, Record
from reconciler.planning.review.digests import live_digest


def read_back(record: Record | None, live: LiveObject | None, time: str) -> tuple[ObjectShown, ...]:
    """The entry that says it; none where that was said since the record was written last, or nothing shows."""
    if record is None or live is None or record.shown == record.generation:
        return ()
    applied = record.fields
    differing = sorted(name for name, value in live.fields.items() if applied.get(name, value) != value)
    ended = live.ended.value if live.ended is not None else ""
    digest = live_digest([live])
    return (
        ObjectShown(
            record.key, record.generation, digest, time, live.running, live.people, ended, tuple(differing)
        ),
    )
