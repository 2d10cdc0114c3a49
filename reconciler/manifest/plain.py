"""The plain part of YAML, read line by line: several times faster than the parser, and the same values.

Most manifests are nothing but `key: value`, lists, and brackets on one line, in ASCII. Those are read
here. At the first sign of anything else (anchors, tags, escapes, text over several lines, a mistake of
any kind) the text is left to the parser, which also has the places for messages.
"""

from __future__ import annotations

import functools
import re
from typing import Any

from reconciler.manifest.shape import ANYTHING, Scalar, Shape
from reconciler.manifest.values import plain

_DEEPEST_BRACKETS = 8
_RIGHTMOST = 40

_KEY = r"[A-Za-z0-9_][A-Za-z0-9_.-]*"
_START = r"(?:[A-Za-z0-9_+./~(]|-(?=[A-Za-z0-9_]))"
_INSIDE = r"A-Za-z0-9_+./~()=&%;@\-"
_BLOCK_TEXT = rf"{_START}(?:[{_INSIDE},?]|:(?=[{_INSIDE}])| (?=[{_INSIDE}]))*"
_FLOW_TEXT = rf"{_START}(?:[{_INSIDE}]|:(?=[{_INSIDE}])| (?=[{_INSIDE}]))*"
_QUOTED = r"\"[^\"\\\n]*\"|'[^'\n]*'"

_OTHER = re.compile(rb"[^\x20-\x7e\n]")
_LINE = re.compile(
    rf"^( *)(- )?(?:({_KEY}):(?= |$))? *({_QUOTED}|\{{[^\n]*\}}|\[[^\n]*\]|{_BLOCK_TEXT})?"
    r" *(?:(?<![^ \n])#[^\n]*)?$",
    re.MULTILINE,
)
_FLOW_KEY = re.compile(rf" *({_KEY}): +")
_FLOW_VALUE = re.compile(rf" *({_QUOTED}|{_FLOW_TEXT})")
_FLOW_END = re.compile(r" *([,\]}])")

_Line = tuple[int, str, str, str]
"""Column, the dash that may lead, the key and the value as written; each but the column may be empty."""

_LAST: _Line = (-1, "", "", "")


class _NotPlain(Exception):
    """The text needs the parser."""


def read_plain(data: bytes, shape: Shape) -> dict[str, Any] | None:
    """The map that a text of one document holds, or None where the parser has to look."""
    if _OTHER.search(data):
        return None
    try:
        lines = _lines(data.decode("ascii").removeprefix("---\n"))
        value, end = _map(lines, 0, 0, shape)
    except _NotPlain:
        return None
    return None if lines[0][1] or end != len(lines) - 1 else value


def _lines(text: str) -> list[_Line]:
    """The lines that say something, and one that ends every block."""
    found = _LINE.findall(text)
    if len(found) != text.count("\n") + 1:
        raise _NotPlain
    lines = [(len(blanks), dash, key, value) for blanks, dash, key, value in found if dash or key or value]
    if not lines or max(lines)[0] > _RIGHTMOST:
        raise _NotPlain
    lines.append(_LAST)
    return lines


def _map(lines: list[_Line], at: int, column: int, shape: Shape) -> tuple[dict[str, Any], int]:
    """The map whose keys stand at this column; its first line may stand behind a dash."""
    values: dict[str, Any] = {}
    keys, rest = shape.keys, shape.rest or ANYTHING
    here, _, key, value = lines[at]
    if here > column:
        raise _NotPlain
    while True:
        if not key or key in values or key[:2] == "x-":
            raise _NotPlain
        inner = keys.get(key, rest)
        at += 1
        if value:
            values[key] = _inline(value, inner)
        else:
            values[key], at = _below(lines, at, column, inner)
        here, dash, key, value = lines[at]
        if here != column or dash:
            if here > column:
                raise _NotPlain
            return values, at


def _inline(value: str, shape: Shape) -> Any:
    """A value that stands on the line of its key or dash."""
    first = value[0]
    if first in "\"'":
        return value[1:-1]
    if first in "{[":
        return _flow(value, shape)
    return value if shape.scalar is Scalar.TEXT else plain(value, shape.scalar)


def _below(lines: list[_Line], at: int, column: int, shape: Shape) -> tuple[Any, int]:
    """The block under a key that has nothing on its line; a list may stand at the key's own column."""
    here, dash, _, _ = lines[at]
    if dash and here >= column:
        return _list(lines, at, here, shape.items or ANYTHING)
    if here > column:
        return _map(lines, at, here, shape)
    return plain("", shape.scalar), at


def _list(lines: list[_Line], at: int, column: int, shape: Shape) -> tuple[tuple[Any, ...], int]:
    """The list whose dashes stand at this column."""
    items: list[Any] = []
    here, dash, key, value = lines[at]
    while here == column and dash:
        if key:
            # A map that begins behind the dash; its further keys stand below its first.
            item, at = _map(lines, at, column + len(dash), shape)
            items.append(item)
        elif value:
            items.append(_inline(value, shape))
            at += 1
        else:
            raise _NotPlain
        here, dash, key, value = lines[at]
    if here > column:
        raise _NotPlain
    return tuple(items), at


@functools.lru_cache(maxsize=1024)
def _flow(text: str, shape: Shape) -> Any:
    """A value in brackets. The same text means the same value, so each is read once."""
    value, end = _flow_value(text, 0, shape, 0)
    if end != len(text):
        raise _NotPlain
    return value


def _flow_value(text: str, at: int, shape: Shape, depth: int) -> tuple[Any, int]:
    if depth > _DEEPEST_BRACKETS:
        raise _NotPlain
    if text[at] == "{":
        return _flow_map(text, at + 1, shape, depth + 1)
    if text[at] == "[":
        return _flow_list(text, at + 1, shape.items or ANYTHING, depth + 1)
    match = _FLOW_VALUE.match(text, at)
    if match is None:
        raise _NotPlain
    return _inline(match.group(1), shape), match.end()


def _flow_map(text: str, at: int, shape: Shape, depth: int) -> tuple[dict[str, Any], int]:
    values: dict[str, Any] = {}
    if text[at] == "}":
        return values, at + 1
    end = ","
    while end == ",":
        match = _FLOW_KEY.match(text, at)
        if match is None or match.group(1) in values or match.group(1).startswith("x-"):
            raise _NotPlain
        key = match.group(1)
        inner = shape.keys.get(key, shape.rest or ANYTHING)
        values[key], at = _flow_value(text, match.end(), inner, depth)
        end, at = _flow_end(text, at)
    if end != "}":
        raise _NotPlain
    return values, at


def _flow_list(text: str, at: int, shape: Shape, depth: int) -> tuple[tuple[Any, ...], int]:
    items: list[Any] = []
    if text[at] == "]":
        return (), at + 1
    end = ","
    while end == ",":
        while text[at] == " ":
            at += 1
        item, at = _flow_value(text, at, shape, depth)
        items.append(item)
        end, at = _flow_end(text, at)
    if end != "]":
        raise _NotPlain
    return tuple(items), at


def _flow_end(text: str, at: int) -> tuple[str, int]:
    match = _FLOW_END.match(text, at)
    if match is None:
        raise _NotPlain
    return match.group(1), match.end()
