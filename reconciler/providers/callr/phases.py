"""A campaign set going, paused and stopped: its clock first, then a look at it, and only then the rest.

Armed means that the clock is on, for then the vendor starts it by itself. What makes it quieter turns the clock
off, reads that back, and then pauses or stops; a campaign that was only paused would ring again at its next hour.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from reconciler.model.outcome import Outcome
from reconciler.model.state import Operation, Result
from reconciler.providers.base import Sending
from reconciler.providers.callr import client as api
from reconciler.providers.callr import document, hours, verbs, wire
from reconciler.providers.callr.dialect import fetch, is_object, written
from reconciler.providers.callr.document import Document
from reconciler.transport.client import Client
from reconciler.transport.request import Request

DONE = Outcome(Result.DONE)
OFF = "its clock is off"


def set_phase(client: Client, remote_id: str, operation: Operation, sending: Sending | None) -> Outcome:
    """Bring it into a state, beginning with a look at it; a stop goes out though it cannot be looked at."""
    try:
        now = whole(client, remote_id)
    except verbs.UNREAD as error:
        if operation is Operation.STOP:
            return _stopped(client, remote_id, "")
        return Outcome(Result.NOT_SENT, error.message)
    try:
        if operation in (Operation.START, Operation.RESUME):
            return _set_going(client, remote_id, now, sending)
        return (
            _stop(client, remote_id, now) if operation is Operation.STOP else _pause(client, remote_id, now)
        )
    except verbs.UNREAD as error:
        return Outcome(Result.UNKNOWN, error.message)


def whole(client: Client, remote_id: str) -> Document:
    """Look at one campaign; raises like `Client.fetch`."""
    found: Document = fetch(client, api.get_campaign(remote_id), is_object)
    return found


# Louder


def _set_going(client: Client, remote_id: str, now: Document, sending: Sending | None) -> Outcome:
    if sending is None:
        return Outcome(Result.REFUSED, "it is not in the manifests, so nobody knows when it may ring")
    if document.state_of(now) in document.OVER:
        return Outcome(Result.REFUSED, "it is over, and is not started again")
    if not sending.fields.get("schedule"):
        return _started(client, remote_id)
    outcome = _clocked(client, remote_id, now, sending)
    if not outcome.done or not _may_ring_now(client, sending):
        return outcome
    return _started(client, remote_id)


def _clocked(client: Client, remote_id: str, now: Document, sending: Sending) -> Outcome:
    """Turn the clock on, with the hours of the manifest, and read both back."""
    timed = document.filled(now, sending.fields, None, changed=("schedule",))
    outcome = written(client, api.save_campaign(document.armed(timed)), is_object)
    if not outcome.done:
        return outcome
    seen = whole(client, remote_id)
    if document.is_clocked(seen) and hours.decode(seen["schedule"].get("days")) == sending.fields["schedule"]:
        return outcome
    quiet = _pause(client, remote_id, seen)
    return Outcome(Result.REFUSED, "CALLR did not keep its hours as they were sent") if quiet.done else quiet


def _may_ring_now(client: Client, sending: Sending) -> bool:
    """Whether a window is open, by the vendor's time; where that is not told, the next window starts it."""
    try:
        seconds = wire.number(fetch(client, api.timestamp(), lambda result: wire.number(result) is not None))
    except verbs.UNREAD:
        return False
    now = dt.datetime.fromtimestamp(seconds or 0, dt.UTC)
    return hours.is_open(sending.fields["schedule"], str(sending.fields["zone"]), now)


def _started(client: Client, remote_id: str) -> Outcome:
    return _reached(client, remote_id, api.start_campaign, (document.STARTED, document.FINISHED))


# Quieter


def _pause(client: Client, remote_id: str, now: Document) -> Outcome:
    """Turn its clock off, and pause it if it rings, even where the clock could not be turned off."""
    if document.state_of(now) in document.OVER:
        return DONE
    off, state = _quietened(client, remote_id, now)
    if state != document.STARTED:
        return off
    paused = _paused(client, remote_id)
    return paused if off.done else off


def _stop(client: Client, remote_id: str, now: Document) -> Outcome:
    """Turn its clock off, and stop it; what is stopped has no clock that matters."""
    if document.state_of(now) in document.OVER:
        return DONE
    off, state = _quietened(client, remote_id, now)
    stopped = _stopped(client, remote_id, state if off.done else "")
    return off if not stopped.done and not off.done else stopped


def _quietened(client: Client, remote_id: str, now: Document) -> tuple[Outcome, str]:
    """Turn the clock off; one that rings may take no save before it is paused (A2), so that comes first then."""
    off, state = _unclocked(client, remote_id, now)
    if off.result is not Result.REFUSED or state != document.STARTED or off.credentials:
        return off, state
    if not _paused(client, remote_id).done:
        return off, state
    return _unclocked(client, remote_id, whole(client, remote_id))


def _paused(client: Client, remote_id: str) -> Outcome:
    return _reached(client, remote_id, api.pause_campaign, (document.PAUSED, *document.OVER))


def _unclocked(client: Client, remote_id: str, now: Document) -> tuple[Outcome, str]:
    """Turn the clock off, unless it is, and read that back; and the state that it is in then."""
    if document.is_clocked(now) is False:
        return DONE, document.state_of(now)
    outcome = written(client, api.save_campaign(document.silenced(now)), is_object)
    if not outcome.done:
        return outcome, document.state_of(now)
    seen = whole(client, remote_id)
    if document.is_clocked(seen):
        outcome = Outcome(Result.UNKNOWN, "its clock was turned off, and still shows as on")
    return outcome, document.state_of(seen)


def _stopped(client: Client, remote_id: str, state: str) -> Outcome:
    """Stop it. One that never began may not take that; with its clock off it is silent for good."""
    outcome = _reached(client, remote_id, api.stop_campaign, document.OVER)
    if outcome.result is Result.REFUSED and state == "CREATED" and not outcome.credentials:
        return Outcome(Result.DONE, f"it never began; {OFF}", request_id=outcome.request_id)
    return outcome


def _reached(
    client: Client, remote_id: str, request: Callable[[str], Request], states: tuple[str, ...]
) -> Outcome:
    """Ask for a state, and see whether it came to that; what CALLR says where it is so already is not documented."""
    outcome = written(client, request(remote_id))
    if outcome.result is Result.NOT_SENT or outcome.credentials:
        return outcome
    try:
        seen = document.state_of(whole(client, remote_id))
    except verbs.UNREAD:
        return outcome
    if seen in states:
        return outcome if outcome.done else Outcome(Result.DONE, "it shows", request_id=outcome.request_id)
    if outcome.done:
        return Outcome(
            Result.UNKNOWN,
            f"CALLR took it, and shows it as {seen or 'nothing'}",
            request_id=outcome.request_id,
        )
    return outcome
