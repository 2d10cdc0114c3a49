"""The line under a problem, unless it could show a secret or a person.

In the project file a line is shown when every value on it belongs to a key known to hold no secret; in a
manifest, where secrets have no place, when no key on it sounds like one. Comments are cut off everywhere.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from msgspec import Struct

from reconciler.manifest.composition import Schema, known_vendors, project_schema, without_references
from reconciler.manifest.document import Unreadable, documents
from reconciler.manifest.folder import PROJECT_FILES, read
from reconciler.model.problem import Location

_LONGEST = 400
_SOUNDS_SECRET = re.compile(
    r"(?i)(token|tokn|passw|pwd|secret|api.?key|session|login|credential|auth|private|bearer)"
)
_KEYS = re.compile(r"""["']?([A-Za-z_<][\w.<-]*)["']?\s*:(?=\s|$)""")
_COMMENT = re.compile(r"(^|\s)#.*$")
_VARIABLE = re.compile(r"[A-Z_][A-Z0-9_]*")


def source_line(root: Path, location: Location) -> str | None:
    """The line that a location names; None where it is not to be shown."""
    if not location.line or not location.path.endswith((".yaml", ".yml")):
        return None
    try:
        status = (root / location.path).stat()
        text = _text(root, location.path, status.st_mtime_ns, status.st_size)
    except (Unreadable, OSError):
        return None
    return text.line(location.line)


class _Text(Struct, frozen=True):
    """A file's lines, and the numbers of those that are not shown. None: it could not be read as a whole."""

    lines: tuple[str, ...]
    hidden: frozenset[int] | None
    is_project: bool

    def line(self, number: int) -> str | None:
        if number > len(self.lines) or (self.hidden is not None and number in self.hidden):
            return None
        written = _COMMENT.sub("", self.lines[number - 1])[:_LONGEST].rstrip()
        if not written or (self.hidden is None and not self._tells_by_keys(written)):
            return None
        return "".join(character if character.isprintable() else " " for character in written)

    def _tells_by_keys(self, written: str) -> bool:
        """Whether the keys alone say that nothing secret stands here; a line without keys says nothing."""
        keys = _KEYS.findall(written)
        if self.is_project:
            return bool(keys) and _open_keys().issuperset(keys)
        return bool(keys) and not any(_SOUNDS_SECRET.search(key) for key in keys)


@functools.lru_cache(maxsize=4)
def _text(root: Path, path: str, _changed: int, _size: int) -> _Text:
    """One file; the time of change and the size only tell a file from its later self."""
    data = read(root, path)
    lines = tuple(data.decode("utf-8-sig", "replace").splitlines())
    is_project = path in PROJECT_FILES
    try:
        roots = list(documents(path, data))
    except Unreadable:
        return _Text(lines, None, is_project)
    hidden = {number for node in roots for number in _hidden(node, is_project)}
    return _Text(lines, frozenset(hidden), is_project)


def _hidden(root: Any, is_project: bool) -> Iterator[int]:
    """Lines of values that are kept back. A file that is no map of keys may be a list of numbers."""
    if root.id != "mapping":
        yield from _lines(root)
        return
    for keys, node in _values(root, (), set()):
        key = keys[-1] if keys else ""
        open_ = _is_open(keys, node.value) if is_project else not _SOUNDS_SECRET.search(key)
        if not open_:
            yield from _lines(node)


def _lines(node: Any) -> range:
    return range(node.start_mark.line + 1, node.end_mark.line + 2)


def _values(node: Any, keys: tuple[str, ...], seen: set[int]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Single values with the keys above them; what an alias repeats comes once."""
    if node.id == "scalar":
        yield keys, node
        return
    for item in node.value:
        key, inner = ("", item) if node.id == "sequence" else (str(item[0].value), item[1])
        if inner.id == "scalar" or id(inner) not in seen:
            seen.add(id(inner))
            yield from _values(inner, (*keys, key) if key else keys, seen)


def _is_open(keys: tuple[str, ...], value: str) -> bool:
    """Whether a value of the project file may be shown; a variable's name only where it looks like one."""
    if keys[-1:] == ("env",):
        return _VARIABLE.fullmatch(value) is not None
    return keys[-1:] != () and keys[-1] in _open_keys() and keys[0] in _open_keys()


@functools.cache
def _open_keys() -> frozenset[str]:
    return frozenset(_property_names(without_references(project_schema(known_vendors()))))


def _property_names(schema: Schema) -> Iterator[str]:
    """Keys of the project file that never hold a secret."""
    for name, part in schema.get("properties", {}).items():
        if isinstance(part, dict) and "x-secret" not in part:
            yield name
            yield from _property_names(part)
    for rule in schema.get("allOf", ()):
        yield from _property_names(rule["then"])
    if isinstance(schema.get("additionalProperties"), dict):
        yield from _property_names(schema["additionalProperties"])
