"""The state in text, JSON and Markdown: objects, one address in full, history. People as counts alone."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.model.history import HistoryLine
from reconciler.model.state import Intent, Record, Snapshot
from reconciler.render import json, safe, words
from reconciler.render.ending import Ending
from reconciler.render.sheet import Piece, Sheet, bad, pad, strong, warn

_WIDE = 48


def listing(sheet: Sheet, snapshot: Snapshot) -> None:
    """Every object in a line."""
    if snapshot.hold is not None:
        sheet.line(bad("! HOLD"), f": {snapshot.hold.reason}", hang=2)
    if not snapshot.records:
        sheet.line("the state is empty")
        return
    sheet.line(pad("OBJECT", _WIDE) + "PHASE   ID        PEOPLE")
    for _, record in sorted(snapshot.records.items()):
        count = people_of(record)
        cells = f"{record.phase.value:<7} {record.remote_id or '-':<9} {words.count(count) if count else '-'}"
        sheet.line(pad(sheet.elide(str(record.key), _WIDE - 1), _WIDE) + cells, hang=4)
    _totals(sheet, snapshot)


def _totals(sheet: Sheet, snapshot: Snapshot) -> None:
    unknown = f", {words.counted(len(snapshot.intents), 'unknown')}" if snapshot.intents else ""
    key = snapshot.key_fingerprint or "none"
    number = words.counted(len(snapshot.records), "record")
    sheet.line(f"{number}{unknown}; serial {words.count(snapshot.serial)}, key {key}", hang=2)


def people_of(record: Record) -> int:
    """How many were queued at an object."""
    return sum(ref.count for ref in record.sent)


def address(sheet: Sheet, records: Sequence[Record], intents: Sequence[Intent]) -> None:
    """All that the state knows of one address."""
    for record in records:
        sheet.line(strong(str(record.key)))
        for name, value in _facts(record):
            sheet.line(f"  {name:<16} {value}", hang=19)
    for intent in intents:
        _intent(sheet, intent)


def _facts(record: Record) -> list[tuple[str, str]]:
    found = [
        ("kind", record.kind),
        ("id at the vendor", record.remote_id or "none; its object is gone"),
        ("phase", record.phase.value + (f": {record.ended}" if record.ended else "")),
        ("running", "yes, as last commanded" if record.running else ""),
        ("name there", record.natural_key or ""),
        ("marker", record.marker or ""),
        ("people queued", words.count(people_of(record)) if record.sent else ""),
        ("imported", "yes" if record.imported else ""),
        ("protected", "yes" if record.protect else ""),
        ("needs", ", ".join(str(key) for key in record.depends_on)),
        ("writes", words.count(record.generation)),
    ]
    found += [(name, words.value(value, name)) for name, value in sorted(record.fields.items())]
    return [(name, safe.clean(value)) for name, value in found if value]


def _intent(sheet: Sheet, intent: Intent) -> None:
    count = f" {words.people(intent.contacts.count)}" if intent.contacts else ""
    what = f"{intent.operation.value}{count}, sent {words.moment(intent.time)} by {intent.holder}"
    sheet.line(bad("! unknown "), what, hang=2)


def history(sheet: Sheet, lines: Sequence[HistoryLine]) -> None:
    """Entries of the log, oldest first."""
    if not lines:
        sheet.line("nothing was ever written")
    for line in lines:
        about = f" {line.key}" if line.key is not None else ""
        count = f", {words.people(line.people)}" if line.people else ""
        who = f"  by {line.who}" if line.who else ""
        sheet.line(
            f"{line.serial:>4}  {words.moment(line.time)}  ", _strong(line), about + count + who, hang=8
        )
        if line.reason:
            sheet.line(line.reason, indent=8, hang=8)


def _strong(line: HistoryLine) -> Piece:
    return warn(line.what) if "unknown" in line.what or line.what.startswith("hold") else Piece(line.what)


def list_document(snapshot: Snapshot, ending: Ending) -> json.Document:
    """Every object for programs."""
    hold = snapshot.hold
    return json.envelope(
        "state list",
        ending,
        lineage=snapshot.lineage,
        serial=snapshot.serial,
        key_fingerprint=snapshot.key_fingerprint,
        hold=None if hold is None else {"reason": hold.reason, "who": hold.who, "time": hold.time},
        unknowns=len(snapshot.intents),
        records=[_record(record) for _, record in sorted(snapshot.records.items())],
    )


def address_document(records: Sequence[Record], intents: Sequence[Intent], ending: Ending) -> json.Document:
    """One address for programs."""
    return json.envelope(
        "state show",
        ending,
        records=[
            {
                **_record(record),
                "fields": {name: json.field_value(each, name) for name, each in record.fields.items()},
            }
            for record in records
        ],
        unknowns=[
            {
                "intent": intent.id,
                "key": str(intent.key),
                "operation": intent.operation.value,
                "people": intent.contacts.count if intent.contacts else 0,
                "time": intent.time,
                "holder": intent.holder,
                "evidence": intent.evidence,
            }
            for intent in intents
        ],
    )


def _record(record: Record) -> json.Document:
    return {
        "address": str(record.key.address),
        "key": str(record.key),
        "run": record.key.run,
        "part": record.key.part,
        "kind": record.kind,
        "remote_id": record.remote_id,
        "phase": record.phase.value,
        "ended": record.ended,
        "running": record.running,
        "natural_key": record.natural_key,
        "marker": record.marker,
        "people": people_of(record),
        "imported": record.imported,
        "protect": record.protect,
        "depends_on": [str(key) for key in record.depends_on],
        "generation": record.generation,
    }


def history_document(lines: Sequence[HistoryLine], ending: Ending) -> json.Document:
    """Entries of the log for programs."""
    return json.envelope(
        "state history",
        ending,
        entries=[
            {
                "serial": line.serial,
                "time": line.time,
                "who": line.who,
                "what": line.what,
                "key": None if line.key is None else str(line.key),
                "people": line.people,
                "reason": line.reason,
            }
            for line in lines
        ],
    )


def list_markdown(snapshot: Snapshot) -> str:
    """Every object for a page."""
    rows = "".join(
        f"| {safe.code(str(record.key))} | {record.phase.value} | {people_of(record)} |\n"
        for _, record in sorted(snapshot.records.items())
    )
    return f"### State\n\n| object | phase | people |\n|---|---|---|\n{rows}"


def history_markdown(lines: Sequence[HistoryLine]) -> str:
    """Entries of the log for a page."""
    rows = "".join(
        f"| {line.serial} | {safe.markdown(words.moment(line.time))} | {safe.markdown(line.what)} "
        f"| {safe.code(str(line.key)) if line.key else ''} |\n"
        for line in lines
    )
    return f"### History\n\n| | when | what | object |\n|---|---|---|---|\n{rows}"
