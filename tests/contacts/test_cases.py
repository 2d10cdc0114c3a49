"""Cases as data: what is read from files, and what is said about them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from reconciler.contacts.blacklist import BlacklistFile
from reconciler.contacts.contact import ContactFile
from reconciler.contacts.digest import Digester, national_form
from reconciler.contacts.number import Normaliser

CASES = Path(__file__).parent / "cases"


def cases(name: str) -> Any:
    """Run a test once for each case of a file, under the case's own words."""
    loaded = yaml.safe_load((CASES / name).read_text(encoding="utf-8"))
    return pytest.mark.parametrize("case", loaded, ids=[case["about"] for case in loaded])


def content(case: dict[str, Any]) -> bytes:
    """Return the bytes of a case's file."""
    text: str = case["content"]
    return text.encode(case.get("encoding", "utf-8"))


@cases("numbers.yaml")
def test_numbers(case: dict[str, Any]) -> None:
    """A cell is read as the number a person sees in it, or not at all; suppression reads more, never other."""
    region, number = case.get("region"), case.get("number")
    assert Normaliser(region).read(case["text"]) == number
    assert Normaliser(region).read_all([case["text"]]) == [number]
    assert Normaliser(region, extensions=True).read(case["text"]) == case.get("suppressed", number)


@cases("broad.yaml")
def test_broad(case: dict[str, Any], digester: Digester) -> None:
    """Whoever asked not to be called is not called under another spelling of the same line."""
    assert {national_form(number) for number in case["numbers"]} == {case["form"]}
    assert len({digester.broad(number) for number in case["numbers"]}) == 1


@cases("contacts.yaml")
def test_contacts(case: dict[str, Any], contacts_of: Callable[..., ContactFile], digester: Digester) -> None:
    """A contact list gives exactly the people who can be read, in order, and says by line what it left out."""
    read = contacts_of(content(case), **case.get("settings", {}))
    found = list(read.contacts(read.people))
    wanted = case.get("contacts", [])
    numbers = case.get("numbers", [row[0] for row in wanted])

    assert [problem.code for problem in read.problems] == case.get("codes", [])
    assert [contact.number for contact in found] == numbers
    if wanted:
        assert [[c.number, c.reference, c.ani, dict(c.fields), c.line] for c in found] == wanted
    if read.usable:
        assert dict(read.people) == {digester.exact(n): digester.broad(n) for n in numbers}
        assert list(read.numbers()) == numbers
    assert list(read.invalid) == case.get("invalid", [])
    assert list(read.duplicate_lines) == case.get("duplicates", [])
    assert read.duplicates == len(read.duplicate_lines)


@cases("blacklists.yaml")
def test_blacklists(
    case: dict[str, Any], blacklist_of: Callable[..., BlacklistFile], digester: Digester
) -> None:
    """A blacklist suppresses all it names, and whatever of it cannot be read is an error."""
    read = blacklist_of(content(case), **case.get("settings", {}))
    numbers = case.get("numbers", [])

    assert [problem.code for problem in read.problems] == case.get("codes", [])
    assert list(read.numbers(digester)) == numbers
    assert read.broad == {digester.broad(number) for number in numbers}
    assert list(read.invalid) == case.get("invalid", [])
