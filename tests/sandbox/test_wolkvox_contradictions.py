"""How wolkvox's stand-in reads the contradictions and silences of its pages; numbers are those of our notes."""

from typing import Any

import pytest
from reconciler.sandbox import Sandbox

NIGHT = 86400
EVERY_FORM = ("080000", "20270104080000", "08:00:00")


def _options(sandbox: Sandbox, **changes: object) -> None:
    sandbox.options({"wolkvox": changes})


@pytest.mark.parametrize("opens", EVERY_FORM)
def test_hours_of_a_create(sandbox: Sandbox, wolkvox: Any, opens: str) -> None:
    """A1: a create takes all three forms; what a date says counts for nothing."""
    wolkvox.create(start_time=opens)
    assert sandbox.state()["wolkvox"]["campaigns"][0]["opens"] == "08:00:00"


@pytest.mark.parametrize(("switch", "taken"), [("colons", [400, 400, 200]), ("any", [200, 200, 200])])
def test_hours_of_an_edit(sandbox: Sandbox, wolkvox: Any, switch: str, taken: list[int]) -> None:
    """A1: an edit takes colons, or, if so switched, anything."""
    _options(sandbox, edit_times=switch)
    campaign = wolkvox.create()
    replies = [wolkvox.turn("edit_campaign", campaign, {"start_time": form}) for form in EVERY_FORM]
    assert [reply.status_code for reply in replies] == taken


@pytest.mark.parametrize(
    ("switch", "keys"),
    [
        ("id_campaign", {"id_campaign", "name_campaign"}),
        ("id_campaing", {"id_campaing", "name_campaing"}),
        ("both", {"id_campaign", "id_campaing", "name_campaign"}),
    ],
)
def test_spelling_of_the_new_id(sandbox: Sandbox, wolkvox: Any, switch: str, keys: set[str]) -> None:
    """A2: the sample's spelling, the table's, or both."""
    _options(sandbox, created_id=switch)
    made = {"campaign_name": "spring", "skill_id": "4069"}
    reply = wolkvox.send("POST", "campaign", "create_campaign", made, type_campaign="predictive").json()
    assert reply["data"][0].keys() == keys


@pytest.mark.parametrize(
    ("switch", "status", "calls"), [("starts", "Started", 3), ("describes", "Stopped", 0)]
)
def test_the_status_of_an_upload(
    sandbox: Sandbox, wolkvox: Any, switch: str, status: str, calls: int
) -> None:
    """A3: `campaign_status=start` makes a campaign run, or only says that it does; `stop` never stops one."""
    _options(sandbox, campaign_status=switch)
    campaign = wolkvox.create()
    wolkvox.add(campaign, 3, campaign_status="start")
    assert wolkvox.listed()[0]["status"] == status
    sandbox.clock(advance=NIGHT)
    assert len(sandbox.ledger.calls) == calls
    wolkvox.turn("start", campaign)
    wolkvox.add(campaign, 1, first=9, campaign_status="stop")
    assert wolkvox.listed()[0]["status"] == "Started"


@pytest.mark.parametrize("word", ["", "stopped", "1"])
def test_other_words_of_an_upload(wolkvox: Any, word: str) -> None:
    """A3: what public callers send is taken, and starts nothing."""
    campaign = wolkvox.create()
    assert wolkvox.add(campaign, 1, campaign_status=word).status_code == 201
    assert wolkvox.listed()[0]["status"] == "Stopped"


def test_the_type_of_a_start(sandbox: Sandbox, wolkvox: Any) -> None:
    """A4: start, stop, speed and recall work without `type_campaign`, unless it is asked for."""
    campaign = wolkvox.create()
    assert wolkvox.turn("start", campaign).status_code == 202
    _options(sandbox, type_required=True)
    for api in ("start", "stop", "speed", "recall"):
        assert wolkvox.turn(api, campaign).status_code == 400
    assert wolkvox.turn("stop", campaign, type_campaign="predictive").status_code == 202


@pytest.mark.parametrize(
    ("switch", "codes"),
    [
        ("samples", [201, "201", 202, "", "200"]),
        ("text", ["201", "201", "202", "200", "200"]),
        ("number", [201, 201, 202, 200, 200]),
        ("empty", ["", "", "", "", ""]),
    ],
)
def test_codes(sandbox: Sandbox, wolkvox: Any, switch: str, codes: list[Any]) -> None:
    """A5: a code is a number, a text or empty; as printed each call has its own."""
    _options(sandbox, code=switch)
    made = {"campaign_name": "spring", "skill_id": "4069"}
    replies = [
        wolkvox.send("POST", "campaign", "create_campaign", made, type_campaign="predictive"),
        wolkvox.add("1", 2),
        wolkvox.turn("start", "1"),
        wolkvox.send("GET", "information", "campaigns"),
        wolkvox.send("GET", "campaign", "campaign_15", campaign_id="1"),
    ]
    assert [reply.json()["code"] for reply in replies] == codes
    assert [reply.status_code for reply in replies] == [201, 201, 202, 200, 200]


def test_statuses(sandbox: Sandbox, wolkvox: Any) -> None:
    """A5: the status may be 200 whatever the code says; errors keep theirs."""
    _options(sandbox, http_status="200")
    made = {"campaign_name": "spring", "skill_id": "4069"}
    reply = wolkvox.send("POST", "campaign", "create_campaign", made, type_campaign="predictive")
    assert (reply.status_code, reply.json()["code"]) == (200, 201)
    assert wolkvox.turn("start", "99").status_code == 400


def test_capitals_of_the_state(wolkvox: Any) -> None:
    """A7: the list writes the state with a capital, the live view without."""
    wolkvox.turn("start", wolkvox.create())
    assert wolkvox.listed()[0]["status"] == "Started"
    assert wolkvox.send("GET", "real_time", "campaigns").json()[0]["status"] == "started"


def test_the_live_view(sandbox: Sandbox, wolkvox: Any) -> None:
    """A9: a bare array, or an envelope."""
    wolkvox.create()
    assert isinstance(wolkvox.send("GET", "real_time", "campaigns").json(), list)
    _options(sandbox, live_view="envelope")
    assert len(wolkvox.send("GET", "real_time", "campaigns").json()["data"]) == 1


@pytest.mark.parametrize(("shown", "listed"), [(False, 404), (True, 200)])
def test_timed_blocks(sandbox: Sandbox, wolkvox: Any, shown: bool, listed: int) -> None:
    """A11: a block for some days is outbound; whether the list shows it is open; it ends by itself."""
    _options(sandbox, timed_blocks_listed=shown, zone="UTC")
    wolkvox.send("POST", "campaign", "add_dnc", [{"telephone": "93000000000", "days_block": "2"}])
    assert wolkvox.send("GET", "information", "get_dnc", type="outbound").status_code == listed
    wolkvox.turn("start", wolkvox.made(2))
    sandbox.clock(advance=NIGHT)
    assert [call.reference for call in sandbox.ledger.calls] == ["C00001"]
    sandbox.clock(advance=2 * NIGHT)
    wolkvox.add("1", 1)
    sandbox.clock(advance=NIGHT)
    assert [call.reference for call in sandbox.ledger.calls] == ["C00001", "C00000"]


def test_the_day_of_entry(sandbox: Sandbox, wolkvox: Any) -> None:
    """A12: `date_delete` is when a number was listed, by the operation's clock; listed again it keeps its day."""
    wolkvox.bar("93000000000", direction="all")
    sandbox.clock(advance=NIGHT)
    wolkvox.bar("93000000000")
    rows = wolkvox.send("GET", "information", "get_dnc", type="all").json()["data"]
    assert [(row["type"], row["date_delete"]) for row in rows] == [
        ("inbound", "2027-01-04 07:00:00"),
        ("outbound", "2027-01-04 07:00:00"),
    ]


def test_the_whole_list_at_once(wolkvox: Any) -> None:
    """`all` in place of numbers empties the list in that direction."""
    wolkvox.bar("93000000000", "93000000001", direction="all")
    body = {"telephones": "all", "type": "outbound"}
    reply = wolkvox.send("DELETE", "configuration", "remove_dnc", body)
    assert reply.json() == {"code": 202, "error": None, "msg": "2 telephones were deleted"}
    rows = wolkvox.send("GET", "information", "get_dnc", type="all").json()["data"]
    assert {row["type"] for row in rows} == {"inbound"}


@pytest.mark.parametrize(("length", "status"), [(100, 400), (200, 201)])
def test_the_sixth_field(sandbox: Sandbox, wolkvox: Any, length: int, status: int) -> None:
    """A16: `opt6` has one of two lengths."""
    _options(sandbox, opt6_length=length)
    campaign = wolkvox.create()
    row = [{"customer_id": "A", "tel1": "93000000000", "opt6": "x" * 150}]
    query = {"type_campaign": "predictive", "campaign_id": campaign}
    assert wolkvox.send("POST", "campaign", "add_record", row, **query).status_code == status


def test_nothing_found(sandbox: Sandbox, wolkvox: Any) -> None:
    """A17: none is a 404, or an envelope that says 0, for every list alike."""
    asked: list[tuple[str, str, dict[str, str]]] = [
        ("information", "campaigns", {}),
        ("information", "get_dnc", {"type": "all"}),
        ("campaign", "find_record", {"customer_id": "A"}),
        ("real_time", "campaigns", {}),
        ("real_time", "recall", {"type": "all"}),
    ]
    assert {wolkvox.send("GET", page, api, **query).status_code for page, api, query in asked} == {404}
    _options(sandbox, nothing_found="envelope", live_view="envelope")
    for page, api, query in asked:
        assert wolkvox.send("GET", page, api, **query).json()["msg"] == "0 records were found"
    reply = wolkvox.send("GET", "campaign", "campaign_15", campaign_id=wolkvox.create())
    assert reply.json() == {"code": "200", "total_records": "0", "campaign_id": "1", "records": []}


@pytest.mark.parametrize(("switch", "records"), [("add", 5), ("replace", 3), ("skip", 3)])
def test_the_same_record_twice(sandbox: Sandbox, wolkvox: Any, switch: str, records: int) -> None:
    """A18: the same `customer_id` again is another record, the new one instead of the old, or nothing."""
    _options(sandbox, duplicates=switch)
    campaign = wolkvox.made(3)
    wolkvox.add(campaign, 2)
    assert wolkvox.listed()[0]["records"] == str(records)
    wolkvox.turn("start", campaign)
    sandbox.clock(advance=NIGHT)
    assert sandbox.ledger.summary()["people_called_again"] == (2 if switch == "add" else 0)


def test_started_from_the_first(sandbox: Sandbox, wolkvox: Any) -> None:
    """A campaign might be created started: then an upload alone makes telephones ring."""
    _options(sandbox, created="Started")
    wolkvox.made(2)
    assert wolkvox.listed()[0]["status"] == "Started"
    assert [entry.while_active for entry in sandbox.ledger.queued] == [True, True]
    sandbox.clock(advance=NIGHT)
    assert len(sandbox.ledger.calls) == 2


def test_while_started(sandbox: Sandbox, wolkvox: Any) -> None:
    """A started campaign is edited, cleared and deleted, unless it must be stopped first."""
    campaign = wolkvox.made(1)
    wolkvox.turn("start", campaign)
    query = {"type_campaign": "predictive", "campaign_id": campaign}
    _options(sandbox, while_started="refuse")
    assert wolkvox.turn("edit_campaign", campaign, {"campaign_name": "x"}).status_code == 400
    assert wolkvox.send("DELETE", "campaign", "clear_campaign", **query).status_code == 400
    assert wolkvox.send("DELETE", "campaign", "delete_campaign", **query).json()["msg"].startswith("0 camp")
    _options(sandbox, while_started="allow")
    assert wolkvox.turn("edit_campaign", campaign, {"campaign_name": "x"}).status_code == 200
    assert wolkvox.send("DELETE", "campaign", "delete_campaign", **query).json()["msg"].startswith("1 camp")


def test_names(sandbox: Sandbox, wolkvox: Any) -> None:
    """Two campaigns may have one name, unless names are unique."""
    assert wolkvox.create() != wolkvox.create()
    _options(sandbox, unique_names=True)
    made = {"campaign_name": "spring", "skill_id": "4069"}
    reply = wolkvox.send("POST", "campaign", "create_campaign", made, type_campaign="predictive")
    assert reply.status_code == 400
    assert wolkvox.turn("edit_campaign", "1", {"campaign_name": "spring"}).status_code == 400


def test_what_is_empty_does_not_change(sandbox: Sandbox, wolkvox: Any) -> None:
    """The collection's edit sends every field empty: nothing of them changes but the description."""
    campaign = wolkvox.create(campaign_description="first")
    before = sandbox.state()["wolkvox"]["campaigns"]
    empty = dict.fromkeys(
        ("campaign_name", "type_camp", "enable_edition", "start_time", "end_time", "skill_id", "amd_conf"), ""
    )
    assert wolkvox.turn("edit_campaign", campaign, empty).status_code == 200
    assert sandbox.state()["wolkvox"]["campaigns"] == before
    wolkvox.turn("edit_campaign", campaign, {"campaign_description": ""})
    assert wolkvox.listed()[0]["campaign_description"] == " "


def test_the_agent_itself(wolkvox: Any) -> None:
    """`VAGENT` stands for a skill in an edit."""
    campaign = wolkvox.create()
    assert wolkvox.turn("edit_campaign", campaign, {"skill_id": "VAGENT"}).status_code == 200
    assert wolkvox.listed()[0]["skill_id"] == "VAGENT"


def test_the_older_list(sandbox: Sandbox, wolkvox: Any) -> None:
    """The page's list has no skill."""
    _options(sandbox, show_skill=False, description="empty")
    wolkvox.create()
    row = wolkvox.listed()[0]
    assert "skill_id" not in row
    assert row["campaign_description"] == ""


def test_records_that_show_late(sandbox: Sandbox, wolkvox: Any) -> None:
    """A list may lag: new records are called and yet not shown; so may a new campaign."""
    campaign = wolkvox.create()
    sandbox.faults({"action": "lag", "operation": "add_record", "reads": 2, "count": 1})
    wolkvox.add(campaign, 3)
    wolkvox.add(campaign, 1, first=3)
    assert [len(wolkvox.records(campaign)) for _ in range(3)] == [1, 1, 4]
    sandbox.faults({"action": "lag", "operation": "create_campaign", "reads": 1, "count": 1})
    wolkvox.create()
    assert [len(wolkvox.listed()) for _ in range(2)] == [1, 2]
    _options(sandbox, records_lag_reads=1)
    wolkvox.add("2", 2)
    assert [len(wolkvox.records("2")) for _ in range(2)] == [0, 2]
