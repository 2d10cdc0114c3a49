"""CALLR: a vendor whose campaigns start by themselves once their clock is on, and that takes people in by jobs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from reconciler.providers.callr import imports
from reconciler.providers.callr.about import SMS as SMS_TYPES
from reconciler.providers.callr.about import VOICE as VOICE_TYPES
from reconciler.sandbox import Sandbox
from reconciler.testing.projects import ProjectFolder

from .callr_hands import (
    MESSAGE,
    Hands,
    apply,
    books,
    callr_folder,
    campaigns,
    converged,
    everything,
    only,
)

MORE = "+12025550177"
DAY = 86400


@pytest.fixture(autouse=True)
def quick_jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Jobs are looked at without a second's pause between."""
    monkeypatch.setattr(imports, "POLL", 0.01)


@pytest.fixture
def project(tmp_path: Path, sandbox: Sandbox) -> ProjectFolder:
    """A project with one running voice campaign of twelve people, one of them suppressed."""
    made = callr_folder(tmp_path / "project", sandbox)
    made.blacklist = [made.numbers[3]]
    return made.write()


@pytest.fixture
def hands(sandbox: Sandbox) -> Iterator[Hands]:
    """Somebody's hands at the vendor."""
    found = Hands(sandbox)
    yield found
    found.close()


def operations(sandbox: Sandbox) -> list[str]:
    """The writes that the vendor took in, in order."""
    return [
        item.operation.removeprefix("sendr/10/") for item in sandbox.ledger.writes if item.vendor == "callr"
    ]


def drift(project: ProjectFolder, code: int = 3) -> list[dict[str, Any]]:
    """What drift says, after it ended as it has to."""
    ran = project.run("drift", "--format", "json")
    assert ran.code == code, ran.out + ran.err
    found: list[dict[str, Any]] = ran.document["findings"]
    return found


def test_everything_is_made_once_and_then_there_is_nothing_to_do(
    project: ProjectFolder, sandbox: Sandbox
) -> None:
    """A book and a campaign, filled while its clock is off, then the clock on; and the next plan is empty."""
    apply(project)
    made, (book,) = only(sandbox), books(sandbox)
    assert (made["status"]["state"], made["schedule"]["enabled"]) == ("CREATED", True)
    assert sorted(book["numbers"]) == sorted(set(project.numbers) - set(project.blacklist))
    assert operations(sandbox)[2:] == [
        "addressbook.create",
        "campaign.save",
        "media.import_file_from_base64_async",
        "addressbook.append_file_async",
        "campaign.save",
    ]
    converged(project)
    sandbox.clock(advance=7 * DAY)
    assert sandbox.ledger.summary()["people_called_once"] == 11
    assert sandbox.ledger.called_from(project.blacklist) == 0


def test_a_message_is_sent_once(tmp_path: Path, sandbox: Sandbox) -> None:
    """An SMS campaign: made, filled, armed; the next plan is empty, and everybody gets one message."""
    project = callr_folder(tmp_path / "sms", sandbox, campaign={"callr": MESSAGE})
    apply(project)
    converged(project)
    sandbox.clock(advance=7 * DAY)
    assert sandbox.ledger.summary()["people_called_once"] == 12
    assert drift(project, 0) == []
    converged(project)


def test_stopped_is_silent_for_good(project: ProjectFolder, sandbox: Sandbox) -> None:
    """`state: stopped` turns the clock off and stops it, begun or not; nothing rings any more."""
    apply(project)
    sandbox.clock(set="2027-01-04T08:00:05-05:00")
    project.campaign["state"] = "stopped"
    project.write()
    apply(project)
    assert (only(sandbox)["status"]["state"], only(sandbox)["schedule"]["enabled"]) == ("STOPPED", False)
    before = sandbox.ledger.summary()["calls"]
    sandbox.clock(advance=7 * DAY)
    assert sandbox.ledger.summary()["calls"] == before
    converged(project)


def test_the_first_ring_is_at_the_window(project: ProjectFolder, sandbox: Sandbox) -> None:
    """Applied at 05:50 with a window from 08:00: the plan says 08:00, and no phone rings before."""
    sandbox.clock(set="2027-01-04T05:50:00-05:00")
    apply(project)
    sandbox.clock(set="2027-01-04T07:59:59-05:00")
    assert sandbox.ledger.summary()["calls"] == 0
    sandbox.clock(set="2027-01-04T08:30:00-05:00")
    calls = sandbox.ledger.calls
    assert calls
    assert min(call.at for call in calls).astimezone(dt.UTC).isoformat()[:16] == "2027-01-04T13:00"


def test_paused_in_the_evening_it_is_silent_in_the_morning(project: ProjectFolder, sandbox: Sandbox) -> None:
    """Paused at 18:55 within its window: the clock is off, so that the next morning does not begin it again."""
    project.campaign["callr"]["options"]["followup"] = {
        "enabled": True,
        "actions": {"callback": {"enabled": True, "count": 5, "delay_minutes": 240}},
        "conditions": {"no_response": True},
    }
    sandbox.options({"callr": {"no_answer": "0,1,2,3,4,5,6,7,8,9"}})
    project.write()
    apply(project)
    sandbox.clock(set="2027-01-04T18:55:00-05:00")
    assert only(sandbox)["status"]["state"] == "STARTED"
    project.campaign["state"] = "paused"
    project.write()
    apply(project)
    before = sandbox.ledger.summary()["calls"]
    assert (only(sandbox)["status"]["state"], only(sandbox)["schedule"]["enabled"]) == ("PAUSED", False)
    sandbox.clock(set="2027-01-06T12:00:00-05:00")
    assert sandbox.ledger.summary()["calls"] == before
    converged(project)
    project.campaign["state"] = "running"
    project.write()
    apply(project)
    assert only(sandbox)["status"]["state"] == "STARTED"
    converged(project)
    sandbox.clock(set="2027-01-06T18:59:00-05:00")
    assert sandbox.ledger.summary()["calls"] > before
    assert len(only(sandbox)["hash"]) > 0


def test_a_clock_turned_off_by_hand_stays_off(project: ProjectFolder, sandbox: Sandbox, hands: Hands) -> None:
    """Found, and held; a change of settings is made and does not turn it on; only consent does."""
    apply(project)
    hands.clock(enabled=False)
    assert [(item["text"], item["grade"]) for item in drift(project)] == [("paused outside", "quieter")]
    project.campaign["callr"]["options"]["nature"] = "MARKETING"
    project.write()
    apply(project, 6)
    assert (only(sandbox)["options"]["nature"], only(sandbox)["schedule"]["enabled"]) == ("MARKETING", False)
    sandbox.clock(advance=7 * DAY)
    assert sandbox.ledger.summary()["calls"] == 0
    apply(project, 0, "--allow", "restore")
    assert only(sandbox)["schedule"]["enabled"] is True
    converged(project)


def test_an_armed_run_is_changed_while_it_rests(project: ProjectFolder, sandbox: Sandbox) -> None:
    """Fewer calls at once, inside the window: its clock goes off, the settings are saved, and it goes on."""
    apply(project)
    sandbox.clock(set="2027-01-04T08:00:05-05:00")
    project.campaign["callr"]["options"]["ccl"] = 2
    project.write()
    apply(project)
    made = only(sandbox)
    assert (made["options"]["ccl"], made["schedule"]["enabled"], made["status"]["state"]) == (
        2,
        True,
        "STARTED",
    )
    converged(project)
    sandbox.clock(advance=7 * DAY)
    assert sandbox.ledger.summary()["people_called_again"] == 0
    assert sandbox.ledger.summary()["people_called_once"] == 11


def test_growth_is_imported_while_it_rests(project: ProjectFolder, sandbox: Sandbox) -> None:
    """Somebody new goes into the same book, once; everybody is called once."""
    apply(project)
    sandbox.clock(set="2027-01-04T08:00:05-05:00")
    project.numbers = [*project.numbers, MORE]
    project.write()
    apply(project)
    (book,) = books(sandbox)
    assert book["numbers"].count(MORE) == 1
    assert len(book["numbers"]) == 12
    assert only(sandbox)["schedule"]["enabled"] is True
    converged(project)


def test_a_draft_that_changes_its_people_is_made_again(project: ProjectFolder, sandbox: Sandbox) -> None:
    """Who leaves a draft's list is not in its book: book and campaign are made again, and none is left over."""
    project.campaign["state"] = "draft"
    project.write()
    apply(project)
    project.numbers = [*project.numbers[:-1], MORE]
    project.write()
    apply(project)
    (book,) = books(sandbox)
    assert sorted(book["numbers"]) == sorted({*project.numbers} - {*project.blacklist})
    assert only(sandbox)["addressbook"]["hash"] == book["hash"]
    converged(project)


def test_a_dropped_campaign_takes_its_book_along(project: ProjectFolder, sandbox: Sandbox) -> None:
    """What is not in the manifests any more is deleted, the campaign before its book."""
    project.campaign["state"] = "draft"
    project.write()
    apply(project)
    project.omit = ("campaigns",)
    project.write()
    apply(project)
    assert (campaigns(sandbox), books(sandbox)) == ([], [])
    converged(project)


def test_another_run_has_another_book(project: ProjectFolder, sandbox: Sandbox) -> None:
    """A draft's next run leaves nothing of the first behind; the book of an armed one stays, since it is in use."""
    project.campaign["state"] = "draft"
    project.write()
    apply(project)
    project.campaign["run"] = "2"
    project.write()
    apply(project)
    assert (len(campaigns(sandbox)), len(books(sandbox))) == (1, 1)
    converged(project)
    project.campaign["state"] = "running"
    project.write()
    apply(project)
    project.campaign["run"] = "3"
    project.write()
    apply(project, 0, "--allow", "end-run")
    assert [item["status"]["state"] for item in campaigns(sandbox)] == ["CREATED", "CREATED"]
    assert [item["schedule"]["enabled"] for item in campaigns(sandbox)] == [False, True]
    assert len(books(sandbox)) == 2
    converged(project)


# Every type, every option, every spelling


@pytest.mark.parametrize("type_name", [*VOICE_TYPES, *SMS_TYPES])
def test_every_type_with_every_option_converges(tmp_path: Path, sandbox: Sandbox, type_name: str) -> None:
    """Each of the five types with all that is documented for it: applied, and the next plan is empty."""
    project = callr_folder(tmp_path / "all", sandbox, campaign={"callr": everything()[type_name]})
    apply(project)
    converged(project)
    assert drift(project, 0) == []
    assert only(sandbox)["type"] == type_name


SPELLINGS: list[dict[str, Any]] = [
    {"media_ids": "number"},
    {"null_description": "null"},
    {"noanswer": "media"},
    {"bridge_email": "absent"},
    {"blacklist_place": "campaign"},
    {"blacklist_place": "addressbook"},
    {"media_list": "map"},
    {"void_result": "null"},
    {"history_dates": "swapped"},
    {"hours": "HH:MM:SS"},
    {"days": "all"},
    {"page_size": 1},
    {"name_filter": "equals"},
    {"order": "newest first"},
    {"save_started": "allow"},
    {"absent_on_update": "kept"},
    {"pause_twice": "success"},
    {"start_started": "refuse"},
    {"stop_created": "success"},
    {"delete_running": "success"},
    {"job_looks": 0},
    {"import_in_parts": False},
    {"duplicates": "drop"},
    {"append_while_running": "refused"},
    {"enabled_inside_window": "waits"},
    {"start_ended": "refuse"},
]


@pytest.mark.parametrize("options", SPELLINGS, ids=str)
def test_what_the_pages_leave_open_changes_nothing(
    tmp_path: Path, sandbox: Sandbox, hands: Hands, options: dict[str, Any]
) -> None:
    """Made, converged, changed and grown within its window, turned off by hand, stopped: the same in each reading."""
    block = everything()["VOICE_IVR"]
    if options == {"noanswer": "media"}:
        block["ivr"]["keys"]["key_1"]["params"]["noanswer"] = [1012345]
    project = callr_folder(tmp_path / "odd", sandbox, campaign={"callr": block})
    sandbox.options({"callr": options})
    apply(project)
    converged(project)
    sandbox.clock(set="2027-01-04T08:00:05-05:00")
    block["options"]["ccl"] = 2
    project.campaign["callr"] = block
    project.numbers = [*project.numbers, MORE]
    project.write()
    apply(project)
    assert only(sandbox)["options"]["ccl"] == 2
    assert only(sandbox)["status"]["state"] == "STARTED"
    assert books(sandbox)[0]["numbers"].count(MORE) == 1
    converged(project)
    hands.ask("sendr/10/campaign.pause", only(sandbox)["hash"])
    hands.clock(enabled=False)
    assert [item["text"] for item in drift(project)] == ["paused outside"]
    project.campaign["state"] = "stopped"
    project.write()
    apply(project)
    assert only(sandbox)["status"]["state"] == "STOPPED"
    converged(project)
    before = sandbox.ledger.summary()["calls"]
    sandbox.clock(advance=7 * DAY)
    assert sandbox.ledger.summary()["calls"] == before
