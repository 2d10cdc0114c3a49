"""RVM's reports on the command line: whole, masked, in three formats, and paid for by consent alone."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from reconciler.model.table import Column, Table
from reconciler.render.table import csv as written_as
from reconciler.sandbox import Sandbox
from reconciler.testing.projects import ProjectFolder, people

from .rvm_hands import campaigns, rvm_folder, written

NAMES = ("campaigns", "details", "transactions", "agents", "reputation")
OWN = "617-555-0100"


@pytest.fixture
def project(tmp_path: Path, sandbox: Sandbox) -> ProjectFolder:
    """A project whose one campaign has tried its eleven people; one more is suppressed."""
    made = rvm_folder(tmp_path / "project", sandbox)
    made.blacklist = [made.numbers[3]]
    written(made)
    ran = made.run("apply", "--yes")
    assert ran.code == 0, ran.out + ran.err
    sandbox.clock(advance=2 * 86400)
    return made


def report(project: ProjectFolder, *arguments: str, code: int = 0) -> str:
    """What a report says, after it ended as it has to."""
    ran = project.run("report", *arguments)
    assert ran.code == code, ran.out + ran.err
    return ran.out + ran.err


def rows(project: ProjectFolder, name: str, *arguments: str) -> list[dict[str, Any]]:
    """The rows of a report, by JSON."""
    ran = project.run("report", "rvm", name, *arguments, "--format", "json")
    assert ran.code == 0, ran.out + ran.err
    found: list[dict[str, Any]] = ran.document["rows"]
    return found


def asked(name: str) -> tuple[str, ...]:
    """What a report needs."""
    return ("--campaign", "january") if name == "details" else ()


def test_all_reports_are_listed(project: ProjectFolder) -> None:
    """Without a name each report of each provider is there with its options."""
    said = report(project)
    assert [name for name in NAMES if f"rvm {name}" not in said] == []


@pytest.mark.parametrize("name", NAMES)
def test_three_formats_say_the_same(project: ProjectFolder, name: str) -> None:
    """JSON and CSV have the same columns and as many rows; text has each row's first cell."""
    found = rows(project, name, *asked(name))
    table = list(csv.DictReader(io.StringIO(report(project, "rvm", name, *asked(name), "--format", "csv"))))
    assert len(table) == len(found)
    assert all(list(row) == list(other) for row, other in zip(table, found, strict=True))
    said = report(project, "rvm", name, *asked(name))
    assert all(str(next(iter(row.values()))) in said for row in found)


def test_details_are_those_of_every_part(project: ProjectFolder, sandbox: Sandbox) -> None:
    """A campaign is asked for by name or address, and all that its parts tried is shown, once."""
    assert len(rows(project, "details", "--campaign", "january")) == 11
    assert len(rows(project, "details", "--campaign", "rvm/campaign/january")) == 11
    assert len(rows(project, "details", "--campaign", campaigns(sandbox)[0]["id"])) == 11


@pytest.mark.parametrize("form", ["text", "json", "csv"])
def test_numbers_show_only_when_asked_for(project: ProjectFolder, form: str) -> None:
    """Masked in every format; --reveal shows each number whole."""
    numbers = [number.removeprefix("+1") for number in project.numbers]
    masked = report(project, "rvm", "details", "--campaign", "january", "--format", form)
    assert not any(number in masked for number in numbers)
    shown = report(project, "rvm", "details", "--campaign", "january", "--format", form, "--reveal")
    assert sum(number in shown for number in numbers) == 11


@pytest.mark.slow
def test_many_pages_are_one_report(tmp_path: Path, sandbox: Sandbox) -> None:
    """1,200 people tried, in pages of 500, are 1,200 rows."""
    made = rvm_folder(tmp_path / "many", sandbox, numbers=people(1200))
    made.campaign["rvm"] = {**made.campaign["rvm"], "throttle": 18000}
    made.project = {"limits": {"max_people": 2000}}
    made.write()
    assert made.run("apply", "--yes").code == 0
    sandbox.clock(advance=86400)
    found = rows(made, "details", "--campaign", "january", "--reveal")
    assert len({row["number"] for row in found}) == 1200


def test_days_choose_campaigns(project: ProjectFolder) -> None:
    """--from and --to are inclusive days; the wrong order is refused before anything is sent."""
    assert len(rows(project, "campaigns", "--from", "2027-01-04", "--to", "2027-01-04")) == 1
    assert rows(project, "campaigns", "--from", "2027-01-05") == []
    report(project, "rvm", "campaigns", "--from", "2027-01-05", "--to", "2027-01-04", code=64)


def test_a_check_of_reputation_is_paid_for_by_consent(project: ProjectFolder, sandbox: Sandbox) -> None:
    """Without `spend` the price is said and nothing is sent; with it one check is made and paid once."""
    said = report(project, "rvm", "reputation", "--number", OWN, code=6)
    assert "20 credits" in said
    assert "--allow spend" in said
    assert sandbox.state()["rvm"]["credits"]["spent"] == 0
    assert len(rows(project, "reputation", "--number", OWN, "--allow", "spend")) == 1
    assert sandbox.state()["rvm"]["credits"]["spent"] == 20
    assert [row["number"] for row in rows(project, "reputation")] == ["6175550100"]


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_check_whose_reply_is_lost_is_not_repeated(
    project: ProjectFolder, sandbox: Sandbox, when: str
) -> None:
    """Each try costs: it is sent once, and the error says to look at the history first."""
    sandbox.faults({"vendor": "rvm", "action": "reset", "operation": "check", "when": when})
    said = report(project, "rvm", "reputation", "--number", OWN, "--allow", "spend", code=1)
    assert "nobody knows" in said
    assert "report rvm reputation" in said
    assert sandbox.state()["rvm"]["credits"]["spent"] == (20 if when == "after" else 0)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("rvm", "nope"), "there are: campaigns"),
        (("nobody", "campaigns"), "there are: rvm"),
        (("rvm", "details"), "needs --campaign"),
        (("rvm", "agents", "--number", "6175550100"), "does not take --number"),
        (("rvm", "details", "--campaign", "nobody"), "knows no campaign"),
        (("--from", "2027-01-04"), "about one report"),
        (("rvm", "reputation", "--number", "+44 20 7946 0958", "--allow", "spend"), "United States"),
    ],
)
def test_a_wrong_question_is_refused_unsent(
    project: ProjectFolder, sandbox: Sandbox, arguments: tuple[str, ...], said: str
) -> None:
    """What a report does not take, or needs, is wrong usage, and no request leaves."""
    before = len(sandbox.requests())
    assert said in report(project, *arguments, code=64)
    assert len(sandbox.requests()) == before


def test_a_formula_in_a_name_stays_text() -> None:
    """A cell that a spreadsheet would take for a formula gets an apostrophe; a number does not."""
    made = Table("rvm", "agents", (Column("name"), Column("revenue")), (('=cmd|"/c calc"!A1', -3.5),))
    assert list(csv.reader(io.StringIO(written_as(made))))[1] == ['\'=cmd|"/c calc"!A1', "-3.5"]


# What the vendor judges


def test_a_check_makes_nothing(tmp_path: Path, sandbox: Sandbox) -> None:
    """--online-check asks with one number that is nobody's; nothing is made, and the plan is the same."""
    made = rvm_folder(tmp_path / "new", sandbox)
    plain, checked = made.run("plan"), made.run("plan", "--online-check")
    assert (plain.code, checked.code) == (0, 0)
    assert plain.out.split("Digest")[0] == checked.out.split("Digest")[0]
    assert campaigns(sandbox) == []
    assert [item["operation"] for item in sandbox.requests()].count("create") == 1
    assert [item.operation for item in sandbox.ledger.writes] == []


def test_what_the_vendor_would_refuse_is_held(tmp_path: Path, sandbox: Sandbox) -> None:
    """A refusal holds the create and its start, with the vendor's words; without the check nobody knows."""
    made = rvm_folder(tmp_path / "new", sandbox)
    sandbox.options({"rvm": {"max_throttle": 10}})
    assert made.run("plan").code == 0
    ran = made.run("plan", "--online-check", "--format", "json")
    assert ran.code == 6
    create, start = ran.document["changes"]
    assert "c_throttle" in create["held"][0]["reason"]
    assert start["held"][0]["action"] == "depends"


@pytest.mark.slow
def test_a_check_without_an_answer_is_noted(tmp_path: Path, sandbox: Sandbox) -> None:
    """Where the vendor does not answer, the plan says that nothing was checked."""
    made = rvm_folder(tmp_path / "new", sandbox)
    sandbox.faults({"vendor": "rvm", "action": "status", "status": 503, "operation": "create"})
    ran = made.run("plan", "--online-check", "--format", "json")
    assert ran.code == 0
    assert any("not checked" in note["text"] for note in ran.document["notes"])
