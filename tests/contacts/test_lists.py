"""Lists as values: their digests, their reprs, their limits, and what reading them costs."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import reconciler.contacts as package
from reconciler.contacts.blacklist import BlacklistFile
from reconciler.contacts.contact import Contact, ContactFile, read_contacts
from reconciler.contacts.digest import Digester, national_form
from reconciler.model.problem import Location
from reconciler.model.resource import ContactList, FileSource

FOLDER = Path(package.__file__).parent
COLUMNS = {"phone": "phone", "reference": "ref", "ani": "ani", "fields": {"n": "name"}}
HEADING = "phone,ref,ani,name\n"


def test_the_digest_of_a_list_covers_all_that_is_sent(contacts_of: Callable[..., ContactFile]) -> None:
    """A plan pins a list by a digest that changes with every person, reference, ANI, field and the order."""
    variants = [
        "6175550100,a,6175550199,Ada\n",
        "6175550101,a,6175550199,Ada\n",
        "6175550100,b,6175550199,Ada\n",
        "6175550100,a,6175550198,Ada\n",
        "6175550100,a,6175550199,Bob\n",
        "6175550100,aA,6175550199,da\n",
        "6175550100,a,6175550199,Ada\n6175550102,,,\n",
        "6175550102,,,\n6175550100,a,6175550199,Ada\n",
    ]
    digests = {contacts_of(HEADING + rows, region="US", columns=COLUMNS).digest for rows in variants}
    assert len(digests) == len(variants)


def test_the_digest_of_a_list_does_not_cover_spelling(contacts_of: Callable[..., ContactFile]) -> None:
    """A file saved again by another program is the same list: its numbers are normalised first."""
    plain = contacts_of(HEADING + "6175550100,a,6175550199,Ada\n", region="US", columns=COLUMNS)
    other = contacts_of(
        '"phone";"ref";"ani";"name"\r\n\r\n"+1 (617) 555-0100";" a";617.555.0199;Ada\r\n',
        region="CA",
        columns=COLUMNS,
    )
    assert plain.digest == other.digest


def test_the_digest_of_a_blacklist_is_that_of_its_people(blacklist_of: Callable[..., BlacklistFile]) -> None:
    """A blacklist in another order or spelling is the same; with another person it is not."""
    plain = blacklist_of("6175550100\n6175550101\n", region="US")
    other = blacklist_of("+16175550101\n1 617 555 0100\n", region="US")
    more = blacklist_of("6175550100\n6175550101\n6175550102\n", region="US")
    assert plain.digest == other.digest != more.digest


def test_only_the_people_named_are_given(contacts_of: Callable[..., ContactFile], digester: Digester) -> None:
    """Sending takes exactly the people it asks for, in file order, over chunks, duplicates and bad rows."""
    rows = [f"617555{number:04}" for number in range(2000)]
    rows[700] = "unknown"
    rows[701] = rows[3]
    found = contacts_of("\n".join(rows), region="US", duplicates="keep")
    wanted = [digester.exact("+1" + rows[at]) for at in (1999, 702, 3, 0)] + [b"somebody else"]
    assert [contact.line for contact in found.contacts(wanted)] == [1, 4, 703, 2000]
    assert list(found.numbers(wanted)) == ["+1" + rows[at] for at in (0, 3, 702, 1999)]
    assert len(list(found.contacts(found.people))) == len(found.people) == 1998


def test_a_refused_list_sends_to_nobody(contacts_of: Callable[..., ContactFile]) -> None:
    """Whatever a caller does with its problems, no row of a list with an error is given for sending."""
    found = contacts_of("6175550100\nunknown\n", region="US")
    assert not found.usable
    assert not list(found.contacts(found.people))


def test_the_share_of_unreadable_rows_that_is_taken(contacts_of: Callable[..., ContactFile]) -> None:
    """Exactly `invalid_percent` of the rows may be unreadable, one more refuses the list."""
    good = "".join(f"617555{number:04}\n" for number in range(99))
    assert contacts_of(good + "unknown\n", region="US").usable
    assert not contacts_of(good + "unknown\nunknown\n", region="US").usable


def test_long_lists_of_lines_are_cut(contacts_of: Callable[..., ContactFile]) -> None:
    """A problem names the first lines and counts the rest, so that a report stays readable."""
    found = contacts_of("6175550100\n" + "unknown\n" * 50, region="US")
    assert found.problems[0].message.endswith(
        "lines 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21 and 30 more"
    )


def test_what_to_ignore_can_be_pasted(blacklist_of: Callable[..., BlacklistFile]) -> None:
    """The remedy of an unreadable suppression row is the very line for the manifest."""
    help_ = blacklist_of("6175550100\nnobody\n6175550101\nend\n", region="US").problems[0].help
    assert help_.endswith("ignore: [2, 4]")


def test_reprs_show_counts(
    contacts_of: Callable[..., ContactFile], blacklist_of: Callable[..., BlacklistFile]
) -> None:
    """Whatever prints a list, a contact or the key shows counts and lines."""
    found = contacts_of("6175550100\n", region="US")
    assert repr(found) == "ContactFile('people', people=1, rows=1, invalid=0, duplicates=0, problems=0)"
    assert repr(list(found.contacts(found.people))) == "[Contact(line=1)]"
    assert repr(blacklist_of("6175550100\n", region="US")) == (
        "BlacklistFile('dnc', people=1, rows=1, invalid=0, problems=0)"
    )
    assert repr(Digester(b"secret")) == "Digester()"


def test_contacts_are_values() -> None:
    """A contact can't be changed between the plan and the request."""
    contact = Contact("+16175550100", None, None, {}, 1)
    with pytest.raises(AttributeError):
        contact.line = 2  # type: ignore[misc]


def test_digests_depend_on_the_key_and_the_purpose() -> None:
    """Without the key a digest tells nothing, and an exact digest is never taken for a broad one."""
    one, other = Digester(b"one"), Digester(b"other")
    number = "+16175550100"
    assert one.exact(number) != other.exact(number)
    assert one.broad(number) != other.broad(number)
    assert one.exact("6175550100") != one.broad("6175550100")
    assert [len(digest) for digest in (one.exact(number), one.broad(number))] == [12, 12]
    assert one.pairs([number, None]) == [(one.exact(number), one.broad(number)), None]


@pytest.mark.parametrize("key", [b"", b"x" * 65])
def test_a_key_has_a_length(key: bytes) -> None:
    """No digest is made without a key, and none of a key is cut off in silence."""
    with pytest.raises(ValueError, match="a key has 1 to 64 bytes"):
        Digester(key)


def test_digests_stay_as_they_are() -> None:
    """State remembers people by digest: a change here calls them again, and needs a new NORMALISER_VERSION."""
    digester = Digester(b"fixed")
    assert Digester.NORMALISER_VERSION == 1
    assert (digester.exact("+16175550100").hex(), digester.broad("+16175550100").hex()) == PINNED


PINNED = ("40bb44fc479db0411e4eb2d2", "3ce898415ecd6bd0335c109c")


def test_country_codes_agree_with_the_plans_of_the_world() -> None:
    """The national form begins right after the country code, for every country there is."""
    import phonenumbers

    for code in phonenumbers.COUNTRY_CODE_TO_REGION_CODE:
        assert national_form(f"+{code}23456789") == "23456789"


def test_a_north_american_list_needs_no_tables(tmp_path: Path) -> None:
    """The usual list is read without loading the world's numbering plans, which is what makes it fast."""
    (tmp_path / "a.csv").write_text(
        "phone\n" + "".join(f"(617) 555-{n:04}\n617.555.{n:04}\n" for n in range(9))
    )
    script = (
        "import sys; from pathlib import Path;"
        "from reconciler.contacts.contact import read_contacts; from reconciler.contacts.digest import Digester;"
        "from reconciler.model.resource import *; from reconciler.model.problem import Location;"
        "found = read_contacts(ContactList('l', FileSource(path='a.csv'), Location('m'), region='US'),"
        " root=Path(sys.argv[1]), environment={}, digester=Digester(b'k'));"
        "print(len(found.people), 'phonenumbers' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
        cwd=FOLDER.parents[1],
    )
    assert done.stdout.split() == ["9", "False"]


def test_codes_and_explanations_agree() -> None:
    """Every code that is raised is explained, and every explanation is of a code that is raised."""
    explained = json.loads((FOLDER / "codes.json").read_text(encoding="utf-8"))
    raised = set(
        re.findall(r'Problem\(\s*"([A-Z]+\d\d)"', (FOLDER / "findings.py").read_text(encoding="utf-8"))
    )
    assert raised == set(explained)
    for entry in explained.values():
        assert set(entry) == {"title", "text", "remedy"}
        assert all(entry.values())


def test_codes_are_raised_in_one_place() -> None:
    """All words about lists stand in one module, where a reader sees that none quotes a file."""
    for path in FOLDER.glob("*.py"):
        assert path.name == "findings.py" or not re.search(r"\bNUM\d\d\b", path.read_text(encoding="utf-8"))


def test_nothing_is_raised_for_content(tmp_path: Path) -> None:
    """Any bytes at all come back as people and problems."""
    for data in (
        b"\xff\xfe",
        b"\xff\xfe\x00",
        b'"',
        b"\x00",
        b'a"b\n"c"d\n',
        b"\r",
        b"," * 999,
        b"x" * 200_000,
    ):
        (tmp_path / "a.csv").write_bytes(data)
        declared = ContactList("l", FileSource(path="a.csv"), Location("m"), region="US")
        found = read_contacts(declared, root=tmp_path, environment={}, digester=Digester(b"k"))
        assert found.problems
        assert not found.usable
