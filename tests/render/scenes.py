"""Scenes that users meet: a first plan, holds of every sort, vendors away, applies that end in each way."""

from __future__ import annotations

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
    Movement,
    Origin,
    PeopleRow,
    Plan,
    ProviderFailure,
)
from reconciler.model.problem import Location, Problem
from reconciler.model.report import ApplyReport, Step, StepResult
from reconciler.model.value import ABSENT, Reference, Value

DAYS = Address("plum", "schedule", "three-weekdays")
PACE = Address("plum", "profile", "morning-pace")
JANUARY = Address("plum", "campaign", "january-reminders")
FALL = Address("plum", "campaign", "fall-recall")
WHERE = Location("manifests/january.yaml", 17)
RING = "2027-01-04T08:00:00-05:00"


def new(field: str, wanted: Value) -> Difference:
    """A setting of something that does not exist yet."""
    return Difference(field, ABSENT, wanted, ABSENT, Origin.HERE, Loudness.OTHER)


def outside(field: str, applied: Value, live: Value, loudness: Loudness) -> Difference:
    """A setting that somebody changed at the vendor."""
    return Difference(field, applied, applied, live, Origin.OUTSIDE, loudness)


def change(
    address: Address, action: Action, movement: Movement, reason: str = "", **others: object
) -> Change:
    """A change of a run of a campaign, or of what campaigns share."""
    key = ObjectKey(address, "2027-01" if address.kind == "campaign" else "")
    chosen = {"location": WHERE, **others}
    return Change(f"{key}#{action.value}", key, address.kind, action, movement, reason, **chosen)  # type: ignore[arg-type]


def creates() -> tuple[Change, ...]:
    """Everything that a first campaign takes."""
    windows = (("08:00", "11:00", Reference(ObjectKey(PACE))),)
    pace = (new("period", 30), new("amount_per_period", 100), new("time_between_periods", 10))
    campaign = (
        new("start_date", "2027-01-04"),
        new("end_date", "2027-01-29"),
        new("schedule", Reference(ObjectKey(DAYS))),
        new("windows", windows),
        new("start_url", "https://ivr.example/start"),
        new("ani", None),
    )
    days = (new("nickname", "three-weekdays"), new("days", ("mon", "wed", "fri")))
    neutral, louder = Movement.NEUTRAL, Movement.LOUDER
    return (
        change(DAYS, Action.CREATE, neutral, "new", differences=days),
        change(PACE, Action.CREATE, neutral, "new", differences=pace),
        change(JANUARY, Action.CREATE, neutral, "new", differences=campaign),
        change(JANUARY, Action.APPEND, neutral, "contacts", people=4120),
        change(JANUARY, Action.START, louder, "start, run 2027-01", first_ring=RING),
    )


def first_plan(empty: Plan) -> Plan:
    """The first plan of a project."""
    row = PeopleRow(JANUARY, "2027-01", 4120, 4120, 0, 37, added=4120)
    return structs.replace(
        empty,
        serial=0,
        key_fingerprint=None,
        objects=0,
        changes=creates(),
        people=(row,),
        people_total=row,
        first_ring=FirstRing(JANUARY, RING, "08:00"),
    )


def held_plan(empty: Plan) -> Plan:
    """Holds of every sort: by consent, by a problem, by what comes before, twice for one reason."""
    message = "$DNC_TXT: there is no file"
    away = Held("delete", "it is armed; deleting it ends the run", f"delete:{FALL}")
    louder = Movement.LOUDER
    first, _, create, append, start = creates()
    return structs.replace(
        empty,
        changes=(
            change(FALL, Action.STOP, louder, "not in the manifests", held=(away,)),
            change(FALL, Action.DELETE, louder, "not in the manifests", held=(away,)),
            first,
            structs.replace(create, held=(Held("people", "4120 people, the limit is 1000", "people"),)),
            structs.replace(append, held=(Held("suppression", f"blacklist dnc: {message}"),)),
            structs.replace(start, held=(Held("depends", f"waits for {append.id}"),)),
        ),
        problems=(Problem("NUM01", message, "put it there", location=Location("$DNC_TXT")),),
    )


def unread_plan(empty: Plan) -> Plan:
    """A plan while a vendor does not answer, and another refuses who we are."""
    failures = (
        ProviderFailure("callr", "callr: list the campaigns: no reply within 30 s"),
        ProviderFailure("plum", "plum: list the schedules: Unauthenticated.", credentials=True),
    )
    return structs.replace(empty, failures=failures)


def several_settings(empty: Plan) -> Plan:
    """Drift of one object in several settings, and of others in one."""
    campaign = (
        outside("end_date", "2027-01-29", "2027-01-20", Loudness.QUIETER),
        outside(
            "start_url", "https://ivr.example/january/start", "https://ivr.example/v3/start", Loudness.OTHER
        ),
    )
    days = (outside("days", ("mon", "wed"), ("mon", "wed", "fri"), Loudness.LOUDER),)
    ended = "ended outside: deleted there; a run that ended is not started again"
    return structs.replace(
        empty,
        findings=(
            Finding(
                ObjectKey(JANUARY, "2027-01"),
                "campaign",
                "changed",
                Loudness.OTHER,
                "changed outside",
                campaign,
            ),
            Finding(ObjectKey(DAYS), "schedule", "changed", Loudness.LOUDER, "changed outside", days),
            Finding(ObjectKey(FALL, "2026-12"), "campaign", "ended outside", Loudness.QUIETER, ended),
        ),
    )


def report(empty: Plan, *ends: tuple[StepResult, str], **others: object) -> ApplyReport:
    """An apply of the first plan whose changes ended so; the last end holds for the rest."""
    plan = first_plan(empty)
    told = [*ends, *[ends[-1]] * len(plan.changes)][: len(plan.changes)] if ends else []
    steps = tuple(
        Step(item, result, detail, retryable="again" in detail)
        for item, (result, detail) in zip(plan.changes, told, strict=False)
    )
    return ApplyReport(plan, steps, "ana@laptop", seconds=2.5, **others)  # type: ignore[arg-type]
