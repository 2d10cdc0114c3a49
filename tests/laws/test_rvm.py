"""RVM: a vendor that cannot edit, cannot delete and hides what ended; and blacklists that hold there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from reconciler.sandbox import Sandbox
from reconciler.testing.projects import ProjectFolder, people

from .commands import apply, converged, drift
from .rvm_hands import Hands, campaigns, rvm_folder, written

MORE = "+12025550177"
DAY = 86400


@pytest.fixture
def project(tmp_path: Path, sandbox: Sandbox) -> ProjectFolder:
    """A project with one running campaign of twelve people, one of them suppressed."""
    made = rvm_folder(tmp_path / "project", sandbox)
    made.blacklist = [made.numbers[3]]
    return written(made)


@pytest.fixture
def hands(sandbox: Sandbox) -> Iterator[Hands]:
    """Somebody's hands at the vendor."""
    found = Hands(sandbox)
    yield found
    found.close()


def operations(sandbox: Sandbox) -> list[tuple[str, int]]:
    """The writes that the vendor took in, in order: what, and how it answered."""
    return [(item.operation, item.status) for item in sandbox.ledger.writes]


def only(sandbox: Sandbox) -> dict[str, Any]:
    """The one campaign there is."""
    (found,) = campaigns(sandbox)
    return found


# Made, filled, armed


@pytest.mark.slow
def test_everything_is_made_once_and_then_there_is_nothing_to_do(
    project: ProjectFolder, sandbox: Sandbox
) -> None:
    """Suppressed first, made paused with everybody in it, then started; and the next plan is empty."""
    apply(project)
    made = only(sandbox)
    assert made["status"] == "ACTIVE"
    assert made["queued"] == 11
    assert [name for name, _ in operations(sandbox)] == ["load", "create", "start"]
    assert {item["number"] for item in sandbox.state()["rvm"]["blacklist"]} == set(project.blacklist)
    converged(project)
    sandbox.clock(advance=40 * DAY)
    assert sandbox.ledger.called_from(project.blacklist) == 0
    assert sandbox.ledger.summary()["people_called_once"] == 11


@pytest.mark.slow
def test_nothing_personal_is_in_an_address(project: ProjectFolder, sandbox: Sandbox) -> None:
    """Every request is a POST without a query."""
    apply(project)
    assert {item["method"] for item in sandbox.requests()} == {"POST"}
    assert all("?" not in item["path"] for item in sandbox.requests())


@pytest.mark.slow
def test_a_draft_whose_people_changed_is_made_again(project: ProjectFolder, sandbox: Sandbox) -> None:
    """An inert campaign cannot take people in: it is stopped for good, and another one has them all."""
    project.campaign["state"] = "draft"
    project.write()
    apply(project)
    converged(project)
    project.numbers = [*project.numbers, MORE]
    project.write()
    apply(project)
    assert [(item["status"], item["queued"]) for item in campaigns(sandbox)] == [
        ("STOPPED", 0),
        ("PAUSED", 12),
    ]
    converged(project)
    project.campaign["state"] = "running"
    project.write()
    apply(project)
    converged(project)
    sandbox.clock(advance=40 * DAY)
    assert sandbox.ledger.summary()["people_called_once"] == 12


@pytest.mark.slow
def test_a_draft_whose_settings_changed_is_made_again(project: ProjectFolder, sandbox: Sandbox) -> None:
    """RVM edits nothing: what never began is stopped for good, and made with the new settings."""
    project.campaign["state"] = "draft"
    project.write()
    apply(project)
    project.campaign["rvm"] = {**project.campaign["rvm"], "throttle": 42}
    project.write()
    apply(project)
    assert [(item["status"], item["throttle"]) for item in campaigns(sandbox)] == [
        ("STOPPED", "150"),
        ("PAUSED", "42"),
    ]
    converged(project)


@pytest.mark.slow
def test_what_an_armed_run_cannot_change_waits_for_the_next(project: ProjectFolder, sandbox: Sandbox) -> None:
    """Settings of an armed run are held, with the reason and the consent; without it the next run has them."""
    apply(project)
    project.campaign["rvm"] = {**project.campaign["rvm"], "throttle": 42}
    project.write()
    ran = project.run("plan", "--format", "json")
    (change,) = ran.document["changes"]
    assert change["held"][0]["action"] == "replace"
    assert "waits for the next run" in change["held"][0]["reason"]
    assert change["held"][0]["consent"] == "replace:rvm/campaign/january"
    apply(project, 6)
    project.campaign["run"] = "2"
    project.write()
    apply(project, 6)
    apply(project, 0, "--allow", "end-run")
    assert [(item["status"], item["throttle"]) for item in campaigns(sandbox)] == [
        ("STOPPED", "150"),
        ("ACTIVE", "42"),
    ]
    converged(project)


@pytest.mark.slow
def test_a_draft_that_was_stopped_and_not_made_again(project: ProjectFolder, sandbox: Sandbox) -> None:
    """Where the old one was stopped and the new one refused, the next apply makes it: what is set aside is no end."""
    project.campaign["state"] = "draft"
    project.write()
    apply(project)
    project.campaign["end_date"] = "2027-02-05"
    project.write()
    sandbox.faults({"vendor": "rvm", "operation": "^create$", "action": "status", "status": 400, "nth": 1})
    apply(project, 7)
    apply(project)
    assert [item["status"] for item in campaigns(sandbox)] == ["STOPPED", "PAUSED"]
    converged(project)


@pytest.mark.slow
def test_a_dropped_draft_is_stopped_and_its_record_stays(project: ProjectFolder, sandbox: Sandbox) -> None:
    """Where nothing can be deleted, dropping a resource is a stop; nothing more follows."""
    project.campaign["state"] = "draft"
    project.write()
    apply(project)
    project.omit = ("campaigns",)
    project.write()
    apply(project)
    assert only(sandbox)["status"] == "STOPPED"
    converged(project)


@pytest.mark.slow
def test_dropping_an_armed_run_is_asked_for(project: ProjectFolder, sandbox: Sandbox) -> None:
    """An armed run that the manifests lack is stopped by consent; after that there is a note, and no change."""
    apply(project)
    project.omit = ("campaigns",)
    project.write()
    apply(project, 6)
    assert only(sandbox)["status"] == "ACTIVE"
    apply(project, 0, "--allow", "delete")
    assert only(sandbox)["status"] == "STOPPED"
    converged(project)


# Growth


@pytest.mark.slow
def test_growth_is_a_further_part(project: ProjectFolder, sandbox: Sandbox) -> None:
    """30,000 people go into one create; twenty more later are one further part of twenty, and nothing stops."""
    project.numbers = [f"+1{202 + at // 10000}555{at % 10000:04}" for at in range(30_000)]
    project.blacklist = []
    project.extra = {}
    project.project = {"limits": {"max_people": 40_000}}
    project.write()
    apply(project)
    assert only(sandbox)["queued"] == 30_000
    project.numbers = [*project.numbers, *(f"+1617555{at:04}" for at in range(20))]
    project.write()
    apply(project)
    assert [(item["status"], item["queued"]) for item in campaigns(sandbox)] == [
        ("ACTIVE", 30_000),
        ("ACTIVE", 20),
    ]
    converged(project)


@pytest.mark.slow
def test_all_parts_are_paused_resumed_and_stopped(project: ProjectFolder, sandbox: Sandbox) -> None:
    """`state:` holds for every part of a run."""
    apply(project)
    for at in (1, 2):
        project.numbers = [*project.numbers, f"+1202555018{at}"]
        project.write()
        apply(project)
    for state, shown in (("paused", "PAUSED"), ("running", "ACTIVE"), ("stopped", "STOPPED")):
        project.campaign["state"] = state
        project.write()
        apply(project)
        assert [item["status"] for item in campaigns(sandbox)] == [shown] * 3
        converged(project)


@pytest.mark.slow
def test_a_part_takes_in_who_comes_before_it_is_armed(project: ProjectFolder, sandbox: Sandbox) -> None:
    """While a run is paused its next part is made and not started; who joins then goes into that part, made again."""
    apply(project)
    project.campaign["state"] = "paused"
    project.numbers = [*project.numbers, MORE]
    project.write()
    apply(project)
    assert [item["status"] for item in campaigns(sandbox)] == ["PAUSED", "PAUSED"]
    project.numbers = [*project.numbers, "+12025550178"]
    project.write()
    apply(project)
    shown = [(item["status"], item["queued"]) for item in campaigns(sandbox)]
    assert shown == [("PAUSED", 11), ("STOPPED", 0), ("PAUSED", 2)]
    converged(project)
    project.campaign["state"] = "running"
    project.write()
    apply(project)
    converged(project)
    sandbox.clock(advance=40 * DAY)
    assert sandbox.ledger.summary()["people_called_once"] == 13
    assert sandbox.ledger.summary()["people_called_again"] == 0


@pytest.mark.slow
def test_a_run_grows_while_a_part_of_it_is_not_over(project: ProjectFolder, sandbox: Sandbox) -> None:
    """One part completed and another at work: the run goes on, and takes in who is new."""
    project.campaign["rvm"] = {**project.campaign["rvm"], "throttle": 20}
    project.write()
    apply(project)
    sandbox.clock(advance=3 * 3600 + 1800)
    project.numbers = [*project.numbers, *(f"+120255501{at}" for at in range(40, 80))]
    project.write()
    apply(project)
    sandbox.clock(advance=3600)
    assert [item["status"] for item in campaigns(sandbox)] == ["COMPLETED", "ACTIVE"]
    apply(project)
    project.numbers = [*project.numbers, "+12025550190"]
    project.write()
    apply(project)
    assert [item["status"] for item in campaigns(sandbox)] == ["COMPLETED", "ACTIVE", "ACTIVE"]
    converged(project)


# Hands


@pytest.mark.slow
def test_paused_by_hand_stays_paused(project: ProjectFolder, sandbox: Sandbox, hands: Hands) -> None:
    """Drift says so and no more; two applies leave it, with exit 6; consent resumes it."""
    apply(project)
    hands.ask("pause", c_campaign_id=only(sandbox)["id"])
    assert [item["text"] for item in drift(project)] == ["paused outside"]
    apply(project, 6)
    apply(project, 6)
    assert only(sandbox)["status"] == "PAUSED"
    apply(project, 0, "--allow", "restore")
    assert only(sandbox)["status"] == "ACTIVE"
    converged(project)


def test_resumed_by_hand_is_paused_again(project: ProjectFolder, sandbox: Sandbox, hands: Hands) -> None:
    """What we paused and somebody set going is louder than the manifest: found, and paused again."""
    apply(project)
    project.campaign["state"] = "paused"
    project.write()
    apply(project)
    hands.ask("start", c_campaign_id=only(sandbox)["id"])
    assert [(item["grade"], item["text"]) for item in drift(project)] == [("louder", "resumed outside")]
    apply(project)
    assert only(sandbox)["status"] == "PAUSED"


def test_stopped_by_hand_is_over(project: ProjectFolder, sandbox: Sandbox, hands: Hands) -> None:
    """Drift says that it ended outside; it is never started again, and nobody new goes into it."""
    apply(project)
    hands.ask("stop", c_campaign_id=only(sandbox)["id"])
    project.numbers = [*project.numbers, MORE]
    project.write()
    (found,) = drift(project)
    assert (found["what"], found["grade"]) == ("ended outside", "quieter")
    apply(project)
    assert only(sandbox)["status"] == "STOPPED"
    assert only(sandbox)["queued"] == 0


def test_completed_is_success(project: ProjectFolder, sandbox: Sandbox) -> None:
    """A run that tried everybody is no drift; it is noted, and nothing is done about it."""
    apply(project)
    sandbox.clock(advance=2 * DAY)
    assert only(sandbox)["status"] == "COMPLETED"
    assert drift(project, 0) == []
    apply(project)
    ran = converged(project)
    assert any("has ended (completed)" in note["text"] for note in ran.document["notes"])


@pytest.mark.slow
def test_people_who_come_after_the_end_wait_for_the_next_run(
    project: ProjectFolder, sandbox: Sandbox
) -> None:
    """A completed run does not grow; the plan says how many wait."""
    apply(project)
    sandbox.clock(advance=2 * DAY)
    project.numbers = [*project.numbers, MORE]
    project.write()
    ran = project.run("plan")
    apply(project)
    assert only(sandbox)["status"] == "COMPLETED"
    assert "new people: wait for the next run" in " ".join(ran.out.split()), ran.out


@pytest.mark.slow
def test_stopped_by_hand_before_it_began_is_made_again(
    project: ProjectFolder, sandbox: Sandbox, hands: Hands
) -> None:
    """A draft that somebody stopped called nobody: another one is made, once."""
    project.campaign["state"] = "draft"
    project.write()
    apply(project)
    hands.ask("stop", c_campaign_id=only(sandbox)["id"])
    apply(project)
    assert [item["status"] for item in campaigns(sandbox)] == ["STOPPED", "PAUSED"]
    converged(project)


@pytest.mark.slow
def test_started_by_hand_counts_as_armed(project: ProjectFolder, sandbox: Sandbox, hands: Hands) -> None:
    """A draft that somebody started is louder than the manifest: said, and ended by consent alone."""
    project.campaign["state"] = "draft"
    project.write()
    apply(project)
    hands.ask("start", c_campaign_id=only(sandbox)["id"])
    assert [(item["grade"], item["text"]) for item in drift(project)] == [("louder", "started outside")]
    apply(project, 6)


# Lost replies


@pytest.mark.slow
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_lost_create_is_never_made_twice(project: ProjectFolder, sandbox: Sandbox, when: str) -> None:
    """Whether it arrived or not: one campaign is started, and everybody is called once."""
    sandbox.faults({"vendor": "rvm", "action": "reset", "operation": "create", "when": when, "count": 1})
    project.run("apply", "--yes")
    apply(project)
    assert len(campaigns(sandbox, "ACTIVE")) == 1
    converged(project)
    sandbox.clock(advance=40 * DAY)
    assert sandbox.ledger.summary()["people_called_once"] == 11
    assert sandbox.ledger.summary()["people_called_again"] == 0


@pytest.mark.slow
@pytest.mark.parametrize("operation", ["start", "pause", "stop"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_lost_change_of_state_shows(
    project: ProjectFolder, sandbox: Sandbox, operation: str, when: str
) -> None:
    """Its overview and list tell whether it came to pass; nobody has to be asked."""
    if operation != "start":
        apply(project)
        project.campaign["state"] = {"pause": "paused", "stop": "stopped"}[operation]
        project.write()
    sandbox.faults({"vendor": "rvm", "action": "reset", "operation": operation, "when": when, "count": 1})
    project.run("apply", "--yes")
    apply(project)
    assert only(sandbox)["status"] == {"start": "ACTIVE", "pause": "PAUSED", "stop": "STOPPED"}[operation]
    converged(project)


# Blacklists


@pytest.mark.slow
def test_a_load_that_is_lost_keeps_everything_from_starting(project: ProjectFolder, sandbox: Sandbox) -> None:
    """Nothing starts before the vendor's list is confirmed; the next apply loads it again."""
    sandbox.faults({"vendor": "rvm", "action": "reset", "operation": "load", "when": "after", "count": 9})
    assert project.run("apply", "--yes").code in (1, 7, 8)
    assert campaigns(sandbox, "ACTIVE") == []
    sandbox.clear_faults()
    apply(project)
    assert only(sandbox)["status"] == "ACTIVE"
    converged(project)


@pytest.mark.slow
def test_a_number_that_left_the_file_stays(project: ProjectFolder, sandbox: Sandbox) -> None:
    """Taken out of the file, it stays suppressed there and here."""
    project.blacklist = people(200, 500)
    written(project)
    apply(project)
    project.blacklist = project.blacklist[:-1]
    written(project)
    apply(project)
    assert len({item["number"] for item in sandbox.state()["rvm"]["blacklist"]}) == 200
    converged(project)


@pytest.mark.slow
def test_somebody_suppressed_while_queued_stops_the_run(project: ProjectFolder, sandbox: Sandbox) -> None:
    """Loaded at the vendor, and the run stopped, since nobody can be taken out; growth of it is off as well."""
    apply(project)
    project.blacklist = [*project.blacklist, project.numbers[5]]
    project.numbers = [*project.numbers, MORE]
    written(project)
    apply(project)
    assert only(sandbox)["status"] == "STOPPED"
    assert len({item["number"] for item in sandbox.state()["rvm"]["blacklist"]}) == 2
    sandbox.clock(advance=40 * DAY)
    assert sandbox.ledger.summary()["calls"] == 0


@pytest.mark.slow
def test_somebody_suppressed_while_queued_is_reported(project: ProjectFolder, sandbox: Sandbox) -> None:
    """With `report` the run goes on, the vendor's list has the number, and drift keeps saying so."""
    project.campaign["on_queued_suppression"] = "report"
    written(project)
    apply(project)
    project.blacklist = [*project.blacklist, project.numbers[5]]
    written(project)
    apply(project)
    assert only(sandbox)["status"] == "ACTIVE"
    assert [item["what"] for item in drift(project)] == ["suppressed but queued"]
    assert len({item["number"] for item in sandbox.state()["rvm"]["blacklist"]}) == 2


@pytest.mark.slow
def test_a_number_that_a_spreadsheet_spoilt_is_read(project: ProjectFolder, sandbox: Sandbox) -> None:
    """`6175550100.0` is that number: it is loaded as such."""
    project.blacklist = [*project.blacklist, "6175550100.0"]
    written(project)
    apply(project)
    assert "+16175550100" in {item["number"] for item in sandbox.state()["rvm"]["blacklist"]}


def test_an_unreadable_row_keeps_everything_from_starting(project: ProjectFolder, sandbox: Sandbox) -> None:
    """Nothing starts or grows until it is mended; whom the file does name is loaded all the same."""
    project.blacklist = [*project.blacklist, "5550100"]
    written(project)
    ran = project.run("apply", "--yes")
    assert ran.code != 0
    assert campaigns(sandbox, "ACTIVE") == []
    assert len({item["number"] for item in sandbox.state()["rvm"]["blacklist"]}) == 1


def test_a_row_without_region_keeps_everything_from_starting(
    project: ProjectFolder, sandbox: Sandbox
) -> None:
    """A number without its country, in a list that names no region, may be anybody's: an error, and nothing starts."""
    project.blacklist = ["6175550123"]
    project.extra = {"blacklists": {"dnc": {"file": "../contacts/dnc.txt", "providers": ["rvm"]}}}
    project.write()
    ran = project.run("apply", "--yes")
    assert ran.code != 0
    assert "region" in ran.out + ran.err
    assert campaigns(sandbox, "ACTIVE") == []


@pytest.mark.parametrize("left", [0, 100])
def test_a_list_that_lost_people_is_refused(project: ProjectFolder, sandbox: Sandbox, left: int) -> None:
    """Emptied or cut in half: nothing grows, and nobody is freed."""
    project.blacklist = people(200, 500)
    written(project)
    apply(project)
    project.blacklist = project.blacklist[:left]
    project.numbers = [*project.numbers, MORE]
    project.write()
    assert project.run("apply", "--yes").code != 0
    assert only(sandbox)["queued"] == 12


# Replies


@pytest.mark.slow
@pytest.mark.parametrize(
    "options",
    [
        {"ids": "numbers"},
        {"ids": "zero_padded"},
        {"trailing_commas": True},
        {"byte_order_mark": True},
        {"media_type": "text/html; charset=UTF-8"},
        {"spelling": "text"},
        {"success_flag": "boolean"},
        {"rows": "page"},
        {"timestamps": "UTC"},
        {"blacklist_failure": "b_"},
        {"failure_status": 500, "failure_flag": "text"},
    ],
    ids=lambda options: " ".join(f"{name}={value}" for name, value in options.items()),
)
def test_odd_replies_are_read_right(
    project: ProjectFolder, sandbox: Sandbox, hands: Hands, options: dict[str, Any]
) -> None:
    """However the vendor spells it: made once, converged, paused by hand seen, stopped, and over."""
    sandbox.options({"rvm": options})
    apply(project)
    converged(project)
    hands.ask("pause", c_campaign_id=only(sandbox)["id"])
    assert [item["text"] for item in drift(project)] == ["paused outside"]
    project.campaign["state"] = "stopped"
    project.write()
    apply(project)
    assert only(sandbox)["status"] == "STOPPED"
    converged(project)


@pytest.mark.slow
@pytest.mark.parametrize("status", [200, 400, 500])
@pytest.mark.parametrize("flag", ["boolean", "text"])
def test_a_refusal_is_one_whatever_its_status(
    project: ProjectFolder, sandbox: Sandbox, status: int, flag: str
) -> None:
    """A whole error of the documented shape is a refusal: nothing is unknown, and nothing was made."""
    sandbox.options({"rvm": {"failure_status": status, "failure_flag": flag, "max_throttle": 10}})
    said = apply(project, 7)
    assert "unknown" not in said.replace("no new unknown", "")
    assert campaigns(sandbox) == []


def test_what_the_vendor_counted_is_noted(project: ProjectFolder, sandbox: Sandbox) -> None:
    """Landlines are never called: the plan says how many of the people sent are mobiles."""
    sandbox.options({"rvm": {"landlines": "0101"}})
    apply(project)
    ran = converged(project)
    assert any(
        "of 11 people sent 10 are mobiles: 1 landlines" in note["text"] for note in ran.document["notes"]
    )


@pytest.mark.slow
def test_nobody_is_queued_twice(project: ProjectFolder, sandbox: Sandbox) -> None:
    """Growth, pause, resume and a new run: within a run every person is in one campaign that was started."""
    apply(project)
    for at in range(3):
        project.numbers = [*project.numbers, f"+1202555018{at}"]
        project.write()
        apply(project)
    queued = Counter(item.number for item in sandbox.ledger.queued)
    assert set(queued.values()) == {1}
