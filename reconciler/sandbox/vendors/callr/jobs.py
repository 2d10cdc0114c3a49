"""CALLR's jobs: imports that take their time, can be asked for, and go on whether anybody asks or not.

A job is done after some looks at it or after some seconds, whichever comes first, so that neither a client that
waits for a clock that stands still nor one that never asks is left with half of an import.
"""

import base64
import binascii

from reconciler.sandbox.ledger import Queued
from reconciler.sandbox.vendors.callr.account import NAME, Account, Call, Refused, stamp
from reconciler.sandbox.vendors.callr.files import numbers_of
from reconciler.sandbox.vendors.callr.records import Book, Job, State

LARGEST = 10 * 1024 * 1024
FAILURE = {"code": 1, "message": "the job failed"}


def import_base64(call: Call) -> str:
    """`media.import_file_from_base64_async`: a file, for a while and under a new name."""
    try:
        content = base64.b64decode(call.text(0, "data"), validate=True)
    except (binascii.Error, ValueError):
        raise Refused("data: is no base64") from None
    _webhook(call, 1)
    if len(content) > LARGEST:
        raise Refused("data: is larger than 10 MB")
    job = _begin(call.account)
    call.account.files[job.filename] = content
    return job.hid


def import_url(call: Call) -> str:
    """`media.import_file_from_url_async`: nothing is fetched from here, so the job fails."""
    if not call.text(0, "url").startswith(("http://", "https://")):
        raise Refused("url: must be an address")
    _webhook(call, 1)
    job = _begin(call.account)
    job.failure = "the file can't be fetched"
    return job.hid


def append(call: Call, book: Book) -> str:
    """Put a file's numbers into a book; what can't be read as a number is left out without a word."""
    account = call.account
    filename, column = call.text(1, "file"), call.number(2, "column")
    country = call.text(3, "country_code").upper()
    _webhook(call, 4)
    if filename not in account.files:
        raise Refused("file: not found")
    found = numbers_of(account.files[filename], column, country)
    job = _begin(account)
    job.book, job.numbers, job.header = book, found.numbers, found.header
    job.failure = found.problem
    return job.hid


def get(call: Call) -> dict[str, object]:
    """`jobs.get`: how far it is; looking moves it on."""
    job = _wanted(call)
    look(call.account, job)
    return shown(call.account, job)


def cancel(call: Call) -> bool:
    """`jobs.cancel`: what was placed stays."""
    job = _wanted(call)
    advance(call.account, job)
    if job.is_over:
        raise Refused("the job is over")
    job.canceled = True
    return True


def look(account: Account, job: Job) -> None:
    """Count a look."""
    job.looks += 1
    advance(account, job)


def look_at_book(account: Account, book: Book) -> None:
    """Looking at a book is looking at what fills it."""
    for job in account.jobs:
        if job.book is book and not job.is_over:
            look(account, job)


def advance_all(account: Account) -> None:
    """Bring every job up to what the clock shows."""
    for job in account.jobs:
        if not job.is_over:
            advance(account, job)


def advance(account: Account, job: Job) -> None:
    """Bring a job up to now, and into its book what is due."""
    if job.is_over:
        return
    job.share = _share(account, job)
    if job.failure or account.options.import_fails != "no":
        if job.share == 1:
            job.done_at = account.now()
            job.failure = job.failure or "the file can't be read"
        return
    due = int(job.share * len(job.numbers))
    if job.book is not None and (job.share == 1 or account.options.import_in_parts):
        _place(account, job.book, job.numbers[job.placed : due])
        job.placed = due
    if job.share == 1:
        job.done_at = account.now()
        _finish(job)


def shown(account: Account, job: Job) -> dict[str, object]:
    """Describe a job; its share is a text (A8)."""
    status = _status(account, job)
    result: dict[str, object] | None = None
    if status == "DONE" and not job.failure:
        result = {"filename": job.filename} if job.book is None else {"numbers_imported": len(job.numbers)}
    return {
        "id": job.hid,
        "status": status,
        "percent": f"{100 * job.share:.2f}",
        "done_at": stamp(job.done_at),
        "error": {**FAILURE, "message": job.failure} if job.failure and job.done_at else None,
        "result": result,
    }


def _status(account: Account, job: Job) -> str:
    if job.canceled:
        return "CANCELED"
    if job.done_at is None:
        return "PENDING" if job.share == 0 else "RUNNING"
    if job.failure:
        return {"canceled": "CANCELED", "running": "RUNNING"}.get(account.options.import_fails, "DONE")
    return "DONE"


def _begin(account: Account) -> Job:
    number = account.jobs.take_id()
    hid = account.new_hash("job", number, 24).lower()
    job = Job(number, hid, account.now(), filename=f"{hid}.tmp")
    account.jobs.add(job)
    return job


def _wanted(call: Call) -> Job:
    wanted = call.text(0, "id")
    for job in call.account.jobs:
        if job.hid == wanted:
            return job
    raise Refused("job not found")


def _share(account: Account, job: Job) -> float:
    options = account.options
    waited = (account.now() - job.made_at).total_seconds()
    by_clock = waited / options.job_seconds if options.job_seconds > 0 else 1.0
    by_looks = job.looks / options.job_looks if options.job_looks > 0 else 1.0
    return min(1.0, max(job.share, by_clock, by_looks))


def _place(account: Account, book: Book, numbers: list[str]) -> None:
    """Put numbers into a book, and so into the queue of the campaigns that it is for."""
    if account.options.duplicates == "drop":
        there = set(book.numbers)
        numbers = [number for number in dict.fromkeys(numbers) if number not in there]
    book.numbers.extend(numbers)
    for campaign in account.campaigns:
        if campaign.book is book:
            active = campaign.state is State.STARTED
            account.world.ledger.record_queued(
                Queued(NAME, account.name, campaign.id, number, account.now(), active) for number in numbers
            )


def _finish(job: Job) -> None:
    if job.book is not None:
        job.book.imported_at = job.done_at
        job.book.content_header = job.header or job.book.content_header


def _webhook(call: Call, at: int) -> None:
    """Read a webhook, which is never called: nothing leaves this host."""
    hook = call.value(at)
    if hook is None:
        return
    if not isinstance(hook, dict) or not isinstance(hook.get("endpoint"), str):
        raise Refused("webhook: must be an object with an endpoint")
