"""What wolkvox's replies mean: codes of three types, errors of three meanings, lists that may be a 404."""

from __future__ import annotations

from typing import Any

import pytest
from reconciler.errors import CredentialsError, UnreachableError
from reconciler.model.state import Result
from reconciler.providers.wolkvox import blacklist, campaign, reading
from reconciler.providers.wolkvox.dialect import (
    list_of,
    read_added,
    read_created,
    read_deleted,
    read_records,
    read_write,
)
from reconciler.transport.outcome import Success, VendorError

BUSY = "EXCEEDS THE LIMIT OF SIMULTANEOUS REQUESTS PER TOKEN (2)"
QUOTA = "TOKEN LIMIT EXCEEDED"
TOKEN = {"code": "200", "error": None, "msg": "1 records were found", "data": [{"token_limit": "1000"}]}


def envelope(code: Any, msg: str = "", data: Any = None, error: Any = None) -> dict[str, Any]:
    """A reply as the page has them."""
    return {"code": code, "error": error, "msg": msg, **({} if data is None else {"data": data})}


def refused(code: Any, msg: str, error: str, **told: bool) -> Any:
    """A refusal in the vendor's envelope, and what it has to be read as."""
    return int(code), envelope(code, msg, error=error), VendorError(msg, **told)


FILTERED = {"total_records": ""}


@pytest.mark.parametrize(
    ("status", "body", "reading"),
    [
        (202, envelope(202, "The 7 campaign_id has been started successfully"), Success(None)),
        (200, envelope("202", "The 7 campaign_id has been stopped successfully"), Success(None)),
        (200, envelope("", "Campaign filter successfully updated", FILTERED), Success(FILTERED)),
        (200, envelope("400", "X", error="BAD REQUEST"), VendorError("X")),
        refused("400", "SOME PARAMETERS ARE REQUIRED", "BAD REQUEST"),
        refused("403", BUSY, "FORBIDDEN", busy=True),
        refused("403", QUOTA, "FORBIDDEN", exhausted=True),
        refused("403", "PLEASE VALIDATE TOKEN", "FORBIDDEN", credentials=True),
        refused(401, "PLEASE ENTER THE WOLKVOX-TOKEN", "UNAUTHORIZED", credentials=True),
        refused("404", "NO RECORDS WERE FOUND", "NOT FOUND", missing=True),
        refused("404", "EXCEEDS THE RECORDS OF YOUR LICENCES", "NOT FOUND"),
        (500, {}, None),
        (200, {}, None),
        (200, [], None),
        (200, "fine", None),
        (200, None, None),
    ],
)
def test_writes_are_read_by_code_and_error(status: int, body: Any, reading: Any) -> None:
    """Done, refused, or of no documented shape; the three meanings of 403 are told apart."""
    assert read_write(status, body) == reading


@pytest.mark.parametrize(
    ("data", "found"),
    [
        ([{"id_campaign": "601", "name_campaign": "spring"}], "601"),
        ([{"id_campaing": "601", "name_campaing": "spring"}], "601"),
        ([{"id_campaign": 601}], "601"),
        ({"id_campaign": "601"}, "601"),
        ([{"id_campaign": "601"}, {"id_campaign": "602"}], None),
        ([{"id_campaign": ""}], None),
        ([], None),
    ],
)
def test_a_create_tells_one_id(data: Any, found: str | None) -> None:
    """In either spelling; none, or two, is no documented reply, so it is looked for."""
    reading_ = read_created(201, envelope(201, "created", data))
    assert reading_ == (None if found is None else Success(found))


@pytest.mark.parametrize(("told", "done"), [("2", True), (" ", True), ("1", False), ("3", False)])
def test_an_upload_that_counts_otherwise_is_read_back(told: str, done: bool) -> None:
    """The vendor says how many it took in; where that is another number nobody knows who."""
    found = read_added(2)(
        201, envelope("201", "All records has been added successfully", [{"total_registers": told}])
    )
    assert isinstance(found, Success) is done
    assert done or found is None


@pytest.mark.parametrize(
    ("msg", "done"),
    [
        ("1 campaigns deleted successfully. 0 operations failed.", True),
        ("0 campaigns deleted successfully. 1 operations failed.", False),
        ("1 campaigns deleted successfully. 1 operations failed.", False),
        ("deleted", True),
    ],
)
def test_a_delete_that_failed_under_a_code_of_success_is_no_delete(msg: str, done: bool) -> None:
    """What it counts as failed was not deleted, whatever the code says."""
    assert isinstance(read_deleted(200, envelope("200", msg)), Success) is done


def test_lists_are_arrays_or_envelopes() -> None:
    """A bare array, an envelope, or one that says 0; anything else is no list, and never an empty one."""
    read = list_of("campaign_id")
    assert read(200, [{"campaign_id": 7}]) == Success([{"campaign_id": 7}])
    assert read(200, envelope("", "1 records were found", [{"campaign_id": "7"}])) == Success(
        [{"campaign_id": "7"}]
    )
    assert read(200, envelope("200", "0 records were found", None)) == Success([])
    for body in ({}, None, "x", envelope("200", "ok", [{"name": "x"}]), envelope("200", "ok", {"a": 1})):
        assert not isinstance(read(200, body), Success)


def test_records_come_in_no_envelope() -> None:
    """campaign_15 has neither error nor msg; a count that differs from the rows is no whole reply."""
    row = {"id_cliente": "A1", "tel1": "9300"}
    assert read_records(200, {"code": "200", "total_records": "1", "records": [row]}) == Success([row])
    assert read_records(200, {"code": "200", "total_records": "", "records": [row]}) == Success([row])
    assert read_records(200, {"code": "200", "total_records": "2", "records": [row]}) is None
    assert read_records(200, {"code": "200"}) is None
    assert isinstance(read_records(200, {"code": "400", "error": "yes", "msg": "not today"}), VendorError)
    assert read_records(500, {"message": "Server Error"}) is None


def test_none_is_believed_after_another_call(client: Any, wire: Any) -> None:
    """A 404 of a list is none once the token's own page was read."""
    wire.replies = [(404, envelope("404", "NO RECORDS WERE FOUND", error="NOT FOUND")), (200, TOKEN)]
    assert campaign.CampaignKind().read(client) == []
    assert len(wire.sent) == 2


def test_none_is_not_believed_alone(client: Any, wire: Any) -> None:
    """Where the token's page says 404, too, it may be another server: nothing is known."""
    wire.replies = [(404, envelope("404", "NOT FOUND", error="NOT FOUND"))]
    with pytest.raises(UnreachableError):
        campaign.CampaignKind().read(client)


def test_a_used_up_quota_is_no_wrong_token(client: Any, wire: Any) -> None:
    """Other credentials would not help, nor would another try: it is said as it is."""
    wire.replies = [(403, envelope("403", QUOTA, error="FORBIDDEN"))]
    with pytest.raises(UnreachableError, match="TOKEN LIMIT EXCEEDED"):
        blacklist.BlacklistKind().read(client)
    assert len(wire.sent) == 1


def test_a_wrong_token_is_said(client: Any, wire: Any) -> None:
    """Credentials are named as what is wrong."""
    wire.replies = [(403, envelope("403", "PLEASE VALIDATE TOKEN", error="FORBIDDEN"))]
    with pytest.raises(CredentialsError):
        campaign.CampaignKind().read(client)


@pytest.mark.parametrize(
    "row", [{"campaign": "601 - spring - x"}, {"campaign": "601"}, {"campaign_id": "601"}]
)
def test_the_live_view_names_a_campaign_in_one_text(row: dict[str, str]) -> None:
    """The id stands before the first blank."""
    assert reading.live_id(row) == "601"


def test_a_delete_of_what_is_not_there_is_done(client: Any, wire: Any) -> None:
    """Counted as failed, and the list without it, is what was asked for."""
    gone = envelope("200", "0 campaigns deleted successfully. 1 operations failed.")
    other = envelope("", "1 records were found", [{"campaign_id": "8", "type_campaign": "preview"}])
    wire.replies = [(200, other), (200, gone), (200, other)]
    assert campaign.CampaignKind().delete(client, "7").result is Result.DONE
