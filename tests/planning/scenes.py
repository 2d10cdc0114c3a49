"""Scenes in a few words: what is wanted, owned, live, open and consented to, as the planner's own values.

Every object has usual fields, so that a case names only what matters to it. People are words: `a b p1-40`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from msgspec.structs import replace
from reconciler.model.address import Address, ObjectKey
from reconciler.model.kind import FieldSpec, KindSpec, Lookup, OperationSpec, Updatable, other, same
from reconciler.model.marker import marker
from reconciler.model.objects import Calendar, Ended, LiveObject, WantedObject
from reconciler.model.plan import ProviderFailure
from reconciler.model.problem import Location
from reconciler.model.resource import Consent, Desired, Limits, Project
from reconciler.model.state import BlobRef, Hold, Intent, Operation, Phase, Record, Snapshot
from reconciler.model.value import Fields, Reference, Value
from reconciler.planning.basis.scene import ListedPeople, ListedSuppression, People, Scene
from reconciler.providers.plum import campaign, loudness, profile, schedule

PROJECT_ID = "k2"
ZONE = "America/New_York"
NOW = "2027-01-04T14:00:00+00:00"
PLACE = Location("manifests/all.yaml", 1, 1)

RING = KindSpec(
    name="campaign",
    fields=(
        FieldSpec("end_date", loudness.more_is_louder),
        FieldSpec("pace", loudness.more_is_louder),
        FieldSpec("voice", other, updatable=Updatable.NEVER),
        FieldSpec("colour", same),
        FieldSpec("tint", same, stands_for="colour"),
        FieldSpec("tune", same),
        FieldSpec("beat", same, reset_by="colour"),
    ),
    operations=tuple(
        OperationSpec(item, Lookup.LIST if item is Operation.CREATE else Lookup.NONE)
        for item in Operation
        if item is not Operation.WITHDRAW  # it cannot take out whom it has queued
    ),
    runs=True,
    marker=True,
    shows_running=True,
    can_pause=True,
    batch=100,
    ends_by_date="end_date",
    clock_zone="UTC",
    hidden=("numbers",),
)
"""A vendor that can pause, shows the run state, and has a field that is set once."""

KEEPER = replace(RING, deletable=False)
"""The same, of a vendor that deletes nothing."""

FILLER = replace(KEEPER, fill_on_create=True, replaceable=True)
"""The same, where people go into the create alone: a run grows by parts, and a part is replaced by its rest."""

BOOK = KindSpec(
    name="book",
    fields=(FieldSpec("name", same, updatable=Updatable.NEVER),),
    operations=tuple(OperationSpec(item, Lookup.LIST) for item in (Operation.CREATE, Operation.DELETE)),
    marker=True,
    companion=True,
    hidden=("numbers",),
)
"""What one run alone is filled through."""

SHELVED = replace(
    RING,
    fields=(*RING.fields, FieldSpec("book", other, updatable=Updatable.NEVER, references=True)),
    rests=True,
    order=1,
)
"""A run that is filled through a book of its own, and rests while it is changed or filled."""

GUARDED = replace(
    RING,
    operations=(*RING.operations, OperationSpec(Operation.WITHDRAW, Lookup.NONE, repeatable=True)),
    rests=True,
)
"""A run out of which people can be taken who were suppressed since; it rests while it is changed, too."""

LIST = KindSpec(
    name="blacklist",
    fields=(),
    operations=(OperationSpec(Operation.APPEND, Lookup.NONE, repeatable=True),),
    suppresses=True,
    deletable=False,
    batch=100,
)
"""A list of suppressed people that the vendor keeps and never shows."""

SPECS: Mapping[str, Mapping[str, KindSpec]] = {
    "plum": {item.name: item for item in (schedule.SPEC, profile.SPEC, campaign.SPEC)},
    "plum2": {item.name: item for item in (schedule.SPEC, profile.SPEC, campaign.SPEC)},
    "ring": {"campaign": RING},
    "keeper": {"campaign": KEEPER},
    "filler": {"campaign": FILLER, "blacklist": LIST},
    "shelf": {"book": BOOK, "campaign": SHELVED},
    "guard": {"campaign": GUARDED},
}
MARKED = ("campaign", "book")
"""Kinds whose objects bear a marker."""

SCHEDULE, PROFILE = "s", "p"
"""Names of the schedule and the profile that campaigns use unless they say otherwise."""


def people(words: str | None) -> People:
    """People by words; `p1-40` are forty of them."""
    found: dict[bytes, bytes] = {}
    for word in (words or "").split():
        first, dash, last = word[1:].partition("-")
        names = [f"{word[0]}{n}" for n in range(int(first), int(last) + 1)] if dash else [word]
        found |= {_digest(name): _digest(name.upper()) for name in names}
    return found


def broad(words: str | None) -> frozenset[bytes]:
    """People as suppression knows them."""
    return frozenset(people(words).values())


def _digest(name: str) -> bytes:
    return name.encode().ljust(12, b".")


def key_of(text: str) -> ObjectKey:
    """A key by its words: `campaign/jan`, `campaign/jan@2`, `ring/campaign/jan`; runs are `1` by default."""
    key = ObjectKey.parse(text if text.split("@", maxsplit=1)[0].count("/") == 2 else f"plum/{text}")
    if key.address.kind == "campaign" and not key.run:
        return replace(key, run="1")
    return key


def short(text: object) -> str:
    """A key or an id as cases write it."""
    return str(text).removeprefix("plum/")


class SceneOf:
    """One case, built into a scene."""

    def __init__(self, case: Mapping[str, Any]) -> None:
        self.case = case if case.get("bare") else {**case, **_with_usual(case)}
        self.now = dt.datetime.fromisoformat(case.get("now", NOW))
        self.sets: dict[str, People] = {}
        self.lists: dict[str, ListedPeople] = {}
        self.ids: dict[ObjectKey, str] = {}
        self._number(self.case.get("have") or {})

    def _number(self, have: Mapping[str, Any]) -> None:
        for number, (text, item) in enumerate(have.items(), 1):
            self.ids[key_of(text)] = str((item or {}).get("id", number))

    def scene(self) -> Scene:
        """The whole scene."""
        case = self.case
        project = Project(
            "clinic",
            PROJECT_ID,
            PLACE,
            limits=Limits(**{"max_people": 1000, **(case.get("limits") or {})}),
            timezone=case.get("timezone"),
            on_queued_suppression=case.get("on_queued_suppression"),
        )
        wanted = tuple(self._wanted(text, item or {}) for text, item in (case.get("want") or {}).items())
        snapshot = self._snapshot()
        unread = tuple(case.get("unread", ()))
        return Scene(
            project=project,
            wanted=wanted,
            snapshot=snapshot,
            live=self._live(unread),
            specs=SPECS,
            now=self.now,
            lists=self.lists,
            blacklists={name: _blacklist(item) for name, item in (case.get("blacklists") or {}).items()},
            remembered=broad(case.get("remembered")),
            sent=self.sets,
            consents=tuple(_consent(item) for item in case.get("consents", ())),
            allow=tuple(case.get("allow", ())),
            only=tuple(case.get("only", ())),
            failures=tuple(ProviderFailure(name, "no answer") for name in unread),
            observers=tuple(case.get("observe", ())),
            earliest=lambda _list, _when: "05:30",
            complete=case.get("complete", True),
        )

    # What is wanted

    def _wanted(self, text: str, item: Mapping[str, Any]) -> WantedObject:
        key = key_of(text)
        kind = key.address.kind
        fields = {**self._usual(key, item), **_frozen(item.get("fields") or {})}
        if kind != "campaign":
            named = str(fields.get("nickname", key.address.name))
            mark = marker(PROJECT_ID, key) if kind in MARKED else None
            return WantedObject(key, kind, fields, PLACE, natural_key=named, marker=mark)
        contacts = f"list of {key.address.name}" if "people" in item or "list_error" in item else None
        if contacts is not None:
            listed = people(item.get("people"))
            self.lists[contacts] = ListedPeople(listed, str(sorted(listed)), item.get("list_error"))
        return WantedObject(
            key,
            kind,
            fields,
            PLACE,
            marker=marker(PROJECT_ID, key),
            depends_on=_references(fields.values()),
            desired=Desired(item.get("state", "draft")),
            contacts=contacts,
            except_blacklists=tuple(item.get("except_blacklists", ())),
            on_queued_suppression=item.get("on_queued_suppression", self.case.get("on_queued_suppression")),
            protect=item.get("protect", False),
            calendar=_calendar(fields),
        )

    def _usual(self, key: ObjectKey, item: Mapping[str, Any]) -> dict[str, Value]:
        provider, kind, name = key.address.provider, key.address.kind, key.address.name
        if kind == "schedule":
            return {"nickname": name, "days": ("mon", "wed", "fri")}
        if kind == "profile":
            return {"nickname": name, "period": 30, "amount_per_period": 100, "time_between_periods": 10}
        if kind == "blacklist":
            return {}
        if kind == "book":
            return {"name": f"{name} {key.run}"}
        if provider in ("ring", "keeper", "filler", "guard", "shelf"):
            common: dict[str, Value] = {"end_date": "2027-01-29", "pace": 5, "voice": "anna", "colour": "red"}
            book = Reference(ObjectKey(Address(provider, "book", name), key.run))
            return common if provider != "shelf" else {**common, "book": book}
        used = Reference(ObjectKey(Address(provider, "schedule", item.get("schedule", SCHEDULE))))
        paced = Reference(ObjectKey(Address(provider, "profile", item.get("profile", PROFILE))))
        return {
            "start_date": "2027-01-04",
            "end_date": "2027-01-29",
            "schedule": used,
            "windows": (("08:00", "11:00", paced),),
            "start_url": "https://ivr.example/start",
        }

    # What is owned

    def _snapshot(self) -> Snapshot:
        hold = Hold(self.case["hold"], "ops", NOW) if "hold" in self.case else None
        records = [self._record(text, item or {}) for text, item in (self.case.get("have") or {}).items()]
        intents = [self._intent(number, item) for number, item in enumerate(self.case.get("intents", ()))]
        return Snapshot(
            "lineage",
            PROJECT_ID,
            records={record.key: record for record in records},
            intents={intent.id: intent for intent in intents},
            hold=hold,
        )

    def _record(self, text: str, item: Mapping[str, Any]) -> Record:
        key = key_of(text)
        phase = Phase(item.get("phase", "inert"))
        applied = self.applied(key, item)
        is_run, is_marked = key.address.kind == "campaign", key.address.kind in MARKED
        armed_at = {} if phase is Phase.INERT else {"armed_at": str(item.get("armed_at", NOW))}
        return Record(
            key,
            key.address.kind,
            None if item.get("gone") else self.ids[key],
            natural_key=None if is_run else str(applied.get("nickname", key.address.name)),
            marker=item.get("marker", marker(PROJECT_ID, key)) if is_marked else None,
            phase=phase,
            fields=applied,
            depends_on=_references({**self._usual(key, item), **_frozen(item.get("refer") or {})}.values()),
            sent=self.blobs(item.get("sent")),
            withdrawn=self.blobs(item.get("withdrawn")),
            running=item.get("running", phase is Phase.ARMED),
            ended=item.get("ended"),
            protect=item.get("protect", False),
            imported=item.get("imported", False),
            generation=item.get("generation", 1),
            facts={**armed_at, **(item.get("facts") or {})},
        )

    def applied(self, key: ObjectKey, item: Mapping[str, Any]) -> Fields:
        """The fields as they were applied, with ids in them."""
        fields = {**self._usual(key, item), **_frozen(item.get("fields") or {})}
        return {name: self._bound(value) for name, value in fields.items()}

    def _bound(self, value: Value) -> Value:
        if isinstance(value, Reference):
            return self.ids.get(value.key, "?")
        if isinstance(value, tuple):
            return tuple(self._bound(item) for item in value)
        return value

    def blobs(self, words: str | None) -> tuple[BlobRef, ...]:
        """A set of people as state names it."""
        if not words:
            return ()
        self.sets[words] = people(words)
        return (BlobRef(words, len(self.sets[words])),)

    def _intent(self, number: int, item: Mapping[str, Any]) -> Intent:
        key = key_of(item["key"])
        operation = Operation(item["operation"])
        contacts = self.blobs(item.get("people"))
        return Intent(
            f"i{number}",
            key,
            key.address.kind,
            operation,
            "digest",
            item.get("time", NOW),
            "ci",
            lookup=operation is Operation.CREATE,
            arms=operation is Operation.START,
            contacts=contacts[0] if contacts else None,
            marker=marker(PROJECT_ID, key) if key.address.kind == "campaign" else None,
            natural_key=key.address.name if key.address.kind != "campaign" else None,
            before=tuple(item.get("before", ())),
            fields=_frozen(item.get("fields") or {}) or self.applied(key, {}),
            unknown=True,
        )

    # What shows

    def _live(self, unread: Iterable[str]) -> dict[str, tuple[LiveObject, ...]]:
        found: dict[str, list[LiveObject]] = {name: [] for name in SPECS if name not in set(unread)}
        for text, item in (self.case.get("have") or {}).items():
            live = self._shown(key_of(text), item or {})
            if live is not None and live.provider in found:
                found[live.provider].append(live)
        for item in self.case.get("strangers", ()):
            stranger = self._stranger(item)
            found[stranger.provider].append(stranger)
        return {name: tuple(items) for name, items in found.items()}

    def _shown(self, key: ObjectKey, item: Mapping[str, Any]) -> LiveObject | None:
        seen = item.get("live", {})
        if seen == "gone" or item.get("gone"):
            return None
        fields = {**self.applied(key, item), **_frozen(seen.get("fields") or {})}
        for name in seen.get("hides", ()):
            del fields[name]
        is_run, is_marked = key.address.kind == "campaign", key.address.kind in MARKED
        return LiveObject(
            key.address.provider,
            key.address.kind,
            self.ids[key],
            fields,
            natural_key=None if is_run else str(fields.get("nickname")),
            marker=seen.get("marker", item.get("marker", marker(PROJECT_ID, key))) if is_marked else None,
            running=seen.get("running"),
            ended=Ended(seen["ended"]) if "ended" in seen else None,
            uses=self._uses(fields),
        )

    def _stranger(self, item: Mapping[str, Any]) -> LiveObject:
        key = key_of(item.get("like", "campaign/stranger"))
        mark = marker(PROJECT_ID, key) if item.get("marked") else None
        uses = tuple((key_of(text).address.kind, self.ids[key_of(text)]) for text in item.get("uses", ()))
        fields = _frozen(item.get("fields") or {})
        return LiveObject(
            key.address.provider,
            key.address.kind,
            str(item["id"]),
            fields,
            natural_key=item.get("name"),
            marker=mark,
            uses=uses,
        )

    @staticmethod
    def _uses(fields: Fields) -> tuple[tuple[str, str], ...]:
        used = fields.get("schedule")
        windows = fields.get("windows")
        profiles = sorted({str(item[2]) for item in windows}) if isinstance(windows, tuple) else []
        books = (("book", str(fields["book"])),) if "book" in fields else ()
        return (
            *((("schedule", str(used)),) if used else ()),
            *(("profile", item) for item in profiles),
            *books,
        )


def _with_usual(case: Mapping[str, Any]) -> dict[str, Any]:
    """The schedule and the profile that every case has, unless it is `bare`."""
    usual = {f"schedule/{SCHEDULE}": {"id": "91"}, f"profile/{PROFILE}": {"id": "92"}}
    return {name: {**usual, **(case.get(name) or {})} for name in ("want", "have")}


def _frozen(value: Any) -> Any:
    """YAML's lists as tuples, and `-> schedule/s` as a reference."""
    if isinstance(value, dict):
        return {name: _frozen(item) for name, item in value.items()}
    if isinstance(value, list):
        return tuple(_frozen(item) for item in value)
    if isinstance(value, str) and value.startswith("-> "):
        return Reference(key_of(value[3:]))
    return value


def _references(values: Iterable[Value]) -> tuple[ObjectKey, ...]:
    found: set[ObjectKey] = set()
    for value in values:
        if isinstance(value, Reference):
            found.add(value.key)
        elif isinstance(value, tuple):
            found |= set(_references(value))
    return tuple(sorted(found))


def _calendar(fields: Fields) -> Calendar | None:
    windows = fields.get("windows")
    if not isinstance(windows, tuple):
        return None
    hours = tuple((str(item[0]), str(item[1])) for item in windows)
    first, last = (dt.date.fromisoformat(str(fields[name])) for name in ("start_date", "end_date"))
    return Calendar(ZONE, hours, ("mon", "wed", "fri"), first, last)


def _blacklist(item: Mapping[str, Any]) -> ListedSuppression:
    return ListedSuppression(
        broad(item.get("people")), item.get("error"), item.get("consent"), tuple(item.get("applies_to", ()))
    )


def _consent(item: Mapping[str, Any]) -> Consent:
    address = item.get("address")
    until = item.get("until")
    return Consent(
        item["action"],
        key_of(address).address if address else None,
        item.get("run"),
        until=dt.date.fromisoformat(str(until)) if until else None,
    )
