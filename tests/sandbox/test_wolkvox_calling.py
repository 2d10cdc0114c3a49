"""Who is called when at wolkvox: hours, pace, filters, do-not-call; what stop, removal and recalls change."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reconciler.sandbox import Sandbox

HOUR, DAY = 3600, 86400


def _options(sandbox: Sandbox, **changes: object) -> None:
    sandbox.options({"wolkvox": changes})


def _times(sandbox: Sandbox) -> list[str]:
    return [f"{call.at:%a %H:%M:%S}" for call in sandbox.ledger.calls]


def _called(sandbox: Sandbox) -> list[str | None]:
    return [call.reference for call in sandbox.ledger.calls]


def _records(sandbox: Sandbox, wolkvox: Any, campaign: str) -> dict[str, str]:
    del sandbox
    return {row["id_cliente"]: row["resultado"] for row in wolkvox.records(campaign)}


def test_nobody_before_the_start(sandbox: Sandbox, wolkvox: Any) -> None:
    """A stopped campaign calls nobody, for as long as it waits."""
    campaign = wolkvox.made(3)
    sandbox.clock(advance=3 * DAY)
    assert sandbox.ledger.calls == []
    wolkvox.turn("start", campaign)
    sandbox.clock(advance=DAY)
    assert len(sandbox.ledger.calls) == 3
    assert [entry.while_active for entry in sandbox.ledger.queued] == [False] * 3


def test_hours(sandbox: Sandbox, wolkvox: Any) -> None:
    """Started at seven it first rings at eight, every day of the week, and not after six."""
    _options(sandbox, calls_per_hour=1)
    wolkvox.turn("start", wolkvox.made(12))
    sandbox.clock(advance=DAY)
    assert _times(sandbox) == [f"Mon {hour:02}:00:00" for hour in range(8, 18)]
    sandbox.clock(advance=6 * DAY)
    assert _times(sandbox)[10:] == ["Tue 08:00:00", "Tue 09:00:00"]


def test_hours_of_a_preview(sandbox: Sandbox, wolkvox: Any) -> None:
    """Hours have no effect on a preview campaign: it rings when its agents ask."""
    campaign = wolkvox.create("preview")
    query = {"type_campaign": "preview", "campaign_id": campaign}
    wolkvox.send("POST", "campaign", "add_record", [{"customer_id": "A", "tel1": "93000000000"}], **query)
    wolkvox.turn("start", campaign)
    sandbox.clock(advance=60)
    assert _times(sandbox) == ["Mon 07:00:00"]


def test_an_edit_of_hours(sandbox: Sandbox, wolkvox: Any) -> None:
    """Hours that are narrowed keep what was due before, and no more."""
    _options(sandbox, calls_per_hour=1)
    campaign = wolkvox.made(12)
    wolkvox.turn("start", campaign)
    sandbox.clock(advance=3 * HOUR)
    wolkvox.turn("edit_campaign", campaign, {"end_time": "10:30:00"})
    sandbox.clock(advance=DAY)
    assert _times(sandbox)[:4] == ["Mon 08:00:00", "Mon 09:00:00", "Mon 10:00:00", "Tue 08:00:00"]


def test_speed(sandbox: Sandbox, wolkvox: Any) -> None:
    """Half the speed is half the calls; at 0 nobody is called."""
    _options(sandbox, calls_per_hour=4)
    campaign = wolkvox.made(9)
    wolkvox.turn("start", campaign)
    sandbox.clock(advance=2 * HOUR)
    wolkvox.turn("speed", campaign, {"speed": "50"})
    sandbox.clock(advance=HOUR)
    wolkvox.turn("speed", campaign, {"speed": 0})
    sandbox.clock(advance=DAY)
    assert _times(sandbox) == [
        *(f"Mon 08:{minute}:00" for minute in ("00", "15", "30", "45")),
        "Mon 09:00:00",
        "Mon 09:30:00",
    ]


def test_zone(sandbox: Sandbox, wolkvox: Any) -> None:
    """A20: hours are those of the operation's zone."""
    _options(sandbox, zone="America/Mexico_City")
    wolkvox.turn("start", wolkvox.made(1))
    sandbox.clock(advance=DAY)
    assert [call.at.isoformat() for call in sandbox.ledger.calls] == ["2027-01-04T08:00:00-06:00"]


def test_stop_is_a_pause(sandbox: Sandbox, wolkvox: Any) -> None:
    """Stopped it is silent; started again it goes on with those who were not called."""
    _options(sandbox, calls_per_hour=60)
    campaign = wolkvox.made(4)
    wolkvox.turn("start", campaign)
    sandbox.clock(advance=HOUR + 90)
    wolkvox.turn("stop", campaign)
    sandbox.clock(advance=HOUR)
    assert _called(sandbox) == ["C00000", "C00001"]
    wolkvox.turn("start", campaign)
    wolkvox.turn("start", campaign)
    sandbox.clock(advance=DAY)
    assert _called(sandbox) == ["C00000", "C00001", "C00002", "C00003"]
    assert len(sandbox.ledger.armed) == 2


def test_nothing_says_that_all_is_done(sandbox: Sandbox, wolkvox: Any) -> None:
    """A campaign that has called everybody stays started; that it is done shows in the live view's counters."""
    wolkvox.turn("start", wolkvox.made(3))
    sandbox.clock(advance=2 * DAY)
    assert wolkvox.listed()[0]["status"] == "Started"
    live = wolkvox.send("GET", "real_time", "campaigns").json()[0]
    assert (live["status"], live["records"], live["clean"], live["dial"]) == ("started", "3", "0", "3")
    wolkvox.add("1", 1, first=3)
    sandbox.clock(advance=DAY)
    assert _called(sandbox)[-1] == "C00003"


def test_live_counters(sandbox: Sandbox, wolkvox: Any) -> None:
    """The live view counts results; the record says what came of it, and nothing about who was not called."""
    _options(sandbox, no_answer="0", busy="1", failed="2", answer_machine="3")
    wolkvox.turn("start", wolkvox.made(6))
    sandbox.clock(advance=60)
    assert wolkvox.send("GET", "real_time", "campaigns").json()[0]["calls_x_min"] == "0"
    sandbox.clock(advance=HOUR - 55)
    live = wolkvox.send("GET", "real_time", "campaigns").json()[0]
    told = [live[name] for name in ("dial", "clean", "answer", "no_answer", "busy/congestion/failed")]
    assert live["calls_x_min"] == "60"
    assert (told, live["answer_machine"]) == (["5", "1", "1", "1", "2"], "1")
    assert list(_records(sandbox, wolkvox, "1").values()) == [
        "NO-ANSWER",
        "BUSY",
        "FAILED",
        "ANSWER-MACHINE",
        "ANSWER",
        "CLEAN",
    ]


def test_what_counters_count(sandbox: Sandbox, wolkvox: Any) -> None:
    """`clean` has everybody who was not called, or only whom the filter lets through; `dial` has records, or calls."""
    _options(sandbox, failed="0")
    campaign = wolkvox.made(4)
    conditions = [{"field": "customer_id", "operator": "<", "value": "C00002"}]
    body = {"filter_active": "yes", "filters": conditions}
    wolkvox.turn("campaign_filter", campaign, body, type_campaign="predictive")
    wolkvox.turn("start", campaign)
    sandbox.clock(advance=DAY)
    wolkvox.turn("recall_records", campaign, {"field": "Cod_Machine", "value": "FAILED"})
    sandbox.clock(advance=DAY)
    told = []
    for clean, dial in (("all", "records"), ("filtered", "calls")):
        _options(sandbox, clean=clean, dial=dial)
        live = wolkvox.send("GET", "real_time", "campaigns").json()[0]
        told.append((live["clean"], live["dial"]))
    assert told == [("2", "2"), ("0", "3")]


def test_several_numbers(sandbox: Sandbox, wolkvox: Any) -> None:
    """A record's numbers are tried one after the other until one answers."""
    _options(sandbox, no_answer="0")
    campaign = wolkvox.create()
    row = {"customer_id": "A", "tel1": "93000000010", "tel2": "93000000011", "tel3": "93000000012"}
    query = {"type_campaign": "predictive", "campaign_id": campaign}
    wolkvox.send("POST", "campaign", "add_record", [row], **query)
    wolkvox.turn("start", campaign)
    sandbox.clock(advance=DAY)
    assert [call.number for call in sandbox.ledger.calls] == ["+573000000010", "+573000000011"]


@pytest.mark.parametrize(
    ("written", "dialled"),
    [
        ("93242567400", "+573242567400"),
        ("3242567400", "+573242567400"),
        ("573242567400", "+573242567400"),
        ("9573242567400", "+573242567400"),
        ("+16175550100", "+16175550100"),
        ("90016175550100", "+16175550100"),
        ("0016175550100", "+16175550100"),
    ],
)
def test_how_numbers_are_written(sandbox: Sandbox, wolkvox: Any, written: str, dialled: str) -> None:
    """Dial prefix, country code and international prefix are read as the operation dials them."""
    campaign = wolkvox.create()
    query = {"type_campaign": "predictive", "campaign_id": campaign}
    wolkvox.send("POST", "campaign", "add_record", [{"customer_id": "A", "tel1": written}], **query)
    assert [entry.number for entry in sandbox.ledger.queued] == [dialled]


@pytest.mark.parametrize(
    ("spelling", "reaches", "called"),
    [
        ("exact", False, ["C00000", "C00001", "C00003"]),
        ("exact", True, ["C00001", "C00003"]),
        ("any", False, ["C00000", "C00001"]),
        ("any", True, ["C00001"]),
    ],
)
def test_do_not_call(sandbox: Sandbox, wolkvox: Any, spelling: str, reaches: bool, called: list[str]) -> None:
    """Who is listed before being added is not called; who was queued by then, or is spelled otherwise, may be."""
    _options(sandbox, dnc_spelling=spelling, dnc_reaches_queued=reaches)
    campaign = wolkvox.made(2)
    wolkvox.bar("93000000000", "93000000002", "3000000003")
    wolkvox.bar("93000000001", direction="inbound")
    wolkvox.add(campaign, 2, first=2)
    wolkvox.turn("start", campaign)
    sandbox.clock(advance=DAY)
    assert _called(sandbox) == called
    results = _records(sandbox, wolkvox, campaign)
    assert [key for key, value in results.items() if value == "DO-NOT-CALL"] == [
        key for key in results if key not in called
    ]


def test_taken_off_the_list(sandbox: Sandbox, wolkvox: Any) -> None:
    """Who is taken off the list is called when added anew."""
    wolkvox.bar("93000000000")
    body = {"telephones": ["93000000000"], "type": "outbound"}
    wolkvox.send("DELETE", "configuration", "remove_dnc", body)
    wolkvox.turn("start", wolkvox.made(1))
    sandbox.clock(advance=DAY)
    assert len(sandbox.ledger.calls) == 1


def test_ways_to_spare_somebody_queued(sandbox: Sandbox, wolkvox: Any) -> None:
    """A record that was removed, coded or marked is not called; the others are."""
    campaign = wolkvox.made(4)
    query = {"type_campaign": "predictive", "campaign_id": campaign}
    wolkvox.send("DELETE", "campaign", "remove_record", {"customer_id": "C00000"}, **query)
    wolkvox.turn("codify", campaign, {"customer_id": "C00001", "cod_act": "X"}, type_campaign="predictive")
    body = {"id_campaing": campaign, "id_cliente": ["C00002"]}
    wolkvox.send("PUT", "configuration", "block_predictive_dnc", body)
    wolkvox.turn("start", campaign)
    sandbox.clock(advance=DAY)
    assert _called(sandbox) == ["C00003"]


def test_filter(sandbox: Sandbox, wolkvox: Any) -> None:
    """Only records that a filter lets through are called; without it the others are, too."""
    campaign = wolkvox.made(4)
    conditions = [
        {"field": "customer_id", "operator": "=", "value": "C00001"},
        {"field": "tel1", "operator": "like", "value": "%0003"},
    ]
    body = {"filter_active": "yes", "connector": "or", "filters": conditions}
    reply = wolkvox.turn("campaign_filter", campaign, body, type_campaign="predictive").json()
    assert reply["data"]["pending_records"] == "2"
    wolkvox.turn("start", campaign)
    sandbox.clock(advance=DAY)
    assert _called(sandbox) == ["C00001", "C00003"]
    wolkvox.turn("campaign_filter", campaign, {"filter_active": "no"}, type_campaign="predictive")
    sandbox.clock(advance=DAY)
    assert sorted(map(str, _called(sandbox))) == ["C00000", "C00001", "C00002", "C00003"]


@pytest.mark.parametrize(
    ("order", "called"),
    [("linear", [0, 1, 2, 3, 4]), ("zigzag", [0, 4, 1, 3, 2]), ("random", None)],
)
def test_order(sandbox: Sandbox, wolkvox: Any, order: str, called: list[int] | None) -> None:
    """Records are called in the order that is set, each once."""
    campaign = wolkvox.made(5)
    wolkvox.turn("edit_campaign", campaign, {"camp_dial_order": order})
    wolkvox.turn("start", campaign)
    sandbox.clock(advance=DAY)
    mine = [int(str(each)[1:]) for each in _called(sandbox)]
    assert mine == called if called else sorted(mine) == [0, 1, 2, 3, 4] != mine


def test_called_again(sandbox: Sandbox, wolkvox: Any) -> None:
    """Recalls call the same person again: one by its time, or all that had one result."""
    _options(sandbox, failed="2")
    campaign = wolkvox.made(3)
    wolkvox.turn("start", campaign)
    sandbox.clock(advance=2 * HOUR)
    recall = {"customer_id": "C00000", "recall_date": "20270104150000", "recall_telephone": "93000000009"}
    wolkvox.turn("recall", campaign, recall)
    rows = wolkvox.send("GET", "real_time", "recall", type="manual").json()["data"]
    assert [(row["date_recall"], row["id_campaing"]) for row in rows] == [("2027-01-04 15:00:00", "1")]
    reply = wolkvox.turn("recall_records", campaign, {"field": "Cod_Machine", "value": "failed"}).json()
    assert reply["data"][0]["affected_records"] == "1"
    sandbox.clock(advance=DAY)
    assert [(call.reference, call.number[-2:]) for call in sandbox.ledger.calls] == [
        ("C00000", "00"),
        ("C00001", "01"),
        ("C00002", "02"),
        ("C00002", "02"),
        ("C00000", "09"),
    ]
    assert wolkvox.listed()[0]["recycled"] == "1"


def test_a_recall_within_an_upload(sandbox: Sandbox, wolkvox: Any) -> None:
    """A record may come with the moment at which it is called."""
    campaign = wolkvox.create()
    row = {"customer_id": "A", "tel1": "93000000000", "recall_date": "20270105093000"}
    query = {"type_campaign": "predictive", "campaign_id": campaign}
    wolkvox.send("POST", "campaign", "add_record", [row], **query)
    wolkvox.turn("start", campaign)
    sandbox.clock(advance=2 * DAY)
    assert _times(sandbox) == ["Tue 09:30:00"]


def test_clearing(sandbox: Sandbox, wolkvox: Any) -> None:
    """Records with one result are cleared, or all; who was cleared and is added anew is called again."""
    _options(sandbox, failed="1")
    campaign = wolkvox.made(2)
    wolkvox.turn("start", campaign)
    sandbox.clock(advance=DAY)
    query = {"type_campaign": "predictive", "campaign_id": campaign}
    wolkvox.send("DELETE", "campaign", "clear_campaign", result="failed", **query)
    assert list(_records(sandbox, wolkvox, campaign)) == ["C00000"]
    wolkvox.send("DELETE", "campaign", "clear_campaign", **query)
    wolkvox.add(campaign, 2)
    sandbox.clock(advance=DAY)
    assert sandbox.ledger.summary()["people_called_again"] == 2


def test_a_deleted_campaign_is_silent(sandbox: Sandbox, wolkvox: Any) -> None:
    """What was due before the deletion was called, nothing after it."""
    _options(sandbox, calls_per_hour=60)
    campaign = wolkvox.made(5)
    wolkvox.turn("start", campaign)
    sandbox.clock(advance=HOUR + 90)
    wolkvox.send("DELETE", "campaign", "delete_campaign", campaign_id=campaign)
    sandbox.clock(advance=DAY)
    assert len(sandbox.ledger.calls) == 2
    assert wolkvox.listed() == []


steps = st.lists(
    st.one_of(
        st.tuples(st.just("advance"), st.integers(0, 40000)),
        st.tuples(st.sampled_from(["start", "stop", "edit_campaign", "delete"]), st.integers(1, 3)),
        st.tuples(st.sampled_from(["create", "add"]), st.integers(1, 9)),
        st.tuples(st.just("bar"), st.integers(0, 60)),
    ),
    min_size=4,
    max_size=16,
)


@pytest.mark.slow
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
def test_laws(sandbox: Sandbox, wolkvox: Any, steps: list[tuple[str, int]]) -> None:
    """Each record is called once at most, within its hours, and by a campaign that was armed."""
    sandbox.reset()
    _options(sandbox, calls_per_hour=5)
    fresh = 0
    for step, value in [("create", 3), ("start", 1), *steps]:
        if step == "advance":
            sandbox.clock(advance=value)
        elif step == "create":
            wolkvox.create()
        elif step == "add":
            wolkvox.add("1", value, first=fresh)
            fresh += value
        elif step == "bar":
            wolkvox.bar(f"93{value:09}")
        elif step == "delete":
            wolkvox.send("DELETE", "campaign", "delete_campaign", campaign_id=str(value))
        else:
            wolkvox.turn(step, str(value), {"end_time": "17:00:00"})
    sandbox.clock(advance=DAY)
    called = [(call.campaign_id, call.number) for call in sandbox.ledger.calls]
    assert len(set(called)) == len(called)
    assert set(called) <= {(entry.campaign_id, entry.number) for entry in sandbox.ledger.queued}
    assert {number for number, _ in called} <= {each.campaign_id for each in sandbox.ledger.armed}
    assert all(8 <= call.at.hour < 18 for call in sandbox.ledger.calls)
