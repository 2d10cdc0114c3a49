"""The ways in which parameters and phone numbers may arrive at Plum's stand-in."""

import socket
from typing import Any

import pytest
from reconciler.sandbox import Sandbox


@pytest.mark.parametrize(
    "sent",
    [
        {"data": {"days": '["mon", "wed"]'}},
        {"files": {"days": (None, '["mon", "wed"]')}},
        {"json": {"days": ["mon", "wed"]}},
        {"json": {"days": '["mon", "wed"]'}},
    ],
    ids=["urlencoded", "multipart", "json", "json holding text"],
)
def test_content_types(plum: Any, sent: dict[str, Any]) -> None:
    """A12: forms, uploads and JSON all carry parameters; arrays may be JSON text with blanks."""
    assert plum.http.post("/schedules", **sent).status_code == 200
    assert plum.listed("schedules")[0]["days"] == ["mon", "wed"]


@pytest.mark.parametrize("content_type", ["text/plain", "application/xml", "application/json", ""])
def test_unreadable_body(plum: Any, content_type: str) -> None:
    """A body that can't be read has no parameters, so the required ones are missed."""
    reply = plum.http.post("/schedules", content=b"<days>mon</days>", headers={"Content-Type": content_type})
    assert (reply.status_code, list(reply.json())) == (422, ["days"])


def test_attachment_parts(plum: Any) -> None:
    """Parts may be marked as attachments, as curl does once the type is overridden; the boundary counts."""
    body = (
        '--x\r\nContent-Disposition: attachment; name="days"\r\n\r\n["sun"]\r\n'
        '--x\r\nContent-Disposition: attachment; filename="a\\"b"; name="nickname"\r\n\r\nlost\r\n'
        "--x\r\nContent-Type: text/plain\r\n\r\nnameless\r\n--x--\r\n"
    )
    headers = {"Content-Type": 'application/json; boundary="x"'}
    assert plum.http.post("/schedules", content=body, headers=headers).json() == {
        "nickname": ["The nickname must be a string."]
    }


def test_chunked_body(plum: Any) -> None:
    """A body may come in chunks."""
    chunks = iter([b"days=%5B%22mon%22", b"%5D"])
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    assert plum.http.post("/schedules", content=chunks, headers=headers).status_code == 200


@pytest.mark.parametrize(
    "query", ['days=["sat"]&name=é+z', "days=%5B%22sat%22%5D&name=%C3%A9%20z"], ids=["raw", "encoded"]
)
def test_query_raw_or_encoded(sandbox: Sandbox, plum: Any, query: str) -> None:
    """Brackets and quotes of an update may stand in the address as they are, or percent-encoded."""
    plum.schedule()
    token = sandbox.ready()["providers"]["plum"]["token"]
    host, port = sandbox.base_url("plum").removeprefix("http://").split("/")[0].split(":")
    target = f"/plum/api/schedules/1?{query}"
    lines = f"PATCH {target} HTTP/1.0\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n"
    with socket.create_connection((host, int(port))) as client:
        client.sendall(lines.encode())
        assert client.makefile("rb").readline() == b"HTTP/1.1 200 OK\r\n"
    assert plum.listed("schedules") == [{"schedule_id": 1, "nickname": "é z", "days": ["sat"]}]


ENTRIES = [
    ("tel:+16175550100;ani=6175550199", "+16175550100", None),
    ("tel:+16175550100; ani=6175550199", "+16175550100", None),
    ("tel:+16175550100;ani=6175550199, marchcampaign", "+16175550100", "marchcampaign"),
    ("tel:+16175550100; ani=6175550199,a b;c", "+16175550100", "a b;c"),
]


@pytest.mark.parametrize(("entry", "number", "reference"), ENTRIES)
def test_phone_entries(sandbox: Sandbox, plum: Any, entry: str, number: str, reference: str | None) -> None:
    """A11: a blank after the semicolon or none, a message reference or none."""
    campaign = plum.ready_campaign()
    reply = plum.http.post("/campaigns/add-calls", json={"campaign_id": campaign, "phone_numbers": [entry]})
    plum.start(campaign)
    sandbox.clock(advance=86400)
    assert reply.json() == {"status": "success"}
    assert [(call.number, call.reference) for call in sandbox.ledger.calls] == [(number, reference)]


FILES = {
    "entries.csv": "tel:+16175550100;ani=6175550199\ntel:+16175550101; ani=6175550199\n",
    "header.csv": "\ufeffdestination,name\r\n16175550100,Ann\r\ntel:16175550101,Bo\r\n",
    "references.txt": "tel:+16175550100;ani=6175550199, one\n\ntel:+16175550101;ani=6175550199,two\n",
    "QUOTED.TXT": '"tel:+16175550100;ani=6175550199, one"\n"tel:+16175550101"',
}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("path", ["/campaigns", "/campaigns/add-calls"])
def test_phone_number_files(sandbox: Sandbox, plum: Any, name: str, path: str) -> None:
    """Files of either kind, with or without the header, are read at create and at add-calls."""
    campaign = plum.ready_campaign()
    window = '[{"profile":"steady","start_time":"08:00","end_time":"11:00"}]'
    fields = {"campaign_id": campaign, "start_date": "2027-01-04", "end_date": "2027-01-04", "schedule": "1"}
    fields |= {"profiles": window, "start_url": "https://ivr.example/start"}
    reply = plum.http.post(path, data=fields, files={"phone_numbers": (name, FILES[name].encode())})
    assert reply.json()["status"] == "success"
    assert [entry.number for entry in sandbox.ledger.queued] == ["+16175550100", "+16175550101"]


def test_other_files_are_refused(sandbox: Sandbox, plum: Any) -> None:
    """A file that is neither .csv nor .txt is refused."""
    campaign = plum.ready_campaign()
    files = {"phone_numbers": ("people.xlsx", b"16175550100")}
    reply = plum.http.post("/campaigns/add-calls", data={"campaign_id": campaign}, files=files)
    assert (reply.status_code, sandbox.ledger.queued) == (422, [])


def test_invalid_numbers_can_vanish(sandbox: Sandbox, plum: Any) -> None:
    """With the switch, invalid entries are lost without a word and the others are queued."""
    campaign = plum.ready_campaign()
    sandbox.options({"plum": {"invalid_numbers": "skip"}})
    entries = ["tel:+16175550100;ani=6175550199", "nonsense", 7]
    reply = plum.http.post("/campaigns/add-calls", json={"campaign_id": campaign, "phone_numbers": entries})
    assert reply.json() == {"status": "success"}
    assert [entry.number for entry in sandbox.ledger.queued] == ["+16175550100"]


def test_duplicates_are_queued_twice(sandbox: Sandbox, plum: Any) -> None:
    """Nobody looks whether a number is queued already: a repeated add-calls calls people again."""
    campaign = plum.ready_campaign(people=3)
    plum.add_calls(campaign, people=2)
    plum.start(campaign)
    sandbox.clock(advance=86400)
    assert sandbox.ledger.called_again() == {"+16175550000", "+16175550001"}
    assert sandbox.ledger.called_once() == {"+16175550002"}
    assert sandbox.ledger.queued_per_campaign_and_number()[1, "+16175550000"] == 2
