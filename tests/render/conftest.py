"""Plans built by hand: one with something of everything, one empty, and an apply of the first."""

from __future__ import annotations

import pytest
from msgspec import structs
from reconciler.model.address import Address, ObjectKey
from reconciler.model.kind import Loudness
from reconciler.model.plan import (
    Action,
    Change,
    Difference,
    Finding,
    FirstRing,
    Held,
    LimitUse,
    Movement,
    Note,
    OpenUnknown,
    Origin,
    PeopleRow,
    Plan,
    ProviderFailure,
)
from reconciler.model.problem import Location, Problem, Severity
from reconciler.model.report import ApplyReport, Step, StepResult
from reconciler.model.state import BlobRef, Intent, Operation
from reconciler.model.value import ABSENT, UNKNOWN, Reference, Value

JANUARY = Address("plum", "campaign", "january-reminders")
PROMO = Address("rvm", "campaign", "january-promo")
SURVEYS = Address("wolkvox", "campaign", "surveys")
DAYS = Address("plum", "schedule", "three-weekdays")
FLU = Address("plum", "campaign", "flu-clinic")


def difference(
    field: str, applied: Value, wanted: Value, live: Value = ABSENT, **others: object
) -> Difference:
    """A difference; made here and of no known loudness unless told otherwise."""
    chosen = {"origin": Origin.HERE, "loudness": Loudness.OTHER, **others}
    return Difference(field, applied, wanted, live, **chosen)  # type: ignore[arg-type]


def change(identity: str, key: ObjectKey, action: Action, movement: Movement, **others: object) -> Change:
    """A change of a kind that is named as its address says."""
    chosen = {"kind": key.address.kind, "reason": "", **others}
    return Change(id=identity, key=key, action=action, movement=movement, **chosen)  # type: ignore[arg-type]


def unknown(text: str = "Plum cannot be asked.") -> OpenUnknown:
    """An append of which nobody knows whether it happened."""
    intent = Intent(
        id="8f31",
        key=ObjectKey(FLU, "2026-12"),
        kind="campaign",
        operation=Operation.APPEND,
        digest="d1",
        time="2026-12-20T10:31:07-05:00",
        holder="github run 123456",
        lookup=False,
        arms=True,
        contacts=BlobRef("ab", 412),
        unknown=True,
        evidence="3,104 bytes went out, no reply came",
    )
    return OpenUnknown(intent, text, settles_itself=False)


def _changes() -> tuple[Change, ...]:
    january = ObjectKey(JANUARY, "2027-01")
    louder, quieter, neutral = Movement.LOUDER, Movement.QUIETER, Movement.NEUTRAL
    return (
        change(
            "1",
            ObjectKey(SURVEYS),
            Action.UPDATE,
            quieter,
            reason="set back",
            differences=(difference("speed", 40, 40, 80, origin=Origin.OUTSIDE, loudness=Loudness.QUIETER),),
        ),
        change(
            "2",
            ObjectKey(DAYS),
            Action.CREATE,
            neutral,
            differences=(
                difference("days", ABSENT, ("mon", "wed", "fri")),
                difference("nickname", ABSENT, "three-weekdays"),
            ),
        ),
        change(
            "3",
            january,
            Action.UPDATE,
            neutral,
            reason="settings",
            remote_id="77",
            location=Location("manifests/january.yaml", 17, 5),
            differences=(
                difference("end_date", "2027-01-22", "2027-01-29", loudness=Loudness.LOUDER),
                difference(
                    "start_url",
                    "https://ivr.example/a/rather/long/path/to/the/voice/document/v1?lang=en",
                    "https://ivr.example/a/rather/long/path/to/the/voice/document/v2?lang=en",
                    "https://ivr.example/a/rather/long/path/to/the/voice/document/v3?lang=en",
                    origin=Origin.BOTH,
                ),
                difference("schedule", Reference(ObjectKey(DAYS)), UNKNOWN),
                difference("token", "abc", "def"),
            ),
        ),
        change(
            "4",
            january,
            Action.APPEND,
            louder,
            people=1310,
            after=("3",),
            people_digest="p1",
            reason="2,810 -> 4,120",
        ),
        change(
            "5",
            ObjectKey(PROMO, "2027-01", 1),
            Action.STOP,
            quieter,
            reason="callback cannot be edited",
            held=(Held("replace", "a stop is final there", f"replace:{PROMO}"),),
        ),
        change("6", january, Action.START, louder, after=("3", "4"), first_ring="2027-01-04T08:00:00-05:00"),
    )


def _findings() -> tuple[Finding, ...]:
    ivr = Address("callr", "campaign", "ivr-survey")
    return (
        Finding(
            ObjectKey(ivr),
            "campaign",
            "changed",
            Loudness.QUIETER,
            "paused by hand",
            held=Held("restore", "quieter outside", f"restore:{ivr}"),
        ),
        Finding(
            ObjectKey(SURVEYS),
            "campaign",
            "changed",
            Loudness.LOUDER,
            "",
            differences=(difference("speed", 40, 40, 80, origin=Origin.OUTSIDE, loudness=Loudness.LOUDER),),
            location=Location("manifests/surveys.yaml", 8, 3),
        ),
    )


@pytest.fixture(scope="session")
def empty() -> Plan:
    """A plan that finds nothing to do."""
    return Plan(
        project="clinic-outreach",
        project_id="7kq2m9x4",
        lineage="9d2f",
        serial=41,
        key_fingerprint="7c1e-90ab",
        created="2026-12-22T10:30:00-05:00",
        expires="2026-12-23T10:30:00-05:00",
        objects=214,
        digest="91fd2c07aa",
    )


@pytest.fixture(scope="session")
def plan(empty: Plan) -> Plan:
    """A plan with something of everything."""
    return structs.replace(
        empty,
        changes=_changes(),
        findings=_findings(),
        unknowns=(unknown(),),
        people=(
            PeopleRow(JANUARY, "2027-01", 4120, 3902, 218, 37, queued_suppressed=2, added=4120, shared=89),
            PeopleRow(PROMO, "1", 0, 0, 0, 0),
        ),
        people_total=PeopleRow(JANUARY, "", 4120, 3902, 218, 37, added=4120),
        first_ring=FirstRing(JANUARY, "2027-01-04T08:00:00-05:00", "05:00"),
        limits=(LimitUse("people", 4120, 20000), LimitUse("deletes", 13, 12, exceeded=True)),
        consents=("end-run:plum/campaign/autumn",),
        notes=(Note("rvm/campaign/recall-q4", "finished 2026-12-19, run 2026-12: as wanted"),),
        not_visible=(Note("plum", "run state and numbers of 6 campaigns"),),
        problems=(Problem("EOL01", "this API ends on 2027-06-30", severity=Severity.WARNING),),
        failures=(ProviderFailure("callr", "no reply within 30 s"),),
        hold="wrong audio, by ana since 2026-12-21 09:00 -05:00",
    )


@pytest.fixture(scope="session")
def report(plan: Plan) -> ApplyReport:
    """An apply of that plan with every sort of end."""
    results = [
        StepResult.DONE,
        StepResult.DONE,
        StepResult.FAILED,
        StepResult.SKIPPED,
        StepResult.HELD,
        StepResult.UNKNOWN,
    ]
    details = [
        "",
        "",
        'Plum: 422 "end date must be after start date"',
        "needs 3",
        "needs consent",
        "connection cut",
    ]
    steps = tuple(
        Step(each, result, detail, seconds=0.3 * number, remote_id="41" if number == 2 else None)
        for number, (each, result, detail) in enumerate(zip(plan.changes, results, details, strict=True), 1)
    )
    return ApplyReport(plan, steps, holder="20261222T1031Z-8f31 by ana@laptop", head="ff01", seconds=16.2)
