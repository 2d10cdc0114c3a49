"""What Plum's replies mean, and that a list which is none is never an empty one."""

import json

import pytest
from reconciler.errors import UnreachableError
from reconciler.model.state import Result
from reconciler.providers.base import Sending
from reconciler.providers.plum import PROVIDER
from reconciler.providers.plum.dialect import read_create, read_write
from reconciler.transport.outcome import Success, VendorError

TAKEN = {"nickname": ["The nickname has already been taken."]}
IN_USE = {"status": "error", "error": "Schedule 3wkdays(id 6) is being used with campaign id 3."}


@pytest.mark.parametrize(
    ("status", "body", "reading"),
    [
        (200, {"status": "success"}, Success({})),
        (200, {"status": "success", "response": {"id": 6}}, Success({"id": 6})),
        (200, {"status": "success", "response": [{"id": 6}]}, Success({"id": 6})),
        (200, {"status": "success", "response": []}, Success({})),
        (200, TAKEN, VendorError("The nickname has already been taken.")),
        (422, TAKEN, VendorError("The nickname has already been taken.")),
        (200, IN_USE, VendorError(IN_USE["error"])),
        (409, IN_USE, VendorError(IN_USE["error"])),
        (200, {"status": "error"}, VendorError("the vendor answered with an error")),
        (404, {"message": "Not Found"}, VendorError("Not Found")),
        (500, {"message": "Server Error"}, None),
        (500, {"errors": ["boom"]}, None),
        (200, {"errors": ["boom"]}, None),
        (422, {"errors": ["boom"]}, VendorError("boom")),
        (200, {"message": "hello"}, None),
        (200, {}, None),
        (200, {"nickname": []}, None),
        (200, {"nickname": [1]}, None),
        (200, {"response": {"id": 6}}, None),
        (200, {"status": "accepted"}, None),
        (200, [{"campaign_id": 1}], None),
        (200, "success", None),
        (200, None, None),
    ],
)
def test_writes_are_read_by_their_body(status, body, reading):
    """A write is done or refused only by a documented body; an array, as an update without id gets, is neither."""
    assert read_write(status, body) == reading


@pytest.mark.parametrize("response", [{}, {"id": None}, {"id": ""}, {"id": True}, {"nickname": "x"}, None])
def test_a_create_without_an_id_is_not_done(response):
    """Success that does not tell the id is unknown: the list has to tell it."""
    assert read_create(200, {"status": "success", "response": response}) is None


@pytest.mark.parametrize("shown", [6, "6"])
def test_ids_are_text(client, wire, shown):
    """An id is the same given as a number or as text."""
    wire.replies = [(200, {"status": "success", "response": {"id": shown}})]
    outcome = PROVIDER.kinds["profile"].create(
        client,
        Sending({"nickname": "a", "period": 1, "amount_per_period": 1, "time_between_periods": 0}, "a", None),
    )
    assert (outcome.result, outcome.remote_id) == (Result.DONE, "6")


@pytest.mark.parametrize("kind", ["schedule", "profile", "campaign"])
@pytest.mark.parametrize("wrapper", [None, "response", "data"])
def test_lists_are_read_bare_or_wrapped(client, wire, kind, wrapper):
    """The documented bare array is a list, and so is one inside an object."""
    items = [{f"{kind}_id": 1}, {"id": "2"}]
    wire.replies = [(200, items if wrapper is None else {"status": "success", wrapper: items})]
    assert PROVIDER.kinds[kind].read(client) == items


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"status": "success"},
        {"status": "error", "response": []},
        {"data": {}},
        [1],
        ["a"],
        [[]],
        [{}],
        [{"nickname": "no id"}],
        [{"schedule_id": None}],
        None,
        "[]",
        0,
    ],
    ids=json.dumps,
)
def test_what_is_no_list_is_never_an_empty_one(client, wire, body):
    """Anything but the documented array ends the command by name, so that nothing seems to be gone."""
    wire.replies = [(200, body)]
    with pytest.raises(UnreachableError, match=r"plum: list the schedules: .*GET /schedules"):
        PROVIDER.kinds["schedule"].read(client)


@pytest.mark.parametrize("status", [200, 404, 422])
def test_deleting_what_is_gone_is_done(client, wire, status):
    """A refused delete is done if the list shows that the object is gone."""
    wire.replies = [(status, {"status": "error", "error": "no such id"}), (200, [{"schedule_id": 7}])]
    assert PROVIDER.kinds["schedule"].delete(client, "6").done


@pytest.mark.parametrize("status", [200, 404])
def test_deleting_what_is_there_stays_refused(client, wire, status):
    """A refused delete of something that is still listed stays refused, whatever its status."""
    wire.replies = [(status, IN_USE), (200, [{"schedule_id": "6"}])]
    outcome = PROVIDER.kinds["schedule"].delete(client, "6")
    assert (outcome.result, outcome.reason) == (Result.REFUSED, IN_USE["error"])


def test_a_refused_delete_without_a_list_stays_refused(client, wire):
    """Where the list cannot be read nothing is concluded from it."""
    wire.replies = [(404, IN_USE), (500, {})]
    assert PROVIDER.kinds["schedule"].delete(client, "6").result is Result.REFUSED


def test_no_verb_works_without_an_id(client, wire):
    """An update without an id would be answered with a list and change nothing: it is never sent."""
    for kind in PROVIDER.kinds.values():
        with pytest.raises(ValueError, match="no id"):
            kind.delete(client, "")
    assert not wire.sent


def test_an_id_stays_one_segment_of_the_path(client, wire):
    """An id from a foreign state cannot lead to another path."""
    PROVIDER.kinds["campaign"].delete(client, "1/../2?x")
    assert wire.sent[0].message.target == "/api/campaigns/1%2F..%2F2%3Fx"
