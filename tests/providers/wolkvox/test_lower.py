"""Manifests to wolkvox's objects: what is made of them, and each finding."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
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
from reconciler.providers import wolkvox
from reconciler.providers.base import LoweringContext

HERE = Location("manifests/january.yaml")
NOW = dt.datetime(2027, 1, 4, 12, 0, tzinfo=dt.UTC)
CODES = json.loads((Path(wolkvox.__file__).parent / "codes.json").read_text("utf-8"))
SETTINGS = ProviderSettings(
    "dialler",
    "wolkvox",
    HERE,
    settings={"server": "0014", "account_timezone": "America/Bogota", "region": "CO", "dial_prefix": "9"},
)
FAST = Profile("fast", 30, 100, 10, HERE, vendor={"wolkvox": {"speed": 40}})
SLOW = Profile("slow", 30, 100, 10, HERE)
CAMPAIGN = Campaign(
    "january",
    "dialler",
    HERE,
    "America/Bogota",
    state=Desired.RUNNING,
    windows=(Window("08:00", "11:00", "fast"),),
    contacts="patients",
    on_queued_suppression="stop",
    vendor={"wolkvox": {"skill_id": "4069"}},
)


def lowered(
    campaign: Campaign = CAMPAIGN,
    settings: ProviderSettings = SETTINGS,
    blacklists: tuple[Blacklist, ...] = (),
    fields: tuple[str, ...] = (),
) -> Any:
    """What lowering makes of a project with this one campaign."""
    columns = ContactColumns(fields={name: name for name in fields})
    manifests = Manifests(
        schedules={"week": Schedule("week", ("wed", "mon"), HERE)},
        profiles={"fast": FAST, "slow": SLOW},
        contact_lists={"patients": ContactList("patients", None, HERE, columns=columns)},
        blacklists={item.name: item for item in blacklists},
        campaigns={campaign.name: campaign},
    )
    project = Project("clinic", "project1", HERE, {settings.name: settings})
    return wolkvox.PROVIDER.lower(LoweringContext(project, manifests, settings, None, NOW))


def block(**settings: Any) -> Campaign:
    """The campaign with more in its block; None takes a setting out."""
    whole = {**CAMPAIGN.vendor["wolkvox"], **settings}
    return replace(
        CAMPAIGN, vendor={"wolkvox": {key: each for key, each in whole.items() if each is not None}}
    )


def test_a_campaign_becomes_one_object() -> None:
    """With its hours, its speed, how it is dialled, and nothing that nobody said."""
    (found,) = lowered().objects
    assert found.marker is not None
    assert {
        "title": "january",
        "start_time": "08:00",
        "end_time": "11:00",
        "speed": 40,
        "skill_id": "4069",
        "amd": "default",
        "filter": None,
        "region": "CO",
        "dial_prefix": "9",
        "enforce": None,
    }.items() <= found.fields.items()
    assert "turbo_dial" not in found.fields


def test_hours_are_said_on_the_accounts_clock() -> None:
    """New York's winter hours are Bogota's; from March on they are not, and the day is named."""
    near = replace(CAMPAIGN, timezone="America/New_York", enforce="reconciler", end_date=dt.date(2027, 2, 1))
    (found,) = lowered(near).objects
    assert (found.fields["start_time"], found.calendar.zone) == ("08:00", "America/New_York")
    far = replace(near, end_date=dt.date(2027, 4, 1))
    (problem,) = lowered(far).problems
    assert problem.code == "WOL10"
    assert "2027-03-14" in problem.message
    (madrid,) = lowered(replace(near, timezone="Europe/Madrid", windows=(Window("15:00", "18:00"),))).objects
    assert (madrid.fields["start_time"], madrid.fields["end_time"]) == ("09:00", "12:00")


WINDOWS = (Window("08:00", "11:00"), Window("13:00", "15:00"))
DNC = Blacklist("dnc", None, HERE, providers=("dialler",))
CASES = {
    "WOL01": [{"campaign": replace(CAMPAIGN, contacts=None)}, {"campaign": replace(CAMPAIGN, windows=())}],
    "WOL02": [{"campaign": block(skill_id=None)}, {"campaign": block(skill="Store")}],
    "WOL03": [{"campaign": replace(CAMPAIGN, windows=WINDOWS)}],
    "WOL04": [{"campaign": replace(CAMPAIGN, windows=(Window("11:00", "08:00"),))}],
    "WOL05": [
        {"campaign": replace(CAMPAIGN, schedule="week")},
        {"campaign": replace(CAMPAIGN, start_date=dt.date(2027, 1, 4))},
        {"campaign": replace(CAMPAIGN, end_date=dt.date(2027, 1, 4))},
    ],
    "WOL06": [{"campaign": replace(CAMPAIGN, enforce="reconciler")}],
    "WOL07": [{"campaign": replace(CAMPAIGN, enforce="reconciler", schedule="week", windows=None)}],
    "WOL08": [{"campaign": replace(CAMPAIGN, windows=(Window("08:00", "11:00", "slow"),))}],
    "WOL09": [{"campaign": block(type="preview")}],
    "WOL10": [{"campaign": replace(CAMPAIGN, timezone="America/New_York")}],
    "WOL11": [
        {
            "campaign": replace(
                CAMPAIGN, enforce="reconciler", start_date=dt.date(2027, 1, 4), end_date=dt.date(2027, 1, 3)
            )
        }
    ],
    "WOL12": [
        {"fields": ("nickname",)},
        {"fields": ("tel2",)},
        {"campaign": block(filter={"filters": ({"field": "nickname", "operator": "=", "value": "x"},)})},
    ],
    "WOL13": [{"campaign": replace(block(type="preview", amd="MEX"), windows=None)}],
    "WOL14": [{"campaign": block(description="see reconciler:abc")}],
    "WOL15": [{"blacklists": (replace(DNC, applies_to=("january",)),)}],
    "WOL16": [
        {
            "campaign": replace(CAMPAIGN, except_blacklists=(BlacklistException("dnc", "consented"),)),
            "blacklists": (DNC,),
        }
    ],
    "WOL17": [{"settings": replace(SETTINGS, max_concurrency=2)}],
    "WOL18": [{"settings": replace(SETTINGS, settings={**SETTINGS.settings, "region": "ZZ"})}],
}


def test_every_code_has_a_case() -> None:
    """What `explain` knows is found by some test, and nothing else is."""
    assert set(CASES) == set(CODES)


@pytest.mark.parametrize(
    ("code", "parts"),
    [pytest.param(code, parts, id=code) for code, several in CASES.items() for parts in several],
)
def test_what_the_vendor_cannot_express_is_said(code: str, parts: dict[str, Any]) -> None:
    """Found offline, with the way out, and by no other code."""
    problems = lowered(**parts).problems
    assert {problem.code for problem in problems} == {code}
    assert all(problem.help for problem in problems)


@pytest.mark.parametrize("server", ["0014", "wv0014", "WV0014", "wv0014.wolkvox.com"])
def test_a_server_is_named_in_either_way(server: str) -> None:
    """Some settings hold the host's own letters (A21)."""
    settings = replace(SETTINGS, settings={**SETTINGS.settings, "server": server})
    seen: dict[str, Any] = {}
    wolkvox.PROVIDER.connect(settings, {"token": "t"}, lambda **named: seen.update(named))  # type: ignore[arg-type,return-value]
    assert seen["base_url"] == "https://wv0014.wolkvox.com/api/v2"
    assert seen["concurrency"] == 1
