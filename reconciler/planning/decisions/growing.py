"""Further parts of a run: begun for people who are new, or for those of a part that is replaced."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from reconciler.model.kind import KindSpec
from reconciler.model.objects import WantedObject
from reconciler.model.plan import Action, Held
from reconciler.model.resource import Desired
from reconciler.model.state import Phase, Record
from reconciler.planning.basis.decision import NOTHING, Decision
from reconciler.planning.basis.desk import Desk
from reconciler.planning.basis.scene import live_of, phase_of
from reconciler.planning.decisions.beginning import begin, shrunk
from reconciler.planning.decisions.parts import is_half_replaced, open_parts, run_people, was_cut_short
from reconciler.planning.decisions.replacing import leaving, rest_of


def decide_growth(desk: Desk, wanted: WantedObject, spec: KindSpec) -> Decision:
    """The next part, with everybody who is new; none while one is not armed yet, which takes them in."""
    rest, half = open_parts(desk, wanted), is_half_replaced(desk, wanted)
    several = run_people(desk, wanted)
    wants = wanted.desired in (Desired.RUNNING, Desired.PAUSED)
    cut = was_cut_short(desk, wanted) or (
        several.queued_suppressed and wanted.on_queued_suppression == "stop"
    )
    if not (rest or half) or cut or not wants:
        return NOTHING
    if gone := leaving(desk, wanted, spec):
        return _taken_over(desk, wanted, spec, gone)
    inert = any(phase_of(desk.index, item) is Phase.INERT for item in rest)
    if inert or not (several.new or several.error):
        return NOTHING
    fresh = begin(
        desk, wanted, spec, None, "at most, the rest of the part before" if half else "more contacts"
    )
    held = (*shrunk(desk, wanted, several), *_paused(desk, wanted, rest))
    return replace(fresh, changes=tuple(replace(item, held=(*item.held, *held)) for item in fresh.changes))


def _taken_over(desk: Desk, wanted: WantedObject, spec: KindSpec, gone: Mapping[str, Record]) -> Decision:
    """The part that takes over whom others have not tried when they are stopped, and whoever is new."""
    people = rest_of(desk, wanted, list(gone.values()))
    fresh = begin(desk, wanted, spec, None, "at most, the rest of the part before", people)
    made = (item.id for item in fresh.changes if item.action is Action.CREATE)
    return replace(fresh, after=dict.fromkeys(made, frozenset(gone)))


def _paused(desk: Desk, wanted: WantedObject, rest: list[Record]) -> tuple[Held, ...]:
    """What holds the growth of a run that somebody paused at the vendor."""
    shown = [(item, live_of(desk.index, item)) for item in rest]
    if not any(item.running and live is not None and live.running is False for item, live in shown):
        return ()
    return (Held("restore", "paused outside", f"restore:{wanted.key.address}"),)
