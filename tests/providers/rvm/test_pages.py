"""Lists in pages, whatever the vendor means by the number of rows."""

import pytest
from reconciler.providers.rvm import PROVIDER, about
from reconciler.providers.rvm.campaign import CampaignKind

NUMBERS = [f"201555{at:04}" for at in range(1300)]


def reply(numbers, told):
    """A page of details."""
    return 200, {"r_error": "false", "r_rows": told, "data": [{"r_number": number} for number in numbers]}


def cut(numbers, size):
    """Numbers in pages, with an empty one behind."""
    return [numbers[at : at + size] for at in range(0, len(numbers), size)] + [[]]


@pytest.mark.parametrize("told", ["all", "page", None])
def test_every_page_is_read(client, wire, told):
    """1,300 rows in pages of 500 are 1,300 people, each once."""
    wire.replies = [
        reply(page, {"all": 1300, "page": len(page)}.get(told)) for page in cut(NUMBERS, about.PAGE)
    ]
    found = CampaignKind().tried(client, "0000000007")
    assert sorted(found) == sorted(f"+1{number}" for number in NUMBERS)
    assert [sent.form["r_offset"] for sent in wire.sent] == ["0", "500", "1000"]


def test_pages_smaller_than_asked_for_are_read_on(client, wire):
    """A vendor that gives less at once than was asked for, and tells of all, is asked on."""
    wire.replies = [reply(page, 1300) for page in cut(NUMBERS, 100)]
    assert len(CampaignKind().tried(client, "7")) == 1300


def test_all_at_once_is_all(client, wire):
    """A vendor that knows no pages is asked once."""
    wire.replies = [reply(NUMBERS, 1300)]
    assert len(CampaignKind().tried(client, "7")) == 1300
    assert len(wire.sent) == 1


def test_the_same_page_again_is_the_end(client, wire):
    """A vendor that shows the same page at every offset does not keep us for ever."""
    wire.replies = [reply(NUMBERS[: about.PAGE], 99_999)]
    assert len(CampaignKind().tried(client, "7")) == about.PAGE


@pytest.mark.parametrize("number", [None, "", "x", {}])
def test_a_row_without_a_number_is_no_answer(client, wire, number):
    """Whoever cannot be read among those tried might be dropped a second time: the whole reply is refused."""
    from reconciler.errors import UnreachableError

    wire.replies = [(200, {"r_error": "false", "r_rows": 1, "data": [{"r_number": number}]})]
    with pytest.raises(UnreachableError):
        CampaignKind().tried(client, "7")


def test_an_overview_without_its_queue_arms_all_the_same(client, wire):
    """What a vendor does not tell is not known; a campaign is armed without, and only never replaced."""
    wire.replies = [(200, {"c_error": "false", "c_status": "PAUSED"})]
    assert CampaignKind().waiting(client, "7") is None


def test_declared_replaceable_is_replaceable():
    """Every kind that is declared replaceable has what that takes, and no other pretends to."""
    from reconciler.providers import registry
    from reconciler.providers.base import Replaceable

    for name in registry.built_in():
        for kind in registry.get(name).kinds.values():
            assert kind.spec.replaceable is isinstance(kind, Replaceable)
    assert PROVIDER.kinds["campaign"].spec.replaceable
