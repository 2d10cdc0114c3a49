"""Log entries and snapshots as JSON bytes, and back. Pure.

Everything is one line of ASCII with sorted keys, so equal values have equal bytes and nothing in a value can
end a line or reach a terminal. What equals its default is left out. Reading is strict: a form that this tool
does not know is refused rather than half understood, since what is not understood would be lost when written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NoReturn

from reconciler.errors import StateError
from reconciler.model.address import ObjectKey
from reconciler.model.state import (
    FORMAT,
    BlobRef,
    Hold,
    HoldChanged,
    Intent,
    IntentWritten,
    JobTaken,
    LogEntry,
    ObjectShown,
    Operation,
    OutcomeWritten,
    Phase,
    Record,
    RecordDropped,
    RecordMoved,
    RecordWritten,
    Result,
    Review,
    ReviewBegun,
    Snapshot,
    StateBegun,
    SuppressionRemembered,
)
from reconciler.state.lines import DAMAGED, Document, dump, parse
from reconciler.state.values import read_fields, read_key, read_keys, write_key, write_keys, write_value

_ENTRIES: dict[str, type[LogEntry]] = {
    "begun": StateBegun,
    "intent": IntentWritten,
    "job": JobTaken,
    "outcome": OutcomeWritten,
    "record": RecordWritten,
    "shown": ObjectShown,
    "dropped": RecordDropped,
    "moved": RecordMoved,
    "suppressed": SuppressionRemembered,
    "hold": HoldChanged,
    "review": ReviewBegun,
}

_ENTRY_NAMES = {kind: name for name, kind in _ENTRIES.items()}

_UPGRADE = "upgrade reconciler to a version that knows it: pip install --upgrade campaign-reconciler"


def encode_entry(entry: LogEntry) -> bytes:
    """One log entry as a line without its newline; raises StateError for a value that state must not hold."""
    return dump({"entry": _ENTRY_NAMES[type(entry)], **_document(entry)})


def decode_entry(data: bytes) -> LogEntry:
    """Read what `encode_entry` wrote."""
    document = parse(data, "log entry")
    kind = _ENTRIES.get(document.pop("entry", ""))
    if kind is None:
        raise StateError("the log has an entry of a kind that this tool does not know", _UPGRADE, "STA01")
    entry: LogEntry = _build(kind, document)
    return entry


def encode_snapshot(snapshot: Snapshot) -> bytes:
    """All of the state as one line; records in the order of their keys."""
    document = _document(snapshot)
    records = sorted(snapshot.records.values(), key=_order)
    document["records"] = [_document(record) for record in records]
    document["intents"] = [_document(intent) for intent in snapshot.intents.values()]
    return dump({"format": FORMAT, **document})


def decode_snapshot(data: bytes) -> Snapshot:
    """Read what `encode_snapshot` wrote; a newer format is refused by name."""
    document = parse(data, "snapshot")
    found = document.pop("format", None)
    if found != FORMAT:
        _refuse_format(found)
    snapshot: Snapshot = _build(Snapshot, document)
    return snapshot


def _refuse_format(found: object) -> NoReturn:
    if isinstance(found, int) and found > FORMAT:
        raise StateError(f"state has format {found}, this tool knows {FORMAT} and older", _UPGRADE, "STA01")
    raise StateError("the state's snapshot does not say which format it has", DAMAGED, "STA03")


def _document(value: Any) -> Document:
    """Return a value as a JSON object, without the fields that have their default."""
    document: Document = {}
    for name, default, encode in _WRITERS[type(value)]:
        content = getattr(value, name)
        if content != default:
            document[name] = encode(content)
    return document


def _order(record: Record) -> tuple[str, str, str, str, int]:
    """Order as `ObjectKey` does, at a fraction of the cost of comparing keys."""
    key = record.key
    return (key.address.provider, key.address.kind, key.address.name, key.run, key.part)


def _build(kind: Callable[..., Any], document: Document) -> Any:
    """Make the outermost value; whatever does not fit below it is reported here once."""
    try:
        return _make(kind, document)
    except (TypeError, KeyError, ValueError, AttributeError) as error:
        name = getattr(kind, "__name__", "value")
        message = f"the state has a {name} in a form that this tool does not know"
        raise StateError(message, _UPGRADE, "STA01") from error


def _make(kind: Callable[..., Any], document: Document) -> Any:
    """Make a value of a JSON object; an unknown name is a TypeError of its constructor."""
    for name, read in _READERS[kind]:
        if name in document:
            document[name] = read(document[name])
    return kind(**document)


def _read_blobs(documents: list[Document]) -> tuple[BlobRef, ...]:
    return tuple([BlobRef(**document) for document in documents])


def _read_blob(document: Document | None) -> BlobRef | None:
    return document if document is None else BlobRef(**document)


def _read_blob_of_each(documents: dict[str, Document]) -> dict[str, BlobRef]:
    return {name: BlobRef(**document) for name, document in documents.items()}


def _read_blobs_of_each(documents: dict[str, list[Document]]) -> dict[str, tuple[BlobRef, ...]]:
    return {name: _read_blobs(several) for name, several in documents.items()}


def _read_hold(document: Document | None) -> Hold | None:
    return document if document is None else Hold(**document)


def _read_review(document: Document) -> Review:
    review: Review = _make(Review, document)
    return review


def _read_optional_review(document: Document | None) -> Review | None:
    return document if document is None else _read_review(document)


def _read_intent(document: Document) -> Intent:
    intent: Intent = _make(Intent, document)
    return intent


def _read_record(document: Document) -> Record:
    record: Record = _make(Record, document)
    return record


def _read_optional_record(document: Document | None) -> Record | None:
    return document if document is None else _read_record(document)


def _read_records(documents: list[Document]) -> dict[ObjectKey, Record]:
    return {record.key: record for record in map(_read_record, documents)}


def _read_intents(documents: list[Document]) -> dict[str, Intent]:
    return {intent.id: intent for intent in map(_read_intent, documents)}


def _plain(value: Any) -> Any:
    return value


def _write_enum(value: Any) -> str:
    text: str = value.value
    return text


def _write_optional(value: Any) -> Document | None:
    return None if value is None else _document(value)


def _write_all(values: Iterable[Any]) -> list[Document]:
    return [_document(value) for value in values]


def _write_each(values: Mapping[str, Any]) -> dict[str, Document]:
    return {name: _document(value) for name, value in values.items()}


def _write_all_of_each(values: Mapping[str, Iterable[Any]]) -> dict[str, list[Document]]:
    return {name: _write_all(several) for name, several in values.items()}


_Form = tuple[Callable[[Any], Any], Callable[[Any], Any]]
"""How one field is written, and how it is read."""

_AS_IT_IS: _Form = (_plain, _plain)
_KEY: _Form = (write_key, read_key)
_KEYS: _Form = (write_keys, read_keys)
_VALUES: _Form = (write_value, read_fields)
_TEXTS: _Form = (list, tuple)
_BLOB: _Form = (_write_optional, _read_blob)
_BLOBS: _Form = (_write_all, _read_blobs)
_INTENT: _Form = (_document, _read_intent)
_RECORD: _Form = (_document, _read_record)
_BLOB_OF_EACH: _Form = (_write_each, _read_blob_of_each)
_BLOBS_OF_EACH: _Form = (_write_all_of_each, _read_blobs_of_each)
_HOLD: _Form = (_write_optional, _read_hold)

_FORMS: dict[type, dict[str, _Form]] = {
    BlobRef: {},
    Hold: {},
    Review: {"pins": _TEXTS},
    Record: {
        "key": _KEY,
        "phase": (_write_enum, Phase),
        "fields": _VALUES,
        "depends_on": _KEYS,
        "sent": _BLOBS,
        "withdrawn": _BLOBS,
        "facts": _VALUES,
    },
    Intent: {
        "key": _KEY,
        "operation": (_write_enum, Operation),
        "contacts": _BLOB,
        "before": _TEXTS,
        "fields": _VALUES,
        "depends_on": _KEYS,
    },
    Snapshot: {
        "records": (_plain, _read_records),
        "intents": (_plain, _read_intents),
        "suppressed": _BLOBS_OF_EACH,
        "blacklists": _VALUES,
        "hold": _HOLD,
        "review": (_write_optional, _read_optional_review),
    },
    StateBegun: {},
    IntentWritten: {"intent": _INTENT},
    JobTaken: {},
    OutcomeWritten: {
        "result": (_write_enum, Result),
        "record": (_write_optional, _read_optional_record),
    },
    RecordWritten: {"record": _RECORD},
    ObjectShown: {"key": _KEY, "differing": _TEXTS},
    RecordDropped: {"key": _KEY},
    RecordMoved: {"source": _KEY, "target": _KEY},
    SuppressionRemembered: {"added": _BLOB_OF_EACH, "blacklists": _VALUES},
    HoldChanged: {"hold": _HOLD},
    ReviewBegun: {"review": (_document, _read_review)},
}
"""The fields that are not JSON as they are, per value; all others are text, numbers and booleans."""


def _defaults(kind: Any) -> Iterator[object]:
    """Yield, for each field, the default that is left out when writing, or something that equals nothing else."""
    given = kind.__struct_defaults__
    yield from (object() for _ in range(len(kind.__struct_fields__) - len(given)))
    yield from (default.factory() if hasattr(default, "factory") else default for default in given)


def _writers(kind: Any, forms: dict[str, _Form]) -> list[tuple[str, object, Callable[[Any], Any]]]:
    pairs = zip(kind.__struct_fields__, _defaults(kind), strict=True)
    return [(name, default, forms.get(name, _AS_IT_IS)[0]) for name, default in pairs]


_WRITERS = {kind: _writers(kind, forms) for kind, forms in _FORMS.items()}

_READERS: dict[Callable[..., Any], list[tuple[str, Callable[[Any], Any]]]] = {
    kind: [(name, read) for name, (_, read) in forms.items()] for kind, forms in _FORMS.items()
}
