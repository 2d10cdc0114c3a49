"""Plum Voice `/profiles`: calling paces that campaigns share."""

from reconciler.sandbox.messages import Reply, json_reply
from reconciler.sandbox.vendors.plum.account import Operation, check_nickname, found, refuse_if_used, success
from reconciler.sandbox.vendors.plum.records import Profile

LEAST = {"period": 1, "amount_per_period": 1, "time_between_periods": 0}


def create(operation: Operation) -> Reply:
    """`POST /profiles`: three numbers, and a nickname if wanted."""
    account, form = operation.account, operation.form
    pacing = {name: form.integer(name, least=least) or 0 for name, least in LEAST.items()}
    check_nickname(form, "nickname", account.profiles)
    form.finish()
    profile = Profile(account.profiles.take_id(), form.nickname("nickname"), **pacing)
    profile.hidden_reads = operation.request.lag
    account.profiles.add(profile)
    return success({"id": profile.id, **account.shown_nickname(profile.nickname)})


def read_all(operation: Operation) -> Reply:
    """`GET /profiles`: a bare array; the sample shows no pacing though the text promises it (A1)."""
    account = operation.account
    return json_reply(
        [
            {
                "profile_id": profile.id,
                **account.shown_nickname(profile.nickname),
                **_shown_pacing(operation, profile),
            }
            for profile in account.profiles.listed()
        ]
    )


def change(operation: Operation) -> Reply:
    """`PATCH|PUT /profiles/{id}`: any of the four."""
    account, form = operation.account, operation.form
    profile = found(account.profiles, operation.path_id, "Profile")
    pacing = {name: form.integer(name, required=False, least=least) for name, least in LEAST.items()}
    check_nickname(form, "nickname", account.profiles, profile.id)
    form.finish()
    for name, value in pacing.items():
        setattr(profile, name, getattr(profile, name) if value is None else value)
    profile.nickname = form.nickname("nickname") or profile.nickname
    return success({"id": profile.id, **account.shown_nickname(profile.nickname)})


def remove(operation: Operation) -> Reply:
    """`DELETE /profiles/{id}`: refused while a campaign uses it."""
    account = operation.account
    profile = found(account.profiles, operation.path_id, "Profile")
    users = [
        campaign.id
        for campaign in account.campaigns
        if any(window.profile_id == profile.id for window in campaign.windows)
    ]
    refuse_if_used(account, f"Profile {profile.nickname or ''}(id {profile.id})", users)
    account.profiles.remove(profile.id)
    return success()


def _shown_pacing(operation: Operation, profile: Profile) -> dict[str, int]:
    if not operation.account.options.show_pacing:
        return {}
    return {name: getattr(profile, name) for name in LEAST}
