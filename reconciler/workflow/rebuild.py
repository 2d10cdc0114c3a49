"""The use case of a lost state: what bears our markers and names is bound again, and nobody is called twice."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from msgspec import Struct
from msgspec.structs import replace

from reconciler.contacts.digest import Digester
from reconciler.engine.observe import Observation, observe
from reconciler.errors import ProjectError, StateError
from reconciler.model.binding import Binding, Rebuilt
from reconciler.model.objects import WantedObject
from reconciler.model.problem import errors
from reconciler.model.state import BlobRef, LogEntry, Phase, Record, RecordWritten, Snapshot, StateBegun
from reconciler.planning.basis.scene import Index, Scene, build_index
from reconciler.planning.basis.transitions import DOUBT
from reconciler.planning.settling.binding import Match, assumed, bound, matches, queued, unexplained
from reconciler.state.key import fingerprint
from reconciler.state.people import encode_people
from reconciler.workflow.lowering import lower_all
from reconciler.workflow.people import Crowd, gather_anew, remember
from reconciler.workflow.plan import specs_of
from reconciler.workflow.state import last_writer
from reconciler.workflow.workspace import Workspace, located

REASON = "state rebuild"


class _Site(Struct, frozen=True):
    """What a rebuild works on: the wanted and the live objects, and which is which."""

    workspace: Workspace
    scene: Scene
    index: Index
    found: tuple[Match, ...]
    observation: Observation
    lost_key: bool


def rebuild(workspace: Workspace, *, confirm: Callable[[Rebuilt], bool], lost_key: bool = False) -> Rebuilt:
    """Find and bind what the state lacks. Bound runs count as started, with everybody in their lists sent.

    `lost_key` says that the state's key is gone for good: a new one is made, with a new lineage.
    """
    _ = workspace.manifests
    with workspace.backend.lease(workspace.holder):
        workspace.journal.refresh()
        site = _survey(workspace, lost_key=lost_key)
        preview = _preview(site)
        if not site.found and not site.lost_key:
            return preview
        if not confirm(preview):
            return replace(preview, declined=True)
        return _bind(site, preview)


def _survey(workspace: Workspace, *, lost_key: bool) -> _Site:
    snapshot = workspace.journal.snapshot
    unfit = _key_is_lost(workspace, snapshot, said=lost_key)
    observation = observe(workspace.accounts().values())
    lowered = lower_all(workspace.project, workspace.manifests, snapshot, workspace.now())
    if errors(lowered.problems):
        raise ProjectError(located(workspace, lowered.problems))
    scene = Scene(
        project=workspace.project,
        wanted=lowered.objects,
        snapshot=snapshot,
        live=observation.live,
        specs=specs_of(workspace.project),
        now=workspace.now(),
    )
    index = build_index(scene)
    found = matches(scene, index, workspace.manifests.moved)
    return _Site(workspace, scene, index, found, observation, unfit)


def _key_is_lost(workspace: Workspace, snapshot: Snapshot, *, said: bool) -> bool:
    """Whether the state was written with a key that is not here; refused unless somebody says it is lost."""
    known, stored = snapshot.key_fingerprint, workspace.stored_key()
    declared = workspace.project.backend.key
    if stored is None and declared is not None:
        place = f"{declared.source} {declared.name}"
        raise StateError(f"the project's key is not where it is declared: {place}", "put it there", "STA22")
    if known is None or (stored is not None and fingerprint(stored) == known):
        return False
    if not said:
        help_text = "bring it back; if it is lost for good: reconciler state rebuild --lost-key"
        raise StateError(f"the key that the state was written with, {known}, is not here", help_text, "STA22")
    return True


def _preview(site: _Site) -> Rebuilt:
    """What was found, before anything is written."""
    return Rebuilt(
        bindings=tuple(
            Binding(
                key=item.key,
                kind=item.wanted.kind,
                remote_id=item.live.remote_id,
                by=item.by,
                armed=_runs(site, item.wanted),
                spare=bool(item.spare),
            )
            for item in site.found
        ),
        strangers=tuple(
            f"{live.provider}/{live.kind} {live.remote_id}"
            for live in unexplained(site.scene, site.index, site.found)
        ),
        failures=site.observation.failures,
        last_writer=last_writer(site.workspace),
        new_state=not site.scene.snapshot.lineage,
        new_key=site.workspace.stored_key() is None,
        new_lineage=site.lost_key,
    )


def _runs(site: _Site, wanted: WantedObject) -> bool:
    spec = site.scene.spec(wanted.key, wanted.kind)
    return spec is not None and spec.runs


def _bind(site: _Site, preview: Rebuilt) -> Rebuilt:
    """Write everything at once: half a rebuild would call people again."""
    workspace = site.workspace
    if site.lost_key and workspace.stored_key() is None:
        workspace.replace_key()
    crowd = _crowd(site)
    people = _People(site, crowd)
    records = [_record(site, people, item) for item in site.found]
    converted = _converted(site, people) if site.lost_key else []
    begun = _begun(workspace, site.scene.snapshot, renewed=site.lost_key)
    time, who = workspace.stamp(), workspace.holder
    written = (RecordWritten(record, time, who, REASON) for record in (*records, *converted))
    workspace.journal.write(*begun, *written, *remember(workspace, crowd))
    return replace(
        preview,
        bindings=tuple(
            _told(binding, item, record, people)
            for binding, item, record in zip(preview.bindings, site.found, records, strict=True)
        ),
        fingerprint=fingerprint(workspace.key),
        converted=len(converted),
    )


def _crowd(site: _Site) -> Crowd:
    """The lists as they are now; one that cannot be read would leave its people to be called again."""
    crowd = gather_anew(site.workspace, site.scene.wanted, site.scene.snapshot)
    if errors(crowd.problems):
        raise ProjectError(located(site.workspace, crowd.problems))
    return crowd


class _People:
    """The people of each wanted run, as they will count as queued; stored once for runs that share a list."""

    def __init__(self, site: _Site, crowd: Crowd) -> None:
        self._journal = site.workspace.journal
        remembered = frozenset[bytes]() if site.lost_key else crowd.remembered
        self._scene = replace(
            site.scene, lists=crowd.lists, blacklists=crowd.blacklists, remembered=remembered
        )

    def sent(self, wanted: WantedObject) -> BlobRef | None:
        """Everybody in its list who may be called; None without a list."""
        if wanted.contacts is None:
            return None
        people, _ = queued(self._scene, wanted, filtered=True)
        return self._journal.write_blob(encode_people(people), len(people))

    def suppressed(self, wanted: WantedObject) -> int:
        """How many of its list must not be called."""
        return queued(self._scene, wanted, filtered=True)[1] if wanted.contacts is not None else 0


def _record(site: _Site, people: _People, item: Match) -> Record:
    spec = site.scene.specs[item.key.address.provider][item.wanted.kind]
    ids = {**site.index.ids, **{match.key: match.live.remote_id for match in site.found}}
    sent = people.sent(item.wanted)
    return bound(item, spec, ids, sent=sent, time=site.workspace.stamp(), trusted=True)


def _converted(site: _Site, people: _People) -> list[Record]:
    """The runs that the state knows, with their people under the new key: everybody in the list counts as sent.

    What never rang is thrown away and made again, for nobody can tell any more who is queued in it.
    """
    found = []
    for wanted in site.scene.wanted:
        record = site.scene.snapshot.records.get(wanted.key)
        if record is None or record.phase is Phase.ENDED or not _runs(site, wanted):
            continue
        fresh = replace(record, generation=record.generation + 1)
        if record.phase is Phase.INERT:
            found.append(replace(fresh, sent=(), facts={**record.facts, DOUBT: "key"}))
            continue
        sent = people.sent(wanted)
        found.append(replace(fresh, sent=() if sent is None else (sent,), imported=True))
    return found


def _begun(workspace: Workspace, snapshot: Snapshot, *, renewed: bool) -> tuple[LogEntry, ...]:
    if snapshot.key_fingerprint is not None and not renewed:
        return ()
    lineage = snapshot.lineage if snapshot.lineage and not renewed else uuid.uuid4().hex
    return (
        StateBegun(
            lineage,
            workspace.project.project_id,
            fingerprint(workspace.key),
            Digester.NORMALISER_VERSION,
            workspace.stamp(),
            workspace.holder,
        ),
    )


def _told(binding: Binding, item: Match, record: Record, people: _People) -> Binding:
    return replace(
        binding,
        people=sum(ref.count for ref in record.sent),
        suppressed=people.suppressed(item.wanted),
        assumed=assumed(item, record),
    )
