"""CALLR `sendr/10/campaign.*`: templates, checks, saving, reading, and the three verbs."""

from typing import Any

from reconciler.sandbox.ledger import Queued
from reconciler.sandbox.vendors.callr import forms, jobs, schedule, searches, statuses, whole
from reconciler.sandbox.vendors.callr.account import NAME, Account, Call, Refused, by_hash
from reconciler.sandbox.vendors.callr.dialing import SUBJECT, begin, end, settle, settle_all
from reconciler.sandbox.vendors.callr.records import ENDED, TYPES, Campaign, State

USER = "USER"


def template(call: Call) -> dict[str, Any]:
    """`campaign.get_object_template`: what a type has before anything is said."""
    kind = call.text(0, "type")
    if kind not in TYPES:
        raise Refused(f"type: must be one of {', '.join(TYPES)}")
    return whole.template(call.account, kind)


def action_templates(call: Call) -> dict[str, Any]:
    """`campaign.get_voice_ivr_action_objects_templates`: the parameters of each action of a key."""
    shapes = forms.actions(call.account.options)
    return {name: shape.default() for name, shape in shapes.items() if name != "NONE"}


def check(call: Call) -> list[str]:
    """`campaign.check`: everything that is wrong; empty if nothing is."""
    return whole.read(call)[1]


def save(call: Call) -> dict[str, Any]:
    """`campaign.save`: makes one, or with a hash changes one (A2). With an enabled schedule it may call."""
    account = call.account
    saved, problems = whole.read(call)
    known = whole.known_campaign(call)
    if known is not None:
        _check_update(account, known, saved)
    if problems:
        raise Refused(problems[0], data=problems)
    was_enabled = known is not None and known.schedule["enabled"]
    campaign = _made(call, saved) if known is None else _updated(account, known, saved)
    if campaign.schedule["enabled"] and not was_enabled:
        _enable(account, campaign)
    return whole.shown(account, campaign)


def get(call: Call) -> dict[str, Any]:
    """`campaign.get`: the whole of it."""
    campaign = wanted(call)
    jobs.look_at_book(call.account, campaign.book)
    return whole.shown(call.account, campaign)


def search(call: Call) -> dict[str, Any]:
    """`campaign.search`: whole campaigns, page by page."""
    account = call.account
    settle_all(account)
    rows = account.campaigns.listed()
    return searches.answer(
        call, rows, lambda row: f"{row.name} {row.type}", lambda row: whole.shown(account, row)
    )


def start(call: Call) -> dict[str, Any]:
    """`campaign.start`: from now on, whatever the schedule says; of one that has ended, perhaps again."""
    account, campaign = call.account, wanted(call)
    choice = "success"
    if campaign.state is State.STARTED:
        choice = account.options.start_started
    elif campaign.state in ENDED:
        choice = account.options.start_ended
    if choice == "refuse":
        raise _wrong_state(campaign)
    if choice == "again":
        _rewind(campaign)
    if campaign.state is not State.STARTED:
        begin(campaign, USER, account.now())
        _arm(account, campaign)
    if account.options.append_while_running == "ignored":
        campaign.limit = len(campaign.book.numbers)
    return statuses.shown(account, campaign)


def pause(call: Call) -> dict[str, Any]:
    """`campaign.pause`: its own schedule may set it going again, if that is left enabled."""
    account, campaign = call.account, wanted(call)
    if campaign.state is State.STARTED:
        campaign.turn(State.PAUSED, USER, account.now())
    elif campaign.state is not State.PAUSED or account.options.pause_twice == "refuse":
        raise _wrong_state(campaign)
    return statuses.shown(account, campaign)


def stop(call: Call) -> dict[str, Any]:
    """`campaign.stop`: an end, with a report."""
    account, campaign = call.account, wanted(call)
    created = campaign.state is State.CREATED and account.options.stop_created == "success"
    if campaign.state not in {State.STARTED, State.PAUSED} and not created:
        raise _wrong_state(campaign)
    end(account, campaign, State.STOPPED, "STOPPED", account.now())
    return statuses.shown(account, campaign)


def delete(call: Call) -> bool:
    """`campaign.delete`: what runs is refused."""
    account, campaign = call.account, wanted(call)
    if campaign.state is State.STARTED and account.options.delete_running == "refuse":
        raise _wrong_state(campaign)
    account.campaigns.remove(campaign.id)
    return True


def wanted(call: Call) -> Campaign:
    """Find the campaign that is meant, as it is now."""
    campaign = by_hash(call.account.campaigns, call.text(0, "hash"), "campaign")
    settle(call.account, campaign)
    return campaign


def _check_update(account: Account, known: Campaign, saved: dict[str, Any]) -> None:
    if known.state in ENDED or (known.state is State.STARTED and account.options.save_started == "refuse"):
        raise _wrong_state(known)
    if saved and saved["type"] != known.type:
        raise Refused("type: can't be changed")
    if saved and known.state is not State.CREATED and saved["book"] is not known.book:
        raise Refused("addressbook: can't be changed any more")


def _made(call: Call, saved: dict[str, Any]) -> Campaign:
    account, now = call.account, call.account.now()
    number = account.campaigns.take_id()
    campaign = Campaign(
        number,
        account.new_hash("campaign", number),
        **saved,
        created_at=now,
        updated_at=now,
        settled=now,
        hidden_reads=call.request.lag,
    )
    account.campaigns.add(campaign)
    _queue(account, campaign)
    return campaign


def _updated(account: Account, campaign: Campaign, saved: dict[str, Any]) -> Campaign:
    changes_book = saved["book"] is not campaign.book
    for name, value in saved.items():
        setattr(campaign, name, value)
    campaign.updated_at = account.now()
    if changes_book:
        _queue(account, campaign)
    return campaign


def _queue(account: Account, campaign: Campaign) -> None:
    """Whoever is in the book is in the campaign's queue from now on."""
    at = account.now()
    account.world.ledger.record_queued(
        Queued(NAME, account.name, campaign.id, number, at, while_active=False)
        for number in campaign.book.numbers
    )


def _enable(account: Account, campaign: Campaign) -> None:
    """Set its clock going; within its hours a campaign may begin at once."""
    _arm(account, campaign)
    inside = schedule.is_inside(campaign.schedule, account.zone, account.now())
    waiting = campaign.state in {State.CREATED, State.PAUSED}
    if inside and waiting and account.options.enabled_inside_window == "starts":
        begin(campaign, SUBJECT, account.now())


def _arm(account: Account, campaign: Campaign) -> None:
    account.world.arm(NAME, account.name, campaign.id)


def _rewind(campaign: Campaign) -> None:
    """Begin another pass over everybody."""
    campaign.run += 1
    campaign.position = campaign.done = 0
    campaign.cause, campaign.ended_at = "NONE", None
    campaign.retries.clear()


def _wrong_state(campaign: Campaign) -> Refused:
    return Refused(f"the campaign is {campaign.state}")
