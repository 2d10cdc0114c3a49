"""What wolkvox's stand-in refuses, and that a refusal changes nothing."""

import json
import threading
from pathlib import Path
from typing import Any

import pytest
from reconciler.sandbox import Sandbox

CASES = json.loads((Path(__file__).parent / "cases" / "wolkvox_refusals.json").read_text())


@pytest.mark.parametrize("case", CASES, ids=[case[0] for case in CASES])
def test_refused(sandbox: Sandbox, wolkvox: Any, case: list[Any]) -> None:
    """A refusal has its status and its columns, and nothing changes."""
    _, method, address, body, status = case
    wolkvox.made(2)
    wolkvox.create("preview", campaign_name="by hand")
    before = _state(sandbox), sandbox.ledger.queued, len(sandbox.ledger.writes)
    reply = wolkvox.http.request(method, address, json=body)
    assert reply.status_code == status
    if not address.startswith("agents"):
        assert (list(reply.json()), reply.json()["code"]) == (["code", "error", "msg"], str(status))
    assert (_state(sandbox), sandbox.ledger.queued) == before[:2]
    assert all(write.refused for write in sandbox.ledger.writes[before[2] :])


def _state(sandbox: Sandbox) -> dict[str, Any]:
    """All but how often somebody asked."""
    return {name: value for name, value in sandbox.state()["wolkvox"].items() if name != "calls_today"}


@pytest.mark.slow
@pytest.mark.parametrize("people", [10_000, 10_001])
def test_uploads_have_a_limit(wolkvox: Any, people: int) -> None:
    """Ten thousand records at once are taken, one more is not, and then none is."""
    campaign = wolkvox.create()
    assert wolkvox.add(campaign, people).status_code == (201 if people == 10_000 else 400)
    assert len(wolkvox.records(campaign)) == (people if people == 10_000 else 0)


def test_campaigns_have_a_limit(sandbox: Sandbox, wolkvox: Any) -> None:
    """Beyond what the licences allow an upload is refused with 404, which is not 'none' then."""
    sandbox.options({"wolkvox": {"most_records": 5}})
    campaign = wolkvox.made(3)
    reply = wolkvox.add(campaign, 3, first=3)
    assert (reply.status_code, "LICENCES" in reply.json()["msg"]) == (404, True)
    assert len(wolkvox.records(campaign)) == 3


@pytest.mark.parametrize(
    ("name", "length", "status"),
    [("opt1", 100, 201), ("opt1", 101, 400), ("opt7", 200, 201), ("opt12", 201, 400)],
)
def test_labels_have_a_length(wolkvox: Any, name: str, length: int, status: int) -> None:
    """The extra fields have 100 characters, from the seventh on 200."""
    campaign = wolkvox.create()
    row = {"customer_id": "A", "tel1": "93000000000", name: "x" * length}
    query = {"type_campaign": "predictive", "campaign_id": campaign}
    assert wolkvox.send("POST", "campaign", "add_record", [row], **query).status_code == status


def test_a_token_that_reads(sandbox: Sandbox, wolkvox: Any) -> None:
    """A token that may only read lists and refuses each write with 403; nothing is changed."""
    campaign = wolkvox.made(2)
    sandbox.options({"wolkvox": {"access": "observe"}})
    before = _state(sandbox)
    assert len(wolkvox.listed()) == 1
    assert len(wolkvox.records(campaign)) == 2
    assert wolkvox.turn("start", campaign).status_code == 403
    assert wolkvox.bar("93000000000").status_code == 403
    assert wolkvox.add(campaign, 1).json()["msg"] == "PLEASE VALIDATE TOKEN"
    assert _state(sandbox) == before


@pytest.mark.slow
def test_calls_of_a_day(sandbox: Sandbox, wolkvox: Any) -> None:
    """Each call counts, the question how many are left, too; the next day begins anew, by the operation's clock."""
    sandbox.options({"wolkvox": {"licences": 1}})
    for _ in range(998):
        wolkvox.send("GET", "information", "skills")
    left = wolkvox.send("GET", "information", "token_info").json()["data"][0]
    assert (left["token_limit"], left["token_use_today"], left["available_consumption_options"]) == (
        "1000",
        "999",
        "1",
    )
    assert wolkvox.send("GET", "information", "skills").status_code == 200
    refused = wolkvox.send("GET", "information", "skills")
    assert (refused.status_code, refused.json()["msg"]) == (403, "TOKEN LIMIT EXCEEDED")
    sandbox.clock(set="2027-01-05T00:00:00-05:00")
    assert wolkvox.send("GET", "information", "skills").status_code == 200


def _ask_during_another(sandbox: Sandbox, wolkvox: Any, others: int = 1, **headers: str) -> Any:
    """Ask while others wait for their answers."""
    sandbox.faults({"action": "hold", "vendor": "wolkvox", "operation": "skills", "when": "after"})
    waiting = [
        threading.Thread(target=wolkvox.send, args=("GET", "information", "skills")) for _ in range(others)
    ]
    for thread in waiting:
        thread.start()
    while len(sandbox.requests()) < others:
        pass
    reply = wolkvox.http.get("information.php?api=token_info", headers=headers)
    while any(thread.is_alive() for thread in waiting):
        sandbox.release()
    return reply


@pytest.mark.parametrize(
    ("allowed", "others", "status"), [(1, 0, 200), (1, 1, 403), (2, 1, 200), (2, 2, 403)]
)
def test_one_at_a_time(sandbox: Sandbox, wolkvox: Any, allowed: int, others: int, status: int) -> None:
    """A8: while a request is under way another of the same token is refused; one that has ended is no hindrance."""
    sandbox.options({"wolkvox": {"simultaneous": allowed}})
    reply = _ask_during_another(sandbox, wolkvox, others)
    assert reply.status_code == status
    if status == 403:
        assert reply.json()["msg"].startswith("EXCEEDS THE LIMIT OF SIMULTANEOUS REQUESTS")
    assert [wolkvox.send("GET", "information", "token_info").status_code for _ in range(20)] == [200] * 20


def test_other_tokens_are_no_hindrance(sandbox: Sandbox, wolkvox: Any) -> None:
    """What is under way counts by token."""
    reply = _ask_during_another(sandbox, wolkvox, **{"wolkvox-token": "another"})
    assert reply.json()["msg"] == "PLEASE VALIDATE TOKEN"
