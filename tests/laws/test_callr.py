"""CALLR: a vendor whose campaigns start by themselves once their clock is on, and that takes people in by jobs."""

from __future__ import annotations

import base64
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

from .callr_hands import MESSAGE, Hands, books, callr_folder, campaigns, everything, only
from .commands import apply, converged, drift

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


@pytest.mark.slow
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


@pytest.mark.slow
def test_a_message_is_sent_once(tmp_path: Path, sandbox: Sandbox) -> None:
    """An SMS campaign: made, filled, armed; the next plan is empty, and everybody gets one message."""
    project = callr_folder(tmp_path / "sms", sandbox, campaign={"callr": MESSAGE})
    apply(project)
    converged(project)
    sandbox.clock(advance=7 * DAY)
    assert sandbox.ledger.summary()["people_called_once"] == 12
    assert drift(project, 0) == []
    converged(project)


@pytest.mark.slow
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


@pytest.mark.slow
def test_a_stop_whose_clock_stays_on_is_none(project: ProjectFolder, sandbox: Sandbox) -> None:
    """Where the clock could not be turned off, one that never began is not taken for silent; the next apply ends it."""
    apply(project)
    project.campaign["state"] = "stopped"
    project.write()
    sandbox.faults(
        {"vendor": "callr", "operation": "campaign.save", "action": "retry_after", "seconds": 7200, "nth": 1}
    )
    apply(project, 1)
    assert only(sandbox)["schedule"]["enabled"] is True
    apply(project)
    assert only(sandbox)["schedule"]["enabled"] is False
    sandbox.clock(advance=7 * DAY)
    assert sandbox.ledger.summary()["calls"] == 0


@pytest.mark.slow
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


def never_answering(project: ProjectFolder, sandbox: Sandbox, end_time: str) -> None:
    """A campaign that has work for days: nobody answers, and each is tried six times, four hours apart."""
    project.campaign["callr"]["options"]["followup"] = {
        "enabled": True,
        "actions": {"callback": {"enabled": True, "count": 5, "delay_minutes": 240}},
        "conditions": {"no_response": True},
    }
    project.campaign["windows"] = [{"start_time": "08:00", "end_time": end_time}]
    sandbox.options({"callr": {"no_answer": "0,1,2,3,4,5,6,7,8,9"}})
    project.write()


@pytest.mark.slow
@pytest.mark.parametrize(("end_time", "state"), [("19:00", "PAUSED"), ("20:00", "STARTED")])
def test_paused_in_the_evening_it_is_silent_in_the_morning(
    project: ProjectFolder, sandbox: Sandbox, end_time: str, state: str
) -> None:
    """Applied at 05:50, first ring at 08:00; paused at 19:00, its clock is off, so that no morning begins it again.

    Whether its window has just closed, so that the vendor has paused it itself, or goes on for an hour.
    """
    never_answering(project, sandbox, end_time)
    sandbox.clock(set="2027-01-04T05:50:00-05:00")
    apply(project)
    sandbox.clock(set="2027-01-04T19:00:00-05:00")
    first = min(call.at for call in sandbox.ledger.calls).astimezone(dt.UTC)
    assert first.isoformat()[:16] == "2027-01-04T13:00"
    assert (only(sandbox)["status"]["state"], only(sandbox)["schedule"]["enabled"]) == (state, True)
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


@pytest.mark.slow
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


@pytest.mark.slow
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


@pytest.mark.parametrize(("operation", "code"), [("campaign.get", 7), ("campaign.save", 6)])
def test_a_quieter_save_whose_pause_was_refused_goes_on(
    project: ProjectFolder, sandbox: Sandbox, operation: str, code: int
) -> None:
    """A save turns the clock off by itself: found off after it, that is our own pause, and the next apply ends it."""
    apply(project)
    sandbox.clock(set="2027-01-04T08:00:05-05:00")
    project.campaign["callr"]["options"]["ccl"] = 2
    project.write()
    order = {"vendor": "callr", "operation": operation, "action": "status", "status": 401, "count": 1}
    sandbox.faults(order | {"body": ""})
    assert "paused outside" not in apply(project, code)
    made = only(sandbox)
    assert (made["options"]["ccl"], made["status"]["state"]) == (2, "PAUSED")
    assert drift(project, 0) == []
    apply(project)
    assert only(sandbox)["status"]["state"] == "STARTED"
    converged(project)


@pytest.mark.slow
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


@pytest.mark.slow
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


@pytest.mark.slow
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


@pytest.mark.slow
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


@pytest.mark.slow
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


# Hands


def put_in(hands: Hands, number: str) -> None:
    """Somebody adds a number to the first book by hand."""
    book = hands.ask("sendr/10/addressbook.search", None, None)["hits"][0]["hash"]
    content = base64.b64encode(f"phone\r\n{number}\r\n".encode()).decode()
    job = hands.ask("media.import_file_from_base64_async", content, None)
    filename = ""
    while not filename:
        filename = (hands.ask("jobs.get", job)["result"] or {}).get("filename", "")
    job = hands.ask("sendr/10/addressbook.append_file_async", book, filename, 0, "US", None)
    while hands.ask("jobs.get", job)["status"] != "DONE":
        pass


@pytest.mark.slow
def test_somebody_added_by_hand_to_a_draft_is_not_called(
    project: ProjectFolder, sandbox: Sandbox, hands: Hands
) -> None:
    """A book that has one more than we put in is thrown away, and made again, before anything is armed."""
    project.campaign["state"] = "draft"
    project.write()
    apply(project)
    put_in(hands, MORE)
    project.campaign["state"] = "running"
    project.write()
    apply(project)
    (book,) = books(sandbox)
    assert MORE not in book["numbers"]
    converged(project)


@pytest.mark.slow
def test_somebody_added_by_hand_to_a_run_is_found(project: ProjectFolder, hands: Hands) -> None:
    """Of an armed run drift says that more people are in it than we sent, and that this is louder."""
    apply(project)
    put_in(hands, MORE)
    assert [(item["what"], item["grade"]) for item in drift(project)] == [("people", "louder")]


@pytest.mark.slow
def test_a_clock_turned_off_while_it_rings_is_found(
    project: ProjectFolder, sandbox: Sandbox, hands: Hands
) -> None:
    """A campaign that nothing pauses any more is louder drift; an apply gives it its hours again."""
    sandbox.options({"callr": {"save_started": "allow"}})
    apply(project)
    sandbox.clock(set="2027-01-04T08:00:01-05:00")
    hands.clock(enabled=False)
    assert [(item["what"], item["grade"]) for item in drift(project)] == [("changed", "louder")]
    apply(project)
    assert only(sandbox)["schedule"]["enabled"] is True
    assert only(sandbox)["status"]["state"] == "STARTED"
    converged(project)


@pytest.mark.slow
def test_started_by_hand_counts_as_armed(project: ProjectFolder, hands: Hands) -> None:
    """A draft whose clock somebody turned on is louder than the manifest: said, and ended by consent alone."""
    project.campaign["state"] = "draft"
    project.write()
    apply(project)
    hands.clock(enabled=True)
    assert [(item["grade"], item["text"]) for item in drift(project)] == [("louder", "started outside")]
    apply(project, 6)


@pytest.mark.slow
def test_stopped_and_deleted_by_hand_is_over(project: ProjectFolder, sandbox: Sandbox, hands: Hands) -> None:
    """What somebody ended is never begun again; drift says so."""
    apply(project)
    sandbox.clock(set="2027-01-04T08:00:01-05:00")
    hands.ask("sendr/10/campaign.stop", only(sandbox)["hash"])
    assert [item["what"] for item in drift(project)] == ["ended outside"]
    apply(project)
    hands.ask("sendr/10/campaign.delete", only(sandbox)["hash"])
    apply(project)
    assert campaigns(sandbox) == []


@pytest.mark.slow
def test_everything_is_silenced(project: ProjectFolder, sandbox: Sandbox, hands: Hands) -> None:
    """`stop --all` turns every clock off, a stranger's too, and pauses what rings; nothing calls any more."""
    apply(project)
    theirs = hands.campaign() | {"hash": None, "name": "theirs"}
    hands.ask("sendr/10/campaign.save", {name: value for name, value in theirs.items() if name != "hash"})
    sandbox.clock(set="2027-01-04T08:00:01-05:00")
    ran = project.run("stop", "--all", "--reason", "test")
    assert ran.code == 0, ran.out + ran.err
    assert [item["schedule"]["enabled"] for item in campaigns(sandbox)] == [False, False]
    before = sandbox.ledger.summary()["calls"]
    sandbox.clock(advance=7 * DAY)
    assert sandbox.ledger.summary()["calls"] == before


# Lost replies and refusals


@pytest.mark.slow
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("operation", ["addressbook.create", "campaign.save", "import_file", "append_file"])
def test_a_lost_reply_makes_nothing_twice(
    project: ProjectFolder, sandbox: Sandbox, operation: str, when: str
) -> None:
    """Whatever reply is lost while a run is made: one campaign, one book, everybody in it once."""
    sandbox.faults({"vendor": "callr", "action": "reset", "operation": operation, "when": when, "count": 1})
    project.run("apply", "--yes")
    project.run("apply", "--yes")
    apply(project)
    (book,) = books(sandbox)
    assert sorted(book["numbers"]) == sorted(set(project.numbers) - set(project.blacklist))
    assert only(sandbox)["schedule"]["enabled"] is True
    converged(project)


@pytest.mark.slow
@pytest.mark.parametrize("fails", ["done", "canceled", "running"])
def test_an_import_that_fails_adds_nobody_twice(project: ProjectFolder, sandbox: Sandbox, fails: str) -> None:
    """A job with an error, in whatever status (A7): it is not waited for, nothing is armed; later all goes well."""
    sandbox.options({"callr": {"import_fails": fails}})
    assert project.run("apply", "--yes").code != 0
    assert not any(item["schedule"]["enabled"] for item in campaigns(sandbox))
    sandbox.options({"callr": {"import_fails": "no"}})
    apply(project)
    (book,) = books(sandbox)
    assert sorted(book["numbers"]) == sorted(set(project.numbers) - set(project.blacklist))
    converged(project)


def test_a_wrong_password_is_said(project: ProjectFolder) -> None:
    """Code 22 is a refusal of credentials: exit 77, and the password is in no byte of it."""
    project.tokens = {**project.tokens, "CALLR_PASSWORD": "wrong-password-1"}
    ran = project.run("plan")
    assert ran.code == 77
    assert "wrong-password-1" not in ran.out + ran.err


@pytest.mark.slow
@pytest.mark.parametrize(
    ("secrets", "options"),
    [
        ({"api_key": "key-1234567"}, {"api_key": "key-1234567"}),
        ({"session": "session-1234567"}, {"session": "session-1234567"}),
    ],
)
def test_every_way_to_say_who_we_are(
    tmp_path: Path, sandbox: Sandbox, secrets: dict[str, str], options: dict[str, str]
) -> None:
    """An API key or a session does as well as login and password; and `login_as` works in somebody's account."""
    sandbox.options({"callr": {**options, "sub_accounts": "clinic"}})
    provider = {name: {"env": name.upper()} for name in secrets} | {"login_as": {"user": "clinic"}}
    project = callr_folder(tmp_path / "keys", sandbox, campaign={"callr": MESSAGE})
    known = {
        name: value for name, value in project.providers["callr"].items() if name not in ("login", "password")
    }
    project.providers = {"callr": {**known, **provider}}
    project.tokens = {name.upper(): value for name, value in secrets.items()}
    project.write()
    apply(project)
    converged(project)
    assert only(sandbox)["account"] == "clinic"


# Privacy and suppression


@pytest.mark.slow
def test_nothing_personal_is_written_anywhere(project: ProjectFolder, sandbox: Sandbox) -> None:
    """No number of anybody, no password, in any byte of output or state, also while replies are lost."""
    sandbox.faults(
        {"vendor": "callr", "action": "reset", "operation": "append_file", "when": "after", "count": 1}
    )
    said = [
        project.run("apply", "--yes", "-v"),
        project.run("plan", "--format", "json"),
        project.run("apply", "--yes"),
    ]
    said += [project.run("state", "history"), project.run("status")]
    text = "".join(ran.out + ran.err for ran in said)
    text += "".join(
        path.read_bytes().decode("latin-1")
        for path in (project.root / ".reconciler").rglob("*")
        if path.is_file()
    )
    for number in [*project.numbers, *project.blacklist]:
        assert number.removeprefix("+1") not in text
    assert project.tokens["CALLR_PASSWORD"] not in text


@pytest.mark.slow
def test_somebody_suppressed_while_queued_stops_the_run(project: ProjectFolder, sandbox: Sandbox) -> None:
    """Nobody can be taken out of a book, so the run is stopped before anything else happens."""
    apply(project)
    project.blacklist = [*project.blacklist, project.numbers[5]]
    project.numbers = [*project.numbers, MORE]
    project.write()
    apply(project)
    assert only(sandbox)["schedule"]["enabled"] is False
    sandbox.clock(advance=7 * DAY)
    assert sandbox.ledger.summary()["calls"] == 0


# The vendor's own judgement


def checked(project: ProjectFolder, sandbox: Sandbox) -> dict[str, Any]:
    """What a plan says that lets the vendor check; nothing is made for it."""
    before = operations(sandbox)
    ran = project.run("plan", "--online-check", "--format", "json")
    assert operations(sandbox) == before
    assert campaigns(sandbox) == books(sandbox) == []
    return {"code": ran.code, **ran.document}


def notes_of(plan: dict[str, Any]) -> str:
    """All its notes as one text."""
    return " ".join(str(note) for note in plan["notes"])


@pytest.mark.slow
@pytest.mark.parametrize("type_name", [*VOICE_TYPES, *SMS_TYPES])
def test_a_new_campaign_is_checked_without_its_book(tmp_path: Path, sandbox: Sandbox, type_name: str) -> None:
    """CALLR judges what does not need the book, which nobody has made yet; the plan says that, and goes on."""
    sandbox.options({"callr": {"empty_book": "refuse"}})
    project = callr_folder(tmp_path / "new", sandbox, campaign={"callr": everything()[type_name]})
    plan = checked(project, sandbox)
    assert plan["code"] == 0
    assert "has no complaint; not yet with addressbook, which apply makes first" in notes_of(plan)
    assert not any(change["held"] for change in plan["changes"])


def test_what_the_vendor_would_not_take_is_held(project: ProjectFolder, sandbox: Sandbox) -> None:
    """A number that is not the account's own is refused by the check: its text is told, and nothing would be made."""
    sandbox.options({"callr": {"own_numbers": "+16175550100"}})
    plan = checked(project, sandbox)
    assert plan["code"] == 6
    (made,) = [each for each in plan["changes"] if each["kind"] == "campaign" and each["action"] == "create"]
    assert "options.cli" in str(made["held"])
    assert "addressbook" not in str(made["held"])


@pytest.mark.slow
def test_under_a_hold_a_quieter_run_rests_and_is_no_news(project: ProjectFolder, sandbox: Sandbox) -> None:
    """Fewer calls at once, while a hold lies on the project: saved, at rest, and no drift; released, it goes on."""
    apply(project)
    sandbox.clock(set="2027-01-04T08:00:05-05:00")
    assert project.run("hold", "--reason", "complaints").code == 0
    project.campaign["callr"]["options"]["ccl"] = 2
    project.write()
    apply(project, 6)
    made = only(sandbox)
    assert (made["options"]["ccl"], made["status"]["state"]) == (2, "PAUSED")
    assert drift(project, 0) == []
    ran = project.run("plan")
    assert "paused outside" not in ran.out
    assert "HOLD" in ran.out
    assert project.run("hold", "release", "--reason", "settled").code == 0
    apply(project)
    assert only(sandbox)["status"]["state"] == "STARTED"
    converged(project)


@pytest.mark.slow
@pytest.mark.parametrize("place", ["campaign", "addressbook"])
def test_a_blacklist_chosen_at_the_vendor_is_kept(
    project: ProjectFolder, sandbox: Sandbox, hands: Hands, place: str
) -> None:
    """Which of CALLR's own blacklists a campaign heeds is none of our settings: wherever it stands, a save keeps it."""
    sandbox.options({"callr": {"blacklist_place": place}})
    apply(project)
    chosen = {"method": "SELECT", "selected": ["B1"]}
    whole = hands.campaign()
    changed = {"blacklist": chosen} if place == "campaign" else {}
    hands.save(**changed, addressbook=whole["addressbook"] | ({} if changed else {"blacklist": chosen}))
    hands.clock(enabled=True)
    project.campaign["callr"]["options"]["ccl"] = 2
    project.write()
    apply(project)
    seen = hands.campaign()
    assert seen["options"]["ccl"] == 2
    assert (seen if place == "campaign" else seen["addressbook"])["blacklist"] == chosen
