"""wolkvox `campaign.php`: a campaign's settings, and what makes it call."""

from datetime import time

from reconciler.sandbox.vendors.wolkvox.account import (
    ACCOUNT,
    NAME,
    REQUIRED,
    Account,
    Operation,
    campaign_by_id,
    campaign_kind,
    refuse_if_started,
    texts,
    wanted_campaign,
)
from reconciler.sandbox.vendors.wolkvox.dialing import settle
from reconciler.sandbox.vendors.wolkvox.filters import OPERATORS, matching
from reconciler.sandbox.vendors.wolkvox.records import OPTS, Campaign, Condition, Filter, Kind
from reconciler.sandbox.vendors.wolkvox.times import any_time, check_order, colon_time
from reconciler.sandbox.vendors.wolkvox.wire import Answer, Refused

COUNTRIES = ("ARG", "CHL", "COL", "CRI", "ECU", "ESP", "GTM", "HND", "ITA", "MEX", "NIC", "PAN", "PER")
YES_NO = ("yes", "no")
DIAL_ORDERS = ("linear", "zigzag", "random")
AGENT_ITSELF = "VAGENT"  # in place of a skill
FULL_SPEED = 100
LAST = time(23, 59, 59)


def create(operation: Operation) -> Answer:
    """`create_campaign`: without hours it may dial at any; which fields are required is not marked."""
    account = operation.account
    kind = campaign_kind(operation, required=True) or Kind.PREDICTIVE
    name = operation.text("campaign_name", required=True)
    skill = operation.text("skill_id", required=True)
    _check_skill(account, skill)
    _check_name(account, name)
    opens, closes = (
        any_time(field, operation.text(field) or default)
        for field, default in (("start_time", "000000"), ("end_time", "235959"))
    )
    check_order(opens, closes)
    campaign = Campaign(
        account.campaigns.take_id(),
        name,
        operation.text("campaign_description"),
        kind,
        skill,
        opens,
        closes,
        {opt: operation.text(opt) for opt in OPTS},
        operation.word("amd", COUNTRIES, "default") if operation.text("amd") else "default",
        operation.word("enable_edition", YES_NO, "no"),
        account.options.first_speed,
        account.now(),
        hidden_reads=operation.request.lag,
    )
    account.campaigns.add(campaign)
    if account.options.created == "Started":
        start_dialing(account, campaign)
    names = ("id_campaign", "id_campaing") if account.options.created_id == "both" else None
    ids = dict.fromkeys(names or (account.options.created_id,), str(campaign.id))
    named = "name_campaing" if account.options.created_id == "id_campaing" else "name_campaign"
    message = f"The {campaign.id} campaign_id has been created successfully"
    return Answer(201, message, [{**ids, named: name}], campaign.id)


def edit(operation: Operation) -> Answer:
    """`edit_campaign`: what is sent and not empty changes; the one reply that shows hours, labels and the like."""
    account, campaign = operation.account, wanted_campaign(operation)
    settle(account, campaign)
    refuse_if_started(account, campaign)
    changed = _edited(operation, campaign)
    for name, value in changed.items():
        setattr(campaign, name, value)
    return Answer("200", "Campaign has been updated successfully", [_shown(campaign)], campaign.id)


def start(operation: Operation) -> Answer:
    """`start`: also again after a stop; the clean records are dialled."""
    account, campaign = operation.account, _turned(operation)
    start_dialing(account, campaign)
    return Answer(
        202, f"The {campaign.id} campaign_id has been started successfully", campaign_id=campaign.id
    )


def stop(operation: Operation) -> Answer:
    """`stop`, which the page describes as a pause."""
    campaign = _turned(operation)
    campaign.started = False
    return Answer(
        202, f"The {campaign.id} campaign_id has been stopped successfully", campaign_id=campaign.id
    )


def speed(operation: Operation) -> Answer:
    """`speed`: from 0 to 100."""
    campaign = _turned(operation)
    value = operation.text("speed", required=True)
    if not (value.isascii() and value.isdigit() and int(value) <= FULL_SPEED):
        raise Refused(400, "SPEED MUST BE FROM 0 TO 100")
    campaign.speed = int(value)
    message = f"The speed of {campaign.id} campaign_id has been updated successfully"
    return Answer(202, message, campaign_id=campaign.id)


def remove(operation: Operation) -> Answer:
    """`delete_campaign`: by the query, by `campaign_ids` of the body, or by both (A15); there is no way back."""
    account = operation.account
    listed = operation.body.get("campaign_ids") if isinstance(operation.body, dict) else None
    ids = list(dict.fromkeys([operation.query.get("campaign_id", ""), *map(str, listed or [])]))
    wanted = [each for each in ids if each]
    if not wanted:
        raise Refused(400, REQUIRED)
    removed = [_removed(account, each) for each in wanted]
    done = [each for each in removed if each is not None]
    message = f"{len(done)} campaigns deleted successfully. {len(wanted) - len(done)} operations failed."
    return Answer("200", message, campaign_id=done[0] if done else None)


def set_filter(operation: Operation) -> Answer:
    """`campaign_filter`: which records are dialled; its `data` is an object, not an array."""
    account, campaign = operation.account, wanted_campaign(operation)
    settle(account, campaign)
    active = operation.word("filter_active", YES_NO)
    if not active:
        raise Refused(400, REQUIRED)
    campaign.filter = _filter(operation) if active == "yes" else None
    pending = matching(campaign.filter, campaign.clean())
    applied = campaign.filter is not None
    data = {
        "total_records": str(len(campaign.records)),
        "pending_records": str(len(pending)),
        "applied_filter": _spoken(campaign.filter) if applied and campaign.filter else "",
    }
    return Answer("200", "Campaign filter successfully updated", data, campaign.id)


def start_dialing(account: Account, campaign: Campaign) -> None:
    """Make a campaign run from now on."""
    if not campaign.started:
        settle(account, campaign)
        campaign.started = True
        campaign.last_use = account.now()
        account.world.arm(NAME, ACCOUNT, campaign.id)


def _turned(operation: Operation) -> Campaign:
    campaign = wanted_campaign(operation, type_required=operation.account.options.type_required)
    settle(operation.account, campaign)
    return campaign


def _check_skill(account: Account, skill_id: str) -> None:
    if skill_id != AGENT_ITSELF and all(skill.skill_id != skill_id for skill in account.skills):
        raise Refused(400, "THE SKILL_ID DOES NOT EXIST")


def _check_name(account: Account, name: str, own_id: int = 0) -> None:
    if account.options.unique_names and any(
        each.name == name and each.id != own_id for each in account.campaigns
    ):
        raise Refused(400, "CAMPAIGN_NAME IS ALREADY IN USE")


def _edited(operation: Operation, campaign: Campaign) -> dict[str, object]:
    """Everything that is sent, checked before anything changes."""
    account = operation.account
    changed: dict[str, object] = {}
    if name := operation.text("campaign_name"):
        _check_name(account, name, campaign.id)
        changed["name"] = name
    if operation.sent("campaign_description"):
        changed["description"] = operation.text("campaign_description")
    changed |= _edited_words(operation)
    if skill_id := operation.text("skill_id"):
        _check_skill(account, skill_id)
        changed["skill_id"] = skill_id
    if operation.sent("optional_labels"):
        changed["opts"] = campaign.opts | _labels(operation.body["optional_labels"])
    return changed | _edited_hours(operation, campaign)


def _edited_words(operation: Operation) -> dict[str, object]:
    words = {
        "kind": ("type_camp", ("Predictive", "Preview")),
        "enable_edition": ("enable_edition", YES_NO),
        "amd": ("amd_conf", ("default", "none", *COUNTRIES)),
        "turbo_dial": ("turbo_dial", YES_NO),
        "routing_recall": ("routing_recall", YES_NO),
        "dial_order": ("camp_dial_order", DIAL_ORDERS),
    }
    changed: dict[str, object] = {}
    for name, (sent, allowed) in words.items():
        if value := operation.word(sent, allowed):
            changed[name] = Kind(value.lower()) if name == "kind" else value
    return changed


def _edited_hours(operation: Operation, campaign: Campaign) -> dict[str, object]:
    read = any_time if operation.account.options.edit_times == "any" else colon_time
    hours = {"opens": campaign.opens, "closes": campaign.closes}
    for name, sent in (("opens", "start_time"), ("closes", "end_time")):
        if value := operation.text(sent):
            hours[name] = read(sent, value)
    check_order(hours["opens"], hours["closes"])
    return dict(hours)


def _labels(labels: object) -> dict[str, str]:
    """Read titles of the extra fields; the page counts them from `opt0`."""
    if not isinstance(labels, dict) or not labels.keys() <= {"opt0", *OPTS}:
        raise Refused(400, "OPTIONAL_LABELS ARE NOT VALID")
    if not all(isinstance(value, str) for value in labels.values()):
        raise Refused(400, "OPTIONAL_LABELS ARE NOT VALID")
    return labels


def _shown(campaign: Campaign) -> dict[str, object]:
    return {
        "campaign_id": str(campaign.id),
        "campaign_name": campaign.name,
        "campaign_description": campaign.description,
        "type_camp": campaign.kind.capitalize(),
        "enable_edition": campaign.enable_edition,
        "start_time": campaign.opens.isoformat("seconds"),
        "end_time": campaign.closes.isoformat("seconds"),
        "skill_id": campaign.skill_id,
        "amd_conf": campaign.amd,
        "turbo_dial": campaign.turbo_dial,
        "routing_recall": campaign.routing_recall,
        "optional_labels": campaign.opts,
    }


def _removed(account: Account, text: str) -> int | None:
    """Delete one of several; what can't be deleted is counted as failed."""
    try:
        campaign = campaign_by_id(account, text)
        refuse_if_started(account, campaign)
    except Refused:
        return None
    settle(account, campaign)
    account.campaigns.remove(campaign.id)
    return campaign.id


def _filter(operation: Operation) -> Filter:
    connector = operation.word("connector", ("and", "or"), "and")
    listed = operation.body.get("filters")
    if not isinstance(listed, list) or not listed:
        raise Refused(400, REQUIRED)
    return Filter(tuple(_condition(each) for each in listed), connector == "or")


def _condition(each: object) -> Condition:
    values = texts(each, "field", "operator", "value")
    if values is None or values[1] not in OPERATORS:
        raise Refused(400, "FILTERS ARE NOT VALID")
    return Condition(*values)


def _spoken(chosen: Filter) -> str:
    connector = " or " if chosen.any_of_them else " and "
    return connector.join(f"{each.field} {each.operator} {each.value}" for each in chosen.conditions)
