"""Plum Voice `/campaigns`: what is called when, at which pace, by which application."""

from datetime import date, time
from typing import Any

from reconciler.sandbox.messages import Reply, encode
from reconciler.sandbox.vendors.plum import queues
from reconciler.sandbox.vendors.plum.account import Account, Operation, found, success
from reconciler.sandbox.vendors.plum.dialing import settle
from reconciler.sandbox.vendors.plum.records import Campaign, ProfileWindow, Schedule
from reconciler.sandbox.vendors.plum.validation import Form


def create(operation: Operation) -> Reply:
    """`POST /campaigns`: it has no name. The sample has `schedule_id` for the tabled `schedule` (A4)."""
    account, form = operation.account, operation.form
    by_id = form.sent("schedule_id") and not form.value("schedule", required=False)
    fields = _fields(operation, "schedule_id" if by_id else "schedule", required=True)
    numbers = queues.phone_numbers(operation, required=False)
    _check_dates(form, fields["start_date"], fields["end_date"])
    form.finish()
    campaign = Campaign(account.campaigns.take_id(), **fields, settled=account.now())
    campaign.hidden_reads = operation.request.lag
    if numbers and account.options.dial_on_create:
        queues.activate(account, campaign)
    account.campaigns.add(campaign)
    queues.append(account, campaign, numbers)
    return success({"id": campaign.id}, campaign.id)


def read_all(operation: Operation) -> Reply:
    """`GET /campaigns`: a bare array; neither run state nor numbers nor counts."""
    account = operation.account
    listed = b",".join(_rendered(account, campaign) for campaign in account.campaigns.listed())
    return Reply(200, b"[" + listed + b"]")


def change(operation: Operation) -> Reply:
    """`PATCH|PUT /campaigns/{id}`: what is sent changes; `profiles` replaces the whole set."""
    account, form = operation.account, operation.form
    campaign = found(account.campaigns, operation.path_id, "Campaign")
    fields = _fields(operation, "schedule", required=False)
    _check_dates(form, fields["start_date"] or campaign.start_date, fields["end_date"] or campaign.end_date)
    form.finish()
    settle(account, campaign)
    for name, value in fields.items():
        if value is not None or (name == "result_url" and form.sent(name)):
            setattr(campaign, name, value)
    account.rendered.pop(campaign.id, None)
    return success({"id": campaign.id}, campaign.id)


def remove(operation: Operation) -> Reply:
    """`DELETE /campaigns/{id}`: schedules and profiles stay. A running one's calls end (not documented)."""
    account = operation.account
    campaign = found(account.campaigns, operation.path_id, "Campaign")
    settle(account, campaign)
    account.campaigns.remove(campaign.id)
    account.rendered.pop(campaign.id, None)
    return success(campaign_id=campaign.id)


def _fields(operation: Operation, schedule_field: str, *, required: bool) -> dict[str, Any]:
    """Read the settings of a campaign; None for what was not sent."""
    form = operation.form
    schedule, entered = _schedule(operation, schedule_field, required=required)
    return {
        "start_date": form.date("start_date", required=required),
        "end_date": form.date("end_date", required=required),
        "start_url": form.url("start_url", required=required or form.sent("start_url")),
        "result_url": form.url("result_url", required=False),
        "schedule_id": schedule.id if schedule else None,
        "schedule_entered": entered,
        "windows": _windows(operation, required=required),
    }


def _check_dates(form: Form, first: date | None, last: date | None) -> None:
    if first is not None and last is not None and last < first:
        form.refuse("end_date", "The end date must be a date after or equal to start date.")


def _schedule(operation: Operation, field: str, *, required: bool) -> tuple[Schedule | None, str | None]:
    """One schedule by id or nickname; a nickname made of digits loses against an id (A9)."""
    account, form = operation.account, operation.form
    value = form.value(field, required=required or form.sent(field))
    if value is None:
        return None, None
    entered = str(value)
    by_id = account.schedules.get(int(entered)) if entered.isascii() and entered.isdigit() else None
    schedule = by_id or next((each for each in account.schedules if each.nickname == entered), None)
    if schedule is None:
        form.refuse(field, f"The selected {field.replace('_', ' ')} is invalid.")
    return schedule, entered


def _windows(operation: Operation, *, required: bool) -> list[ProfileWindow] | None:
    """Read the hours with their profiles, which are named by nickname alone."""
    wanted = operation.form.profile_windows("profiles", required=required or operation.form.sent("profiles"))
    if wanted is None:
        return None
    return [_window(operation, at, *each) for at, each in enumerate(wanted)]


def _window(operation: Operation, at: int, nickname: str, opens: time, closes: time) -> ProfileWindow:
    profile = next((each for each in operation.account.profiles if each.nickname == nickname), None)
    if profile is None:
        operation.form.refuse(f"profiles.{at}.profile", f"The selected profiles.{at}.profile is invalid.")
    return ProfileWindow(profile.id if profile else 0, opens, closes)


def _rendered(account: Account, campaign: Campaign) -> bytes:
    """Ten thousand campaigns are listed again after each write: render only those that changed."""
    if campaign.id not in account.rendered:
        account.rendered[campaign.id] = encode(_shown(account, campaign))
    return account.rendered[campaign.id]


def _shown(account: Account, campaign: Campaign) -> dict[str, object]:
    """Show a campaign as it reads back: dates grow a midnight, the schedule is as entered (A10)."""
    return {
        "campaign_id": campaign.id,
        "start_date": f"{campaign.start_date} 00:00:00",
        "end_date": f"{campaign.end_date} 00:00:00",
        "start_url": campaign.start_url,
        "result_url": campaign.result_url,
        "schedule_nickname": _shown_schedule(account, campaign),
        "profiles": [_shown_window(account, window) for window in campaign.windows],
    }


def _shown_schedule(account: Account, campaign: Campaign) -> str | None:
    schedule = account.schedules.get(campaign.schedule_id)
    if schedule is None or account.options.schedule_nickname == "entered":
        return campaign.schedule_entered
    return schedule.nickname


def _shown_window(account: Account, window: ProfileWindow) -> dict[str, object]:
    profile = account.profiles.get(window.profile_id)
    return {
        "profile_id": window.profile_id,
        "nickname": profile.nickname if profile else None,
        "start_time": f"{window.opens:%H:%M}",
        "end_time": f"{window.closes:%H:%M}",
    }
