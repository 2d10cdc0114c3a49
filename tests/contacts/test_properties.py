"""Promises that hold for any text: exact reading, and nothing personal in what is said."""

from __future__ import annotations

import re
import traceback
from pathlib import Path

import phonenumbers
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from reconciler.contacts.blacklist import read_blacklist
from reconciler.contacts.contact import read_contacts
from reconciler.contacts.digest import Digester
from reconciler.contacts.number import NANP_REGIONS, Normaliser, parsed
from reconciler.contacts.table import Malformed, open_table
from reconciler.model.problem import Location
from reconciler.model.resource import Blacklist, ContactColumns, ContactList, FileSource

AT = Location("manifests/january.yaml", 3, 5)

nanp_regions = st.sampled_from(sorted(NANP_REGIONS))
regions = st.sampled_from(["US", "CA", "FR", "IT", "MX", "AR", "CO", "BR", "DE", None])
national = st.from_regex(r"[2-9][0-9]{2}[2-9][0-9]{6}", fullmatch=True)
near_numbers = st.one_of(
    national,
    st.from_regex(r"(\+?1)?[0-9]{9,11}", fullmatch=True),
    st.from_regex(r"(\+|00|011)?[0-9]{4,15}", fullmatch=True),
)
spelled = st.from_regex(
    r"\+? ?1?[ (-]{0,2}[0-9]{3}[) .-]{0,2}[0-9]{3}[ .-]?[0-9]{4}(\.0| x5)?", fullmatch=True
)
cells = st.one_of(near_numbers, spelled, st.text(max_size=16))


@given(digits=near_numbers, region=nanp_regions)
@example(digits="12685550100", region="AG")
@example(digits="4641234567", region="AG")
def test_the_fast_path_agrees_with_the_plans_of_the_world(digits: str, region: str) -> None:
    """A number of country code 1 reads the same by shape alone as by phonenumbers' tables."""
    if not digits.startswith("00"):
        assert Normaliser(region).read(digits) == parsed(digits, region)


def test_the_regions_of_country_code_one_are_all_there() -> None:
    """The fast path serves exactly the regions that share country code 1."""
    assert set(phonenumbers.COUNTRY_CODE_TO_REGION_CODE[1]) == NANP_REGIONS


@pytest.mark.slow
@given(texts=st.lists(cells, max_size=8), region=regions, extensions=st.booleans())
def test_many_at_once_read_as_one_by_one(texts: list[str], region: str | None, *, extensions: bool) -> None:
    """A number reads the same whatever stands in the rows around it."""
    normaliser = Normaliser(region, extensions=extensions)
    assert normaliser.read_all(texts) == [normaliser.read(text) for text in texts]


@given(text=cells, region=regions)
def test_what_was_read_reads_as_itself(text: str, region: str | None) -> None:
    """Normalising is done once and for all: E.164 stays as it is, in any region."""
    number = Normaliser(region).read(text)
    if number is not None:
        assert Normaliser(region).read(number) == Normaliser(None).read(number) == number


@given(text=cells, region=regions)
def test_no_digit_is_made_up(text: str, region: str | None) -> None:
    """A number that is called ends in the digits that were written, spreadsheets' decimals aside."""
    number = Normaliser(region).read(text)
    if number is not None:
        written = "".join(str(int(char)) if char.isdecimal() else char for char in text)
        written = re.sub(r"^([^.]*)\.0?0?\W*$", r"\1", written)
        assert re.sub("[^0-9]", "", written).endswith(number[-4:])


@given(text=cells, region=regions)
def test_suppression_reads_whatever_sending_reads(text: str, region: str | None) -> None:
    """A number that can be called can be suppressed from the same spelling."""
    number = Normaliser(region).read(text)
    if number is not None:
        assert Normaliser(region, extensions=True).read(text) == number


lists = st.lists(
    st.tuples(cells, st.sampled_from(["Zebulon", "Quixote", "7 Elm St", '"', "x\ny"])), min_size=1, max_size=6
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=lists,
    region=regions,
    heading=st.sampled_from(["phone,who\n", "who,phone\n", ""]),
    quoting=st.booleans(),
    delimiter=st.sampled_from([",", ";", "\t"]),
    columns=st.sampled_from(
        [ContactColumns(), ContactColumns("phone", "who"), ContactColumns("phne", ani="who")]
    ),
)
def test_nothing_personal_is_ever_said(
    rows: list[tuple[str, str]],
    region: str | None,
    heading: str,
    *,
    quoting: bool,
    delimiter: str,
    columns: ContactColumns,
    tmp_path: Path,
) -> None:
    """No number and no name of a file appears in any problem or repr, however broken the file is."""
    quote = '"' if quoting else ""
    text = heading + "".join(f"{quote}{a}{quote}{delimiter}{b}\n" for a, b in rows)
    (tmp_path / "l.csv").write_bytes(text.encode("utf-8", "surrogatepass"))
    digester = Digester(b"key")
    source = FileSource(path="l.csv")

    contacts = read_contacts(
        ContactList("people", source, AT, columns, region), root=tmp_path, environment={}, digester=digester
    )
    blacklist = read_blacklist(
        Blacklist("dnc", source, AT, region, columns.phone), root=tmp_path, environment={}, digester=digester
    )

    said = repr((contacts, blacklist, contacts._sheet, list(contacts.contacts(contacts.people)), digester))
    said += repr((contacts.problems, blacklist.problems))
    for number, name in rows:
        digits = "".join(char for char in number if char.isdigit())
        assert not any(digits[at : at + 7] in said for at in range(len(digits) - 6))
        assert name not in said or name in ('"', "x\ny")


def test_nothing_personal_hides_behind_an_exception() -> None:
    """What escapes from the csv and text machinery carries no row in its message, causes or context."""
    for data in (b"phone\n6175550100,\xff\n", b'phone\n6175550100,"x'):
        with pytest.raises(Malformed) as caught:
            list(open_table(data).chunks())
        assert caught.value.__cause__ is caught.value.__context__ is None
        assert "6175550100" not in "".join(traceback.format_exception(caught.value))
