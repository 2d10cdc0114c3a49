"""A project's files to its resources, with everything that is wrong in them."""

from __future__ import annotations

import contextlib
import datetime as dt
import gc
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from reconciler.manifest import resources, rules, tracked
from reconciler.manifest.check import Checker, manifest_checker
from reconciler.manifest.composition import Vendor, built_in_vendors
from reconciler.manifest.declared import SECTIONS, Context, Declarations, Declared
from reconciler.manifest.document import Unreadable, documents, place
from reconciler.manifest.finding import Finding, quoted
from reconciler.manifest.folder import manifest_files, read
from reconciler.manifest.locate import problems_of
from reconciler.manifest.project import ProjectReading, read_project
from reconciler.manifest.prune import without
from reconciler.manifest.values import Reading
from reconciler.model.address import Address
from reconciler.model.problem import Location, Problem
from reconciler.model.resource import Manifests, Project


@dataclass(frozen=True)
class Loaded:
    """What a project declares, as far as it could be read, and what is wrong with it, sorted by place."""

    project: Project | None
    manifests: Manifests
    problems: tuple[Problem, ...]
    files: tuple[str, ...]


def load(
    root: Path,
    *,
    environment: Mapping[str, str],
    today: dt.date,
    vendors: Mapping[str, Vendor] | None = None,
) -> Loaded:
    """Read a whole project. Broken content is never raised: it is a Problem."""
    known = built_in_vendors() if vendors is None else vendors
    with _without_collector():
        project = read_project(root, environment, known)
        files, findings = manifest_files(root, project.entries, environment)
        declarations, flaws = _declarations(root, files, manifest_checker(known))
        context = _context(root, project, declarations, known, today)
        findings += [*project.findings, *flaws, *rules.findings(context)]
        findings += tracked.findings(root, declarations)
        problems = problems_of(root, [_addressed(finding, declarations) for finding in findings])
        return Loaded(_with_entries(project), resources.manifests(context), problems, (project.path, *files))


def load_project(
    root: Path, environment: Mapping[str, str], vendors: Mapping[str, Vendor] | None = None
) -> tuple[Project | None, tuple[Problem, ...]]:
    """The project file alone; `stop`, `hold` and the state commands need no valid manifests."""
    reading = read_project(root, environment, built_in_vendors() if vendors is None else vendors)
    return _with_entries(reading), problems_of(root, reading.findings)


def _with_entries(reading: ProjectReading) -> Project | None:
    if reading.project is None:
        return None
    names = tuple(entry.path or f"${entry.env}" for entry in reading.entries)
    return replace(reading.project, manifests=names)


def _addressed(finding: Finding, declarations: Declarations) -> Finding:
    """The finding with the address of the campaign that it stands in."""
    pointer = finding.location.pointer
    steps = pointer[1:] if pointer and isinstance(pointer[0], int) else pointer
    if steps[:1] != ("campaigns",) or len(steps) < _RESOURCE:
        return finding
    campaign = declarations.sections["campaigns"].get(str(steps[1]))
    provider = campaign.data.get("provider") if campaign else None
    address = Address(provider, "campaign", str(steps[1])) if isinstance(provider, str) else None
    return replace(finding, address=address)


@contextlib.contextmanager
def _without_collector() -> Iterator[None]:
    """Loading makes very many objects and no cycles: collecting garbage meanwhile only costs time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _context(
    root: Path,
    project: ProjectReading,
    declarations: Declarations,
    vendors: Mapping[str, Vendor],
    today: dt.date,
) -> Context:
    defaults = (project.data or {}).get("defaults", {})
    if project.data is None:
        # The file that would say it could not be read: no second complaint in each campaign.
        defaults = {"timezone": "UTC"}
    return Context(str(root.resolve()), declarations, vendors, project.providers, defaults, today)


def _declarations(root: Path, files: list[str], checker: Checker) -> tuple[Declarations, list[Finding]]:
    declarations, findings = Declarations(), list[Finding]()
    for path in files:
        try:
            data = read(root, path)
            for number, node in enumerate(documents(path, data)):
                _document(declarations, findings, checker, _Document(path, number, node))
        except Unreadable as unreadable:
            declarations.complete = False
            findings.append(unreadable.finding)
    return declarations, findings


@dataclass(frozen=True, slots=True)
class _Document:
    """One document of a file; pointers into the second and later ones lead with their number."""

    path: str
    number: int
    node: Any

    def at(self, *keys: str | int) -> Location:
        lead = (self.number,) if self.number else ()
        return Location(self.path, pointer=(*lead, *keys))


def _document(
    declarations: Declarations, findings: list[Finding], checker: Checker, document: _Document
) -> None:
    reading = Reading(document.path)
    if document.node.id != "mapping":
        where = place(document.path, document.node.start_mark)
        findings.append(
            Finding("YML08", "the file must be a map of keys", "write campaigns: and so on", where)
        )
        return
    value = reading.value(document.node, checker.shape)
    flaws: dict[tuple[str | int, ...], set[str]] = {}
    if not checker.accepts(value):
        mistakes = checker.findings(value, document.at())
        findings += mistakes
        inner = [_inner(document, each) for each in mistakes]
        flaws = _flaws(inner)
        value = without(value, [p for p, each in zip(inner, mistakes, strict=True) if each.code != "KEY02"])
    findings += reading.findings
    if any(finding.code in _HIDING for finding in reading.findings):
        declarations.complete = False
    _declare(declarations, findings, document, value, flaws)


_HIDING = {"YML06", "YML07"}
"""Flaws behind which further names may stand."""


def _inner(document: _Document, finding: Finding) -> tuple[str | int, ...]:
    pointer = finding.location.pointer
    return pointer[1:] if document.number else pointer


def _flaws(pointers: list[tuple[str | int, ...]]) -> dict[tuple[str | int, ...], set[str]]:
    """For each resource with a mistake, by its section and name: the keys that are wrong."""
    flaws: dict[tuple[str | int, ...], set[str]] = {}
    for pointer in pointers:
        keys = flaws.setdefault(pointer[:2], set())
        keys.update(str(step) for step in pointer[2:3])
    return flaws


_RESOURCE = 2
"""Steps of a pointer to a resource: its section and its name."""


def _declare(
    declarations: Declarations,
    findings: list[Finding],
    document: _Document,
    value: dict[str, Any],
    flaws: dict[tuple[str | int, ...], set[str]],
) -> None:
    _remember_refused(declarations, document, flaws)
    for section in value.keys() & set(SECTIONS):
        known = declarations.sections[section]
        for name, data in value[section].items():
            declared = Declared(name, data, document.at(section, name), _flawed(flaws, (section, name)))
            first = known.get(name, declared)
            if first is not declared and first.location != declared.location:
                findings.append(_twice(section, declared, first))
            else:
                known[name] = declared
    for key, found in (("consents", declarations.consents), ("moved", declarations.moved)):
        for index, data in enumerate(value.get(key, ())):
            found.append(Declared("", data, document.at(key, index), _flawed(flaws, (key, index))))


def _remember_refused(
    declarations: Declarations, document: _Document, flaws: dict[tuple[str | int, ...], set[str]]
) -> None:
    """A resource that was refused as a whole keeps its name, for those that refer to it."""
    for key in flaws:
        if len(key) == _RESOURCE and key[0] in SECTIONS:
            name = str(key[1])
            refused = Declared(name, {}, document.at(*key), frozenset())
            declarations.sections[str(key[0])].setdefault(name, refused)


def _flawed(
    flaws: dict[tuple[str | int, ...], set[str]], key: tuple[str | int, ...]
) -> frozenset[str] | None:
    return frozenset(flaws[key]) if key in flaws else None


def _twice(section: str, declared: Declared, first: Declared) -> Finding:
    noun = next(kind for kind, name in rules.KINDS.items() if name == section).replace("_", " ")
    message = f"{noun} {quoted(declared.name)} is declared twice, first in {{also}}"
    return Finding(
        "KEY04", message, "rename or remove one", declared.location, on_key=True, also=first.location
    )
