"""Which live object is which wanted one, and the record it gets when the state never heard of it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from reconciler.model.address import Address, ObjectKey
from reconciler.model.kind import KindSpec
from reconciler.model.marker import marker
from reconciler.model.objects import LiveObject, WantedObject
from reconciler.model.resource import Desired, Moved
from reconciler.model.state import BlobRef, Phase, Record
from reconciler.model.value import Value
from reconciler.planning.basis.compare import is_known, resolve
from reconciler.planning.basis.people import Suppressions
from reconciler.planning.basis.scene import Index, People, Scene
from reconciler.planning.basis.transitions import EXTRA_PARTS
from reconciler.planning.decisions.parts import part_of

PARTS_SOUGHT = 99
"""So many further parts of a run are looked for when the state was lost."""


class Match(Struct, frozen=True):
    """A live object that is a wanted one, and what proves it. `spare`: it is one too many."""

    wanted: WantedObject
    live: LiveObject
    by: str
    spare: int = 0

    @property
    def key(self) -> ObjectKey:
        """The key it gets: its own, or where it is one too many, a part that nobody wants."""
        return replace(self.wanted.key, part=EXTRA_PARTS + self.spare) if self.spare else self.wanted.key


def matches(scene: Scene, index: Index, moved: Iterable[Moved]) -> tuple[Match, ...]:
    """The live objects that bear a marker or name of ours, for every wanted one that the state lacks."""
    old = _old_addresses(moved)
    found: list[Match] = []
    for wanted in scene.wanted:
        spec = scene.spec(wanted.key, wanted.kind)
        for part in _parts(scene, wanted, spec) if spec is not None else ():
            if spec is not None and part.key not in scene.snapshot.records:
                found += _matches(scene, index, part, spec, old.get(wanted.key.address, ()))
    return tuple(found)


def _parts(scene: Scene, wanted: WantedObject, spec: KindSpec) -> Iterator[WantedObject]:
    """An object, and where its runs may have several, the parts that there may be."""
    yield wanted
    for part in range(1, PARTS_SOUGHT + 1) if spec.fill_on_create else ():
        yield part_of(scene.project.project_id, wanted, part)


def _old_addresses(moved: Iterable[Moved]) -> dict[Address, tuple[Address, ...]]:
    found: dict[Address, tuple[Address, ...]] = {}
    for item in moved:
        found[item.target] = (*found.get(item.target, ()), item.source)
    return found


def _matches(
    scene: Scene, index: Index, wanted: WantedObject, spec: KindSpec, old: tuple[Address, ...]
) -> Iterator[Match]:
    bearers = [
        (live, "marker" if text == wanted.marker else "old marker")
        for text in markers(scene.project.project_id, wanted, old)
        for live in index.by_marker.get((wanted.key.address.provider, spec.name, text), ())
        if spec.marker and not is_owned(index, live)
    ]
    bearers.sort(key=lambda pair: (pair[0].ended is not None, len(pair[0].remote_id), pair[0].remote_id))
    for number, (live, by) in enumerate(bearers):
        yield Match(wanted, live, by, spare=number)
    named = index.by_name.get((wanted.key.address.provider, spec.name, wanted.natural_key or ""))
    if spec.unique_name and named is not None and not is_owned(index, named):
        yield Match(wanted, named, "name")


def markers(project_id: str, wanted: WantedObject, old: Iterable[Address] = ()) -> tuple[str, ...]:
    """Every marker that an object of this key may bear: its own, and those of its addresses before."""
    former = (marker(project_id, replace(wanted.key, address=address)) for address in old)
    return tuple(dict.fromkeys((*((wanted.marker,) if wanted.marker else ()), *former)))


def is_owned(index: Index, live: LiveObject) -> bool:
    """Whether a record names this object."""
    return (live.provider, live.kind, live.remote_id) in index.owners


def unexplained(scene: Scene, index: Index, known: Iterable[Match]) -> tuple[LiveObject, ...]:
    """Objects that bear a marker of this tool which neither state nor manifests explain: other runs, other projects."""
    matched = {(item.live.provider, item.live.kind, item.live.remote_id) for item in known}
    return tuple(
        live
        for items in scene.live.values()
        for live in items
        if live.marker is not None
        and not is_owned(index, live)
        and (live.provider, live.kind, live.remote_id) not in matched
    )


def bound(
    match: Match,
    spec: KindSpec,
    ids: Mapping[ObjectKey, str],
    *,
    sent: BlobRef | None,
    time: str,
    trusted: bool,
) -> Record:
    """The record of a found object. A run counts as armed, since nobody can tell that it is not (law 12).

    `trusted`: we made it, so that fields which the vendor hides are taken to be as the manifest has them.
    """
    wanted, live = match.wanted, match.live
    found = Record(
        key=match.key,
        kind=spec.name,
        remote_id=live.remote_id,
        natural_key=live.natural_key,
        marker=live.marker if spec.marker else None,
        fields=known_fields(match, spec, ids, trusted=trusted),
        depends_on=wanted.depends_on,
        protect=wanted.protect,
        imported=True,
        generation=1,
    )
    if not spec.runs:
        return found
    return replace(
        found,
        phase=Phase.ARMED if live.ended is None else Phase.ENDED,
        ended=live.ended.value if live.ended is not None else None,
        running=wanted.desired is Desired.RUNNING if live.running is None else live.running,
        sent=(sent,) if sent is not None and sent.count else (),
        facts={"armed_at": time},
    )


def known_fields(
    match: Match, spec: KindSpec, ids: Mapping[ObjectKey, str], *, trusted: bool
) -> dict[str, Value]:
    """The fields as the vendor shows them, and as wanted where it cannot and we may assume so."""
    found: dict[str, Value] = {}
    for name, value in match.wanted.fields.items():
        if name in match.live.fields:
            found[name] = match.live.fields[name]
        elif trusted or not spec.field_index[name].readable:
            resolved = resolve(value, ids)
            found |= {name: resolved} if is_known(resolved) else {}
    return found


def assumed(match: Match, record: Record) -> tuple[str, ...]:
    """The fields of a record that nobody has seen at the vendor."""
    return tuple(name for name in record.fields if name not in match.live.fields)


def queued(scene: Scene, wanted: WantedObject, *, filtered: bool) -> tuple[People, int]:
    """Who counts as queued in a found run, and how many of its list are suppressed.

    `filtered`: we filled it, and never with somebody suppressed. What others filled may hold anybody.
    """
    listed = scene.lists.get(wanted.contacts or "")
    everybody: People = listed.people if listed is not None else {}
    suppression = Suppressions(scene)(wanted.key.address.name, wanted.except_blacklists)
    allowed = {exact: broad for exact, broad in everybody.items() if broad not in suppression}
    return (allowed if filtered else everybody), len(everybody) - len(allowed)
