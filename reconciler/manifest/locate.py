"""Places: findings with lines and columns, looked up by composing just the files concerned."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from msgspec.structs import replace

from reconciler.manifest.document import Unreadable, documents
from reconciler.manifest.finding import Finding
from reconciler.manifest.folder import read
from reconciler.manifest.values import Places
from reconciler.model.problem import Location, Problem


class Lookup(Protocol):
    """Fills line and column of a location, of its key or of its value."""

    def __call__(self, location: Location, *, on_key: bool) -> Location:
        """Look one location up; one that has its line already comes back as it is."""


def problems_of(root: Path, findings: Sequence[Finding]) -> tuple[Problem, ...]:
    """Findings as problems, sorted by place, each once."""
    look = _lookup(root)
    return tuple(sorted(dict.fromkeys(_problem(each, look) for each in findings), key=by_place))


def locate(root: Path, problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """The same problems with line and column wherever a location only named its node."""
    look = _lookup(root)
    return tuple(
        replace(problem, location=look(problem.location, on_key=False)) if problem.location else problem
        for problem in problems
    )


def by_place(problem: Problem) -> tuple[str, int, int, str, str]:
    """The order in which problems are told."""
    where = problem.location or Location("")
    return (where.path, where.line, where.column, problem.code, problem.message)


def _problem(finding: Finding, look: Lookup) -> Problem:
    message, remedy = finding.message, finding.help
    if finding.also is not None:
        also = look(finding.also, on_key=True)
        place = f"{also.path}:{also.line}"
        message, remedy = message.replace("{also}", place), remedy.replace("{also}", place)
    where = look(finding.location, on_key=finding.on_key)
    return Problem(finding.code, message, remedy, finding.severity, where, finding.address)


def _lookup(root: Path) -> Lookup:
    """Looks places up; composes each file at most once, and only when asked about it."""

    @functools.cache
    def places(path: str) -> Places:
        roots = []
        with contextlib.suppress(Unreadable):
            # One by one, so that what stands before a flaw is there.
            for node in documents(path, read(root, path)):
                roots.append(node)  # noqa: PERF402
        return Places(path, roots)

    def look(location: Location, *, on_key: bool) -> Location:
        return location if location.line else places(location.path).find(location.pointer, on_key=on_key)

    return look
