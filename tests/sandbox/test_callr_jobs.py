"""CALLR's imports: they take their time, can be asked for, fail in several ways, and lose nobody and double nobody."""

import base64
from typing import Any

import pytest
from reconciler.sandbox import Sandbox


def _options(sandbox: Sandbox, **changes: object) -> None:
    sandbox.options({"callr": changes})


def _count(callr: Any, book: str) -> int:
    count: int = callr.sendr("addressbook.search", {"hash": book}, None)["hits"][0]["items_count"]
    return count


def _append(callr: Any, book: str, people: int, first: int = 0) -> str:
    job: str = callr.sendr(
        "addressbook.append_file_async", book, callr.file(callr.rows(people, first)), 0, "US", None
    )
    return job


def test_a_job_takes_its_time(sandbox: Sandbox, callr: Any) -> None:
    """It is pending, runs, and is done after some looks; nobody is in the book before, half of them on the way."""
    _options(sandbox, job_looks=4)
    book = callr.book(0)
    job = _append(callr, book, 8)
    held = [len(sandbox.state()["callr"]["addressbooks"][0]["numbers"])]
    for _ in range(4):
        shown = callr.call("jobs.get", job)
        held.append(len(sandbox.state()["callr"]["addressbooks"][0]["numbers"]))
    assert held == [0, 2, 4, 6, 8]
    assert (shown["status"], shown["percent"], shown["result"]) == ("DONE", "100.00", {"numbers_imported": 8})


def test_a_job_whose_id_was_lost(callr: Any) -> None:
    """Without its id a job shows in its book alone: the count grows from look to look, and stands."""
    book = callr.book(0)
    _append(callr, book, 8)
    assert [_count(callr, book) for _ in range(4)] == [4, 8, 8, 8]


def test_a_job_that_nobody_asks_for(sandbox: Sandbox, callr: Any) -> None:
    """Time alone finishes a job, too."""
    book = callr.book(0)
    _append(callr, book, 8)
    sandbox.clock(advance=2)
    assert len(sandbox.state()["callr"]["addressbooks"][0]["numbers"]) == 8


def test_all_at_once(sandbox: Sandbox, callr: Any) -> None:
    """Switched so, a book shows nobody of an import before all of them."""
    _options(sandbox, import_in_parts=False)
    book = callr.book(0)
    _append(callr, book, 8)
    assert [_count(callr, book) for _ in range(3)] == [0, 8, 8]


def test_jobs_without_a_wait(sandbox: Sandbox, callr: Any) -> None:
    """Switched so, a job is done the first time that anybody looks."""
    _options(sandbox, job_looks=0)
    book = callr.book(0)
    assert callr.call("jobs.get", _append(callr, book, 8))["status"] == "DONE"


@pytest.mark.parametrize(("when", "count"), [("before", 0), ("after", 5)])
def test_a_lost_reply_to_an_append(sandbox: Sandbox, callr: Any, when: str, count: int) -> None:
    """An append whose reply is lost was begun or not, and the book's count says which."""
    book = callr.book(0)
    file = callr.file(callr.rows(5))
    sandbox.faults({"action": "html", "operation": "append_file", "when": when, "count": 1})
    params = [book, file, 0, "US", None]
    asked = {"id": 1, "jsonrpc": "2.0", "method": "sendr/10/addressbook.append_file_async", "params": params}
    assert "<html>" in callr.http.post(callr.base_url, json=asked).text
    assert [_count(callr, book) for _ in range(3)][-1] == count


@pytest.mark.parametrize(("switch", "people"), [("keep", 8), ("drop", 5)])
def test_the_same_append_twice(sandbox: Sandbox, callr: Any, switch: str, people: int) -> None:
    """Repeated, an append doubles its numbers, unless books drop what they have."""
    _options(sandbox, duplicates=switch)
    book = callr.book(0)
    for numbers in (3, 5):
        callr.done(_append(callr, book, numbers))
    assert _count(callr, book) == people


def test_canceling(callr: Any) -> None:
    """A cancelled job places nobody more; what it placed stays, and what is over can't be cancelled."""
    book = callr.book(0)
    job = _append(callr, book, 8)
    callr.call("jobs.get", job)
    assert callr.call("jobs.cancel", job) is True
    assert callr.call("jobs.get", job)["status"] == "CANCELED"
    assert [_count(callr, book) for _ in range(3)] == [4, 4, 4]
    assert callr.refused("jobs.cancel", job)["message"] == "the job is over"


@pytest.mark.parametrize(
    ("switch", "status"), [("done", "DONE"), ("canceled", "CANCELED"), ("running", "RUNNING")]
)
def test_jobs_that_fail(sandbox: Sandbox, callr: Any, switch: str, status: str) -> None:
    """A7: a failed job has an error, in one of three statuses, and places nobody."""
    book = callr.book(0)
    file = callr.file(callr.rows(3))
    _options(sandbox, import_fails=switch)
    job = callr.sendr("addressbook.append_file_async", book, file, 0, "US", None)
    shown = [callr.call("jobs.get", job) for _ in range(3)][-1]
    assert (shown["status"], shown["result"], shown["error"]["message"]) == (
        status,
        None,
        "the file can't be read",
    )
    assert _count(callr, book) == 0


@pytest.mark.parametrize(
    ("content", "column", "country", "numbers"),
    [
        ("+33161550101\n", 0, "FR", ["+33161550101"]),
        ("01 61 55 01 01\n", 0, "FR", ["+33161550101"]),
        ("0033161550101", 0, "US", ["+33161550101"]),
        ("33161550101", 0, "FR", ["+33161550101"]),
        ("(617) 555-0100\n1-617-555-0101\n", 0, "US", ["+16175550100", "+16175550101"]),
        ("a;phone\nx;3242567400\n", 1, "CO", ["+573242567400"]),
        ('"a,b",+33161550101\r\n\r\nc,no\r\n', 1, "FR", ["+33161550101"]),
        ("\ufeffphone\tname\n+33161550101\tx\n", 0, "FR", ["+33161550101"]),
        ("0161550101\n", 0, "ZZ", []),
        ("name\nnobody\n", 0, "FR", []),
    ],
)
def test_files(
    sandbox: Sandbox, callr: Any, content: str, column: int, country: str, numbers: list[str]
) -> None:
    """Separators, quotes, headers and national numbers are read; what is no number is left out."""
    book = callr.book(0)
    job = callr.sendr("addressbook.append_file_async", book, callr.file(content), column, country, None)
    assert callr.done(job) == {"numbers_imported": len(numbers)}
    assert sandbox.state()["callr"]["addressbooks"][0]["numbers"] == numbers


@pytest.mark.parametrize(("content", "column"), [(b"a,b\n1,2\n", 2), (b"", 0), (b"\xd0\xcf\x11\xe0\xa1", 0)])
def test_files_that_fail(callr: Any, content: bytes, column: int) -> None:
    """A file without the column, or that is no text, ends as a job with an error."""
    data = base64.b64encode(content).decode() or "Cg=="
    file = callr.done(callr.call("media.import_file_from_base64_async", data, None))["filename"]
    job = callr.sendr("addressbook.append_file_async", callr.book(0), file, column, "FR", None)
    shown = [callr.call("jobs.get", job) for _ in range(2)][-1]
    assert (shown["result"], shown["error"] is None) == (None, False)


@pytest.mark.slow
def test_what_imports_refuse(callr: Any) -> None:
    """No base64, more than 10 MB, an unknown file or book, a hook without an address: errors, and no job."""
    file, book = callr.file("+33161550101"), callr.book(0)
    large = base64.b64encode(bytes(10 * 1024 * 1024 + 1)).decode()
    refused = [
        ("media.import_file_from_base64_async", "no base64", None),
        ("media.import_file_from_base64_async", large, None),
        ("media.import_file_from_url_async", "ftp://clinic.example/a.csv", None),
        ("media.import_file_from_base64_async", "Cg==", {"url": "https://clinic.example"}),
        ("sendr/10/addressbook.append_file_async", book, "nosuch.tmp", 0, "FR", None),
        ("sendr/10/addressbook.append_file_async", "NOSUCH12", file, 0, "FR", None),
        ("sendr/10/addressbook.append_file_async", book, file, "x", "FR", None),
        ("sendr/10/addressbook.append_file_async", book, file, 0, None, None),
        ("sendr/10/addressbook.create", "", None),
        ("sendr/10/addressbook.create", "spring", 7),
    ]
    for method, *params in refused:
        assert callr.refused(method, *params)["message"]
    assert _count(callr, book) == 0


def test_a_new_book_may_show_late(sandbox: Sandbox, callr: Any) -> None:
    """A14: a description may be null; a search may lag behind, and twins are told apart by their hash."""
    sandbox.faults({"action": "lag", "operation": "addressbook.create", "reads": 1, "count": 1})
    late = callr.sendr("addressbook.create", "spring", None)
    assert late["description"] == ""
    assert [callr.sendr("addressbook.search", None, None)["total"] for _ in range(2)] == [0, 1]
    _options(sandbox, null_description="null")
    twin = callr.sendr("addressbook.create", "spring", None)
    assert (twin["description"], twin["hash"] != late["hash"]) == (None, True)
    _options(sandbox, unique_names=True)
    assert (
        callr.refused("sendr/10/addressbook.create", "spring", None)["message"] == "name: is already in use"
    )
