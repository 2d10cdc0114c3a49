"""People into an addressbook: a file handed over by one job, its rows added by another, and the rows counted.

Each step's handle is durable before the next request leaves. Handing a file over twice does no harm; adding its
rows twice may, so that request is made once, and where its reply was lost the count has to tell.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from typing import Any

from msgspec import Struct, to_builtins
from msgspec.structs import replace

from reconciler.errors import CredentialsError, UnreachableError
from reconciler.model.outcome import Outcome, Pending
from reconciler.model.state import QUEUED, REMARK, Result
from reconciler.providers.base import SendableContact
from reconciler.providers.callr import client as api
from reconciler.providers.callr import people, wire
from reconciler.providers.callr.about import FILE_BYTES, PHONE_COLUMN, POLL
from reconciler.providers.callr.addressbook import people_in
from reconciler.providers.callr.dialect import fetch, is_map, is_text, send
from reconciler.transport.client import Client

FILE, ROWS, ADDED, COUNT = "file", "rows", "added", "count"
"""The steps: handing the file over; adding its rows, about to be asked for; asked for; done, being counted."""

LOOKS = 20
"""So often the count is looked at once the job says that it is done."""


class Import(Struct, frozen=True):
    """One import at work: of so many people into a book that had so many rows before. It names nobody."""

    step: str
    book: str
    before: int
    people: int
    job: str = ""
    filename: str = ""
    taken: int = -1
    looks: int = LOOKS

    @property
    def handle(self) -> str:
        """The text that the log keeps."""
        return json.dumps(to_builtins(self), sort_keys=True, separators=(",", ":"))

    @classmethod
    def of(cls, handle: str) -> Import:
        """Read it back."""
        return cls(**json.loads(handle))

    def pending(self, *, announces: bool = False) -> Pending:
        """The next step; what announces a request goes on at once."""
        return Pending(self.handle, 0.0 if announces else POLL, announces)


def begin(client: Client, book: str, contacts: Sequence[SendableContact]) -> Outcome | Pending:
    """Count what is there, and hand the file over; without its job nothing comes of it."""
    try:
        before = people_in(client, book)
    except (UnreachableError, CredentialsError) as error:
        return _unread(error)
    if before is None:
        return Outcome(Result.REFUSED, "its addressbook is not there, or does not say how many rows it has")
    content = people.content(contacts)
    if len(content) > FILE_BYTES:
        return Outcome(Result.REFUSED, "the file would have more than 10 MB: give the list fewer columns")
    answer = send(client, api.import_file(base64.b64encode(content).decode("ascii")), is_text)
    if not answer.done:
        outcome = answer.outcome()
        lost = outcome.result is Result.UNKNOWN
        return replace(outcome, result=Result.NOT_SENT) if lost else outcome
    return Import(FILE, book, before, len(contacts), str(answer.value)).pending()


def proceed(client: Client, handle: str) -> Outcome | Pending:
    """Ask for the rows to be added."""
    work = Import.of(handle)
    request = api.append_file(work.book, work.filename, PHONE_COLUMN, people.COUNTRY)
    answer = send(client, request, is_text)
    if not answer.done:
        return answer.outcome()
    return replace(work, step=ADDED, job=str(answer.value)).pending()


def poll(client: Client, handle: str) -> Outcome | Pending:
    """Look at the job, or at the count."""
    work = Import.of(handle)
    try:
        if work.step == ROWS:
            return _look(client, work)
        return _counted(client, work) if work.step == COUNT else _job(client, work)
    except (UnreachableError, CredentialsError) as error:
        return Outcome(Result.UNKNOWN, error.message)


def _job(client: Client, work: Import) -> Outcome | Pending:
    """A job is over when it is done, cancelled, or has an error, whatever its status (A7)."""
    job = fetch(client, api.get_job(work.job), is_map)
    status = (wire.text(job.get("status")) or "").upper()
    if job.get("error") or status in ("CANCELED", "CANCELLED", "ERROR", "FAILED"):
        return _failed(work)
    if status != "DONE":
        return work.pending()
    result = job.get("result")
    result = result if isinstance(result, dict) else {}
    if work.step == FILE:
        return _handed_over(work, result)
    taken = wire.number(result.get("numbers_imported"))
    return _counted(client, replace(work, step=COUNT, taken=-1 if taken is None else taken))


def _failed(work: Import) -> Outcome:
    if work.step == FILE:
        return Outcome(Result.REFUSED, "CALLR could not take the file in, so nobody was added")
    return Outcome(Result.UNKNOWN, "the job that adds people failed; how many it had added is not known")


def _handed_over(work: Import, result: dict[str, Any]) -> Outcome | Pending:
    filename = wire.text(result.get("filename"))
    if not filename:
        return Outcome(Result.REFUSED, "CALLR took the file in and does not name it, so nobody was added")
    return replace(work, step=ROWS, job="", filename=filename).pending(announces=True)


def _look(client: Client, work: Import) -> Outcome:
    """After a lost reply: whether all the rows are there."""
    count = people_in(client, work.book)
    if count == work.before + work.people:
        return _done(work, count)
    text = f"its addressbook had {work.before} rows, {work.people} were to come, and it has {count}"
    return Outcome(Result.UNKNOWN, text)


def _counted(client: Client, work: Import) -> Outcome | Pending:
    """The count has to be what the job says, or where that says nothing, what was sent."""
    count = people_in(client, work.book)
    expected = work.people if work.taken < 0 else work.taken
    if count == work.before + expected:
        return _done(replace(work, taken=expected), count)
    if work.looks > 0:
        return replace(work, looks=work.looks - 1).pending()
    text = f"CALLR says that it added {expected} people to {work.before}, and its addressbook has {count}"
    return Outcome(Result.UNKNOWN, text)


def _done(work: Import, count: int) -> Outcome:
    facts = {QUEUED: str(count)}
    if 0 <= work.taken != work.people:
        facts[REMARK] = f"of {work.people} people sent CALLR took {work.taken} in"
    return Outcome(Result.DONE, facts=facts)


def _unread(error: UnreachableError | CredentialsError) -> Outcome:
    """Nothing was sent yet."""
    return Outcome(Result.NOT_SENT, error.message, credentials=isinstance(error, CredentialsError))
