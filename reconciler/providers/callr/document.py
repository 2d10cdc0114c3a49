"""A campaign as CALLR's object and as our fields: a pair of pure functions, and what its state comes to.

`addressbook` and `schedule` are missing from the vendor's table of the object, and its samples use both (A3).
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from typing import Any

from reconciler.model.objects import Ended, LiveObject
from reconciler.model.value import Fields, Value
from reconciler.providers.base import Bound, Sendable
from reconciler.providers.callr import hours, names, parameters, wire
from reconciler.providers.callr.dialect import identity

Document = dict[str, Any]

KIND = "campaign"
BESIDE = ("title", "type", "addressbook", "schedule", "zone")
"""Fields that are no parameters of the tables."""

STARTED, PAUSED, STOPPED, FINISHED = "STARTED", "PAUSED", "STOPPED", "FINISHED"
OVER = (STOPPED, FINISHED)


def filled(
    base: Mapping[str, Any],
    fields: Mapping[str, Sendable],
    marker: str | None,
    *,
    changed: Iterable[str] | None = None,
    actions: Mapping[str, Any] | None = None,
) -> Document:
    """Set our fields, or the changed ones, in a whole object; its clock is always off in what comes of it.

    `actions` are the vendor's defaults of the actions behind keys: a key that gets another action begins with those.
    """
    names_of = frozenset(fields if changed is None else changed) & fields.keys()
    whole = copy.deepcopy(dict(base))
    if "title" in names_of:
        whole["name"] = names.marked(str(fields["title"]), marker)
    if "type" in names_of:
        whole["type"] = fields["type"]
    if "addressbook" in names_of:
        parameters.put(whole, ("addressbook", "hash"), _id(fields["addressbook"]))
    if "schedule" in names_of:
        parameters.put(whole, ("schedule", "days"), hours.encode(fields["schedule"]))
    _set(whole, fields, names_of, actions or {})
    return silenced(whole)


def _set(
    whole: Document, fields: Mapping[str, Sendable], chosen: frozenset[str], actions: Mapping[str, Any]
) -> None:
    """Set the parameters, in the tables' order: an action before what belongs to it."""
    for name, parameter in parameters.BY_NAME.items():
        if name in chosen:
            _give_defaults(whole, parameter, fields[name], actions)
            parameters.put(whole, parameter.path, parameter.sort.write(fields[name]))


def _give_defaults(
    whole: Document, parameter: parameters.Parameter, value: Sendable, actions: Mapping[str, Any]
) -> None:
    if parameter.path[-1] != "action" or parameters.at(whole, parameter.path)[1] == value:
        return
    defaults = actions.get(str(value))
    begin = copy.deepcopy(dict(defaults)) if isinstance(defaults, Mapping) else {}
    parameters.put(whole, (*parameter.path[:-1], "params"), begin)


def silenced(whole: Mapping[str, Any]) -> Document:
    """The same object with its clock off."""
    return _clocked(whole, enabled=False)


def armed(whole: Mapping[str, Any]) -> Document:
    """The same object with its clock on: it calls by itself from the next hour that is listed."""
    return _clocked(whole, enabled=True)


def _clocked(whole: Mapping[str, Any], *, enabled: bool) -> Document:
    known = copy.deepcopy(dict(whole))
    parameters.put(known, ("schedule", "enabled"), enabled)
    return known


def _id(value: Sendable) -> str:
    return value.remote_id if isinstance(value, Bound) else str(value)


def decode(provider: str, item: Mapping[str, Any]) -> LiveObject:
    """Read one campaign; what is not shown is left out."""
    name = wire.text(item.get("name")) or ""
    title, marker = names.unmarked(name)
    book = identity(item.get("addressbook"))
    return LiveObject(
        provider,
        KIND,
        identity(item) or "",
        {"title": title, **_shown(item, book)},
        natural_key=name,
        marker=marker,
        running=is_running(item),
        ended=_ended(item),
        called=wire.moment(_status(item).get("started_at")) is not None,
        uses=(*((("addressbook", book),) if book is not None else ()), *_sounds(item)),
    )


def _sounds(item: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """The media that a campaign plays."""
    type_name = wire.text(item.get("type")) or ""
    shown = {each.path: parameters.at(item, each.path) for each in parameters.of_type(type_name)}
    found = {
        medium
        for path, (there, raw) in shown.items()
        if there
        for medium in parameters.media_of(path, parameters.BY_PATH[path].sort.read(raw))
    }
    return tuple(("media", medium) for medium in sorted(found))


def _shown(item: Mapping[str, Any], book: str | None) -> Fields:
    type_name = wire.text(item.get("type")) or ""
    found: dict[str, Value] = {}
    if type_name:
        found["type"] = type_name
    if book is not None:
        found["addressbook"] = book
    if isinstance(item.get("schedule"), Mapping):
        found["schedule"] = _hours(item)
    for parameter in parameters.of_type(type_name):
        there, raw = parameters.at(item, parameter.path)
        value = parameter.sort.read(raw) if there else None
        if value is not None:
            found[parameter.name] = value
    return found


def _hours(item: Mapping[str, Any]) -> Value:
    """The hours that hold: a campaign that was started and whose clock is off pauses at no hour."""
    return (
        {}
        if state_of(item) == STARTED and not is_clocked(item)
        else hours.decode(item["schedule"].get("days"))
    )


def is_running(item: Mapping[str, Any]) -> bool | None:
    """Whether it may call: it is started, or its clock will start it. None where the clock is not shown."""
    if state_of(item) == STARTED:
        return True
    if state_of(item) in OVER:
        return False
    return is_clocked(item)


def is_clocked(item: Mapping[str, Any]) -> bool | None:
    """Whether its clock is on; None where that is not shown."""
    clock = item.get("schedule")
    return wire.switch(clock.get("enabled")) if isinstance(clock, Mapping) and "enabled" in clock else None


def state_of(item: Mapping[str, Any]) -> str:
    """Read the state, empty where there is none."""
    return (wire.text(_status(item).get("state")) or "").strip().upper()


def _status(item: Mapping[str, Any]) -> Mapping[str, Any]:
    status = item.get("status")
    return status if isinstance(status, Mapping) else {}


def _ended(item: Mapping[str, Any]) -> Ended | None:
    state, cause = state_of(item), wire.text(_status(item).get("finished_cause"))
    if state not in OVER:
        return None
    return Ended.STOPPED if STOPPED in (state, cause) else Ended.COMPLETED
