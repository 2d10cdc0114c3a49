"""Plum Voice `/campaigns/start`, `/stop` and `/add-calls`: the three calls that decide who is called."""

from collections.abc import Sequence

from reconciler.sandbox.ledger import Queued
from reconciler.sandbox.messages import Reply
from reconciler.sandbox.vendors.plum.account import ACCOUNT, NAME, Account, Operation, Refused, found, success
from reconciler.sandbox.vendors.plum.dialing import settle
from reconciler.sandbox.vendors.plum.phone_numbers import Unreadable, read_phone_numbers
from reconciler.sandbox.vendors.plum.records import Campaign, PhoneNumber, Run

REFUSAL = 400  # the status of a refused start or stop is not documented


def start(operation: Operation) -> Reply:
    """`POST /campaigns/start`. Neither a second start nor one after a stop is documented: see the options."""
    account = operation.account
    campaign = _campaign(operation)
    settle(account, campaign)
    choice = _start_choice(account, campaign)
    if choice in {"refuse", "error"}:
        raise Refused(REFUSAL, f"Campaign id {campaign.id} is {campaign.run}.")
    if choice == "redial":
        campaign.position = 0
    activate(account, campaign)
    return success(campaign_id=campaign.id)


def _start_choice(account: Account, campaign: Campaign) -> str:
    if campaign.run is Run.ACTIVE:
        return account.options.start_active
    if campaign.run is Run.STOPPED:
        return account.options.restart_after_stop
    return "success"


def activate(account: Account, campaign: Campaign) -> None:
    """Let it call from now on."""
    if campaign.run is not Run.ACTIVE:
        campaign.run = Run.ACTIVE
        account.world.arm(NAME, ACCOUNT, campaign.id)


def stop(operation: Operation) -> Reply:
    """`POST /campaigns/stop`: documented for an active campaign; the options decide about others."""
    account = operation.account
    campaign = _campaign(operation)
    settle(account, campaign)
    if campaign.run is Run.ACTIVE:
        campaign.run = Run.STOPPED
    elif account.options.stop_inactive == "error":
        raise Refused(REFUSAL, f"Campaign id {campaign.id} is not active.")
    return success(campaign_id=campaign.id)


def add_calls(operation: Operation) -> Reply:
    """`POST /campaigns/add-calls`: to the end of the queue, even if there already; no count comes back."""
    numbers = phone_numbers(operation, required=True)
    campaign = _campaign(operation)
    append(operation.account, campaign, numbers)
    return success(campaign_id=campaign.id)


def phone_numbers(operation: Operation, *, required: bool) -> list[PhoneNumber]:
    """Read the numbers sent. What becomes of invalid ones is not documented: see the options."""
    form = operation.form
    value = form.value("phone_numbers", required=required)
    try:
        entries = [] if value is None else read_phone_numbers(value)
    except Unreadable as problem:
        form.refuse("phone_numbers", str(problem))
        return []
    valid = [entry for entry in entries if entry is not None]
    if len(valid) < len(entries) and operation.account.options.invalid_numbers == "refuse":
        form.refuse(
            "phone_numbers", f"The phone numbers contain {len(entries) - len(valid)} invalid entries."
        )
    return valid


def append(account: Account, campaign: Campaign, numbers: Sequence[PhoneNumber]) -> None:
    """Queue numbers, after placing the calls that were due without them."""
    settle(account, campaign)
    campaign.queue.extend(numbers)
    active, at = campaign.run is Run.ACTIVE, account.now()
    account.world.ledger.record_queued(
        Queued(NAME, ACCOUNT, campaign.id, entry.number, at, active) for entry in numbers
    )


def _campaign(operation: Operation) -> Campaign:
    campaign_id = operation.form.integer("campaign_id")
    operation.form.finish()
    return found(operation.account.campaigns, campaign_id or 0, "Campaign")
