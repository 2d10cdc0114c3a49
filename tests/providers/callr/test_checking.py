"""What CALLR's own judgement of a campaign says, where a part of it is yet to be made."""

from __future__ import annotations

import pytest
from reconciler.providers.callr.checking import concerns, covered

NEW = frozenset({"addressbook", "ivr.broadcast"})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("addressbook.hash: names no addressbook", True),
        ("The address book is required.", True),
        ("Invalid ADDRESS_BOOK", True),
        ("hash is missing", True),
        ("ivr.broadcast must not be empty", True),
        ("options.cli: not your number", False),
        ("ivr.prompt must not be empty", False),
        ("name is already in use", False),
    ],
)
def test_a_complaint_about_what_is_not_made_yet_is_none(text: str, expected: bool) -> None:
    """No text of a complaint is documented, so whatever names the part, in any spelling, is about it; others count."""
    assert concerns(text, NEW) is expected


def test_where_nothing_is_missing_every_complaint_counts() -> None:
    """A campaign whose parts all exist is judged whole, and nothing is left to say of a good one."""
    assert not concerns("addressbook.hash: names no addressbook", frozenset())
    assert covered(frozenset()) == ""
