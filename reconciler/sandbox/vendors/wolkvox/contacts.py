"""wolkvox `campaign.php`: the records of a campaign, which is whom it calls."""

from collections.abc import Sequence

from reconciler.sandbox.ledger import Queued
from reconciler.sandbox.vendors.wolkvox.account import (
    ACCOUNT,
    NAME,
    REQUIRED,
    Account,
    Operation,
    refuse_if_started,
    wanted_campaign,
)
from reconciler.sandbox.vendors.wolkvox.campaigns import start_dialing
from reconciler.sandbox.vendors.wolkvox.dialing import settle
from reconciler.sandbox.vendors.wolkvox.numbers import international
from reconciler.sandbox.vendors.wolkvox.records import OPTS, PHONES, Campaign, Kind, Record, Result
from reconciler.sandbox.vendors.wolkvox.times import moment
from reconciler.sandbox.vendors.wolkvox.wire import Answer, Refused

MOST_AT_ONCE = 10_000
PERSON = (
    "customer_name", "customer_last_name", "id_type", "customer_id", "age", "gender", "country", "state",
    "city", "zone", "address",
)  # fmt: skip
COMMON = (*PERSON, *OPTS, *PHONES)
OWN = {
    Kind.PREDICTIVE: ("tel_extra", "email", "recall_date", "recall_telephone"),
    Kind.PREVIEW: ("agent_id",),
}
SHORT_OPTS, LONG_OPTS = 100, 200
RESULTS = (
    "no-answer", "answer-machine", "abandon", "busy", "congestion", "unknown", "failed", "do-not-call",
    "chanunavail", "answer",
)  # fmt: skip
RECALLABLE = ("Cod_Machine", "cod_rslt1", "cod_rslt2")


def add(operation: Operation) -> Answer:
    """`add_record`: all or none of at most 10 000; whether the same again is one record is a switch."""
    account, campaign = operation.account, wanted_campaign(operation, type_required=True)
    rows = _rows(operation, campaign)
    settle(account, campaign)
    status = operation.query.get("campaign_status", "")
    records = [_record(operation, campaign, row) for row in rows]
    kept = _kept(account, campaign, records)
    if len(campaign.records) + len(kept) > account.options.most_records:
        raise Refused(404, "THE CAMPAIGN EXCEEDS THE RECORDS OF YOUR LICENCES")
    campaign.records.extend(kept)
    _note(account, campaign, kept)
    if status == "start" and account.options.campaign_status == "starts":
        start_dialing(account, campaign)
    total = [{"total_registers": str(len(rows))}]
    return Answer("201", "All records has been added successfully", total, campaign.id)


def clear(operation: Operation) -> Answer:
    """`clear_campaign`: all records, or those of one result; there is no way back."""
    campaign = wanted_campaign(operation, type_required=True)
    gone = _with_result(operation, campaign, campaign.records)
    _remove(operation.account, campaign, gone)
    message = f"All records has been deleted of campaign_id {campaign.id} successfully"
    return Answer(202, message, campaign_id=campaign.id)


def remove(operation: Operation) -> Answer:
    """`remove_record`: by `customer_id`, several with commas; what they were called is forgotten, too."""
    campaign = wanted_campaign(operation, type_required=True)
    named = operation.text("customer_id", required=True)
    ids = {each.strip() for each in named.split(",")}
    gone = [record for record in campaign.records if record.customer_id in ids]
    _remove(operation.account, campaign, _with_result(operation, campaign, gone))
    return Answer(202, f"customer_id {named} has been deleted successfully", campaign_id=campaign.id)


def codify(operation: Operation) -> Answer:
    """`codify`: an agent's code, which keeps the dialler off the record."""
    campaign = wanted_campaign(operation, type_required=True)
    settle(operation.account, campaign)
    customer_id = operation.text("customer_id", required=True)
    codes = {name: operation.text(name) for name in ("cod_act", "cod_act_2", "comment")}
    for record in _named(campaign, customer_id):
        record.codes = codes
        if record.result is Result.CLEAN:
            record.result = Result.CODED
    return Answer(202, f"customer_id {customer_id} has been coded", campaign_id=campaign.id)


def recall(operation: Operation) -> Answer:
    """`recall`: call one record back at a moment, predictive campaigns alone."""
    account = operation.account
    campaign = wanted_campaign(operation, type_required=account.options.type_required)
    _refuse_preview(campaign)
    settle(account, campaign)
    customer_id = operation.text("customer_id", required=True)
    date, number = (operation.text(name, required=True) for name in ("recall_date", "recall_telephone"))
    at = moment("recall_date", date, account.zone)
    for record in _named(campaign, customer_id):
        record.recall, record.result = (at, number), Result.CLEAN
    message = f"customer_id {customer_id} has been updated and will be call back on {date} to phone {number}"
    return Answer(202, message, campaign_id=campaign.id)


def recall_records(operation: Operation) -> Answer:
    """`recall_records`: what had one code becomes clean, and is dialled again."""
    campaign = wanted_campaign(operation)
    _refuse_preview(campaign)
    settle(operation.account, campaign)
    field = operation.word("field", RECALLABLE)
    value = operation.text("value", required=True)
    if not field:
        raise Refused(400, REQUIRED)
    again = [record for record in campaign.records if _coded(record, field) == value.upper()]
    for record in again:
        record.result = Result.CLEAN
    campaign.recycled += len(again)
    row = {
        "campaign_id": str(campaign.id),
        "field": field,
        "value": value,
        "normalized_value": value.upper(),
        "affected_records": str(len(again)),
    }
    message = f"{len(again)} record(s) have been marked for recall successfully"
    return Answer("200", message, [row], campaign.id)


def mark_do_not_call(operation: Operation) -> Answer:
    """`configuration.php`, `block_predictive_dnc`: records of one campaign; its keys are misspelled (A2)."""
    campaign_id = operation.text("id_campaing", required=True)
    query = {"campaign_id": campaign_id}
    campaign = wanted_campaign(Operation(operation.account, operation.request, query, operation.body))
    settle(operation.account, campaign)
    listed = operation.body.get("id_cliente")
    if not isinstance(listed, list):
        raise Refused(400, REQUIRED)
    ids = set(map(str, listed))
    marked = [record for record in campaign.records if record.customer_id in ids]
    for record in marked:
        record.result, record.recall = Result.DO_NOT_CALL, None
    message = f"{len(marked)} records were successfully marked as DO-NOT-CALL in campaign {campaign.id}"
    return Answer("202", message, campaign_id=campaign.id)


def _rows(operation: Operation, campaign: Campaign) -> list[dict[str, str]]:
    rows = operation.body
    if not isinstance(rows, list) or not rows:
        raise Refused(400, REQUIRED)
    if len(rows) > MOST_AT_ONCE:
        raise Refused(400, f"MORE THAN {MOST_AT_ONCE} RECORDS")
    known = (*COMMON, *OWN[campaign.kind])
    return [_row(operation.account, each, known) for each in rows]


def _row(account: Account, each: object, known: Sequence[str]) -> dict[str, str]:
    """Read one record: every field a text, missing ones empty, unknown ones dropped."""
    if not isinstance(each, dict):
        raise Refused(400, "EACH RECORD MUST BE AN OBJECT")
    if not all(isinstance(value, str | int) and not isinstance(value, bool) for value in each.values()):
        raise Refused(400, "EACH FIELD MUST BE A TEXT")
    row = {name: str(each.get(name, "")) for name in known}
    for at, name in enumerate(OPTS, start=1):
        short = SHORT_OPTS if at < 6 else account.options.opt6_length  # noqa: PLR2004 - opt6 has a limit of its own
        if len(row[name]) > (short if at <= 6 else LONG_OPTS):  # noqa: PLR2004
            raise Refused(400, f"{name.upper()} IS TOO LONG")
    if not any(row[phone] for phone in PHONES):
        raise Refused(400, REQUIRED)
    return row


def _record(operation: Operation, campaign: Campaign, row: dict[str, str]) -> Record:
    account = operation.account
    hidden = max(operation.request.lag, account.options.records_lag_reads)
    record = Record(row, account.next_order(), hidden)
    if campaign.kind is Kind.PREDICTIVE and row["recall_date"]:
        at = moment("recall_date", row["recall_date"], account.zone)
        record.recall = (at, row["recall_telephone"])
    return record


def _kept(account: Account, campaign: Campaign, records: list[Record]) -> list[Record]:
    """What becomes of records whose `customer_id` is there already."""
    if account.options.duplicates == "add":
        return records
    there = {record.customer_id for record in campaign.records}
    if account.options.duplicates == "skip":
        return [record for record in records if record.customer_id not in there]
    new = {record.customer_id for record in records}
    campaign.records = [record for record in campaign.records if record.customer_id not in new]
    return records


def _note(account: Account, campaign: Campaign, records: list[Record]) -> None:
    at = account.now()
    account.world.ledger.record_queued(
        Queued(
            NAME,
            ACCOUNT,
            campaign.id,
            international(record.fields[phone], account.options),
            at,
            campaign.started,
        )
        for record in records
        for phone in PHONES
        if record.fields[phone]
    )


def _remove(account: Account, campaign: Campaign, gone: list[Record]) -> None:
    settle(account, campaign)
    refuse_if_started(account, campaign)
    leaving = {id(record) for record in gone}
    campaign.records = [record for record in campaign.records if id(record) not in leaving]


def _with_result(operation: Operation, campaign: Campaign, records: list[Record]) -> list[Record]:
    """Those with the result that the query names, if it names one."""
    result = operation.query.get("result", "")
    settle(operation.account, campaign)
    if result and result not in RESULTS:
        raise Refused(400, "RESULT IS NOT VALID")
    return [record for record in records if not result or record.result == result]


def _named(campaign: Campaign, customer_id: str) -> list[Record]:
    found = [record for record in campaign.records if record.customer_id == customer_id]
    if not found:
        raise Refused(400, "THE CUSTOMER_ID DOES NOT EXIST")
    return found


def _refuse_preview(campaign: Campaign) -> None:
    if campaign.kind is not Kind.PREDICTIVE:
        raise Refused(400, "THE CAMPAIGN IS NOT PREDICTIVE")


def _coded(record: Record, field: str) -> str:
    """What a record has under a code: the machine's own is the result in capitals."""
    if field == "Cod_Machine":
        return record.result.upper() if record.calls else ""
    return record.codes.get("cod_act" if field == "cod_rslt1" else "cod_act_2", "").upper()
