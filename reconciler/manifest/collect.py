"""Manifest files to declarations, with what is wrong in each file by itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from reconciler.manifest.check import Checker
from reconciler.manifest.declared import SECTIONS, Declarations, Declared
from reconciler.manifest.document import Unreadable, documents, place
from reconciler.manifest.finding import Finding, quoted
from reconciler.manifest.folder import read
from reconciler.manifest.plain import read_plain
from reconciler.manifest.prune import without
from reconciler.manifest.references import KINDS
from reconciler.manifest.values import Reading
from reconciler.model.problem import Location

Pointer = tuple[str | int, ...]

RESOURCE = 2
"""Steps of a pointer to a resource: its section and its name."""

_HIDING = {"YML06", "YML07"}
"""Flaws behind which further names may stand."""

_NOUNS = {section: kind.replace("_", " ") for kind, section in KINDS.items()}


def collect(root: Path, files: list[str], checker: Checker) -> tuple[Declarations, list[Finding]]:
    """Everything that the files declare."""
    collector = _Collector(checker)
    for path in files:
        collector.file(root, path)
    return collector.declarations, collector.findings


class _Collector:
    """Reads file after file into one set of declarations."""

    def __init__(self, checker: Checker) -> None:
        self.declarations = Declarations()
        self.findings: list[Finding] = []
        self._checker = checker

    def file(self, root: Path, path: str) -> None:
        """Read one file: the quick way, or with the parser where that way does not lead."""
        try:
            data = read(root, path)
            value = read_plain(data, self._checker.shape)
            if value is not None and self._checker.accepts(value):
                self._declare(Location(path), value, {})
                return
            for number, node in enumerate(documents(path, data)):
                # Pointers into the second and later documents lead with their number.
                self._document(Location(path, pointer=(number,) if number else ()), node)
        except Unreadable as unreadable:
            self.declarations.complete = False
            self.findings.append(unreadable.finding)

    def _document(self, base: Location, node: Any) -> None:
        if node.id != "mapping":
            message, where = "the file must be a map of keys", place(base.path, node.start_mark)
            self.findings.append(Finding("YML08", message, "write campaigns: and so on", where))
            return
        reading = Reading(base.path)
        value = reading.value(node, self._checker.shape)
        self.findings += reading.findings
        if any(finding.code in _HIDING for finding in reading.findings):
            self.declarations.complete = False
        if self._checker.accepts(value):
            self._declare(base, value, {})
        else:
            self._flawed_document(base, value)

    def _flawed_document(self, base: Location, value: dict[str, Any]) -> None:
        """Keep what is right of a document, and know which resources it is missing from."""
        mistakes = self._checker.findings(value, base)
        self.findings += mistakes
        lead = len(base.pointer)
        flaws = _flaws([each.location.pointer[lead:] for each in mistakes])
        refused = [each.location.pointer[lead:] for each in mistakes if each.code != "KEY02"]
        for key in flaws:
            # A resource that is refused as a whole keeps its name, for those that refer to it.
            if len(key) == RESOURCE and key[0] in SECTIONS:
                name = str(key[1])
                placeholder = Declared(name, {}, base.at(*key), frozenset())
                self.declarations.sections[str(key[0])].setdefault(name, placeholder)
        self._declare(base, without(value, refused), flaws)

    def _declare(self, base: Location, value: dict[str, Any], flaws: dict[Pointer, frozenset[str]]) -> None:
        for key, content in value.items():
            if key == "consents":
                self.declarations.consents += _items(base, key, content, flaws)
            elif key == "moved":
                self.declarations.moved += _items(base, key, content, flaws)
            else:
                for name, data in content.items():
                    self._resource(key, Declared(name, data, base.at(key, name), flaws.get((key, name))))

    def _resource(self, section: str, declared: Declared) -> None:
        known = self.declarations.sections[section]
        first = known.get(declared.name)
        if first is None or first.location == declared.location:
            known[declared.name] = declared
            return
        message = f"{_NOUNS[section]} {quoted(declared.name)} is declared twice, first in {{also}}"
        where, also = declared.location, first.location
        self.findings.append(Finding("KEY04", message, "rename or remove one", where, on_key=True, also=also))


def _items(
    base: Location, key: str, content: tuple[Any, ...], flaws: dict[Pointer, frozenset[str]]
) -> list[Declared]:
    return [
        Declared("", data, base.at(key, index), flaws.get((key, index))) for index, data in enumerate(content)
    ]


def _flaws(pointers: list[Pointer]) -> dict[Pointer, frozenset[str]]:
    """For each resource with a mistake, by its section and name: the keys that are wrong."""
    flaws: dict[Pointer, set[str]] = {}
    for pointer in pointers:
        keys = flaws.setdefault(pointer[:RESOURCE], set())
        keys.update(str(step) for step in pointer[RESOURCE : RESOURCE + 1])
    return {pointer: frozenset(keys) for pointer, keys in flaws.items()}
