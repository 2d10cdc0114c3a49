"""Long series: cut for eyes, whole for programs."""

from __future__ import annotations

import re

import pytest
from msgspec import structs
from reconciler.model.address import Address, ObjectKey
from reconciler.model.kind import Loudness
from reconciler.model.plan import Action, Change, Finding, Held, Movement, Note, PeopleRow, Plan
from reconciler.render import json, markdown, text
from reconciler.render.ending import Ending
from reconciler.render.page import COMMENT, Room
from reconciler.render.sheet import Sheet


def many(empty: Plan) -> Plan:
    """A plan with a thousand of everything."""
    addresses = [Address("plum", "campaign", f"c{number:04}") for number in range(1000)]
    held = (Held("people", "over the limit", "people"),)
    changes = [
        Change(str(address), ObjectKey(address), "campaign", Action.CREATE, Movement.NEUTRAL, "new")
        for address in addresses
    ]
    changes += [
        Change(f"{address}s", ObjectKey(address), "campaign", Action.START, Movement.LOUDER, "", held=held)
        for address in addresses[:150]
    ]
    return structs.replace(
        empty,
        changes=tuple(changes),
        findings=tuple(
            Finding(ObjectKey(address), "campaign", "changed", Loudness.LOUDER, "faster")
            for address in addresses
        ),
        notes=tuple(Note(str(address), "completed") for address in addresses),
        people=tuple(PeopleRow(address, "1", 1, 1, 0, 0) for address in addresses),
    )


def page(plan: Plan, *, verbose: bool = False) -> str:
    """The plan as text."""
    sheet = Sheet(verbose=verbose)
    text.plan(sheet, plan)
    return sheet.text()


def test_a_thousand_changes_fit_on_some_screens(empty: Plan) -> None:
    """Of a thousand alike twenty are shown, and how many more there are, for each sort of change."""
    shown = page(many(empty))
    assert shown.count("+ plum/campaign/") == 20
    assert "… and 980 more to create" in shown
    assert "… and 130 more to start, held" in shown
    assert shown.count("\n") < 200


def test_nothing_is_cut_for_whoever_asks(empty: Plan) -> None:
    """-v shows all of it, and JSON always does."""
    plan = many(empty)
    assert page(plan, verbose=True).count("+ plum/campaign/") == 1000
    assert len(json.plan(plan, Ending())["changes"]) == 1150


def test_one_consent_is_named_once(empty: Plan) -> None:
    """A consent that a hundred changes wait for stands once below them."""
    shown = page(many(empty))
    assert shown.count("--allow people") == shown.count("- {action: people,") == 1


def test_a_comment_holds_the_markdown(empty: Plan) -> None:
    """A pull request's comment has 65,536 characters: a plan of any size is cut to fit, and says by how much."""
    page = markdown.plan(many(empty), COMMENT)
    assert len(page.encode()) < 61_000
    shown = page.count("| `>` |"), page.count("| `+` |")
    assert shown[0] == 150, "what is held and would arm goes first"
    left = 1000 - shown[1]
    assert f"and {left:,} more ({left:,} create); the run's summary has them" in page
    assert "1,150 changes, riskiest first" in page
    assert page.count("| LOUDER |") == 1000 or "more (" in page.split("changed outside")[1]


@pytest.mark.slow
def test_a_summary_holds_all_of_it(empty: Plan) -> None:
    """A step's summary holds a plan of a thousand of everything whole."""
    page = markdown.plan(many(empty))
    assert page.count("| `>` |") + page.count("| `+` |") == 1150
    assert "more" not in page


@pytest.mark.parametrize("size", [2_000, 8_000, 60_000, 1_000_000])
def test_a_page_keeps_its_size(empty: Plan, plan: Plan, size: int) -> None:
    """Whatever the plan, a page is never larger than it may be, and always says that it was cut."""
    room = Room(size, "look there")
    for each in (many(empty), plan):
        for page in (markdown.plan(each, room), markdown.drift(each, room)):
            assert len(page.encode()) <= size
            assert len(page.encode()) < size * 0.9 or "look there" in page or each is plan


def test_riskiest_first_in_markdown(plan: Plan) -> None:
    """What is held, ends or arms stands above what is merely new."""
    page = markdown.plan(plan)
    rows = page[page.index("riskiest first") :]
    assert rows.index("january-promo") < rows.index("january-reminders") < rows.index("three-weekdays")


def test_five_thousand_changes_in_a_comment(empty: Plan) -> None:
    """A comment on five thousand changes keeps its limit, shows the riskiest, and counts the rest by sort."""
    changes = []
    for number in range(5000):
        address = Address("plum", "campaign", f"campaign-with-a-rather-long-name-{number:04}")
        action = (Action.DELETE, Action.START, Action.APPEND, Action.UPDATE, Action.CREATE)[number % 5]
        held = (Held("delete", "gone for good", f"delete:{address}"),) if action is Action.DELETE else ()
        changes.append(
            Change(f"{number}", ObjectKey(address), "campaign", action, Movement.LOUDER, "x", held=held)
        )
    page = markdown.plan(structs.replace(empty, changes=tuple(changes), pins=("A" * 16,) * 4000), COMMENT)
    assert len(page.encode()) <= COMMENT.size < 65_536
    rows = [line[3] for line in page.splitlines() if re.match(r"\| `[-+~>x=]` \|", line)]
    assert len(rows) > 100
    assert set(rows) == {"-"}, "what is held and deletes goes first"
    left = 1000 - len(rows)
    told = f"and {5000 - len(rows):,} more ({left} delete, 1,000 start, 1,000 append, 1,000 update, 1,000 create)"
    assert told in page
    assert "the run's summary has them" in page
    assert "pins" not in page.split("\n", 1)[0], "a plan too large for pins is known by its digest"
