"""A project's files to its resources, with everything that is wrong in them."""

from __future__ import annotations

import contextlib
import datetime as dt
import gc
from collections.abc import Iterator, Mapping
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from reconciler.manifest import resources, rules, tracked
from reconciler.manifest.check import manifest_checker
from reconciler.manifest.collect import RESOURCE, collect
from reconciler.manifest.composition import Vendor, built_in_vendors, known_vendors
from reconciler.manifest.declared import Context, Declarations
from reconciler.manifest.finding import Finding
from reconciler.manifest.folder import manifest_files
from reconciler.manifest.locate import problems_of
from reconciler.manifest.project import ProjectReading, read_project
from reconciler.model.address import Address
from reconciler.model.problem import Problem
from reconciler.model.resource import Manifests, Project


class Loaded(Struct, frozen=True):
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
    with _without_collector():
        project, known = _project(root, environment, vendors)
        files, findings = manifest_files(root, project.entries, environment)
        declarations, flaws = collect(root, files, manifest_checker(known))
        context = _context(root, project, declarations, known, today)
        findings += [*project.findings, *flaws, *rules.findings(context)]
        findings += tracked.findings(root, declarations)
        problems = problems_of(root, [_addressed(finding, declarations) for finding in findings])
        return Loaded(_with_entries(project), resources.manifests(context), problems, (project.path, *files))


def load_project(
    root: Path, environment: Mapping[str, str], vendors: Mapping[str, Vendor] | None = None
) -> tuple[Project | None, tuple[Problem, ...]]:
    """The project file alone; `stop`, `hold` and the state commands need no valid manifests."""
    reading, _ = _project(root, environment, vendors)
    return _with_entries(reading), problems_of(root, reading.findings)


def _project(
    root: Path, environment: Mapping[str, str], vendors: Mapping[str, Vendor] | None
) -> tuple[ProjectReading, Mapping[str, Vendor]]:
    """The project file, and the vendors it may name; installed packages are asked only where ours do not do."""
    known = built_in_vendors() if vendors is None else vendors
    reading = read_project(root, environment, known)
    if vendors is None and (reading.project is None or reading.findings):
        known = known_vendors()
        reading = read_project(root, environment, known)
    return reading, known


def _with_entries(reading: ProjectReading) -> Project | None:
    if reading.project is None:
        return None
    names = tuple(entry.path or f"${entry.env}" for entry in reading.entries)
    return replace(reading.project, manifests=names)


def _addressed(finding: Finding, declarations: Declarations) -> Finding:
    """The finding with the address of the campaign that it stands in."""
    pointer = finding.location.pointer
    steps = pointer[1:] if pointer and isinstance(pointer[0], int) else pointer
    if steps[:1] != ("campaigns",) or len(steps) < RESOURCE:
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
