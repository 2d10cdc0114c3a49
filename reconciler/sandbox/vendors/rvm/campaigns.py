"""RVMpro `/campaigns`, all but create: what can be seen of a campaign, and its start, pause and stop."""

from reconciler.sandbox.vendors.rvm.account import (
    ACCOUNT,
    NAME,
    Account,
    Answer,
    Operation,
    padded,
    wanted_campaign,
)
from reconciler.sandbox.vendors.rvm.dialing import clear_hopper, settle, settle_all
from reconciler.sandbox.vendors.rvm.records import LIVE, Campaign, Status
from reconciler.sandbox.vendors.rvm.validation import Failed


def read_all(operation: Operation) -> Answer:
    """`api=list`: active and paused ones alone; neither numbers nor counters."""
    account = operation.account
    settle_all(account)
    live = [campaign for campaign in account.campaigns.listed() if campaign.status in LIVE]
    return Answer({"c_rows": len(live), "data": [_listed(account, campaign) for campaign in live]})


def overview(operation: Operation) -> Answer:
    """`api=overview` (A2): one campaign in whatever state."""
    account, campaign = operation.account, wanted_campaign(operation)
    settle(account, campaign)
    body: dict[str, object] = {
        "c_status": campaign.status.value,
        _spelled(account, "c_campaign_ID", "c_campaign_id"): padded(campaign.id),
        _spelled(account, "c_timestampe", "c_timestamp"): account.stamp(campaign.acted),
        **_settings(campaign),
        "c_timezone": campaign.settings.zone.key,
    }
    return Answer(body | _progress(account, campaign))


def channels(operation: Operation) -> Answer:
    """`api=channels`: the deliveries in progress, which go on after a pause or stop."""
    account, campaign = operation.account, wanted_campaign(operation)
    settle(account, campaign)
    return Answer({"c_campaign_id": padded(campaign.id), "c_channels": len(campaign.in_progress)})


def start(operation: Operation) -> Answer:
    """`api=start`: from paused to active; never what was stopped or completed."""
    account, campaign = operation.account, wanted_campaign(operation)
    settle(account, campaign)
    if campaign.status not in LIVE:
        raise _wrong_status(campaign)
    if campaign.status is Status.PAUSED:
        campaign.turn(Status.ACTIVE, account.now())
        account.world.arm(NAME, ACCOUNT, campaign.id)
    elif account.options.start_active == "error":
        raise _wrong_status(campaign)
    return Answer({"c_campaign_id": padded(campaign.id), "c_status": "ACTIVE"}, campaign.id)


def pause(operation: Operation) -> Answer:
    """`api=pause`: active ones alone; the sample answers `PAUSE` and an id of nine digits (A3)."""
    account, campaign = operation.account, wanted_campaign(operation)
    settle(account, campaign)
    if campaign.status is not Status.ACTIVE:
        raise _wrong_status(campaign)
    campaign.turn(Status.PAUSED, account.now())
    shown_id = _spelled(account, f"{campaign.id:09}", padded(campaign.id))
    status = _spelled(account, "PAUSE", "PAUSED")
    return Answer({"c_campaign_id": shown_id, "c_status": status}, campaign.id)


def stop(operation: Operation) -> Answer:
    """`api=stop`: for good; what was not begun is removed from the queue."""
    account, campaign = operation.account, wanted_campaign(operation)
    settle(account, campaign)
    _check_stop(account, campaign)
    if campaign.status in LIVE:
        clear_hopper(campaign)
        campaign.turn(Status.STOPPED, account.now())
    key = _spelled(account, "c_campaign_ID", "c_campaign_id")
    return Answer({"c_status": campaign.status.value, key: padded(campaign.id)}, campaign.id)


def _check_stop(account: Account, campaign: Campaign) -> None:
    """Refuse what the options say; the page says nothing about a stop of what is not active."""
    options = account.options
    choices = {Status.ACTIVE: "success", Status.PAUSED: options.stop_paused}
    if choices.get(campaign.status, options.stop_ended) == "error":
        raise _wrong_status(campaign)


def _wrong_status(campaign: Campaign) -> Failed:
    return Failed(f"c_campaign_id: the campaign is {campaign.status}")


def _listed(account: Account, campaign: Campaign) -> dict[str, object]:
    return {
        "c_campaign_id": padded(campaign.id),
        **_settings(campaign),
        "c_status": campaign.status.value,
        "c_timestamp": account.stamp(campaign.acted),
        _spelled(account, "c_timezonea", "c_timezone"): campaign.settings.zone.key,
    }


def _settings(campaign: Campaign) -> dict[str, object]:
    """Show settings as list and overview do; times have seconds here (A16)."""
    settings = campaign.settings
    return {
        "c_name": settings.name,
        "c_wav": settings.wav,
        "c_callback": settings.callback,
        "c_start_date": f"{settings.start_date} 00:00:00",
        "c_stop_date": f"{settings.stop_date} 23:59:59",
        "c_start_time": settings.start_time.isoformat(),
        "c_stop_time": settings.stop_time.isoformat(),
        "c_run_days": settings.run_days,
        "c_throttle": settings.throttle,
    }


def _progress(account: Account, campaign: Campaign) -> dict[str, object]:
    """Count what was tried and what is left; each of sample and text has a key the other lacks (A12)."""
    delivered = {"c_delivered": campaign.count("OK")}
    most = {"c_max_throttle": account.options.max_throttle}
    samples = account.options.spelling == "samples"
    return {
        "c_failed": campaign.count("Failure"),
        **({} if samples else delivered),
        "c_filtered": campaign.count("Filtered"),
        "c_hopper": campaign.hopper,
        **(most if samples else {}),
    }


def _spelled(account: Account, in_samples: str, in_text: str) -> str:
    return in_samples if account.options.spelling == "samples" else in_text
