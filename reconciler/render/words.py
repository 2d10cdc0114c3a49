"""Values as words: numbers, moments, field values, and before and after side by side."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence

from reconciler.model.address import ObjectKey
from reconciler.model.plan import Difference
from reconciler.model.value import ABSENT, Missing, Reference, Value
from reconciler.render.safe import clean
from reconciler.render.sheet import elide, width_of

SENSITIVE = "(not shown)"
_ARROW = " -> "
_TIME = re.compile(r"[0-2]\d:[0-5]\d")
_HOURS = frozenset({"start_time", "end_time"})
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_SECRET_FIELD = re.compile(r"(?:^|[._])(?:token|password|secret|api_key|session|credentials?)$")
_CHANGE_ID = re.compile(r"(?P<address>[^\s/]+/[^\s/]+/[^\s@#]+)(?:@[^\s#]+)?#(?P<action>[a-z-]+)")
_USER_IN_URL = re.compile(r"(?<=://)[^/@\s]*@")
_SECRET_IN_URL = re.compile(
    r"([?&](?:[a-z_]*token|[a-z_]*key|secret|password|auth|sig|signature|session)=)[^&#\s]*", re.IGNORECASE
)


def count(number: int) -> str:
    """A number with separators: 4,120."""
    return f"{number:,}"


def counted(number: int, one: str, many: str = "") -> str:
    """A number and its noun: 1 person, 4,120 people."""
    return f"{count(number)} {one if number == 1 else many or one + 's'}"


def people(number: int) -> str:
    """So many people."""
    return counted(number, "person", "people")


def run(key: ObjectKey) -> str:
    """`, run 2027-01 part 1`, where a run is not the only one."""
    part = f" part {key.part}" if key.part else ""
    return f", run {key.run}{part}" if part or key.run not in {"", "1"} else ""


def moment(text: str, *, weekday: bool = False) -> str:
    """An ISO 8601 moment for readers, with its offset; anything else as it is."""
    try:
        at = dt.datetime.fromisoformat(text)
    except ValueError:
        return text
    offset = at.isoformat(timespec="seconds")[19:]
    day = f"{_DAYS[at.weekday()]} " if weekday else ""
    return f"{day}{at:%Y-%m-%d %H:%M} {'Z' if offset == '+00:00' else offset}".rstrip()


def instant(text: str) -> float:
    """An ISO 8601 moment to sort by; what is none comes last."""
    try:
        return dt.datetime.fromisoformat(text).timestamp()
    except ValueError:
        return math.inf


def days_after(moment_of: str, days: int) -> str:
    """The day so many days after a moment, as YYYY-MM-DD; empty when it is no moment."""
    try:
        return (dt.datetime.fromisoformat(moment_of).date() + dt.timedelta(days)).isoformat()
    except ValueError:
        return ""


def fingerprint(digest: str) -> str:
    """The beginning of a digest, to be compared by eye: 91fd-2c07."""
    plain = digest.rpartition(":")[2].replace("-", "")
    return f"{plain[:4]}-{plain[4:8]}" if len(plain) >= 8 else digest  # noqa: PLR2004 - two groups of four


def without_ids(text: str) -> str:
    """The text with `ADDRESS@RUN#ACTION`, by which changes refer to each other, as `ACTION of ADDRESS`."""
    return _CHANGE_ID.sub(r"\g<action> of \g<address>", text)


def value(item: Value, field: str = "") -> str:
    """A field's value as words; what is secret is never shown."""
    if _SECRET_FIELD.search(field) and not isinstance(item, Missing):
        return SENSITIVE
    return clean(_words(item))


def elided(item: Value, field: str, width: int, ellipsis: str = "...") -> str:
    """A field's value as words, with its middle left out if it is wider than that."""
    return elide(value(item, field), width, ellipsis)


def before_and_after(field: str, before: Value, after: Value, width: int, ellipsis: str) -> tuple[str, str]:
    """Two values as words, together no wider than that, yet visibly different if they differ."""
    first, second = value(before, field), value(after, field)
    if first == second and before != after:
        return _told_apart(first, before, after)
    if width_of(first) + width_of(second) + len(_ARROW) <= width:
        return first, second
    return _differing_ends(first, second, max((width - len(_ARROW)) // 2, 12), ellipsis)


def shown(difference: Difference, width: int, ellipsis: str) -> str:
    """A difference as `before -> after`; a new field as its value alone."""
    if difference.current is ABSENT:
        return elide(value(difference.wanted, difference.field), width, ellipsis)
    pair = before_and_after(difference.field, difference.current, difference.wanted, width, ellipsis)
    return _ARROW.join(pair) if pair[0] != SENSITIVE else f"{SENSITIVE}, changes"


def _words(item: Value) -> str:
    if isinstance(item, Missing):
        return f"({'known after apply' if item is Missing.UNKNOWN else 'not visible'})"
    if item is None or isinstance(item, bool):
        return {None: "(none)", True: "true", False: "false"}[item]
    if isinstance(item, str):
        return _text(item)
    if isinstance(item, Reference):
        return item.key.address.name
    if isinstance(item, Mapping):
        if item.keys() >= _HOURS:
            return _window(item)
        return "{" + ", ".join(_entries(item)) + "}"
    return _series(item) if isinstance(item, tuple) else str(item)


def _entries(item: Mapping[str, Value]) -> Iterator[str]:
    """`mon wed fri: 08:00-11:00`: keys that follow each other and have one value share it."""
    told = ((str(key), value(each, str(key))) for key, each in item.items())
    for text, several in itertools.groupby(told, lambda pair: pair[1]):
        yield f"{' '.join(key for key, _ in several)}: {text}"


def _window(item: Mapping[str, Value]) -> str:
    """`08:00-11:00 morning-pace`."""
    rest = [
        f"{key} {value(each, key)}" for key, each in item.items() if key not in _HOURS and key != "profile"
    ]
    pace = [value(item["profile"])] if item.get("profile") is not None else []
    return " ".join([f"{value(item['start_time'])}-{value(item['end_time'])}", *pace, *rest])


def _is_window(items: Sequence[Value]) -> bool:
    """Whether it begins with two times of day, as `08:00`, `11:00`, and then a pace."""
    return len(items) > 1 and all(isinstance(item, str) and _TIME.fullmatch(item) for item in items[:2])


def _text(text: str) -> str:
    if not text or text != text.strip():
        return json.dumps(text, ensure_ascii=False)
    return _SECRET_IN_URL.sub(r"\1***", _USER_IN_URL.sub("***@", text))


def _series(items: Sequence[Value]) -> str:
    if _is_window(items):
        return " ".join([f"{items[0]}-{items[1]}", *map(_words, items[2:])])
    words = [_words(item) for item in items]
    if not words:
        return "(none)"
    return (", " if any(" " in word for word in words) else " ").join(words)


def _told_apart(text: str, before: Value, after: Value) -> tuple[str, str]:
    """Values that read alike: text against number, or a difference in what is not shown."""
    if _sort(before) != _sort(after):
        return f"{text} ({_sort(before)})", f"{text} ({_sort(after)})"
    return text, f"{text} (differs in what is not shown)"


def _sort(item: Value) -> str:
    names = {str: "text", int: "number", float: "number", bool: "switch", tuple: "list", dict: "map"}
    return names.get(type(item), "nothing")


def _differing_ends(first: str, second: str, width: int, ellipsis: str) -> tuple[str, str]:
    """Cut where both agree, so that what is left shows the difference."""
    pairs = itertools.takewhile(lambda pair: pair[0] == pair[1], zip(first, second, strict=False))
    same = sum(1 for _ in pairs)
    start = same - 6 if same > width // 2 else 0
    lead = ellipsis if start else ""
    one, other = (elide(lead + text[start:], width, ellipsis) for text in (first, second))
    if one != other:
        return one, other
    return f"{lead}{first[start : start + width]}", f"{lead}{second[start : start + width]}"
