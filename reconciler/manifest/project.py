"""The project file: `reconciler.yaml` to a Project."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reconciler.manifest.check import Checker, project_checker
from reconciler.manifest.composition import Vendor
from reconciler.manifest.document import Unreadable, documents
from reconciler.manifest.finding import Finding
from reconciler.manifest.folder import Entry, project_file, read
from reconciler.manifest.hosts import allowed_hosts, as_url, host_findings
from reconciler.manifest.plain import read_plain
from reconciler.manifest.prune import without
from reconciler.manifest.rules import leaves_project
from reconciler.manifest.values import Reading
from reconciler.manifest.version import version_findings
from reconciler.model.problem import Location, Severity
from reconciler.model.resource import Backend, Limits, Project, ProviderSettings, Secret

TRUSTED_PROJECT = "RECONCILER_TRUSTED_PROJECT"
"""Names the project file of a branch that is trusted, where the project itself is of one that is not yet."""

TRUSTED_KEYS = ("providers", "backend")
"""Where credentials and digests go: on a pull request its base branch says that."""

_COMMON_SETTINGS = (
    "base_url", "timeout", "requests_per_second", "max_concurrency", "list_lag", "access",
)  # fmt: skip


@dataclass(slots=True)
class ProjectReading:
    """The project file as far as it could be read; `data` is None when nothing could."""

    path: str
    data: dict[str, Any] | None = None
    project: Project | None = None
    findings: list[Finding] = field(default_factory=list)

    @property
    def entries(self) -> list[Entry]:
        """The folders of manifests that it names."""
        written = (self.data or {}).get("manifests", ("manifests",))
        where = Location(self.path)
        return [
            _entry(item, where.at("manifests", index))
            for index, item in enumerate(written)
            if item  # what was wrong about it is gone, and told already
        ]

    @property
    def providers(self) -> dict[str, str] | None:
        """Type of each provider, as far as known; None when the file tells nothing about providers."""
        written = (self.data or {}).get("providers")
        return None if written is None else {name: entry.get("type", "") for name, entry in written.items()}


def _entry(item: str | Mapping[str, str], where: Location) -> Entry:
    return Entry(item, None, where) if isinstance(item, str) else Entry(None, item["env"], where)


def read_project(root: Path, environment: Mapping[str, str], vendors: Mapping[str, Vendor]) -> ProjectReading:
    """Read and check the project file; what is wrong with it is collected, not raised."""
    reading = ProjectReading(project_file(root))
    try:
        _read_values(reading, root, project_checker(vendors))
        if environment.get(TRUSTED_PROJECT):
            _trust(reading, Path(environment[TRUSTED_PROJECT]), project_checker(vendors))
    except Unreadable as unreadable:
        reading.findings.append(unreadable.finding)
        reading.data = None
    if reading.data is not None:
        reading.findings += _rules(reading, root, environment, vendors)
        if not any(finding.severity is Severity.ERROR for finding in reading.findings):
            reading.project = _project(reading, vendors)
    return reading


def _trust(reading: ProjectReading, file: Path, checker: Checker) -> None:
    """Take over what the trusted branch's project file says of providers and backend, and of nothing else."""
    trusted = ProjectReading(reading.path)
    where = Location(reading.path, 1, 1)
    try:
        _take(trusted, file.read_bytes(), checker)
    except (OSError, Unreadable):
        raise _untrusted(where) from None
    if trusted.data is None or trusted.findings:
        raise _untrusted(where)
    written = reading.data if reading.data is not None else {}
    for key in TRUSTED_KEYS:
        if written.get(key) != trusted.data.get(key):
            message = f"{key} differs from what the base branch has, and the base branch's is used"
            remedy = "merge this change alone first, if a plan needs it"
            at = Location(reading.path).at(key) if key in written else where
            reading.findings.append(Finding("SEC05", message, remedy, at, severity=Severity.WARNING))
    kept = {key: value for key, value in written.items() if key not in TRUSTED_KEYS}
    reading.data = kept | {key: trusted.data[key] for key in TRUSTED_KEYS if key in trusted.data}


def _untrusted(where: Location) -> Unreadable:
    message = "the base branch's project file cannot be used, and this branch's is not trusted yet"
    return Unreadable(Finding("SEC04", message, "mend it on the base branch first", where))


def _read_values(reading: ProjectReading, root: Path, checker: Checker) -> None:
    _take(reading, read(root, reading.path), checker)


def _take(reading: ProjectReading, data: bytes, checker: Checker) -> None:
    """Check what the file says, and keep what of it is right."""
    value = read_plain(data, checker.shape)
    if value is not None and checker.accepts(value):
        reading.data = value
        return
    value = _single_map(reading, data, checker)
    mistakes = [] if checker.accepts(value) else checker.findings(value, Location(reading.path))
    reading.findings += mistakes
    reading.data = without(value, [each.location.pointer for each in mistakes if each.code != "KEY02"])


def _single_map(reading: ProjectReading, data: bytes, checker: Checker) -> dict[str, Any]:
    """The file's one document, which must be a map."""
    roots = list(documents(reading.path, data))
    where = Location(reading.path, 1, 1)
    if not roots:
        raise Unreadable(Finding("YML08", "the file holds no values", "run: reconciler init", where))
    if len(roots) > 1:
        message = "several documents in the project file"
        raise Unreadable(Finding("YML08", message, "keep one; manifests may hold several", where))
    values = Reading(reading.path)
    value = values.value(roots[0], checker.shape)
    reading.findings += values.findings
    if not isinstance(value, dict):
        message = "the file must be a map of keys"
        raise Unreadable(Finding("YML08", message, "write version: 1 and so on", where))
    return value


def _rules(
    reading: ProjectReading, root: Path, environment: Mapping[str, str], vendors: Mapping[str, Vendor]
) -> Iterator[Finding]:
    data, where = reading.data or {}, Location(reading.path)
    allowed = allowed_hosts(environment)
    if "requires" in data:
        yield from version_findings(data["requires"], where.at("requires"))
    for name, entry in data.get("providers", {}).items():
        at = where.at("providers", name)
        vendor = vendors.get(entry.get("type", ""), Vendor())
        if "base_url" in entry:
            yield from host_findings(
                entry["base_url"], vendor.hosts, allowed, at.at("base_url"), "base_url sends the credentials"
            )
        for key in secret_keys(vendor) & entry.keys():
            yield from _secret_file(root, entry[key], at.at(key, "file"))
    backend = data.get("backend", {})
    for key in sorted(name for name, value in backend.items() if isinstance(value, dict)):
        yield from _secret_file(root, backend[key], where.at("backend", key, "file"))
    if isinstance(backend.get("path"), str):
        yield from leaves_project(str(root.resolve()), "", backend["path"], where.at("backend", "path"))
    for key in _PLACES & backend.keys():
        if address := as_url(str(backend[key])):
            yield from host_findings(address, (), allowed, where.at("backend", key), f"{key} sends the state")


_PLACES = frozenset({"remote", "endpoint"})
"""Settings of backends that may hold an address: a branch can't send the state away, either."""


def _secret_file(root: Path, secret: Mapping[str, str], where: Location) -> Iterator[Finding]:
    if "file" in secret:
        yield from leaves_project(str(root.resolve()), "", secret["file"], where)


def secret_keys(vendor: Vendor) -> set[str]:
    """The settings of a vendor that are secrets."""
    properties = vendor.settings.get("properties", {})
    return {
        key for key, part in properties.items() if part.get("$ref") == "#/$defs/secret" or "x-secret" in part
    }


def _project(reading: ProjectReading, vendors: Mapping[str, Vendor]) -> Project:
    data, where = reading.data or {}, Location(reading.path)
    defaults = data.get("defaults", {})
    return Project(
        name=data["project"],
        project_id=data["project_id"],
        location=where,
        providers={
            name: _provider(name, entry, vendors[entry["type"]], where.at("providers", name))
            for name, entry in data["providers"].items()
        },
        backend=_backend(data.get("backend", {})),
        limits=Limits(**data.get("limits", {})),
        timezone=defaults.get("timezone"),
        on_queued_suppression=defaults.get("on_queued_suppression"),
        requires=data.get("requires"),
    )


def _provider(name: str, entry: dict[str, Any], vendor: Vendor, where: Location) -> ProviderSettings:
    secrets = {key: _secret(entry[key]) for key in sorted(secret_keys(vendor) & entry.keys())}
    common = {key: entry[key] for key in _COMMON_SETTINGS if key in entry}
    own = {key: value for key, value in entry.items() if key not in {"type", *secrets, *common}}
    return ProviderSettings(name, entry["type"], where, secrets, settings=own, **common)


def _secret(written: Mapping[str, str]) -> Secret:
    ((source, name),) = written.items()
    return Secret(source, name)


def _backend(written: Mapping[str, Any]) -> Backend:
    secrets = {name: _secret(value) for name, value in written.items() if isinstance(value, dict)}
    own = {name: value for name, value in written.items() if name not in {"type", *secrets}}
    key = secrets.pop("key", None)
    return Backend(written.get("type", "local"), key, own, secrets)
