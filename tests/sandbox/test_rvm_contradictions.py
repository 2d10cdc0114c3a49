"""How RVMpro's stand-in reads the contradictions and silences of its page; numbers are those of our notes."""

import json
import re
from typing import Any

import pytest
from reconciler.sandbox import Sandbox

OPERATIONS_WITH_IDS = ("overview", "channels", "start", "pause", "stop")


def _options(sandbox: Sandbox, **changes: object) -> None:
    sandbox.options({"rvm": changes})


def test_start_has_a_default(rvm: Any) -> None:
    """A1: without `c_start`, or with an empty one, a campaign waits."""
    assert rvm.create()["c_status"] == rvm.create(c_start="")["c_status"] == "PAUSED"
    assert (rvm.create(c_start="true")["c_status"], rvm.create(c_start="1")["c_status"]) == ("ACTIVE",) * 2
    assert rvm.create(c_start="0")["c_start"] == "false"


def test_overview_is_named_overview(rvm: Any) -> None:
    """A2: `list` lists, whatever else is sent."""
    campaign = rvm.made()
    assert rvm.overview(campaign)["c_status"] == "PAUSED"
    assert rvm.ask("/campaigns", "list", c_campaign_id=campaign)["c_rows"] == 1


def test_spelling_of_the_text(sandbox: Sandbox, rvm: Any) -> None:
    """A3, A7, A8, A12: a switch turns keys and words from the samples' into the text's."""
    campaign = rvm.made(c_start="true")
    assert {"c_timestampe", "c_campaign_ID", "c_max_throttle"} <= rvm.overview(campaign).keys()
    assert "c_timezonea" in rvm.ask("/campaigns", "list")["data"][0]
    _options(sandbox, spelling="text")
    overview = rvm.overview(campaign)
    assert {"c_timestamp", "c_campaign_id", "c_delivered"} <= overview.keys()
    assert "c_max_throttle" not in overview
    assert "c_timezone" in rvm.ask("/campaigns", "list")["data"][0]
    assert rvm.turn("pause", campaign)["c_status"] == "PAUSED"
    assert rvm.turn("stop", campaign)["c_campaign_id"] == campaign
    assert rvm.ask("/repcheck", "check", rc_number="2025550155")["r_error"] == "false"
    assert rvm.ask("/repcheck", "history")["rc_rows"] == 1


def test_the_word_for_filtered(sandbox: Sandbox, rvm: Any) -> None:
    """A8: `FILTERED` in the sample, `Filtered` in the text."""
    rvm.ask("/blacklist", "add", b_number="6175550000")
    campaign = rvm.made(1, c_start="true")
    sandbox.clock(advance=86400)
    assert rvm.details(campaign)[0]["r_status"] == "FILTERED"
    _options(sandbox, spelling="text")
    assert rvm.details(campaign)[0]["r_status"] == "Filtered"


def test_pause_of_a_long_id(sandbox: Sandbox, rvm: Any) -> None:
    """A3: only an id of fewer than ten digits loses a zero when paused."""
    sandbox.next_ids({"rvm": {"campaigns": 4000000001}})
    assert rvm.turn("pause", rvm.made(c_start="true"))["c_campaign_id"] == "4000000001"


def test_dates_of_reports(sandbox: Sandbox, rvm: Any) -> None:
    """A4: each date works alone, both days count, and it is the last action that is asked about."""
    first = rvm.made()
    sandbox.clock(advance=86400)
    second = rvm.made()
    reply = rvm.ask("/reports", "campaigns", r_from_date="2027-01-04", r_to_date="2027-01-04")
    assert [row["r_campaign_id"] for row in reply["data"]] == [first]
    reply = rvm.ask("/reports", "campaigns", r_from_date="2027-01-05")
    assert [row["r_campaign_id"] for row in reply["data"]] == [second]
    assert rvm.ask("/reports", "campaigns", r_to_date="2027-01-05")["r_rows"] == 2
    rvm.turn("stop", first)
    assert rvm.ask("/reports", "campaigns", r_to_date="2027-01-04")["r_rows"] == 0
    assert rvm.ask("/reports", "transactions", r_from_date="2018-10-26")["r_rows"] == 1


@pytest.mark.parametrize(("rows", "told"), [("total", [5, 5, 5, 5]), ("page", [2, 2, 1, 0])])
def test_rows_and_pages(sandbox: Sandbox, rvm: Any, rows: str, told: list[int]) -> None:
    """A5: the number of rows is that of all or of the page; pages neither overlap nor leave anything out."""
    _options(sandbox, rows=rows)
    campaigns = [rvm.made() for _ in range(5)]
    pages = [rvm.ask("/reports", "campaigns", r_page_size=2, r_offset=offset) for offset in (0, 2, 4, 6)]
    assert [page["r_rows"] for page in pages] == told
    assert [row["r_campaign_id"] for page in pages for row in page["data"]] == campaigns


def test_flags_can_be_otherwise(sandbox: Sandbox, rvm: Any) -> None:
    """A6: success as `false`, failure as `"true"`."""
    _options(sandbox, success_flag="boolean", failure_flag="text")
    assert rvm.ask("/campaigns", "list")["c_error"] is False
    assert rvm.ask("/campaigns", "start")["c_error"] == "true"


def test_blacklist_failures_can_have_their_own_prefix(sandbox: Sandbox, rvm: Any) -> None:
    """A7: failures of the blacklist are spelled like those of campaigns, or like its successes."""
    assert rvm.ask("/blacklist", "add")["c_error"] is True
    _options(sandbox, blacklist_failure="b_")
    assert rvm.ask("/blacklist", "add")["b_error"] is True


def test_ids_as_numbers(sandbox: Sandbox, rvm: Any) -> None:
    """A9: every id in every reply can be a JSON number without its zeros."""
    _options(sandbox, ids="numbers")
    assert rvm.create(c_start="true")["c_campaign_id"] == 1
    assert rvm.ask("/campaigns", "list")["data"][0]["c_campaign_id"] == 1
    ids = [rvm.turn(api, "1") for api in ("overview", "channels", "pause", "start", "stop")]
    assert [reply.get("c_campaign_id", reply.get("c_campaign_ID")) for reply in ids] == [1] * 5
    assert rvm.ask("/reports", "campaigns")["data"][0]["r_campaign_id"] == 1
    assert rvm.ask("/reports", "agents")["data"][0]["r_agent_id"] == 1
    assert rvm.create(c_debug="true")["c_campaign_id"] == 0


def test_json_as_printed(sandbox: Sandbox, rvm: Any) -> None:
    """A9: numbers with leading zeros and a comma after the last item, where the samples have them."""
    campaign = rvm.made(c_name="as 0000000009")
    _options(sandbox, ids="zero_padded", trailing_commas=True)
    for path, api, key in (
        ("/campaigns", "list", '"c_campaign_id":0000000001,'),
        ("/reports", "campaigns", '"r_campaign_id":0000000001,'),
        ("/reports", "agents", '"r_agent_id":0001,'),
        ("/campaigns", "overview", '"c_campaign_ID":"0000000001",'),
        ("/campaigns", "channels", '"c_campaign_id":"0000000001",'),
        ("/campaigns", "stop", '"c_campaign_ID":"0000000001",}'),
    ):
        text = rvm.send(path, api, c_campaign_id=campaign).text
        assert key in text
        assert text.endswith(",}") is (api in {"overview", "stop"})
        assert json.loads(re.sub(r":0*(\d)", r":\1", text).replace(",}", "}"))


def test_wire_that_only_looks_wrong(sandbox: Sandbox, rvm: Any) -> None:
    """A19: byte order mark, media type and the status of failures can be chosen; the JSON stays whole."""
    media_type = "text/html; charset=UTF-8"
    _options(sandbox, byte_order_mark=True, media_type=media_type, failure_status=500)
    for reply, status in ((rvm.send("/campaigns", "list"), 200), (rvm.send("/campaigns", "start"), 500)):
        assert (reply.status_code, reply.headers["content-type"]) == (status, media_type)
        assert reply.content.startswith(b"\xef\xbb\xbf{")
        assert "c_error" in json.loads(reply.content.decode("utf-8-sig"))


def test_load_by_the_field_of_add(sandbox: Sandbox, rvm: Any) -> None:
    """A11: a switch lets load take `b_number`, as one sample sends it."""
    _options(sandbox, load_takes_b_number=True)
    assert rvm.ask("/blacklist", "load", b_number="5555555555, 202-555-0155")["b_error"] == "false"
    assert len(sandbox.state()["rvm"]["blacklist"]) == 2


def test_counters(sandbox: Sandbox, rvm: Any) -> None:
    """A13, A20: what is too short, there twice or a landline is counted and not queued."""
    _options(sandbox, landlines="99")
    numbers = "555555555,202-555-0155,1(202)555-0150,2025550155,+1 202.555.0199,2025550156,"
    reply = rvm.create(c_numbers=numbers)
    counters = [reply[f"c_{name}"] for name in ("wireless", "landlines", "duplicates", "invalid")]
    assert counters == [3, 1, 1, 1]
    assert [entry.number for entry in sandbox.ledger.queued] == [
        "+12025550155",
        "+12025550150",
        "+12025550156",
    ]


@pytest.mark.parametrize(("position", "queued", "duplicates"), [("matters", 2, 0), ("ignored", 1, 1)])
def test_country_code(sandbox: Sandbox, rvm: Any, position: str, queued: int, duplicates: int) -> None:
    """A20: with and without the 1 a number is two numbers, so that a phone may ring twice, or one."""
    _options(sandbox, country_code=position)
    assert rvm.create(c_numbers="2025550155,12025550155")["c_duplicates"] == duplicates
    assert len(sandbox.ledger.queued) == queued


@pytest.mark.parametrize(("position", "calls"), [("matters", 1), ("ignored", 0)])
def test_country_code_on_the_blacklist(sandbox: Sandbox, rvm: Any, position: str, calls: int) -> None:
    """A20: whether a number on the list stops the same phone written with its 1."""
    _options(sandbox, country_code=position)
    rvm.ask("/blacklist", "load", b_numbers="2025550155,12025550156")
    rvm.create(c_numbers="12025550155", c_start="true")
    sandbox.clock(advance=86400)
    assert sandbox.ledger.called_from({"+12025550155"}) == calls


def test_callback_is_not_called(sandbox: Sandbox, rvm: Any) -> None:
    """A callback among the numbers is found and not queued."""
    assert rvm.create(2, c_callback="617-555-0000")["c_wireless"] == 2
    assert [entry.number for entry in sandbox.ledger.queued] == ["+16175550001"]


def test_throttle_is_text_in_one_reply(rvm: Any) -> None:
    """A14, A16: create echoes text and minutes, the others a number and seconds."""
    created = rvm.create()
    shown = rvm.overview(created["c_campaign_id"])
    assert (created["c_throttle"], created["c_start_time"]) == ("600", "08:00")
    assert (shown["c_throttle"], shown["c_start_time"]) == (600, "08:00:00")
    assert created["c_stop_date"] == shown["c_stop_date"] == "2027-01-11 23:59:59"


def test_zone_of_timestamps(sandbox: Sandbox, rvm: Any) -> None:
    """A17: timestamps are Eastern or UTC."""
    assert rvm.create()["c_timestamp"] == "2027-01-04 07:00:00"
    _options(sandbox, timestamps="UTC")
    assert rvm.create()["c_timestamp"] == "2027-01-04 12:00:00"


def test_names(sandbox: Sandbox, rvm: Any) -> None:
    """A18: a name may be given again, unless switched; that of an ended campaign is free in any case."""
    first, second = rvm.made(), rvm.made()
    assert rvm.ask("/campaigns", "list")["c_rows"] == 2
    _options(sandbox, unique_names=True)
    assert rvm.create()["c_error"] is True
    rvm.turn("stop", first)
    rvm.turn("stop", second)
    assert rvm.create()["c_error"] == "false"


def test_php_booleans(rvm: Any) -> None:
    """A21: PHP's false is empty and so the default: consent is claimed by who meant to deny it."""
    assert rvm.create(c_state_check="", c_performance="")["c_state_check"] == "true"
    reply = rvm.create(c_state_check="false", c_performance="1")
    assert (reply["c_state_check"], reply["c_performance"]) == ("false", "true")


def test_pages_of_other_reports(rvm: Any) -> None:
    """A22: transactions and agents have pages as in the samples."""
    for api, key in (("transactions", "r_ledger_id"), ("agents", "r_agent_id")):
        pages = [rvm.ask("/reports", api, r_page_size=1, r_offset=offset)["data"] for offset in (0, 1, 2)]
        assert [len(page) for page in pages] == [1, 1, 0]
        assert pages[0][0][key] != pages[1][0][key]


def test_local_today(sandbox: Sandbox, rvm: Any) -> None:
    """Default dates are those of the campaign's own zone."""
    sandbox.clock(set="2027-01-05T03:00:00+00:00")
    assert rvm.create()["c_start_date"] == "2027-01-04 00:00:00"
    assert rvm.create(c_timezone="Europe/Paris")["c_start_date"] == "2027-01-05 00:00:00"


@pytest.mark.parametrize("api", OPERATIONS_WITH_IDS)
def test_ids_without_zeros(rvm: Any, api: str) -> None:
    """An id is found with and without its leading zeros."""
    rvm.made(c_start="false" if api == "start" else "true")
    assert rvm.turn(api, "1")["c_error"] == "false"


def test_undocumented_repeats(sandbox: Sandbox, rvm: Any) -> None:
    """Starting what is active and stopping what has ended fail, or succeed and change nothing, as switched."""
    active, ended = rvm.made(c_start="true"), rvm.made()
    rvm.turn("stop", ended)
    assert rvm.turn("start", active)["c_error"] is rvm.turn("stop", ended)["c_error"] is True
    _options(sandbox, start_active="success", stop_ended="success", stop_paused="error")
    before = sandbox.state()
    assert rvm.turn("start", active)["c_status"] == "ACTIVE"
    assert rvm.turn("stop", ended)["c_status"] == "STOPPED"
    assert sandbox.state() == before
    assert rvm.turn("stop", rvm.made())["c_error"] is True


def test_blacklist_repeats_and_invalid(sandbox: Sandbox, rvm: Any) -> None:
    """A number may be added twice, and load loses invalid ones without a word, unless switched."""
    for _ in range(2):
        assert rvm.ask("/blacklist", "load", b_numbers="2025550155,202")["b_error"] == "false"
    assert [entry["times"] for entry in sandbox.state()["rvm"]["blacklist"]] == [2]
    _options(sandbox, blacklist_again="error", blacklist_invalid="refuse")
    assert rvm.ask("/blacklist", "add", b_number="2025550155")["c_error"] is True
    assert rvm.ask("/blacklist", "load", b_numbers="2025550156,202")["c_error"] is True
    assert [entry["number"] for entry in sandbox.state()["rvm"]["blacklist"]] == ["+12025550155"]


def test_no_mobile_at_all(sandbox: Sandbox, rvm: Any) -> None:
    """A create without any valid mobile fails, or makes a campaign that has nobody to call."""
    _options(sandbox, landlines="6175550000")
    assert rvm.create(1)["c_error"] is True
    _options(sandbox, no_numbers="accept")
    campaign = rvm.made(1, c_start="true")
    assert rvm.overview(campaign)["c_status"] == "COMPLETED"


def test_reputation(sandbox: Sandbox, rvm: Any) -> None:
    """A number can be made to look bad; the history then says so too."""
    _options(sandbox, spam="55")
    checked = rvm.ask("/repcheck", "check", rc_number="2025550155")
    assert (checked["rc_score"], checked["rc_level"], checked["rc_status"]) == (90, 4, "Telemarketer")
    assert rvm.ask("/repcheck", "history")["data"][0]["rc_status"] == "Telemarketer"


def test_max_throttle(sandbox: Sandbox, rvm: Any) -> None:
    """The vendor can raise the maximum."""
    _options(sandbox, max_throttle=162000)
    assert rvm.overview(rvm.made(c_throttle="162000"))["c_max_throttle"] == 162000


def test_options_have_positions(sandbox: Sandbox) -> None:
    """Switches turn only into positions that exist."""
    for wrong in ({"ids": "roman"}, {"drop_seconds": "1"}, {"landlines": 5}, {"nothing": 1}):
        with pytest.raises(ValueError, match="option"):
            _options(sandbox, **wrong)
    with pytest.raises(ValueError, match="kind"):
        sandbox.next_ids({"rvm": {"blacklist": 1}})
