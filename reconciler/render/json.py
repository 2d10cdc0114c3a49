"""JSON documents: everything that text shows, and more, for programs; additions alone within a version."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from reconciler.model.plan import (
    Change,
    Difference,
    Finding,
    FirstRing,
    Held,
    LimitUse,
    Note,
    OpenUnknown,
    PeopleRow,
    Plan,
    ProviderFailure,
)
from reconciler.model.problem import Location, Problem
from reconciler.model.report import ApplyReport, Step, StepResult
from reconciler.model.value import Missing, Reference, Value
from reconciler.render.ending import Ending
from reconciler.render.safe import clean
from reconciler.render.words import SENSITIVE, value

VERSION = "1.0"
LONGEST = 4000
"""Characters of one text in a document at most."""

Document = dict[str, Any]


def text(document: Mapping[str, Any]) -> str:
    """A document as one line-broken JSON text in ASCII, so that no byte of it acts on a terminal or a log."""
    encoded = json.dumps(document, indent=2, ensure_ascii=True)
    return encoded.replace("##[", "##\\u005b").replace("##vso[", "##vso\\u005b") + "\n"


def line(document: Mapping[str, Any]) -> str:
    """A document in one line, for streams of events."""
    return json.dumps(_safe(document), ensure_ascii=True, separators=(",", ":")) + "\n"


def envelope(form: str, ending: Ending, problems: Iterable[Problem] = (), **content: Any) -> Document:
    """A document: its form and version, its content, then problems and how the command ended."""
    return {
        "format": form,
        "version": VERSION,
        **_safe(content),
        "problems": [problem(item) for item in problems],
        "exit_code": ending.code,
        "exit_codes": sorted(ending.codes),
        "failure_reason": ending.failure_reason,
        "retryable": ending.retryable,
    }


def plan(item: Plan, ending: Ending) -> Document:
    """The document of a plan, as `schemas/plan.schema.json` describes it."""
    return envelope("plan", ending, item.problems, **plan_content(item))


def drift(item: Plan, ending: Ending) -> Document:
    """The document of a drift report: a plan's, without what would be done about it."""
    content = plan_content(item)
    for name in (
        "changes",
        "people",
        "people_total",
        "first_ring",
        "limits",
        "consents",
        "digest",
        "expires",
    ):
        del content[name]
    return envelope("drift", ending, item.problems, **content)


def applied(report: ApplyReport, ending: Ending) -> Document:
    """The document of an apply: each change with its end, beside the plan that it carried out."""
    return envelope(
        "apply",
        ending,
        report.plan.problems,
        holder=report.holder,
        stopped=report.stopped,
        declined=report.declined,
        vanished=report.vanished,
        head=report.head,
        seconds=round(report.seconds, 3),
        results={result.value: report.count(result) for result in StepResult},
        steps=[step(each) for each in report.steps],
        plan=plan_content(report.plan),
    )


def plan_content(item: Plan) -> Document:
    """A plan's own part of a document."""
    return {
        "project": item.project,
        "project_id": item.project_id,
        "lineage": item.lineage,
        "serial": item.serial,
        "key_fingerprint": item.key_fingerprint,
        "created": item.created,
        "expires": item.expires,
        "digest": item.digest,
        "hold": item.hold,
        "objects": item.objects,
        "unknowns": [_unknown(each) for each in item.unknowns],
        "findings": [_finding(each) for each in item.findings],
        "changes": [_change(each) for each in item.changes],
        "people": [_people(each) for each in item.people],
        "people_total": None if item.people_total is None else _people(item.people_total),
        "first_ring": None if item.first_ring is None else _first_ring(item.first_ring),
        "limits": [_limit(each) for each in item.limits],
        "consents": list(item.consents),
        "notes": [_note(each) for each in item.notes],
        "not_visible": [_note(each) for each in item.not_visible],
        "failures": [_failure(each) for each in item.failures],
    }


def step(item: Step) -> Document:
    """One change of an apply and its end."""
    return {
        "id": item.change.id,
        "address": str(item.change.address),
        "key": str(item.change.key),
        "action": item.change.action.value,
        "people": item.change.people,
        "result": item.result.value,
        "detail": item.detail,
        "seconds": round(item.seconds, 3),
        "remote_id": item.remote_id,
        "request_id": item.request_id,
        "retryable": item.retryable,
    }


def problem(item: Problem) -> Document:
    """A problem, with its place in flat fields."""
    place = item.location
    content: Document = _safe(
        {
            "code": item.code,
            "severity": item.severity.value,
            "file": place.path if place else None,
            "line": place.line or None if place else None,
            "column": place.column or None if place else None,
            "address": str(item.address) if item.address else None,
            "message": item.message,
            "help": item.help,
        }
    )
    return content


def _change(item: Change) -> Document:
    return {
        "id": item.id,
        "address": str(item.address),
        "key": str(item.key),
        "kind": item.kind,
        "action": item.action.value,
        "movement": item.movement.name.lower(),
        "reason": item.reason,
        "differences": [_difference(each) for each in item.differences],
        "after": list(item.after),
        "people": item.people,
        "people_digest": item.people_digest,
        "held": [_held(each) for each in item.held],
        "remote_id": item.remote_id,
        "generation": item.generation,
        "live_digest": item.live_digest,
        "first_ring": item.first_ring,
        **_place(item.location),
    }


def _difference(item: Difference) -> Document:
    return {
        "field": item.field,
        "applied": field_value(item.applied, item.field),
        "wanted": field_value(item.wanted, item.field),
        "live": field_value(item.live, item.field),
        "origin": item.origin.value,
        "loudness": item.loudness.value,
    }


def _held(item: Held) -> Document:
    return {"action": item.action, "reason": item.reason, "consent": item.consent}


def _finding(item: Finding) -> Document:
    return {
        "address": str(item.key.address),
        "key": str(item.key),
        "kind": item.kind,
        "what": item.what,
        "grade": item.grade.value,
        "text": item.text,
        "differences": [_difference(each) for each in item.differences],
        "held": None if item.held is None else _held(item.held),
        **_place(item.location),
    }


def _unknown(item: OpenUnknown) -> Document:
    intent = item.intent
    return {
        "address": str(intent.key.address),
        "key": str(intent.key),
        "intent": intent.id,
        "kind": intent.kind,
        "operation": intent.operation.value,
        "people": intent.contacts.count if intent.contacts else 0,
        "time": intent.time,
        "holder": intent.holder,
        "text": item.text,
        "evidence": intent.evidence,
        "settles_itself": item.settles_itself,
    }


def _people(item: PeopleRow) -> Document:
    return {
        "address": str(item.address),
        "run": item.run,
        "reachable": item.reachable,
        "first_time": item.first_time,
        "again": item.again,
        "suppressed": item.suppressed,
        "queued_suppressed": item.queued_suppressed,
        "added": item.added,
        "shared": item.shared,
        "ringing": item.ringing,
    }


def _first_ring(item: FirstRing) -> Document:
    return {"address": str(item.address), "at": item.at, "earliest_local": item.earliest_local}


def _limit(item: LimitUse) -> Document:
    return {"name": item.name, "used": item.used, "allowed": item.allowed, "exceeded": item.exceeded}


def _note(item: Note) -> Document:
    return {"address": item.address, "text": item.text}


def _failure(item: ProviderFailure) -> Document:
    return {"provider": item.provider, "message": item.message, "credentials": item.credentials}


def _place(place: Location | None) -> Document:
    """Where in the manifests, for annotations; null where it is not known."""
    return {"file": place.path if place else None, "line": place.line or None if place else None}


def field_value(item: Value, field: str) -> Any:
    """A field's value: what is missing and what refers to others are objects with one key."""
    if isinstance(item, Missing):
        return {"missing": item.value}
    if value(item, field) == SENSITIVE:
        return {"sensitive": True}
    if isinstance(item, Reference):
        return {"reference": str(item.key)}
    if isinstance(item, Mapping):
        return {key: field_value(each, key) for key, each in item.items()}
    return [field_value(each, field) for each in item] if isinstance(item, tuple) else item


def _safe(item: Any) -> Any:
    """The same with every text cleaned, since somebody will print it."""
    if isinstance(item, str):
        return clean(item, LONGEST)
    if isinstance(item, Mapping):
        return {clean(str(key)): _safe(each) for key, each in item.items()}
    return [_safe(each) for each in item] if isinstance(item, list | tuple) else item
