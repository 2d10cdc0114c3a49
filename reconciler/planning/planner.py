"""The planner: one decision for every object, put in order, held where it must be, counted in people."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from reconciler.model.address import ObjectKey
from reconciler.model.kind import KindSpec
from reconciler.model.objects import WantedObject
from reconciler.model.plan import Action, Change, Finding, Held, LimitUse, Movement, Note, OpenUnknown, Plan
from reconciler.model.problem import Problem
from reconciler.model.state import REMARK, UNVERIFIED, Operation, Phase, Record
from reconciler.planning.basis.consent import braked, consented, granted, limited
from reconciler.planning.basis.decision import NOTHING, Decision, Learned, joined
from reconciler.planning.basis.desk import Desk
from reconciler.planning.basis.entries import key_of
from reconciler.planning.basis.scene import People, Scene, live_of
from reconciler.planning.basis.updates import names_one
from reconciler.planning.counts import count_people, first_ring, reached, ring
from reconciler.planning.decisions.companions import with_companions
from reconciler.planning.decisions.endings import drop_run
from reconciler.planning.decisions.parts import each_once, with_parts
from reconciler.planning.decisions.runs import decide_run
from reconciler.planning.decisions.shared_objects import decide_shared, drop_shared
from reconciler.planning.decisions.suppressing import decide_suppression, drop_suppression
from reconciler.planning.guards import chosen, hold_accounts, keep_used, unknown_holds, vanished_providers
from reconciler.planning.naming import Naming
from reconciler.planning.order import ordered, spread_holds, together
from reconciler.planning.renames import NONE as NO_RENAMES
from reconciler.planning.renames import Renames, find_renames, hold_renames
from reconciler.planning.resting import with_rests
from reconciler.planning.review.digests import live_digest, wanted_digest
from reconciler.planning.review.pins import pin
from reconciler.planning.review.reviewed import change_digest

VALID_FOR = dt.timedelta(hours=24)
"""How long a saved plan may be applied."""


class Planned(Struct, frozen=True):
    """A plan, and what only the process that made it needs: who is queued by which change, what was learnt."""

    plan: Plan
    queued: Mapping[str, People] = field(default_factory=dict)
    entries: tuple[Learned, ...] = ()
    wanted: Mapping[ObjectKey, WantedObject] = field(default_factory=dict)


def build_plan(scene: Scene) -> Planned:
    """The plan for a scene. The same scene gives the same plan."""
    scene = with_parts(scene)
    desk = Desk(scene)
    decided = each_once(joined((*_wanted_decisions(desk), *_dropped_decisions(desk))))
    decision = with_companions(desk, decided)
    arranged = _arranged(desk, decision)
    rows, total = count_people(desk)
    naming = Naming(desk)
    plan = Plan(
        project=scene.project.name,
        project_id=scene.project.project_id,
        lineage=scene.snapshot.lineage,
        serial=scene.snapshot.serial,
        key_fingerprint=scene.snapshot.key_fingerprint,
        created=scene.now.isoformat(timespec="seconds"),
        expires=(scene.now + VALID_FOR).isoformat(timespec="seconds"),
        changes=naming.named(arranged.changes),
        findings=naming.named(_explained(decision.findings, arranged.changes)),
        unknowns=_unknowns(scene),
        people=rows,
        people_total=total,
        first_ring=first_ring(desk, arranged.changes),
        limits=arranged.limits,
        consents=arranged.consents,
        notes=_sorted_notes((*decision.notes, *arranged.notes, *_remarks(scene))),
        not_visible=_not_visible(desk),
        problems=(*scene.problems, *sorted(decision.problems, key=_place)),
        failures=scene.failures,
        hold=scene.snapshot.hold.reason if scene.snapshot.hold is not None else None,
        objects=sum(record.remote_id is not None for record in scene.snapshot.records.values()),
    )
    entries = _learned(desk, decision, arranged)
    return Planned(_pinned(plan), decision.queued, entries, desk.index.wanted)


def _place(problem: Problem) -> tuple[str, str, str]:
    return str(problem.address), problem.code, problem.message


def _remarks(scene: Scene) -> Iterator[Note]:
    """What the vendors remarked about objects that are not over."""
    for record in scene.snapshot.records.values():
        if record.phase is not Phase.ENDED and REMARK in record.facts:
            yield Note(str(record.key.address), record.facts[REMARK])
        if UNVERIFIED in record.facts:
            text = f"{record.facts[UNVERIFIED]} people are unverified: no reply came, and they are sent again"
            yield Note(str(record.key.address), text)


def _sorted_notes(notes: Iterable[Note]) -> tuple[Note, ...]:
    return tuple(sorted(set(notes), key=lambda item: (item.address, item.text)))


def _explained(findings: tuple[Finding, ...], changes: tuple[Change, ...]) -> tuple[Finding, ...]:
    """The findings in order, each with what keeps an apply from setting it back."""
    if not findings:
        return ()
    holds = {item.key: held for item in changes for held in reversed(item.held) if held.action == "restore"}
    several = sorted(findings, key=lambda item: (item.key, item.what, item.text))
    return tuple(replace(item, held=holds[item.key]) if item.key in holds else item for item in several)


def _wanted_decisions(desk: Desk) -> Iterator[Decision]:
    for wanted in desk.scene.wanted:
        spec = desk.scene.spec(wanted.key, wanted.kind)
        if spec is None or wanted.key.address.provider not in desk.scene.live:
            continue
        yield _wanted_decision(desk, wanted, spec)


def _wanted_decision(desk: Desk, wanted: WantedObject, spec: KindSpec) -> Decision:
    if spec.suppresses:
        return decide_suppression(desk, wanted)
    return decide_run(desk, wanted, spec) if spec.runs else decide_shared(desk, wanted, spec)


def _dropped_decisions(desk: Desk) -> Iterator[Decision]:
    """What state holds and the manifests do not; nothing is dropped while the manifests cannot be read."""
    if not desk.scene.complete:
        return
    for address, records in desk.index.runs.items():
        if address not in desk.index.wanted_addresses:
            yield from (_drop(desk, record) for record in records)


def _drop(desk: Desk, record: Record) -> Decision:
    spec = desk.scene.spec(record.key, record.kind)
    if spec is None:
        if record.remote_id is None:
            return NOTHING
        text = f"provider {record.key.address.provider} is not configured; state rm forgets it"
        return Decision(notes=(Note(str(record.key.address), text),))
    if record.key.address.provider not in desk.scene.live:
        return NOTHING
    if spec.suppresses:
        return drop_suppression(record)
    return drop_run(desk, record, spec) if spec.runs else drop_shared(desk, record, spec)


class Arranged(Struct, frozen=True):
    """The changes in order, each with all that holds it; what was consented to, and what that left."""

    changes: tuple[Change, ...]
    consents: tuple[str, ...] = ()
    limits: tuple[LimitUse, ...] = ()
    notes: tuple[Note, ...] = ()
    renames: Renames = NO_RENAMES


def _arranged(desk: Desk, decision: Decision) -> Arranged:
    """The changes in order, with every hold that applies, less what was consented to."""
    scene, index = desk.scene, desk.index
    kept = keep_used(desk, decision.changes)
    notes, reaching = kept.notes, reached(desk, kept.changes, decision.queued)
    renames = find_renames(desk, kept.changes, decision.queued, reaching)
    links = {**kept.after, **renames.after, **decision.after}
    changes = ordered(kept.changes, index.wanted, scene.snapshot.records, scene.specs, links)
    changes, left_out = chosen(changes, scene.only)
    changes = hold_accounts(changes, vanished_providers(scene, index))
    changes = hold_renames(changes, renames)
    changes = braked(scene, changes, unknown_holds(scene, index))
    changes = _refused(scene, _failed_problems(decision, changes))
    changes, consents = consented(scene, tuple(_pin(desk, item) for item in changes))
    changes, limits = limited(scene, spread_holds(changes), reaching)
    changes, lifted = consented(scene, changes)
    changes = together(spread_holds(changes))
    if left_out:
        notes += (Note("", f"{left_out} changes at other addresses are left out by --only"),)
    consents = tuple(sorted({*consents, *lifted}))
    return Arranged(_rested(desk, spread_holds(changes)), consents, limits, notes, renames)


def _rested(desk: Desk, changes: tuple[Change, ...]) -> tuple[Change, ...]:
    """The changes with the rests that they need, those last of all: nobody consents to, or holds, a rest alone."""
    blocked = unknown_holds(desk.scene, desk.index)
    return with_rests(desk, changes, lambda item: braked(desk.scene, (_pin(desk, item),), blocked)[0])


def _learned(desk: Desk, decision: Decision, arranged: Arranged) -> tuple[Learned, ...]:
    """What may be written down: nothing of a vanished account, nor of what a possible rename keeps."""
    if not decision.entries:
        return ()
    unseen = vanished_providers(desk.scene, desk.index)
    done = {item.id for item in arranged.changes if not item.held}
    kept = {address for address, names in arranged.renames.keeps.items() if not names <= done}
    is_granted = granted(desk.scene)
    return tuple(
        entry
        for entry in sorted(decision.entries, key=key_of)
        if (key := key_of(entry)).address not in kept
        and (key.address.provider not in unseen or is_granted("account", key.address, key.run))
    )


def _failed_problems(decision: Decision, changes: tuple[Change, ...]) -> tuple[Change, ...]:
    """A change at an address with a problem is held with it, unless it makes things quieter."""
    wrong = {problem.address: problem for problem in decision.problems if problem.is_error}
    if not wrong:
        return changes
    return tuple(
        replace(item, held=(*item.held, Held("problem", wrong[item.address].message)))
        if item.address in wrong and item.movement is not Movement.QUIETER
        else item
        for item in changes
    )


def _refused(scene: Scene, changes: tuple[Change, ...]) -> tuple[Change, ...]:
    """What its vendor would not make, or would not know by the name it is given, is not tried."""
    return tuple(
        replace(item, held=(*item.held, Held("refused", f"the vendor would not take it: {why}")))
        if (why := scene.refused.get(item.key)) is not None and _is_asked(scene, item)
        else item
        for item in changes
    )


def _is_asked(scene: Scene, item: Change) -> bool:
    spec = scene.spec(item.key, item.kind)
    return item.action is Action.CREATE or (spec is not None and names_one(spec, item))


def _pin(desk: Desk, item: Change) -> Change:
    """A change with what was seen of its object and of those it refers to, and when it lets a phone ring."""
    records = desk.scene.snapshot.records
    wanted = desk.index.wanted.get(item.key)
    keys = (item.key, *(wanted.depends_on if wanted is not None else ()))
    seen = [live_of(desk.index, records[key]) for key in keys if key in records]
    when = ring(desk, item)
    text = when.isoformat(timespec="minutes") if when is not None else None
    return replace(item, live_digest=live_digest(seen), wanted_digest=wanted_digest(wanted), first_ring=text)


def _unknowns(scene: Scene) -> tuple[OpenUnknown, ...]:
    found = []
    for intent in scene.snapshot.intents.values():
        looked_up = intent.operation is Operation.CREATE
        looked_up = looked_up or (intent.operation is Operation.APPEND and intent.lookup)
        found.append(OpenUnknown(intent, intent.evidence or "no reply came", looked_up))
    return tuple(sorted(found, key=lambda item: (item.intent.key, item.intent.time)))


def _not_visible(desk: Desk) -> tuple[Note, ...]:
    """What the vendors cannot show of what we own, by provider and kind, in the kinds' own words."""
    counts: dict[tuple[str, str], int] = {}
    for record in desk.scene.snapshot.records.values():
        if record.remote_id is not None:
            slot = (record.key.address.provider, record.kind)
            counts[slot] = counts.get(slot, 0) + 1
    found = []
    for (provider, kind), count in sorted(counts.items()):
        spec: KindSpec | None = desk.scene.specs.get(provider, {}).get(kind)
        if spec is not None and spec.hidden:
            found.append(Note(f"{provider}/{kind}", f"{spec.hidden_words} of {count}"))
    return tuple(found)


def _pinned(plan: Plan) -> Plan:
    """The plan with its digest, and with a pin for each change that would be made."""
    digests = {item.id: change_digest(item) for item in plan.changes}
    pins = tuple(pin(item, digests[item.id]) for item in plan.todo)
    return replace(plan, digest=plan_digest(plan, digests), pins=pins)


def plan_digest(plan: Plan, digests: Mapping[str, str]) -> str:
    """A digest of changes, people and consents; neither the clock nor wording is in it."""
    digest = hashlib.blake2b(digest_size=16)
    for item in plan.changes:
        digest.update(f"{digests[item.id]}\n".encode())
    for row in plan.people:
        digest.update(f"{row.address} {row.run} {row.reachable} {row.first_time} {row.suppressed}\n".encode())
    digest.update(" ".join(plan.consents).encode())
    return digest.hexdigest()
