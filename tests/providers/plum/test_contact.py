"""People as add-calls takes them, and who cannot be sent."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reconciler.model.state import Result
from reconciler.providers.base import Sending
from reconciler.providers.plum import PROVIDER
from reconciler.providers.plum.about import BATCH
from reconciler.providers.plum.contact import caller_id, entry, refusal, unsendable

SENDING = Sending({"ani": "+16175550100"}, None, "abcdefgh")


@pytest.mark.parametrize(
    ("contact", "ani", "reason"),
    [
        ({}, "+16175550100", None),
        ({"ani": "+16175550199"}, None, None),
        ({"reference": "march campaign"}, "6175550100", None),
        ({}, None, "there is no North American caller ID"),
        ({}, "+442071838750", "there is no North American caller ID"),
        ({"number": "+442071838750"}, "+16175550100", "the number is not North American"),
        ({"number": "6175550123"}, "+16175550100", "the number is not North American"),
        ({"reference": "a,b"}, "+16175550100", "the reference holds a comma"),
        ({"reference": "a\x00b"}, "+16175550100", "the reference holds a control character"),
    ],
)
def test_who_can_be_sent(person, contact, ani, reason):
    """The vendor takes North American numbers with a caller ID, and references without a comma."""
    assert unsendable(person(**contact), ani) == reason


@given(st.text(max_size=60))
def test_an_entry_is_read_as_it_was_meant(person_reference):
    """Whatever stands in a reference, an entry that may be sent splits into number, caller ID and reference."""

    class Contact:
        number, ani, fields = "+16175550123", None, {}
        reference = person_reference

    if unsendable(Contact(), "+16175550100") is None:
        text = json.loads(json.dumps(entry(Contact(), "+16175550100")))
        head, _, reference = text.partition(",")
        assert head == "tel:+16175550123;ani=6175550100"
        assert reference == person_reference.strip()


@pytest.mark.parametrize(
    "written", ["+16175550100", "16175550100", "6175550100", "(617) 555-0100", "617.555.0100"]
)
def test_a_caller_id_is_ten_digits(written):
    """A caller ID is sent as ten digits, however it is written."""
    assert caller_id(written) == "6175550100"


def test_one_who_cannot_be_sent_holds_all_back(client, wire, person):
    """If somebody of a batch cannot be sent nobody is, and the reason shows no number and no reference."""
    people = [person(), person(reference="secret,1"), person(number="+442071838750")]
    outcome = PROVIDER.kinds["campaign"].append(client, "15", SENDING, people)
    assert (outcome.result, wire.sent) == (Result.REFUSED, [])
    assert outcome.reason == refusal(people, "+16175550100")
    assert outcome.reason.startswith("2 contacts cannot be sent to Plum")
    assert "secret" not in outcome.reason
    assert "4420" not in outcome.reason


def test_a_batch_is_bounded(client, person):
    """More people than one request may hold are a mistake of the caller."""
    with pytest.raises(ValueError, match="more than"):
        PROVIDER.kinds["campaign"].append(client, "15", SENDING, [person()] * (BATCH + 1))


def test_a_caller_id_alone_needs_no_request(client, wire):
    """A campaign keeps no caller ID, so a change of it is done without asking anybody."""
    assert PROVIDER.kinds["campaign"].update(client, "15", SENDING, frozenset({"ani"})).done
    assert not wire.sent
