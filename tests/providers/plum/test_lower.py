"""Manifests to Plum's objects: what is made of them, and each finding."""

import datetime as dt
import json
import re
from pathlib import Path

import pytest
from msgspec.structs import replace
from reconciler.model.address import Address, ObjectKey
from reconciler.model.marker import marker
from reconciler.model.objects import Calendar
from reconciler.model.problem import Location
from reconciler.model.resource import (
    Blacklist,
    BlacklistException,
    Campaign,
    ContactColumns,
    ContactList,
    Desired,
    Manifests,
    Profile,
    Project,
    ProviderSettings,
    Schedule,
    Window,
)
from reconciler.model.state import Phase, Record, Snapshot
from reconciler.model.value import Reference
from reconciler.providers import plum
from reconciler.providers.base import LoweringContext
from reconciler.providers.plum import findings

HERE = Location("manifests/january.yaml")
NOW = dt.datetime(2027, 1, 4, 12, 0, tzinfo=dt.UTC)
SCHEDULE = Schedule("week", ("fri", "mon"), HERE)
PROFILE = Profile("slow", 30, 100, 10, HERE, nickname="Slow pace")
CONTACTS = ContactList("patients", None, HERE)
CAMPAIGN = Campaign(
    "january",
    "plum",
    HERE,
    "America/New_York",
    state=Desired.RUNNING,
    run="2027-01",
    start_date=dt.date(2027, 1, 4),
    end_date=dt.date(2027, 1, 29),
    schedule="week",
    windows=(Window("13:00", "15:00", "slow"), Window("08:00", "11:00", "slow")),
    contacts="patients",
    on_queued_suppression="stop",
    vendor={"plum": {"start_url": "https://ivr.example/start", "ani": "+16175550100"}},
)


def key(kind, name, run=""):
    """The key of an object of the account."""
    return ObjectKey(Address("plum", kind, name), run)


def context(
    *campaigns, schedules=(SCHEDULE,), profiles=(PROFILE,), blacklists=(), contacts=CONTACTS, snapshot=None
):
    """What lowering looks at."""
    manifests = Manifests(
        schedules={item.name: item for item in schedules},
        profiles={item.name: item for item in profiles},
        contact_lists={contacts.name: contacts},
        blacklists={item.name: item for item in blacklists},
        campaigns={item.name: item for item in campaigns},
    )
    project = Project("clinic", "7kq2m9x4", HERE)
    return LoweringContext(project, manifests, ProviderSettings("plum", "plum", HERE), snapshot, NOW)


def lowered(*campaigns, **rest):
    """What lowering makes of it."""
    return plum.PROVIDER.lower(context(*campaigns, **rest))


def codes(*campaigns, **rest):
    """The codes of its problems."""
    return [problem.code for problem in lowered(*campaigns, **rest).problems]


def with_setting(name, value):
    """The campaign with another value in its block for Plum."""
    return replace(CAMPAIGN, vendor={"plum": {**CAMPAIGN.vendor["plum"], name: value}})


def test_a_campaign_and_what_it_uses_become_objects():
    """One campaign gives its schedule, its profile and itself, in the order in which they are made."""
    result = lowered(CAMPAIGN)
    schedule, profile, campaign = result.objects
    assert (result.problems, result.notes) == ((), ())
    assert schedule.fields == {"nickname": "week", "days": ("mon", "fri")}
    assert profile.fields == {
        "nickname": "Slow pace",
        "period": 30,
        "amount_per_period": 100,
        "time_between_periods": 10,
    }
    assert (schedule.natural_key, profile.natural_key, campaign.natural_key) == ("week", "Slow pace", None)
    slow = Reference(key("profile", "slow"))
    assert campaign.fields == {
        "start_date": "2027-01-04",
        "end_date": "2027-01-29",
        "schedule": Reference(key("schedule", "week")),
        "windows": (("08:00", "11:00", slow), ("13:00", "15:00", slow)),
        "start_url": "https://ivr.example/start",
        "result_url": None,
        "ani": "+16175550100",
    }
    assert campaign.key == key("campaign", "january", "2027-01")
    assert campaign.marker == marker("7kq2m9x4", campaign.key)
    assert set(campaign.depends_on) == {schedule.key, profile.key}
    assert (campaign.desired, campaign.contacts) == (Desired.RUNNING, "patients")
    assert campaign.calendar == Calendar(
        "America/New_York",
        (("08:00", "11:00"), ("13:00", "15:00")),
        ("mon", "fri"),
        dt.date(2027, 1, 4),
        dt.date(2027, 1, 29),
    )


def test_only_what_is_used_or_asked_for_is_made():
    """A schedule or profile exists here if a campaign here uses it or its `providers:` names the account."""
    asked = Schedule("asked", ("mon",), HERE, providers=("plum",))
    idle = Schedule("idle", ("mon",), HERE)
    elsewhere = replace(CAMPAIGN, name="other", provider="rvm", schedule="idle")
    objects = lowered(CAMPAIGN, elsewhere, schedules=(SCHEDULE, asked, idle)).objects
    assert [str(item.key) for item in objects] == [
        "plum/schedule/asked",
        "plum/schedule/week",
        "plum/profile/slow",
        "plum/campaign/january@2027-01",
    ]


@pytest.mark.parametrize("state", [Desired.DRAFT, Desired.RUNNING, Desired.STOPPED])
def test_every_state_that_plum_knows_has_its_object(state):
    """A draft and a stopped campaign are objects too."""
    assert lowered(replace(CAMPAIGN, state=state)).objects[-1].desired is state


def test_hours_are_said_on_plums_clock():
    """Windows of another zone are converted, in the fields and in the calendar alike."""
    campaign = lowered(replace(CAMPAIGN, timezone="America/Los_Angeles")).objects[-1]
    assert [window[:2] for window in campaign.fields["windows"]] == [("11:00", "14:00"), ("16:00", "18:00")]
    assert campaign.calendar.windows == (("11:00", "14:00"), ("16:00", "18:00"))


def test_exceptions_and_protection_travel_with_the_object():
    """What the planner has to know of a campaign goes along with its object."""
    exceptions = (BlacklistException("b", "x"), BlacklistException("a", "y"))
    campaign = lowered(replace(CAMPAIGN, protect=True, except_blacklists=exceptions)).objects[-1]
    assert (campaign.protect, campaign.except_blacklists) == (True, ("a", "b"))


def test_the_project_may_decide_on_queued_suppression_for_all():
    """A default of the project stands where the campaign says nothing."""
    silent = replace(CAMPAIGN, on_queued_suppression=None)
    given = context(silent)
    given = replace(given, project=replace(given.project, on_queued_suppression="report"))
    result = plum.PROVIDER.lower(given)
    assert (result.problems, result.objects[-1].on_queued_suppression) == ((), "report")


def test_what_has_no_place_is_said():
    """A title, and fields of a contact list, have no place at Plum; a note says so, stable and without values."""
    contacts = replace(CONTACTS, columns=ContactColumns(fields={"name": "Name", "age": "Age"}))
    notes = lowered(replace(CAMPAIGN, title="January"), contacts=contacts).notes
    assert notes == (
        ("plum/campaign/january", "title: Plum campaigns have no name; it is kept here alone"),
        (
            "plum/campaign/january",
            "fields age, name of patients: Plum takes number, caller ID and reference alone",
        ),
    )


def window(start, end, profile="slow"):
    """One window."""
    return (Window(start, end, profile),)


FINDINGS = {
    "PLU01": {"schedules": (replace(SCHEDULE, nickname="42"),)},
    "PLU02": {"profiles": (replace(PROFILE, nickname="x" * 65),)},
    "PLU03": {
        "schedules": (SCHEDULE, Schedule("again", ("mon",), HERE, nickname="Week", providers=("plum",)))
    },
    "PLU04": {"profiles": (replace(PROFILE, period=0),)},
    "PLU05": {"campaign": replace(CAMPAIGN, end_date=None)},
    "PLU06": {"campaign": replace(CAMPAIGN, windows=window("08:00", "11:00", None))},
    "PLU07": {"campaign": replace(CAMPAIGN, windows=None)},
    "PLU08": {"campaign": replace(CAMPAIGN, state=Desired.PAUSED)},
    "PLU09": {"campaign": replace(CAMPAIGN, enforce="reconciler")},
    "PLU10": {"blacklists": (Blacklist("dnc", None, HERE, providers=("plum",)),)},
    "PLU11": {"campaign": with_setting("ani", None)},
    "PLU12": {"campaign": with_setting("ani", "+442071838750")},
    "PLU13": {"campaign": replace(CAMPAIGN, on_queued_suppression=None)},
    "PLU14": {"campaign": replace(CAMPAIGN, start_date=dt.date(2026, 12, 1), end_date=dt.date(2027, 1, 3))},
    "PLU15": {"campaign": replace(CAMPAIGN, windows=window("22:00", "02:00"))},
    "PLU16": {"campaign": replace(CAMPAIGN, windows=window("08:00", "11:00") + window("10:59", "12:00"))},
    "PLU17": {"campaign": replace(CAMPAIGN, timezone="Asia/Tokyo")},
    "PLU18": {"campaign": with_setting("result_url", "https://a.example/?x=1&reconciler=1")},
}


@pytest.mark.parametrize("code", FINDINGS)
def test_each_finding_is_found_alone(code):
    """Each thing that Plum cannot express is one error with its code, a place and a way out."""
    case = dict(FINDINGS[code])
    result = lowered(case.pop("campaign", CAMPAIGN), **case)
    assert [problem.code for problem in result.problems] == [code]
    (problem,) = result.problems
    assert problem.is_error
    assert problem.help
    assert problem.location.path == HERE.path


@pytest.mark.parametrize("code", [code for code in FINDINGS if "campaign" in FINDINGS[code]])
def test_a_campaign_that_cannot_be_made_is_no_object(code):
    """With an error a campaign is no object, and its schedule still is."""
    kinds = [item.kind for item in lowered(FINDINGS[code]["campaign"]).objects]
    assert "schedule" in kinds
    assert "campaign" not in kinds


def test_everything_missing_is_said_at_once():
    """A campaign that lacks all that Plum requires gets an error for each."""
    bare = Campaign("january", "plum", HERE, "America/New_York")
    assert codes(bare) == ["PLU05"] * 5


@pytest.mark.parametrize(
    "campaign",
    [
        replace(CAMPAIGN, schedule="nowhere"),
        replace(CAMPAIGN, windows=window("08:00", "11:00", "nowhere")),
        replace(CAMPAIGN, contacts="nowhere"),
    ],
)
def test_what_is_not_declared_is_the_manifests_own_problem(campaign):
    """A reference to nothing is found before lowering, and does not break it."""
    assert codes(campaign) == []


def test_windows_may_follow_each_other():
    """One window may begin in the minute in which another ends."""
    assert codes(replace(CAMPAIGN, windows=window("11:00", "12:00") + window("08:00", "11:00"))) == []


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"contacts": None}, []),
        ({"state": Desired.DRAFT}, ["PLU11"]),
    ],
)
def test_a_caller_id_is_wanted_only_with_contacts(changes, found):
    """Without people there is nobody to show a number to."""
    assert codes(replace(with_setting("ani", None), **changes)) == found


def test_a_column_of_caller_ids_is_enough():
    """A caller ID may stand beside each number."""
    contacts = replace(CONTACTS, columns=ContactColumns(ani="caller_id"))
    assert codes(with_setting("ani", None), contacts=contacts) == []


@pytest.mark.parametrize(("phase", "found"), [(Phase.INERT, ["PLU14"]), (Phase.ARMED, []), (Phase.ENDED, [])])
def test_a_run_that_has_begun_may_be_over(phase, found):
    """A past last day is an error for a run that has still to begin, and none for one that began."""
    record = Record(key("campaign", "january", "2027-01"), "campaign", "7", phase=phase)
    snapshot = Snapshot("lineage", "7kq2m9x4", records={record.key: record})
    assert codes(FINDINGS["PLU14"]["campaign"], snapshot=snapshot) == found


def test_the_last_day_is_eastern():
    """At nine in the evening in New York it is still the last day, though it is the next one in London."""
    given = context(replace(CAMPAIGN, start_date=dt.date(2026, 12, 1), end_date=dt.date(2027, 1, 3)))
    evening = replace(given, now=dt.datetime(2027, 1, 4, 2, 0, tzinfo=dt.UTC))
    assert plum.PROVIDER.lower(evening).problems == ()


def test_every_code_is_explained():
    """Each code that lowering can raise has a title, a text and a remedy, and no other code has."""
    explained = json.loads((Path(plum.__file__).parent / "codes.json").read_text())
    raised = re.findall(r'"(PLU\d\d)"', Path(findings.__file__).read_text())
    assert sorted(explained) == sorted(raised) == sorted(FINDINGS)
    assert all(set(entry) == {"title", "text", "remedy"} for entry in explained.values())


def test_hosts_are_said_once():
    """The hosts that a token may go to are the same for the manifests' check and for the provider."""
    schema = json.loads((Path(plum.__file__).parent / "schema.json").read_text())
    assert tuple(schema["hosts"]) == plum.PROVIDER.hosts
    assert plum.PROVIDER.base_url.startswith(f"https://{plum.PROVIDER.hosts[0]}/")
