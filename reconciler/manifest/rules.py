"""Rules that a schema cannot say: references, hours and dates, addresses, files."""

from __future__ import annotations

import datetime as dt
import functools
import os
import posixpath
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from reconciler.manifest.declared import Context, Declared
from reconciler.manifest.finding import Finding, quoted
from reconciler.manifest.folder import Unfit, inside, read_bytes
from reconciler.manifest.moves import move_findings
from reconciler.manifest.references import undeclared, undeclared_names, unknown_provider
from reconciler.model.address import Address
from reconciler.model.problem import Location, Severity


@functools.lru_cache(maxsize=4096)
def day(text: str) -> dt.date:
    """A date that the schema has accepted."""
    return dt.date.fromisoformat(text)


def findings(context: Context) -> Iterator[Finding]:
    """Everything that the rules have to say."""
    sections = context.declarations.sections
    for schedule in sections["schedules"].values():
        yield from _providers(context, schedule)
    for profile in sections["profiles"].values():
        yield from _providers(context, profile)
    for contacts in sections["contact_lists"].values():
        yield from _file(context, contacts)
    for blacklist in sections["blacklists"].values():
        yield from _file(context, blacklist)
        yield from _providers(context, blacklist)
        yield from undeclared_names(context, blacklist, "campaigns", "applies_to")
    for medium in sections["media"].values():
        yield from _medium(context, medium)
    for campaign in sections["campaigns"].values():
        yield from _campaign(context, campaign)
    for consent in context.declarations.consents:
        yield from _consent(context, consent)
    yield from move_findings(context)


def _providers(context: Context, declared: Declared) -> Iterator[Finding]:
    for index, name in enumerate(declared.data.get("providers", ())):
        yield from unknown_provider(context, name, declared.location, "providers", index)


def _file(context: Context, declared: Declared) -> Iterator[Finding]:
    """A list's path counts from its manifest's folder and may not leave the project."""
    written = declared.data.get("file")
    if isinstance(written, str):
        base = posixpath.dirname(declared.location.path)
        yield from leaves_project(context.root, base, written, declared.location.at("file"))


def leaves_project(root: str, base: str, written: str, where: Location) -> Iterator[Finding]:
    """Whether a path leads outside: as it is spelt, or by a link."""
    path = os.path.normpath(Path(root, base, written))
    if not (inside(root, path) and inside(root, os.path.realpath(path))):
        message = f"{quoted(written)} lies outside the project"
        yield Finding("FIL05", message, "move it inside, or name it by a variable: {env: NAME}", where)


def _medium(context: Context, declared: Declared) -> Iterator[Finding]:
    """A sound is a file or a spoken text, of a vendor that keeps sounds; its file can be read."""
    data, where = declared.data, declared.location
    if declared.flawed is not None:
        return
    yield from unknown_provider(context, data["provider"], where, "provider")
    kind = (context.providers or {}).get(data["provider"])
    vendor = context.vendors.get(kind or "")
    if vendor is not None and not vendor.media:
        message = f"provider {quoted(data['provider'])} is {kind}, which keeps no library of sounds"
        yield Finding("MED01", message, "choose another provider, or remove it", where.at("provider"))
    given = [name for name in ("file", "text", "voice") if name in data]
    if given not in (["file"], ["text", "voice"]):
        message = "a medium is either a file:, or a text: with its voice:"
        yield Finding("MED02", message, "write one of the two", where, on_key=True)
    elif given == ["file"]:
        yield from _file(context, declared)
        yield from _sound(context, declared)


def _sound(context: Context, declared: Declared) -> Iterator[Finding]:
    path, where = sound_path(context.root, declared), declared.location.at("file")
    if not inside(context.root, os.path.realpath(path)):
        return
    try:
        empty = not read_bytes(path)
    except OSError as error:
        yield Finding(
            "MED03", f"cannot be read: {error.strerror or 'unknown reason'}", "mend the path", where
        )
        return
    except Unfit as unfit:
        yield Finding("MED03", unfit.message, unfit.help, where)
        return
    if empty:
        yield Finding("MED03", "the file is empty", "put the sound there", where)


def sound_path(root: str, declared: Declared) -> str:
    """Where a medium's file is."""
    base = posixpath.dirname(declared.location.path)
    return os.path.normpath(Path(root, base, declared.data["file"]))


def _campaign(context: Context, declared: Declared) -> Iterator[Finding]:
    data, where = declared.data, declared.location
    if not data and declared.flawed is not None:
        return
    for section, key in (("schedules", "schedule"), ("contact_lists", "contacts")):
        if key in data:
            yield from undeclared(context, section, data[key], where, key)
    if "provider" in data:
        yield from unknown_provider(context, data["provider"], where, "provider")
        yield from _blocks(context, declared)
    for index, exception in enumerate(data.get("except_blacklists", ())):
        if "name" in exception:
            keys = ("except_blacklists", index, "name")
            yield from undeclared(context, "blacklists", exception["name"], where, *keys)
    yield from _hours(context, declared)
    yield from _dates(declared)


def _blocks(context: Context, declared: Declared) -> Iterator[Finding]:
    """A campaign has the block of its provider's type, if that needs one, and no other."""
    kind = (context.providers or {}).get(declared.data["provider"])
    if not kind:
        return
    for other in declared.data.keys() & context.vendors.keys() - {kind}:
        message = f"{other}: does not go with provider {quoted(declared.data['provider'])}, which is {kind}"
        remedy = f"remove {other}:, or choose a provider of that type"
        yield Finding("PRV02", message, remedy, declared.location.at(other), on_key=True)
    vendor = context.vendors.get(kind)
    needed = vendor.campaign.get("required", []) if vendor and vendor.campaign else []
    if needed and declared.lacks(kind):
        message = f"campaign needs {kind}: with {', '.join(needed)}"
        yield Finding("KEY02", message, f"what {kind} alone has stands there", declared.location, on_key=True)


def _hours(context: Context, declared: Declared) -> Iterator[Finding]:
    data, where = declared.data, declared.location
    if declared.lacks("timezone") and not context.defaults.get("timezone"):
        remedy = "write timezone: America/New_York here, or under defaults: in reconciler.yaml"
        yield Finding("TIM08", "campaign has no timezone", remedy, where, on_key=True)
    if data.get("state", "draft") != "draft" and declared.lacks("windows"):
        message = f"campaign is {data['state']} and has no windows"
        yield Finding("TIM09", message, "write windows:, or windows: any_hour", where, on_key=True)
    windows = data.get("windows", ())
    if isinstance(windows, tuple):
        yield from _windows(context, where, windows)


def _windows(context: Context, where: Location, windows: tuple[Mapping[str, Any], ...]) -> Iterator[Finding]:
    spans = []
    for index, window in enumerate(windows):
        if "profile" in window:
            yield from undeclared(context, "profiles", window["profile"], where, "windows", index, "profile")
        if "start_time" not in window or "end_time" not in window:
            continue
        start, end = window["start_time"], window["end_time"]
        if start < end:
            spans.append((start, end, index))
        else:
            yield _backwards(start, end, where.at("windows", index, "end_time"))
    if len(spans) > 1:
        yield from _overlaps(sorted(spans), where)


def _backwards(start: str, end: str, where: Location) -> Finding:
    if start == end:
        return Finding("TIM02", f"window {start}-{end} has no minute", "let it end later", where)
    remedy = f"over midnight takes two windows: {start}-23:59 and 00:00-{end}"
    return Finding("TIM02", f"window {start}-{end} ends before start", remedy, where)


def _overlaps(spans: list[tuple[str, str, int]], where: Location) -> Iterator[Finding]:
    """Windows in order of time: one that begins before the latest end so far overlaps that one."""
    latest = spans[0]
    for span in spans[1:]:
        if span[0] < latest[1]:
            message = f"window {span[0]}-{span[1]} overlaps {latest[0]}-{latest[1]}"
            yield Finding("TIM03", message, "join them, or part them", where.at("windows", span[2]))
        latest = max(latest, span, key=lambda each: each[1])


def _dates(declared: Declared) -> Iterator[Finding]:
    start, end = declared.data.get("start_date"), declared.data.get("end_date")
    if start and end and end < start:
        message = f"end_date {end} is before start_date {start}"
        yield Finding("TIM07", message, "let it end on a later day", declared.location.at("end_date"))


def _consent(context: Context, declared: Declared) -> Iterator[Finding]:
    data, where = declared.data, declared.location
    if "address" in data:
        yield from unknown_provider(context, Address.parse(data["address"]).provider, where, "address")
    if "until" in data and day(data["until"]) < context.today:
        message = f"consent ended on {data['until']}"
        remedy = "remove it, or have a later day reviewed"
        yield Finding("CON01", message, remedy, where.at("until"), severity=Severity.WARNING)
