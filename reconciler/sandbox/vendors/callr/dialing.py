"""Calling and texting for CALLR: brings a campaign up to what the clock shows.

As many calls are under way as the campaign's limit allows, each for some seconds. Follow-ups, and callbacks that a
key asks for, call the same person again. Pausing begins no further calls; those under way end by themselves.
"""

import heapq
from collections.abc import Iterator
from datetime import datetime, timedelta

from reconciler.sandbox.ledger import Call
from reconciler.sandbox.telephones import ends_in
from reconciler.sandbox.vendors.callr import schedule
from reconciler.sandbox.vendors.callr.account import NAME, Account
from reconciler.sandbox.vendors.callr.forms import KEYS
from reconciler.sandbox.vendors.callr.options import Options
from reconciler.sandbox.vendors.callr.records import ENDED, Campaign, Retry, State

FIRST = 0  # the attempt of somebody who was not called before
COMPLETE, INCOMPLETE = "ANSWERED/COMPLETE", "ANSWERED/INCOMPLETE"
BUSY, NO_ANSWER, VOICEMAIL = "ABSENT/BUSY", "ABSENT/NO_ANSWER", "ABSENT/VOICEMAIL_DETECTED"
BLACKLISTED, UNALLOCATED = "ERROR/BLACKLISTED", "ERROR/UNALLOCATED_NUMBER"
CAUSES = {
    NO_ANSWER: ("no_response", "NO_RESPONSE"),
    BUSY: ("no_response", "NO_RESPONSE"),
    INCOMPLETE: ("short_call", "SHORTCALL"),
    VOICEMAIL: ("voicemail_detected", "VOICEMAIL_DETECTED"),
}
SUBJECT = "CAMPAIGN"


def settle(account: Account, campaign: Campaign) -> None:
    """Simulate what happened since the last time; comes before whatever changes a campaign or shows it."""
    since, until = campaign.settled, account.now()
    campaign.settled = until
    if since >= until or campaign.state in ENDED:
        return
    calls: list[Call] = []
    for at, action in schedule.events(campaign.schedule, account.zone, since, until):
        calls.extend(_run(account, campaign, at))
        _obey(campaign, action, at)
    calls.extend(_run(account, campaign, until))
    account.world.ledger.record_calls(calls)


def settle_all(account: Account) -> None:
    """Bring every campaign up to now."""
    for campaign in account.campaigns:
        settle(account, campaign)


def begin(campaign: Campaign, origin: str, at: datetime) -> None:
    """Call from a moment on."""
    campaign.turn(State.STARTED, origin, at)
    campaign.started_at = campaign.started_at or at
    if campaign.outset is None:
        campaign.outset = len(campaign.book.numbers)
    campaign.next_call = max(campaign.next_call or at, at)


def end(account: Account, campaign: Campaign, state: State, cause: str, at: datetime) -> None:
    """Call nobody any more, and leave a report."""
    campaign.turn(state, SUBJECT if state is State.FINISHED else "USER", at)
    campaign.cause, campaign.ended_at = cause, at
    campaign.reports.append((account.new_hash("report", campaign.id * 1000 + campaign.run), campaign.run))


def _obey(campaign: Campaign, action: str, at: datetime) -> None:
    if action == "unpause" and campaign.state in {State.CREATED, State.PAUSED}:
        begin(campaign, SUBJECT, at)
    elif action == "pause" and campaign.state is State.STARTED:
        campaign.turn(State.PAUSED, SUBJECT, at)


def _run(account: Account, campaign: Campaign, until: datetime) -> Iterator[Call]:
    """Call whom there is time for before `until`, and end the calls that are over by then."""
    while campaign.state is State.STARTED and campaign.next_call is not None and campaign.next_call < until:
        at = campaign.next_call
        _end_calls(account, campaign, at)
        if campaign.state is not State.STARTED:
            return
        wanted = _next(campaign, at)
        if wanted is not None:
            yield from _placed(account, campaign, wanted, at)
        elif (waits := _waits_for(campaign)) is not None:
            campaign.next_call = max(at, waits)
            if waits <= at:
                _end_calls(account, campaign, at)
        else:
            end(account, campaign, State.FINISHED, "DONE", at)
    _end_calls(account, campaign, until)
    is_idle = campaign.state is State.STARTED and _waits_for(campaign) is None
    if is_idle and campaign.position >= campaign.total and campaign.done:
        end(account, campaign, State.FINISHED, "DONE", until)


def _next(campaign: Campaign, at: datetime) -> Retry | None:
    """Take whom to call: somebody whose time has come again, else the next of the book."""
    if campaign.retries and campaign.retries[0].due <= at:
        return heapq.heappop(campaign.retries)
    if campaign.position < campaign.total:
        campaign.position += 1
        return Retry(at, campaign.book.numbers[campaign.position - 1], FIRST, "")
    return None


def _waits_for(campaign: Campaign) -> datetime | None:
    """When something will happen though nobody is left to be called now."""
    moments = [campaign.active[0][0]] if campaign.active else []
    moments += [campaign.retries[0].due] if campaign.retries else []
    return min(moments, default=None)


def _placed(account: Account, campaign: Campaign, wanted: Retry, at: datetime) -> Iterator[Call]:
    """Place one call, or leave it for a black list's sake."""
    if _is_barred(account, campaign, wanted.number):
        campaign.counts[BLACKLISTED] += 1
        campaign.done += 1
        return
    length, between = _times(account.options, campaign)
    campaign.active.append((at + length, wanted))
    campaign.next_call = at + between
    campaign.counts["calls"] += 1
    if wanted.attempt:
        campaign.counts["retries"] += 1
        campaign.counts[f"retry {wanted.cause}"] += 1
    yield Call(NAME, account.name, campaign.id, wanted.number, at.astimezone(account.zone), None)


def _times(options: Options, campaign: Campaign) -> tuple[timedelta, timedelta]:
    """How long one takes, and how long it is until the next."""
    if not campaign.is_voice:
        return timedelta(), timedelta(hours=1) / options.texts_per_hour
    length = timedelta(seconds=options.call_seconds)
    return length, length / campaign.options["ccl"]


def _end_calls(account: Account, campaign: Campaign, until: datetime) -> None:
    while campaign.active and campaign.active[0][0] <= until:
        at, called = campaign.active.popleft()
        status = _outcome(account.options, campaign, called.number)
        campaign.counts[status] += 1
        pressed = _press(account.options, campaign, called, status)
        again = _follow_up(campaign, called, status, at) or _call_back(campaign, called, pressed, at)
        if again is None:
            campaign.done += 1
        else:
            heapq.heappush(campaign.retries, again)
        if campaign.state is State.STARTED and _is_enough(campaign):
            end(account, campaign, State.FINISHED, "AUTOSTOP", at)


def _outcome(options: Options, campaign: Campaign, number: str) -> str:
    detects = campaign.ivr.get("voicemail_detect_method", "NO") != "NO"
    endings = {
        UNALLOCATED: options.unallocated,
        BUSY: options.busy if campaign.is_voice else "",
        NO_ANSWER: options.no_answer if campaign.is_voice else "",
        VOICEMAIL: options.voicemail if detects else "",
        INCOMPLETE: options.short if campaign.is_voice else "",
    }
    return next((status for status, ending in endings.items() if ends_in(number, ending)), COMPLETE)


def _press(options: Options, campaign: Campaign, called: Retry, status: str) -> str:
    """Which key somebody presses; empty for none."""
    if status != COMPLETE or not campaign.is_voice:
        return ""
    for each in filter(None, options.presses.split(",")):
        digit, _, ending = each.strip().partition(":")
        if ends_in(called.number, ending):
            campaign.counts[f"key_{digit}"] += 1
            return f"key_{digit}"
    return ""


def _follow_up(campaign: Campaign, called: Retry, status: str, at: datetime) -> Retry | None:
    """Call again whom the campaign did not reach, if it says so."""
    followup = campaign.options.get("followup")
    condition, cause = CAUSES.get(status, ("", ""))
    if not condition or followup is None or not followup["enabled"] or not followup["conditions"][condition]:
        return None
    if followup["actions"]["sms"]["enabled"]:
        campaign.counts["sms_sent"] += 1
    again = followup["actions"]["callback"]
    if not again["enabled"] or called.attempt >= again["count"]:
        return None
    due = at + timedelta(minutes=again["delay_minutes"])
    return Retry(due, called.number, called.attempt + 1, cause)


def _call_back(campaign: Campaign, called: Retry, pressed: str, at: datetime) -> Retry | None:
    """Call again who asked for it by a key, once."""
    key = campaign.ivr.get("keys", {}).get(pressed, {})
    if key.get("action") != "CALLBACK" or called.attempt:
        return None
    due = at + timedelta(minutes=key["params"]["delay"])
    return Retry(due, called.number, called.attempt + 1, "CALLBACK")


def _is_enough(campaign: Campaign) -> bool:
    """Whether a condition is met at which the campaign stops by itself."""
    stops = campaign.options.get("auto_stop")
    if stops is None or not stops["enabled"]:
        return False
    answered = campaign.counts[COMPLETE] + campaign.counts[INCOMPLETE]
    by_answers = stops["per_answer_count"]
    if by_answers["enabled"] and 0 < by_answers["count"] <= answered:
        return True
    by_key = stops["per_key"]
    return bool(by_key["enabled"]) and any(0 < by_key[key] <= campaign.counts[key] for key in KEYS)


def _is_barred(account: Account, campaign: Campaign, number: str) -> bool:
    """Whether a black list that the campaign heeds has the number; none selected means all of them (A6)."""
    chosen = campaign.blacklist
    if chosen["method"] == "NONE":
        return False
    selected = chosen["selected"] if chosen["method"] == "SELECT" else []
    return any(number in book.numbers for book in account.blacklists if not selected or book.hash in selected)
