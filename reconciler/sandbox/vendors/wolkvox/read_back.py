"""wolkvox: what can be read of a campaign's records: all of them, one of them, those that were handled."""

from datetime import timedelta

from reconciler.sandbox.vendors.wolkvox.account import (
    Account,
    Operation,
    campaign_by_id,
    campaign_kind,
    wanted_campaign,
)
from reconciler.sandbox.vendors.wolkvox.dialing import settle
from reconciler.sandbox.vendors.wolkvox.records import OPTS, PHONES, Campaign, Record, Result
from reconciler.sandbox.vendors.wolkvox.times import moment
from reconciler.sandbox.vendors.wolkvox.wire import Answer, Refused, found

MOST_AT_ONCE = 60_000
LONGEST_SPAN = timedelta(days=31)
SPANISH = {
    "nombre_cliente": "customer_name",
    "apellido_cliente": "customer_last_name",
    "tipo_doc": "id_type",
    "id_cliente": "customer_id",
    "edad": "age",
    "sexo": "gender",
    "pais": "country",
    "departamento": "state",
    "ciudad": "city",
    "zona": "zone",
    "direccion": "address",
    **{name: name for name in (*OPTS, *PHONES)},
    "tel_extra": "tel_extra",
    "id_agent": "agent_id",
}
ENGLISH = (
    "customer_name", "customer_last_name", "id_type", "customer_id", "age", "gender", "country", "state",
    "city", "zone", "address", *OPTS, *PHONES,
)  # fmt: skip


def all_records(operation: Operation) -> Answer:
    """`campaign_15`: every record, dialled or not, under Spanish names and in no envelope."""
    account, campaign = operation.account, wanted_campaign(operation)
    settle(account, campaign)
    shown = _visible(campaign)[:MOST_AT_ONCE]
    if not shown and account.options.nothing_found == "404":
        raise Refused(404, "NO RECORDS WERE FOUND")
    body = {
        "total_records": str(len(shown)),
        "campaign_id": str(campaign.id),
        "records": [_in_spanish(account, record) for record in shown],
    }
    return Answer("200", whole=body)


def find(operation: Operation) -> Answer:
    """`find_record`: by campaign, telephone, customer, or any of them."""
    account, query = operation.account, operation.query
    wanted = query.get("campaign_id", "")
    campaigns = [campaign_by_id(account, wanted)] if wanted else list(account.campaigns)
    rows = []
    for campaign in campaigns:
        settle(account, campaign)
        rows += [
            _in_english(account, campaign, record)
            for record in _visible(campaign)
            if _is_meant(record, query.get("customer_phone", ""), query.get("customer_id", ""))
        ]
    return found(account.options, rows)


def handled(operation: Operation) -> Answer:
    """`detail`: the records that were dialled within a span of at most 31 days."""
    account = operation.account
    campaign_kind(operation, required=True)
    campaign = wanted_campaign(operation)
    settle(account, campaign)
    first, last = (moment(name, operation.required(name), account.zone) for name in ("date_ini", "date_end"))
    if not timedelta() <= last - first <= LONGEST_SPAN:
        raise Refused(400, "THE DATES ARE NOT VALID")
    if operation.query.get("detail", "default") not in {"default", "all"}:
        raise Refused(400, "DETAIL IS NOT VALID")
    dialled = [each for each in campaign.records if each.last is not None and first <= each.last <= last]
    return found(account.options, [_in_english(account, campaign, record) for record in dialled])


def _visible(campaign: Campaign) -> list[Record]:
    """The records that a read shows now; reading wears off what hides the others."""
    shown = [record for record in campaign.records if not record.hidden_reads]
    for record in campaign.records:
        record.hidden_reads = max(0, record.hidden_reads - 1)
    return shown


def _is_meant(record: Record, phone: str, customer_id: str) -> bool:
    phones = [record.fields[name] for name in PHONES]
    return (not phone or phone in phones) and (not customer_id or record.customer_id == customer_id)


def _in_spanish(account: Account, record: Record) -> dict[str, str]:
    recalled, number = record.recall or (None, "")
    person = {spanish: record.fields.get(english, "") for spanish, english in SPANISH.items()}
    return person | {
        "resultado": _shown_result(record),
        "fecha": account.stamp(record.last),
        "llamadas": str(record.calls),
        "id_call": _call_id(record),
        "cod_rslt1": record.codes.get("cod_act", ""),
        "description_cod1": "",
        "cod_rslt2": record.codes.get("cod_act_2", ""),
        "description_cod2": "",
        "comentarios": record.codes.get("comment", ""),
        "rellamada": account.stamp(recalled),
        "rellamada_count": "0",
        "email": record.fields.get("email", ""),
        "rellamada_tel": number,
        "last_dial_tele": record.dialled,
        "history_dial_tel": record.dialled,
        "rellamada_info": "",
    }


def _in_english(account: Account, campaign: Campaign, record: Record) -> dict[str, str]:
    return {
        **{name: record.fields.get(name, "") for name in ENGLISH},
        "date": account.stamp(record.last),
        "calls": str(record.calls),
        "conn_id": _call_id(record),
        "result": _shown_result(record),
        "campaign_id": str(campaign.id),
    }


def _shown_result(record: Record) -> str:
    return Result.CLEAN.upper() if record.result is Result.CODED else record.result.upper()


def _call_id(record: Record) -> str:
    return f"{record.order:012}" if record.calls else ""
