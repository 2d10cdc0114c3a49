"""RVMpro `/campaigns`, `api=create`: the one call that says what is dropped where and when, for good."""

import re
from datetime import timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from reconciler.sandbox.ledger import Queued
from reconciler.sandbox.vendors.rvm.account import ACCOUNT, NAME, Account, Answer, Operation, padded
from reconciler.sandbox.vendors.rvm.numbers import Sorted, digits, international, sort_numbers
from reconciler.sandbox.vendors.rvm.records import LIVE, Campaign, Settings, Status
from reconciler.sandbox.vendors.rvm.validation import Form

CAMPAIGN_NAME = re.compile(r"[A-Za-z0-9 ]{3,25}")
RUN_DAYS = re.compile(r"[0-6](,[0-6])*")
UNKNOWN = "Unknown"
EVERY_DAY = "0,1,2,3,4,5,6"
DEFAULT_ZONE = "America/New_York"
DEFAULT_THROTTLE = 600
DEFAULT_LENGTH = timedelta(days=7)


def create(operation: Operation) -> Answer:
    """Create it PAUSED, or ACTIVE if `c_start` says so (A1); with `c_debug` only look whether one could."""
    account, form = operation.account, operation.form
    settings = _settings(account, form)
    sorted_numbers = _numbers(account, form, settings.callback)
    starts, tries = form.flag("c_start", default=False), form.flag("c_debug", default=False)
    form.finish()
    now = account.now()
    status = Status.ACTIVE if starts else Status.PAUSED
    campaign = Campaign(0, account.next_order(), settings, status, now, now, sorted_numbers.queue)
    if not tries:
        _keep(operation, campaign)
    body = _described(account, campaign) | _counters(sorted_numbers)
    return Answer(body, None if tries else campaign.id)


def _settings(account: Account, form: Form) -> Settings:
    zone = _zone(form)
    today = account.now().astimezone(zone).date()
    start_date = form.day("c_start_date", today)
    settings = Settings(
        name=_name(account, form),
        callback=_callback(form),
        wav=_wav(form),
        start_date=start_date,
        stop_date=form.day("c_stop_date", start_date + DEFAULT_LENGTH),
        start_time=form.time("c_start_time", "08:00"),
        stop_time=form.time("c_stop_time", "20:00"),
        run_days=_run_days(form),
        throttle=form.number("c_throttle", DEFAULT_THROTTLE, 1, account.options.max_throttle),
        zone=zone,
        state_check=form.flag("c_state_check", default=True),
        performance=form.flag("c_performance", default=False),
    )
    if settings.start_time > settings.stop_time:
        form.refuse("c_start_time", "can't be after c_stop_time")
    if settings.stop_date < settings.start_date:
        form.refuse("c_stop_date", "can't be before c_start_date")
    if settings.stop_date < today:
        form.refuse("c_stop_date", "can't be in the past")
    return settings


def _name(account: Account, form: Form) -> str:
    name = form.required("c_name")
    if name and not CAMPAIGN_NAME.fullmatch(name):
        form.refuse("c_name", "must have 3 to 25 letters, digits and blanks")
    taken = any(each.settings.name == name for each in account.campaigns if each.status in LIVE)
    if account.options.unique_names and taken:
        form.refuse("c_name", "is in use by another campaign")
    return name


def _callback(form: Form) -> str:
    entered = form.required("c_callback")
    if entered == UNKNOWN:
        return UNKNOWN
    callback = digits(entered)
    if entered and callback is None:
        form.refuse("c_callback", "must have 10 to 13 digits or be Unknown")
    return callback or ""


def _wav(form: Form) -> str:
    """Read the audio's address; of it only the file's name is kept where it can be seen again."""
    entered = form.required("c_wav")
    name = _file_name(entered)
    if entered and not name:
        form.refuse("c_wav", "must be the URL of an audio file")
    return name


def _file_name(address: str) -> str:
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"} or not parts.hostname or re.search(r"\s", address):
        return ""
    return parts.path.rpartition("/")[2]


def _run_days(form: Form) -> str:
    entered = form.text("c_run_days", EVERY_DAY)
    if not RUN_DAYS.fullmatch(entered):
        form.refuse("c_run_days", "must be digits from 0 to 6 with commas between")
        return EVERY_DAY
    return entered


def _zone(form: Form) -> ZoneInfo:
    entered = form.text("c_timezone", DEFAULT_ZONE)
    try:
        return ZoneInfo(entered)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        form.refuse("c_timezone", "must be the name of a time zone")
        return ZoneInfo(DEFAULT_ZONE)


def _numbers(account: Account, form: Form, callback: str) -> Sorted:
    """Read the numbers. How many are too many is not documented."""
    entries = [entry for entry in form.required("c_numbers").split(",") if entry.strip()]
    found = sort_numbers(entries, callback, account.options)
    if entries and not found.wireless and account.options.no_numbers == "refuse":
        form.refuse("c_numbers", "has no valid mobile number")
    return found


def _keep(operation: Operation, campaign: Campaign) -> None:
    account = operation.account
    campaign.id = account.campaigns.take_id()
    campaign.hidden_reads = operation.request.lag
    account.campaigns.add(campaign)
    starts, at = campaign.status is Status.ACTIVE, account.now()
    account.world.ledger.record_queued(
        Queued(NAME, ACCOUNT, campaign.id, international(number), at, starts) for number in campaign.queue
    )
    if starts:
        account.world.arm(NAME, ACCOUNT, campaign.id)


def _described(account: Account, campaign: Campaign) -> dict[str, object]:
    """Echo it, nearly all as text (A14), the dates with a time (A16), the audio without its address."""
    settings = campaign.settings
    return {
        "c_status": campaign.status.value,
        "c_campaign_id": padded(campaign.id),
        "c_timestamp": account.stamp(campaign.acted),
        "c_start": _word(campaign.status is Status.ACTIVE),
        "c_name": settings.name,
        "c_callback": settings.callback,
        "c_wav": settings.wav,
        "c_start_date": f"{settings.start_date} 00:00:00",
        "c_stop_date": f"{settings.stop_date} 23:59:59",
        "c_start_time": f"{settings.start_time:%H:%M}",
        "c_stop_time": f"{settings.stop_time:%H:%M}",
        "c_run_days": settings.run_days,
        "c_timezone": settings.zone.key,
        "c_throttle": str(settings.throttle),
        "c_performance": _word(settings.performance),
        "c_state_check": _word(settings.state_check),
    }


def _counters(found: Sorted) -> dict[str, object]:
    return {
        "c_wireless": found.wireless,
        "c_landlines": found.landlines,
        "c_duplicates": found.duplicates,
        "c_invalid": found.invalid,
    }


def _word(value: bool) -> str:
    return "true" if value else "false"
