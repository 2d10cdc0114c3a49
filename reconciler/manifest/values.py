"""Nodes to plain values, as the schema's shape directs: text stays text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from reconciler.manifest.document import place
from reconciler.manifest.finding import Finding, quoted
from reconciler.manifest.shape import ANYTHING, Scalar, Shape
from reconciler.model.problem import Location

_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,14})")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,15})?")
_BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_NULLS = {"", "~", "null", "Null", "NULL"}
_HARMLESS_TAGS = {
    f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null", "map", "seq")
}
_DECEPTIVE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters, and those that make a reader see another order than the machine."""


class Reading:
    """Reads the values of one file and collects what is wrong with its nodes."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.findings: list[Finding] = []

    def value(self, node: Any, shape: Shape) -> Any:
        """The value of a node: text, number, truth value, tuple or dict."""
        if node.tag is not None and node.tag not in _HARMLESS_TAGS:
            self._note(
                node, "YML03", f"a tag ({quoted(node.tag)[1:-1]})", "remove it; no value here needs one"
            )
        kind = node.id
        if kind == "scalar":
            return self._scalar(node, shape.scalar)
        if kind == "sequence":
            inner = shape.items or ANYTHING
            return tuple([self.value(item, inner) for item in node.value])
        return self._mapping(node, shape)

    def _scalar(self, node: Any, scalar: Scalar) -> Any:
        text: str = node.value
        if not text.isprintable():
            text = self._legible(node, text)
        if scalar is Scalar.TEXT or node.style:
            return text
        return plain(text, scalar)

    def _legible(self, node: Any, text: str) -> str:
        """The text without characters that no reader sees; each text that has any is a finding."""
        found = _DECEPTIVE.search(text)
        if not found:
            return text
        message = f"a control character (U+{ord(found.group()):04X})"
        self._note(node, "TXT01", message, "remove it")
        return _DECEPTIVE.sub("", text)

    def _mapping(self, node: Any, shape: Shape) -> dict[str, Any]:
        values: dict[str, Any] = {}
        merged: list[Any] = []
        keys, rest, extensions = shape.keys, shape.rest or ANYTHING, shape.extensions
        for key_node, value_node in node.value:
            if key_node.id != "scalar":
                self._note(key_node, "YML06", "a key that is no text", "write the key as plain text")
                continue
            key = key_node.value
            if key == "<<" and not key_node.style:
                merged.append(value_node)
            elif key in values:
                self._note(key_node, "KEY05", f"the key {quoted(key)} stands here twice", "keep one of them")
            elif not (extensions and key.startswith("x-")):
                if not key.isprintable():
                    key = self._legible(key_node, key)
                values[key] = self.value(value_node, keys.get(key, rest))
        for source in merged:
            self._merge(source, shape, values)
        return values

    def _merge(self, source: Any, shape: Shape, values: dict[str, Any]) -> None:
        """Take over what a merge key (`<<`) points at, without what stands here already."""
        for mapping in merge_sources(source):
            if mapping.id == "mapping":
                values.update({k: v for k, v in self._mapping(mapping, shape).items() if k not in values})
            else:
                self._note(mapping, "YML07", "<< merges maps alone", "write <<: *anchor of a map")

    def _note(self, node: Any, code: str, message: str, remedy: str) -> None:
        self.findings.append(Finding(code, message, remedy, place(self.path, node.start_mark)))


def merge_sources(source: Any) -> list[Any]:
    """The nodes that a merge key names: one, or several where the first wins."""
    return list(source.value) if source.id == "sequence" else [source]


def plain(text: str, scalar: Scalar) -> Any:
    """What an unquoted text means where the schema asks for a scalar other than text.

    Text that does not spell one stays text, and the schema says what is wrong with it.
    """
    if scalar is Scalar.BOOLEAN:
        return _BOOLEANS.get(text, text)
    if scalar in {Scalar.INTEGER, Scalar.NUMBER, Scalar.ANY} and _INTEGER.fullmatch(text):
        return int(text)
    if scalar in {Scalar.NUMBER, Scalar.ANY} and _NUMBER.fullmatch(text):
        return float(text)
    if scalar is Scalar.ANY:
        return None if text in _NULLS else _BOOLEANS.get(text, text)
    return text


class Places:
    """Where the nodes of one file stand, found by pointer; made for files that have something to say."""

    def __init__(self, path: str, roots: list[Any]) -> None:
        self.path = path
        self.roots = roots
        self._indexes: dict[int, dict[str, tuple[Any, Any]]] = {}

    def find(self, pointer: tuple[str | int, ...], *, on_key: bool = False) -> Location:
        """The place of a node, or of the nearest one around it that exists."""
        number, steps = _split(pointer)
        if number >= len(self.roots):
            return Location(self.path, 1, 1, pointer)
        key_node, node, missing = self._walk(self.roots[number], steps)
        exact = key_node if on_key and not missing else None
        return self._location(pointer, exact, key_node, node)

    def _walk(self, node: Any, steps: tuple[str | int, ...]) -> tuple[Any, Any, bool]:
        """The key and the node that the steps lead to, and whether some step led nowhere."""
        key_node = None
        for step in steps:
            found = self._child(node, step)
            if found is None:
                return key_node, node, True
            key_node, node = found
        return key_node, node, False

    def _location(self, pointer: tuple[str | int, ...], exact: Any, key_node: Any, node: Any) -> Location:
        """A single value or a bracketed one is pointed at itself, a block by the key above it."""
        block = node.id != "scalar" and not node.flow_style and key_node is not None
        empty = node.id == "scalar" and not node.value and not node.style and key_node is not None
        mark = (exact or (key_node if block or empty else node)).start_mark
        return Location(self.path, mark.line + 1, mark.column + 1, pointer)

    def _child(self, node: Any, step: str | int) -> tuple[Any, Any] | None:
        if isinstance(step, int):
            inside = node.id == "sequence" and 0 <= step < len(node.value)
            return (None, node.value[step]) if inside else None
        return self._index(node).get(step) if node.id == "mapping" else None

    def _index(self, node: Any) -> dict[str, tuple[Any, Any]]:
        if id(node) not in self._indexes:
            self._indexes[id(node)] = {}
            self._indexes[id(node)] = dict(self._pairs(node))
        return self._indexes[id(node)]

    def _pairs(self, node: Any) -> Iterator[tuple[str, tuple[Any, Any]]]:
        """Keys with their nodes; what is merged in comes first, so that what stands here wins."""
        own = [(key, value) for key, value in node.value if key.id == "scalar"]
        for key, value in own:
            if key.value == "<<" and not key.style:
                for source in reversed(merge_sources(value)):
                    yield from (self._index(source).items() if source.id == "mapping" else ())
        # The first of two equal keys is the one that was read.
        yield from ((key.value, (key, value)) for key, value in reversed(own))


def _split(pointer: tuple[str | int, ...]) -> tuple[int, tuple[str | int, ...]]:
    """A pointer's document and the steps inside; documents after the first lead with their number."""
    if pointer and isinstance(pointer[0], int):
        return pointer[0], pointer[1:]
    return 0, pointer
