"""wolkvox `information.php` and `real_time.php`: campaigns as they are and as they go, skills, the token."""

from reconciler.sandbox.vendors.wolkvox.account import Account, Operation
from reconciler.sandbox.vendors.wolkvox.dialing import settle_all
from reconciler.sandbox.vendors.wolkvox.filters import matching
from reconciler.sandbox.vendors.wolkvox.records import Campaign, Kind, Result
from reconciler.sandbox.vendors.wolkvox.wire import Answer, Refused, found

CALLS_PER_LICENCE = 1000


def campaigns(operation: Operation) -> Answer:
    """`information.php?api=campaigns`: all, or one; neither hours nor labels nor detection."""
    account = operation.account
    settle_all(account)
    wanted = operation.query.get("campaign", "")
    listed = account.campaigns.listed()
    rows = [_listed(account, each) for each in listed if wanted in {"", str(each.id)}]
    return found(account.options, rows, "")


def live(operation: Operation) -> Answer:
    """`real_time.php?api=campaigns`: counters; a bare array in the sample (A9)."""
    account = operation.account
    settle_all(account)
    rows = [_live(account, campaign) for campaign in account.campaigns.listed()]
    answer = found(account.options, rows)
    if account.options.live_view == "envelope":
        return answer
    return Answer("200", bare=rows)


def recalls(operation: Operation) -> Answer:
    """`real_time.php?api=recall`: who is to be called back, and when."""
    account = operation.account
    word = operation.required("type")
    if word not in {"all", "manual", "auto"}:
        raise Refused(400, "TYPE IS NOT VALID")
    settle_all(account)
    rows = [
        {
            "type_recall": "manual",
            "date_recall": account.stamp(record.recall[0]),
            "phone_number": record.recall[1],
            "id_campaing": str(campaign.id),
            "id_agent": "",
        }
        for campaign in account.campaigns
        for record in campaign.records
        if record.recall is not None and word != "auto"
    ]
    return found(account.options, rows)


def skills(operation: Operation) -> Answer:
    """`information.php?api=skills`: all, or one."""
    account = operation.account
    wanted = operation.query.get("skill", "")
    rows = [
        {
            "skill_id": skill.skill_id,
            "skill_name": skill.name,
            "skill_description": skill.description,
            "last_use": "",
        }
        for skill in account.skills
        if wanted in {"", skill.skill_id}
    ]
    return found(account.options, rows)


def token(operation: Operation) -> Answer:
    """`information.php?api=token_info`: how many calls are left today; it costs one itself."""
    account = operation.account
    limit = account.options.licences * CALLS_PER_LICENCE
    used = account.calls_today[1]
    row = {
        "description": "sandbox",
        "token_limit": str(limit),
        "token_use_today": str(used),
        "all_token_today": str(used),
        "available_consumption_options": str(max(0, limit - used)),
    }
    return found(account.options, [row])


def _listed(account: Account, campaign: Campaign) -> dict[str, str]:
    blank = " " if account.options.description == "blank" else ""
    skill = {"skill_id": campaign.skill_id} if account.options.show_skill else {}
    return {
        "campaign_id": str(campaign.id),
        "campaign_name": campaign.name,
        "campaign_description": campaign.description or blank,
        "type_campaign": campaign.kind.value,
        "status": "Started" if campaign.started else "Stopped",
        "records": str(len(campaign.records)),
        "speed": str(campaign.speed),
        "dial_mode": "autopilot",
        "last_use": account.stamp(campaign.last_use),
        "recycled": str(campaign.recycled),
        "turbo_dial": campaign.turbo_dial,
        **skill,
    }


def _live(account: Account, campaign: Campaign) -> dict[str, str]:
    """Count what was dialled and what is left; that all is done shows in the counters alone."""
    heeded = campaign.filter if account.options.clean == "filtered" else None
    clean = len(matching(heeded, campaign.clean()))
    dialled = sum(record.calls > 0 for record in campaign.records)
    calls = sum(record.calls for record in campaign.records)
    answered = campaign.count(Result.ANSWER)
    return {
        "campaign": f"{campaign.id} - {campaign.name}",
        "skill_id": campaign.skill_id,
        "status": "started" if campaign.started else "stopped",
        "speed": str(campaign.speed),
        "records": str(len(campaign.records)),
        "clean": str(clean),
        "dial": str(dialled if account.options.dial == "records" else calls),
        "answer": str(answered),
        "no_answer": str(campaign.count(Result.NO_ANSWER)),
        "busy/congestion/failed": str(campaign.count(Result.BUSY) + campaign.count(Result.FAILED)),
        "answer_machine": str(campaign.count(Result.ANSWER_MACHINE)),
        "penetration_day": _per_cent(dialled, len(campaign.records)),
        "penetration_now": _per_cent(dialled, len(campaign.records)),
        "hits": _per_cent(answered, dialled),
        "calls_x_min": str(_calls_a_minute(account, campaign) if clean else 0),
        "recycled": str(campaign.recycled),
    }


def _calls_a_minute(account: Account, campaign: Campaign) -> int:
    """How fast it dials at this hour; the page doesn't say over which time the vendor counts."""
    hour = account.now().astimezone(account.zone).time()
    dials = campaign.kind is Kind.PREVIEW or campaign.opens <= hour < campaign.closes
    return account.options.calls_per_hour * campaign.speed // 6000 if campaign.started and dials else 0


def _per_cent(part: int, whole: int) -> str:
    return str(100 * part // whole if whole else 0)
