"""The use case of importing: an object that exists at a vendor becomes ours, and nobody in it is called again."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from reconciler.engine.account import Account
from reconciler.engine.observe import Observation, observe
from reconciler.errors import (
    CredentialsError,
    ProjectError,
    ReconcilerError,
    StateError,
    UnreachableError,
    UsageError,
)
from reconciler.model.address import Address
from reconciler.model.binding import Binding
from reconciler.model.objects import LiveObject, WantedObject
from reconciler.model.problem import errors
from reconciler.model.state import BlobRef, Phase, Record, RecordWritten
from reconciler.planning.basis.compare import differences, resolved_fields
from reconciler.planning.basis.scene import Index, Scene, build_index
from reconciler.planning.settling.binding import Match, assumed, bound, is_owned, markers, queued
from reconciler.state.people import encode_people
from reconciler.workflow.lowering import lower_all
from reconciler.workflow.people import OTHER_KEY, gather
from reconciler.workflow.plan import specs_of
from reconciler.workflow.workspace import Workspace, located

FOREIGN = "it bears the marker of another run or project; make sure that nobody else manages it"


class _Site(Struct, frozen=True):
    """What an import works on."""

    workspace: Workspace
    scene: Scene
    index: Index


def adopt(workspace: Workspace, address: Address, remote_id: str) -> Binding:
    """Bind an object to an address; it counts as started, with everybody in its list sent."""
    _ = workspace.manifests
    with workspace.backend.lease(workspace.holder):
        workspace.journal.refresh()
        if not workspace.key_fits:
            raise StateError(OTHER_KEY, "bring back the key that the state names", "STA23")
        workspace.begin()
        site = _survey(workspace, address)
        wanted = _wanted(site, address)
        live = _live(site, wanted, remote_id)
        return _bind(site, Match(wanted, live, "id"))


def _survey(workspace: Workspace, address: Address) -> _Site:
    snapshot = workspace.journal.snapshot
    lowered = lower_all(workspace.project, workspace.manifests, snapshot, workspace.now())
    if errors(lowered.problems):
        raise ProjectError(located(workspace, lowered.problems))
    scene = Scene(
        project=workspace.project,
        wanted=lowered.objects,
        snapshot=snapshot,
        live=_look(_account(workspace, address)).live,
        specs=specs_of(workspace.project),
        now=workspace.now(),
    )
    return _Site(workspace, scene, build_index(scene))


def _account(workspace: Workspace, address: Address) -> Account:
    settings = workspace.project.providers.get(address.provider)
    if settings is None:
        known = ", ".join(workspace.project.providers)
        raise UsageError(f"there is no provider {address.provider}", f"there are {known}")
    return workspace.account(settings)


def _look(account: Account) -> Observation:
    seen = observe([account])
    for failure in seen.failures:
        kind = CredentialsError if failure.credentials else UnreachableError
        raise kind(failure.message, "reconciler doctor tells more")
    return seen


def _wanted(site: _Site, address: Address) -> WantedObject:
    """The object that the manifests want there and that nobody has yet."""
    several = [item for item in site.scene.wanted if item.key.address == address]
    if not several:
        help_text = "declare it first; what a vendor has and no manifest declares cannot be imported"
        raise UsageError(f"the manifests have no {address}", help_text)
    for wanted in several:
        record = site.scene.snapshot.records.get(wanted.key)
        if record is None or (record.remote_id is None and record.phase is Phase.INERT):
            _refuse_unknown(site, wanted)
            return wanted
    raise _taken(site.scene.snapshot.records[several[0].key])


def _taken(record: Record) -> ReconcilerError:
    if record.remote_id is None:
        return ReconcilerError(f"{record.key} is over ({record.ended})", "give the campaign another run")
    help_text = f"reconciler state rm {record.key.address} forgets that one; then import"
    return ReconcilerError(f"{record.key} is {record.kind} {record.remote_id} already", help_text)


def _refuse_unknown(site: _Site, wanted: WantedObject) -> None:
    if site.index.unknown.get(wanted.key):
        message = f"nobody knows yet how an earlier request for {wanted.key} ended"
        raise ReconcilerError(message, "run apply first, which looks for it; or: reconciler resolve")


def _live(site: _Site, wanted: WantedObject, remote_id: str) -> LiveObject:
    """The object as the vendor shows it; raises ReconcilerError for one that is not there or not free."""
    provider = wanted.key.address.provider
    live = site.index.live.get((provider, wanted.kind, remote_id))
    if live is None:
        others = [
            kind for kind in site.scene.specs[provider] if (provider, kind, remote_id) in site.index.live
        ]
        also = f"; there is a {' and a '.join(others)} of that id" if others else ""
        message = f"{provider} shows no {wanted.kind} {remote_id}{also}"
        raise ReconcilerError(message, "ids are the vendor's own; look there which it is")
    if is_owned(site.index, live):
        owner = site.index.owners[live.provider, live.kind, live.remote_id]
        message = f"{wanted.kind} {remote_id} belongs to {owner.key} already"
        raise ReconcilerError(message, f"reconciler state mv {owner.key.address} {wanted.key.address}")
    return live


def _bind(site: _Site, match: Match) -> Binding:
    workspace, wanted, live = site.workspace, match.wanted, match.live
    spec = site.scene.specs[wanted.key.address.provider][wanted.kind]
    known = markers(workspace.project.project_id, wanted)
    ours = live.marker in known
    sent, suppressed = _people(site, wanted, filtered=ours) if spec.runs else (None, 0)
    time = workspace.stamp()
    record = bound(match, spec, site.index.ids, sent=sent, time=time, trusted=False)
    workspace.journal.write(RecordWritten(record, time, workspace.holder, f"import {live.remote_id}"))
    fields = resolved_fields(wanted, spec, record, site.index.ids)
    return Binding(
        key=record.key,
        kind=record.kind,
        remote_id=live.remote_id,
        by="id",
        armed=spec.runs,
        people=sent.count if sent is not None else 0,
        suppressed=0 if ours else suppressed,
        assumed=assumed(match, record),
        differing=differences(spec, fields, record.fields, live.fields, ringing=True),
        remark=FOREIGN if live.marker is not None and not ours else "",
    )


def _people(site: _Site, wanted: WantedObject, *, filtered: bool) -> tuple[BlobRef | None, int]:
    """Everybody in its list counts as queued, the suppressed too unless we filled it: others may not filter."""
    if wanted.contacts is None:
        return None, 0
    crowd = gather(site.workspace, (wanted,), site.scene.snapshot)
    if errors(crowd.problems):
        raise ProjectError(located(site.workspace, crowd.problems))
    scene = replace(site.scene, lists=crowd.lists, blacklists=crowd.blacklists, remembered=crowd.remembered)
    people, suppressed = queued(scene, wanted, filtered=filtered)
    return site.workspace.journal.write_blob(encode_people(people), len(people)), suppressed
