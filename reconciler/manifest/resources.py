"""Checked values to the model's resources."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from typing import Any

from reconciler.manifest.declared import Context, Declared
from reconciler.manifest.folder import Unfit, read_bytes
from reconciler.manifest.rules import day, sound_path
from reconciler.model.address import Address
from reconciler.model.resource import (
    Blacklist,
    BlacklistException,
    Campaign,
    Consent,
    ContactColumns,
    ContactList,
    Desired,
    FileSource,
    Manifests,
    Medium,
    Moved,
    Profile,
    Schedule,
    Window,
)


def manifests(context: Context) -> Manifests:
    """All resources that nothing is wrong with."""
    sections = context.declarations.sections
    whole = {
        name: [each for each in section.values() if not _flawed(each)] for name, section in sections.items()
    }
    return Manifests(
        schedules={each.name: _schedule(each) for each in whole["schedules"]},
        profiles={each.name: _profile(each, context.vendors) for each in whole["profiles"]},
        contact_lists={each.name: _contact_list(each) for each in whole["contact_lists"]},
        blacklists={each.name: _blacklist(each) for each in whole["blacklists"]},
        media={each.name: _medium(each, context.root) for each in whole["media"]},
        campaigns={each.name: _campaign(each, context) for each in whole["campaigns"]},
        consents=tuple(_consent(each) for each in context.declarations.consents if not _flawed(each)),
        moved=tuple(_moved(each) for each in context.declarations.moved if not _flawed(each)),
    )


def _flawed(declared: Declared) -> bool:
    return declared.flawed is not None


def _schedule(declared: Declared) -> Schedule:
    data = declared.data
    return Schedule(
        declared.name, data["days"], declared.location, data.get("nickname"), data.get("providers", ())
    )


def _profile(declared: Declared, vendors: Mapping[str, Any]) -> Profile:
    data = declared.data
    return Profile(
        name=declared.name,
        period=data["period"],
        amount_per_period=data["amount_per_period"],
        time_between_periods=data["time_between_periods"],
        location=declared.location,
        nickname=data.get("nickname"),
        providers=data.get("providers", ()),
        vendor=_blocks(data, vendors),
    )


def _blocks(data: Mapping[str, Any], vendors: Mapping[str, Any]) -> dict[str, Any]:
    return {key: data[key] for key in data if key in vendors}


def _file(declared: Declared) -> FileSource | None:
    written = declared.data.get("file")
    if written is None:
        return None
    base = posixpath.dirname(declared.location.path)
    if isinstance(written, str):
        return FileSource(path=written, base=base)
    return FileSource(env=written["env"], base=base)


def _contact_list(declared: Declared) -> ContactList:
    data = declared.data
    return ContactList(
        name=declared.name,
        file=_file(declared),
        location=declared.location,
        columns=ContactColumns(**data.get("columns", {})),
        region=data.get("region"),
        invalid_percent=float(data.get("invalid_percent", 1.0)),
        duplicates=data.get("duplicates", "first"),
    )


def _blacklist(declared: Declared) -> Blacklist:
    data = declared.data
    return Blacklist(
        name=declared.name,
        file=_file(declared),
        location=declared.location,
        region=data.get("region"),
        column=data.get("column"),
        providers=data.get("providers", ()),
        applies_to=data.get("applies_to", ()),
        ignore=data.get("ignore", ()),
    )


def _medium(declared: Declared, root: str) -> Medium:
    data = declared.data
    return Medium(
        name=declared.name,
        provider=data["provider"],
        location=declared.location,
        title=data.get("title"),
        text=data.get("text"),
        voice=data.get("voice"),
        content=_sound(declared, root) if "file" in data else None,
    )


def _sound(declared: Declared, root: str) -> bytes | None:
    """The bytes of its file; None where it cannot be read, which the rules say."""
    try:
        return read_bytes(sound_path(root, declared))
    except (OSError, Unfit):
        return None


_STATES = {state.value: state for state in Desired}


def _campaign(declared: Declared, context: Context) -> Campaign:
    data, defaults = declared.data, context.defaults
    start, end = data.get("start_date"), data.get("end_date")
    return Campaign(
        name=declared.name,
        provider=data["provider"],
        location=declared.location,
        timezone=data.get("timezone") or defaults.get("timezone") or "",
        state=_STATES[data.get("state", "draft")],
        run=data.get("run", "1"),
        start_date=day(start) if start else None,
        end_date=day(end) if end else None,
        schedule=data.get("schedule"),
        windows=_windows(data.get("windows", ())),
        contacts=data.get("contacts"),
        on_queued_suppression=data.get("on_queued_suppression") or defaults.get("on_queued_suppression"),
        protect=data.get("protect", False),
        title=data.get("title"),
        enforce=data.get("enforce"),
        labels=data.get("labels", {}),
        except_blacklists=_exceptions(data.get("except_blacklists", ())),
        vendor=_blocks(data, context.vendors),
    )


def _windows(written: Any) -> tuple[Window, ...] | None:
    """`any_hour` is the only text that the schema lets through."""
    if isinstance(written, str):
        return None
    return tuple([Window(each["start_time"], each["end_time"], each.get("profile")) for each in written])


def _exceptions(written: tuple[Mapping[str, str], ...]) -> tuple[BlacklistException, ...]:
    return tuple([BlacklistException(each["name"], each["reason"]) for each in written])


def _consent(declared: Declared) -> Consent:
    data = declared.data
    address = Address.parse(data["address"]) if "address" in data else None
    return Consent(
        action=data["action"],
        address=address,
        run=data.get("run"),
        reason=data.get("reason", ""),
        until=day(data["until"]),
        location=declared.location,
    )


def _moved(declared: Declared) -> Moved:
    source, target = Address.parse(declared.data["from"]), Address.parse(declared.data["to"])
    return Moved(source, target, declared.location)
