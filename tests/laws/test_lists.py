"""Contact lists and blacklists as people keep them: what is refused, and that refusing sends nothing."""

from __future__ import annotations

import pytest
from reconciler.sandbox import Sandbox
from reconciler.testing.projects import ProjectFolder, people


def sent(sandbox: Sandbox) -> list[str]:
    """The paths of requests that queue or start."""
    return [
        item["path"]
        for item in sandbox.requests()
        if item["path"] in {"/campaigns/add-calls", "/campaigns/start"}
    ]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("phone,reference\n", "NUM04"),
        ("", "NUM04"),
        ("phone,reference\n+447700900123,V1\n", "CTC01"),
        ('phone,reference\n+12015550100,"a,b"\n', "CTC01"),
        ("telephone,reference\n+12015550100,V1\n", "NUM03"),
    ],
)
def test_bad_contact_list_sends_nothing(
    project: ProjectFolder, sandbox: Sandbox, rows: str, said: str
) -> None:
    """A list that is empty, or that the vendor cannot take whole, is an error in plan, and nothing of it is sent."""
    (project.root / "contacts" / "people.csv").write_text(rows)
    plan = project.run("plan")
    assert plan.code == 1, plan.out
    assert said in plan.out + plan.err
    applied = project.run("apply", "--yes")
    assert applied.code in {1, 7}, applied.out + applied.err
    assert sent(sandbox) == []


def test_absent_contact_list(project: ProjectFolder, sandbox: Sandbox) -> None:
    """A contact file that is not there is an error in plan and apply, and fine for validate."""
    (project.root / "contacts" / "people.csv").unlink()
    assert project.run("validate").code == 0
    assert project.run("plan").code == 1
    assert sent(sandbox) == []


@pytest.mark.slow
def test_shrunken_list_is_held(project: ProjectFolder, sandbox: Sandbox) -> None:
    """A list that lost more people than the limit allows grows nothing until somebody consents."""
    project.numbers = people(40)
    project.write()
    project.run("apply", "--yes")
    project.numbers = people(20) + people(2, first=60)
    project.write()
    held = project.run("apply", "--yes")
    assert held.code == 6, held.out
    assert sandbox.ledger.summary()["people_queued"] == 39
    allowed = project.run("apply", "--yes", "--allow", "shrink:plum/campaign/january")
    assert allowed.code == 0, allowed.out
    assert sandbox.ledger.summary()["people_queued"] == 41


@pytest.mark.slow
def test_shrunken_blacklist_starts_nothing(project: ProjectFolder, sandbox: Sandbox) -> None:
    """A blacklist that shrank is an error until consented to; whom it held stays suppressed all the same."""
    project.blacklist = people(30, first=20)
    project.numbers = people(30)
    project.campaign = {"state": "draft"}
    project.write()
    assert project.run("apply", "--yes").code == 0
    project.blacklist = people(5, first=20)
    project.campaign = {}
    project.write()
    assert project.run("apply", "--yes").code == 6
    assert "/campaigns/start" not in sent(sandbox)
    assert project.run("apply", "--yes", "--allow", "shrink").code == 0
    sandbox.clock(advance=40 * 86400)
    assert sandbox.ledger.summary()["people_called_once"] == 20
    assert sandbox.ledger.called_from(people(30, first=20)) == 0


@pytest.mark.slow
def test_formats(project: ProjectFolder, sandbox: Sandbox) -> None:
    """Byte order mark, CRLF, quotes, odd columns and spreadsheet damage read as the people they mean."""
    rows = "\ufeffphone,reference\r\n" + "".join(
        f'"{text}",V{at}\r\n'
        for at, text in enumerate(("(201) 555-0100", "201.555.0101", "12015550102", "+1 201 555 0103"))
    )
    (project.root / "contacts" / "people.csv").write_bytes(rows.encode())
    (project.root / "contacts" / "dnc.txt").write_bytes(b"2015550103.0\r\n")
    ran = project.run("apply", "--yes")
    assert ran.code == 0, ran.out + ran.err
    sandbox.clock(advance=40 * 86400)
    assert sandbox.ledger.summary()["people_called_once"] == 3
    assert sandbox.ledger.called_from(["+12015550103"]) == 0


@pytest.mark.slow
def test_suppressed_elsewhere_stays_suppressed(project: ProjectFolder, sandbox: Sandbox) -> None:
    """Who left one blacklist for another that is for other campaigns is still not called by the first's."""
    other = project.root / "contacts" / "other.txt"
    other.parent.mkdir(exist_ok=True)
    other.write_text("+12015550190\n")
    project.extra = {
        "blacklists": {"other": {"file": "../contacts/other.txt", "region": "US", "applies_to": ["january"]}}
    }
    project.blacklist = project.numbers[:2]
    project.extra["blacklists"]["dnc"] = {"file": "../contacts/dnc.txt", "region": "US"}
    project.campaign = {"state": "draft"}
    project.write()
    assert project.run("apply", "--yes").code == 0
    moved = project.blacklist[0]
    project.blacklist = project.blacklist[1:]
    other.write_text(f"+12015550190\n{moved}\n")
    project.extra["blacklists"]["other"]["applies_to"] = ["february"]
    project.extra["campaigns"] = {
        "february": {"provider": "plum", "schedule": "weekdays", "start_date": "2027-01-04",
                     "end_date": "2027-01-29", "plum": {"start_url": "https://ivr.example/february"},
                     "windows": [{"start_time": "08:00", "end_time": "11:00", "profile": "pace"}]}
    }  # fmt: skip
    project.campaign = {}
    project.write()
    ran = project.run("apply", "--yes", "--allow", "shrink")
    assert ran.code == 0, ran.out + ran.err
    sandbox.clock(advance=40 * 86400)
    assert sandbox.ledger.called_from([moved]) == 0
    assert sandbox.ledger.summary()["people_called_once"] == len(project.numbers) - 2
