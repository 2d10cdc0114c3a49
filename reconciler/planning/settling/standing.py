"""Where a run stands, in words: what the vendor shows if it shows anything, else what we sent last. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from zoneinfo import ZoneInfo

from reconciler.model.objects import Ended, LiveObject, WantedObject
from reconciler.model.resource import Desired
from reconciler.model.standing import Counters, Standing
from reconciler.model.state import Phase, Record
from reconciler.planning.basis.calendar import first_open, is_over
from reconciler.planning.basis.scene import Index, Scene, live_of, phase_of

NOT_APPLIED, COMPLETE = "not applied", "complete"
OVER = {Ended.COMPLETED: (COMPLETE, "", True), Ended.STOPPED: ("ended", "stopped outside", True)}
"""State, reason and whether it is told, of what its vendor shows as over."""


Counted = Mapping[tuple[str, str, str], Counters]
"""What the vendors count, by provider, kind and remote id."""


def standings(scene: Scene, index: Index, counted: Counted, *, finished: bool) -> tuple[Standing, ...]:
    """A row for each wanted run and each other one that is not over; `finished` adds those that are."""
    rows = []
    for wanted in scene.wanted:
        spec = scene.spec(wanted.key, wanted.kind)
        if spec is not None and spec.runs and wanted.key not in scene.snapshot.records:
            rows.append(Standing(wanted.key, NOT_APPLIED, told=True, queued=0))
    for key, record in scene.snapshot.records.items():
        spec = scene.spec(key, record.kind)
        runs = spec.runs if spec is not None else key.address.kind == "campaign"
        if runs and (key in index.wanted or finished or record.phase is not Phase.ENDED):
            rows.append(_standing(scene, index, counted, record))
    return tuple(sorted(rows, key=lambda row: row.key))


def _standing(scene: Scene, index: Index, counted: Counted, record: Record) -> Standing:
    wanted, live = index.wanted.get(record.key), live_of(index, record)
    state, why, told = _words(scene, index, record, live)
    counters = counted.get((record.key.address.provider, record.kind, record.remote_id or ""), Counters())
    rings = state in {"started", "running"}
    over = state in {"ended", "missing"}
    if rings and counters.complete:
        state, rings = COMPLETE, False
    return Standing(
        key=record.key,
        state=state,
        told=told,
        queued=sum(ref.count for ref in record.sent),
        why=why,
        counters=counters,
        opens=_opens(scene, wanted) if rings else None,
        ends=_ends(scene, wanted, counters) if rings else None,
        finished=over or state == COMPLETE,
        remote_id=record.remote_id,
        unknown=bool(index.unknown.get(record.key)),
    )


def _ends(scene: Scene, wanted: WantedObject | None, counters: Counters) -> str | None:
    """The last day of a run, or where its vendor tells a rate, the moment at which that has reached everybody."""
    calendar = wanted.calendar if wanted is not None else None
    last = calendar.end_date.isoformat() if calendar is not None and calendar.end_date is not None else None
    if not counters.rate or counters.done is None or counters.total is None:
        return last
    through = scene.now + dt.timedelta(hours=(counters.total - counters.done) / counters.rate)
    if last is not None and through.date().isoformat() > last:
        return last
    zone = ZoneInfo(calendar.zone) if calendar is not None else dt.UTC
    return through.astimezone(zone).isoformat(timespec="minutes")


def _words(scene: Scene, index: Index, record: Record, live: LiveObject | None) -> tuple[str, str, bool]:
    """State, reason, and whether the vendor showed it."""
    if record.phase is Phase.ENDED:
        return "ended", record.ended or "its last day is over", True
    wanted = index.wanted.get(record.key)
    seen = record.key.address.provider in scene.live
    if seen and live is None and record.remote_id is not None:
        return "missing", "deleted outside", True
    if live is not None and live.ended is not None:
        return OVER[live.ended]
    if phase_of(index, record) is Phase.INERT:
        draft = wanted is None or wanted.desired is Desired.DRAFT
        return ("draft" if draft else "not started"), "", True
    if _is_over(scene, record, live):
        return "ended", "its last day is over", True
    if live is None or live.running is None:
        begun = record.running or record.phase is Phase.INERT  # then a start of unknown end made it count
        return ("started" if begun else "paused"), "", False
    if live.running:
        return "running", "", True
    return "paused", "by hand" if record.running else "", True


def _is_over(scene: Scene, record: Record, live: LiveObject | None) -> bool:
    spec = scene.spec(record.key, record.kind)
    if spec is None or spec.ends_by_date is None:
        return False
    fields = live.fields if live is not None and spec.ends_by_date in live.fields else record.fields
    day = fields.get(spec.ends_by_date)
    return day is not None and is_over(str(day), spec.clock_zone, scene.now)


def _opens(scene: Scene, wanted: WantedObject | None) -> str | None:
    if wanted is None or wanted.calendar is None:
        return None
    moment = first_open(wanted.calendar, scene.now)
    return None if moment is None else moment.isoformat(timespec="minutes")
