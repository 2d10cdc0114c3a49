"""The requests of CALLR's guides and samples, sent by curl, get the documented answers."""

import base64
import json
import re
import subprocess
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from reconciler.sandbox import Sandbox

JOB = r"[0-9a-z]{24}"
HASH = r"[0-9A-Z]{8}"
# The sample file has eight columns, a header and five rows, with the number in the third column.
CSV = (
    "First Name,Last Name,PHNUMBER,City,Zip Code,Country,Debit,Date Required\n"
    "A,One,+33161550101,Paris,75019,France,1500,21/07/2016\n"
    "B,Two,+33161550102,Paris,75014,France,200,22/07/2016\n"
    "C,Three,+33161550103,Paris,75001,France,125,24/07/2016\n"
    "D,Four,+33161550104,Paris,75011,France,175,21/07/2016\n"
    "E,Five,+33161550105,Paris, 75001,France,255,21/07/2016"
)
NEVER = "0000-00-00 00:00:00"
FRESH = {
    "run_id": 1,
    "state": "CREATED",
    "finished_cause": "NONE",
    "finished_cause_data": None,
    "percent": 0,
    "started_at": NEVER,
    "ended_at": NEVER,
    "reports": [],
    "state_history": [],
}
CALL_STATUSES = (
    "ANSWERED/COMPLETE", "ANSWERED/INCOMPLETE", "ABSENT/NO_ANSWER", "ABSENT/BUSY", "ABSENT/VOICEMAIL_DETECTED",
    "ERROR/UNALLOCATED_NUMBER", "ERROR/REJECTED", "ERROR/BLACKLISTED", "ERROR/OTHER",
)  # fmt: skip
Rpc = Callable[..., Any]


@pytest.fixture
def rpc(sandbox: Sandbox) -> Rpc:
    """One request by curl, with the headers that the vendor's own libraries send."""
    entry = sandbox.ready()["providers"]["callr"]
    line = [
        *("curl", "--silent", "--show-error", "--user", f"{entry['login']}:{entry['password']}"),
        *("--header", "Expect;", "--header", "Content-Type: application/json-rpc; charset=utf-8"),
    ]

    def ask(method: str, *params: Any, **changed: Any) -> Any:
        asked = {"id": 417, "jsonrpc": "2.0", "method": method, "params": list(params)} | changed
        words = [*line, "--write-out", "\n%{http_code}", "--data-binary", json.dumps(asked)]
        done = subprocess.run(
            [*words, entry["base_url"]], capture_output=True, text=True, check=True, timeout=10
        )
        body, _, status = done.stdout.rpartition("\n")
        reply = json.loads(body)
        assert (status, reply["id"], reply["jsonrpc"]) == ("200", asked["id"], "2.0")
        assert ("result" in reply) != ("error" in reply)
        return reply["result"] if "result" in reply else reply["error"]

    return ask


def _done(rpc: Rpc, job: str) -> Mapping[str, Any]:
    while (shown := rpc("jobs.get", job))["status"] != "DONE":
        pass
    result: Mapping[str, Any] = shown["result"]
    return result


def _book(rpc: Rpc) -> str:
    data = base64.b64encode(CSV.encode()).decode()
    file = _done(rpc, rpc("media.import_file_from_base64_async", data, None))["filename"]
    book: str = rpc("sendr/10/addressbook.create", "Addressbook 1", "My first addressbook")["hash"]
    _done(rpc, rpc("sendr/10/addressbook.append_file_async", book, file, 2, "FR", None))
    return book


def _sound(rpc: Rpc) -> int:
    number: int = rpc("media/library.create", "Sample message 1")
    rpc("media/tts.set_content", number, "Hello, welcome", "TTS_EN-GB_SERENA", None)
    rpc("media/library.get_list", None)
    rpc("media/library.get_list", None)
    return number


def _ivr(rpc: Rpc) -> dict[str, Any]:
    """What the sample for a scheduled campaign with a bridge makes of the template."""
    campaign: dict[str, Any] = rpc("sendr/10/campaign.get_object_template", "VOICE_IVR")
    bridge = rpc("sendr/10/campaign.get_voice_ivr_action_objects_templates")["BRIDGE"]
    media = [str(_sound(rpc))]
    campaign["name"] = "Campaign 1"
    campaign["addressbook"]["hash"] = _book(rpc)
    campaign["options"] |= {"cli": "BLOCKED", "ccl": 10}
    campaign["ivr"] |= {"broadcast": media, "prompt": media, "voicemail_detect_method": "AUTO"}
    target = {"number": "+33161550199", "timeout": 15}
    campaign["ivr"]["keys"]["key_1"] = {"action": "BRIDGE", "params": bridge | {"targets": [target]}}
    hours = [{"action": "unpause", "hour": "18:00"}, {"action": "pause", "hour": "20:00"}]
    days = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), hours)
    campaign["schedule"] = {"enabled": True, "days": days}
    return campaign


def test_01_import_from_an_address(rpc: Rpc) -> None:
    """Case 1: an import from an address is a job; nothing is fetched from here, so it ends with an error."""
    job = rpc(
        "media.import_file_from_url_async",
        "http://yourdomain.com/addressbook.csv",
        {"endpoint": "http://yourdomain.com/endpoint"},
    )
    assert re.fullmatch(JOB, job)
    shown = [rpc("jobs.get", job) for _ in range(2)][-1]
    assert (shown["status"], shown["result"]) == ("DONE", None)
    assert shown["error"]["message"] == "the file can't be fetched"


def test_02_03_import_of_a_file(rpc: Rpc) -> None:
    """Cases 2 and 3: a file of base64 becomes a job, and the job ends with the file's new name."""
    job = rpc("media.import_file_from_base64_async", base64.b64encode(CSV.encode()).decode(), None)
    assert re.fullmatch(JOB, job)
    shown = [rpc("jobs.get", job) for _ in range(2)]
    assert [(each["status"], each["percent"]) for each in shown] == [("RUNNING", "50.00"), ("DONE", "100.00")]
    assert list(shown[-1]["result"]) == ["filename"]
    assert shown[-1]["error"] is None


def test_04_new_addressbook(rpc: Rpc) -> None:
    """Case 4: a new book is empty and says so."""
    book = rpc("sendr/10/addressbook.create", "Addressbook 1", "My first addressbook")
    assert re.fullmatch(HASH, book.pop("hash"))
    assert book == {
        "content_header": [],
        "description": "My first addressbook",
        "imported_at": NEVER,
        "in_use": False,
        "items_count": 0,
        "name": "Addressbook 1",
    }


@pytest.mark.parametrize("column", [2, "2"])
def test_05_07_numbers_into_a_book(rpc: Rpc, column: Any) -> None:
    """Cases 5 and 7: the sample file's five numbers arrive, whether the column is a number or a text."""
    data = base64.b64encode(CSV.encode()).decode()
    file = _done(rpc, rpc("media.import_file_from_base64_async", data, None))["filename"]
    book = rpc("sendr/10/addressbook.create", "Addressbook 1", None)["hash"]
    job = rpc("sendr/10/addressbook.append_file_async", book, file, column, "FR", None)
    assert re.fullmatch(JOB, job)
    assert _done(rpc, job) == {"numbers_imported": 5}
    found = rpc("sendr/10/addressbook.search", None, None)
    assert (found["total"], found["offset"], found["has_more"]) == (1, 0, False)
    hit = found["hits"][0]
    assert (hit["hash"], hit["name"], hit["items_count"]) == (book, "Addressbook 1", 5)
    assert hit["imported_at"] == "2027-01-04 12:00:00"
    assert hit["content_header"] == CSV.splitlines()[0].split(",")


def test_06_append_with_a_webhook(rpc: Rpc) -> None:
    """Case 6: the column of the guide, which in the sample file has no numbers, and a webhook."""
    data = base64.b64encode(CSV.encode()).decode()
    file = _done(rpc, rpc("media.import_file_from_base64_async", data, None))["filename"]
    book = rpc("sendr/10/addressbook.create", "Addressbook 1", None)["hash"]
    hook = {"endpoint": "http://yourdomain.com/endpoint"}
    job = rpc("sendr/10/addressbook.append_file_async", book, file, 3, "FR", hook)
    assert re.fullmatch(JOB, job)
    assert _done(rpc, job) == {"numbers_imported": 0}


def test_08_media_from_a_file(sandbox: Sandbox, rpc: Rpc) -> None:
    """Case 8: a media is a number, and takes an imported file."""
    sandbox.next_ids({"callr": {"media": 10112211}})
    file = _done(rpc, rpc("media.import_file_from_base64_async", "SUQz", None))["filename"]
    assert rpc("media/library.create", "Sample message 1") == 10112211
    assert rpc("media/library.set_content_from_file", 10112211, file) is True
    listed = [rpc("media/library.get_list", None) for _ in range(2)][-1]
    assert [(each["id"], each["source"], each["status"]) for each in listed] == [
        (10112211, "API_IMPORT", "READY")
    ]


def test_09_spoken_media(rpc: Rpc) -> None:
    """Case 9: a text is spoken by one of the listed voices."""
    voices = [voice for group in rpc("media/tts.get_voice_list") for voice in group["voices"]]
    assert "TTS_EN-GB_SERENA" in voices
    number = rpc("media/library.create", "my tts")
    assert rpc("media/tts.set_content", number, "Hello, welcome", "TTS_EN-GB_SERENA", None) is True
    shown = rpc("media/library.get_list", None)[0]
    assert (shown["content"], shown["voice"], shown["source"]) == (
        "Hello, welcome",
        "TTS_EN-GB_SERENA",
        "TTS",
    )


def test_10_templates(rpc: Rpc) -> None:
    """Case 10: what the samples write into is there to be written into."""
    template = rpc("sendr/10/campaign.get_object_template", "VOICE_IVR")
    assert {"type", "name", "addressbook", "ivr", "options", "schedule"} <= template.keys()
    assert template["ivr"]["keys"]["key_1"]["action"] == "NONE"
    actions = rpc("sendr/10/campaign.get_voice_ivr_action_objects_templates")
    assert sorted(actions) == ["BRIDGE", "BROADCAST", "CALLBACK", "EMAIL", "RECORD"]
    assert actions["BRIDGE"]["targets"] == []


def test_11_12_14_15_18_scheduled_campaign(sandbox: Sandbox, rpc: Rpc) -> None:
    """Cases 11, 12, 14, 15 and 18: the sample's campaign is checked, saved, started by hand, and finishes."""
    campaign = _ivr(rpc)
    assert rpc("sendr/10/campaign.check", campaign) == []
    saved = rpc("sendr/10/campaign.save", campaign)
    assert re.fullmatch(HASH, saved["hash"])
    assert saved["schedule"] == campaign["schedule"]
    status = rpc("sendr/10/campaign.get", saved["hash"])["status"]
    assert status["scheduled"] is True
    assert {name: status[name] for name in FRESH} == FRESH
    assert rpc("sendr/10/campaign.start", saved["hash"])["state"] == "STARTED"
    sandbox.clock(advance=3600)
    status = rpc("sendr/10/campaign.get", saved["hash"])["status"]
    assert (status["state"], status["finished_cause"], status["percent"]) == ("FINISHED", "DONE", 100)
    assert [(each["run_id"], len(each["hash"])) for each in status["reports"]] == [(1, 8)]
    assert [(each["old_state"], each["new_state"], each["origin"]) for each in status["state_history"]] == [
        ("STARTED", "FINISHED", "CAMPAIGN"),
        ("CREATED", "STARTED", "USER"),
    ]


def test_13_16_simple_campaign(rpc: Rpc) -> None:
    """Cases 13 and 16: a fresh campaign with five numbers counts nothing yet, and the search shows it."""
    campaign = rpc("sendr/10/campaign.get_object_template", "VOICE_SIMPLE")
    campaign["name"], campaign["addressbook"]["hash"] = "my simple voice campaign", _book(rpc)
    campaign["ivr"] |= {"broadcast": [str(_sound(rpc))], "voicemail_detect_method": "AUTO"}
    saved = rpc("sendr/10/campaign.save", campaign)["hash"]
    status = rpc("sendr/10/campaign.get", saved)["status"]
    assert {name: status[name] for name in FRESH} == FRESH
    assert [status[name] for name in ("items_done", "items_total", "items_total_t")] == [0, 5, 5]
    assert status["scheduled"] is False
    assert status["counters"]["cost"] == "0.00"
    assert status["counters"]["broadcast"] == {"completed": 0, "history": {}}
    assert status["counters"]["call_status"] == dict.fromkeys(CALL_STATUSES, 0)
    hit = rpc("sendr/10/campaign.search", None, None)["hits"][0]
    assert (hit["hash"], hit["type"], hit["name"], hit["status"]["state"]) == (
        saved,
        "VOICE_SIMPLE",
        "my simple voice campaign",
        "CREATED",
    )


def test_17_wrong_credentials(sandbox: Sandbox) -> None:
    """Case 17: wrong credentials are error 22, with status 200."""
    base_url = sandbox.ready()["providers"]["callr"]["base_url"]
    asked = '{"id":100,"jsonrpc":"2.0","method":"system.get_timestamp","params":[]}'
    line = ["curl", "--silent", "--fail", "--user", "wrong:wrong", "--data-binary", asked, base_url]
    body = json.loads(subprocess.run(line, capture_output=True, text=True, check=True, timeout=10).stdout)
    assert (body["id"], body["error"]["code"]) == (100, 22)


@pytest.mark.parametrize("number", [100, 1024, 2**63 - 1])
def test_ids_go_back_unchanged(rpc: Rpc, number: int) -> None:
    """Whatever range a library takes its ids from, the id comes back."""
    assert rpc("system.get_timestamp", id=number) == 1799064000
