"""Plum Voice `/schedules`: calling days that campaigns share."""

import json

from reconciler.sandbox.messages import Reply, json_reply
from reconciler.sandbox.vendors.plum.account import Operation, check_nickname, found, refuse_if_used, success
from reconciler.sandbox.vendors.plum.records import Schedule


def create(operation: Operation) -> Reply:
    """`POST /schedules`: days, and a nickname if wanted; the days are not echoed."""
    account, form = operation.account, operation.form
    days = form.days("days")
    check_nickname(form, "nickname", account.schedules)
    form.finish()
    nickname = form.nickname("nickname")
    schedule = Schedule(account.schedules.take_id(), nickname, days or [], operation.request.lag)
    account.schedules.add(schedule)
    return success({"id": schedule.id, **account.shown_nickname(nickname)})


def read_all(operation: Operation) -> Reply:
    """`GET /schedules`: a bare array, ids spelled `schedule_id` (A16), days an array."""
    account = operation.account
    return json_reply(
        [
            {"schedule_id": schedule.id, **account.shown_nickname(schedule.nickname), "days": schedule.days}
            for schedule in account.schedules.listed()
        ]
    )


def change(operation: Operation) -> Reply:
    """`PATCH|PUT /schedules/{id}`: `days`; a rename by `name` as tabled, or `nickname` as elsewhere (A3)."""
    account, form = operation.account, operation.form
    schedule = found(account.schedules, operation.path_id, "Schedule")
    days = form.days("days", required=account.options.patch_schedule_needs_days)
    rename = "nickname" if form.sent("nickname") else "name"
    check_nickname(form, rename, account.schedules, schedule.id)
    form.finish()
    schedule.days = days or schedule.days
    schedule.nickname = form.nickname(rename) or schedule.nickname
    return success(
        {"id": schedule.id, "days": _days_text(schedule), **account.shown_nickname(schedule.nickname)}
    )


def remove(operation: Operation) -> Reply:
    """`DELETE /schedules/{id}`: refused while a campaign uses it."""
    account = operation.account
    schedule = found(account.schedules, operation.path_id, "Schedule")
    users = [campaign.id for campaign in account.campaigns if campaign.schedule_id == schedule.id]
    refuse_if_used(account, f"Schedule {schedule.nickname or ''}(id {schedule.id})", users)
    account.schedules.remove(schedule.id)
    return success()


def _days_text(schedule: Schedule) -> str:
    """Write the days as the PATCH reply alone shows them: JSON within a string (A6)."""
    return json.dumps(schedule.days, separators=(",", ":"))
