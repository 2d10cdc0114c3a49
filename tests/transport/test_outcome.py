"""Law 4 as a table: every way for a request to end, and the one outcome that it has."""

import json
from pathlib import Path
from typing import Any

import pytest
from reconciler.model.state import Result
from reconciler.transport.outcome import (
    Answer,
    Exchange,
    Reach,
    Success,
    VendorError,
    after,
    classify,
    decode_json,
)
from reconciler.transport.request import Reply

CASES = json.loads((Path(__file__).parent / "outcomes.json").read_text())


def dialect(_: int, body: Any) -> Success | VendorError | None:
    """Read `status` as success or error, and too many at once as busy."""
    if isinstance(body, dict) and body.get("status") == "success":
        return Success(body)
    if isinstance(body, dict) and body.get("status") == "error":
        return VendorError(str(body.get("error", "")), busy=body.get("error") == "too many at once")
    return None


def exchange_of(case: dict[str, Any]) -> Exchange:
    """Make what the case describes."""
    if "reach" in case:
        return Exchange(Reach[case["reach"]], case["fault"])
    body = case.get("body", "")
    text = body if isinstance(body, str) else json.dumps(body)
    return Exchange(Reach.REPLIED, reply=Reply(case["status"], text.encode(), case.get("headers", {})))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["fault"])
def test_every_fault_has_its_outcome(case):
    """Each fault of a request that writes is exactly one of the four outcomes, with the marks beside it."""
    answer = classify(exchange_of(case), dialect)
    marks = {name for name in ("busy", "credentials", "missing") if getattr(answer, name)}
    assert (answer.result.name, marks) == (case["result"], set(case.get("marks", [])))


@pytest.mark.parametrize(
    "case", [case for case in CASES if case["result"] != "DONE"], ids=lambda case: case["fault"]
)
def test_whatever_was_not_done_says_why(case):
    """No request ends otherwise than done without a reason to print."""
    assert classify(exchange_of(case), dialect).reason


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"status": "succ', b"null", b"[]"])
def test_no_status_alone_is_success(body):
    """Without a documented body no status means done, and only 4xx but 408 means refused."""
    for status in range(100, 600):
        answer = classify(Exchange(Reach.REPLIED, reply=Reply(status, body)), dialect)
        refused = status // 100 == 4 and status != 408
        assert answer.result is (Result.REFUSED if refused else Result.UNKNOWN), status


def test_documented_errors_are_refusals_at_any_status():
    """A whole error of the documented shape is a refusal, whatever the status line says."""
    for status in range(100, 600):
        reply = Reply(status, b'{"status": "error", "error": "no such day"}')
        answer = classify(Exchange(Reach.REPLIED, reply=reply), dialect)
        assert (answer.result, answer.reason) == (Result.REFUSED, "no such day"), status


def test_later_attempts_do_not_clear_earlier_doubt():
    """After an attempt without an answer, a later refusal or a lost network leaves the whole unknown."""
    doubt = Answer(Result.UNKNOWN, "no reply")
    assert after(doubt, Answer(Result.REFUSED, "busy", busy=True)).result is Result.UNKNOWN
    assert after(doubt, Answer(Result.NOT_SENT, "refused")).result is Result.UNKNOWN
    assert after(doubt, Answer(Result.DONE)).result is Result.DONE
    assert after(Answer(Result.NOT_SENT), Answer(Result.REFUSED, "no")).result is Result.REFUSED
    assert after(None, Answer(Result.REFUSED, "no")).result is Result.REFUSED


@pytest.mark.parametrize(
    "body", [b"NaN", b'{"a": Infinity}', b"[" * 100_000, b'{"a": 1', b"\xff\xfe\xfd", b"", b"{'a': 1}"]
)
def test_what_is_no_json_is_no_data(body):
    """Constants that JSON does not know, bottomless nesting and cut texts are no data, and no crash."""
    with pytest.raises(ValueError):  # noqa: PT011 - any of its children will do
        decode_json(body)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32-le"])
def test_json_is_read_in_every_unicode_encoding(encoding):
    """A byte order mark, or another Unicode encoding, does not spoil a reply."""
    assert decode_json('{"a": "é"}'.encode(encoding)) == {"a": "é"}
