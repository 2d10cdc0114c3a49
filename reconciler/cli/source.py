"""Lines of manifests for messages: found by place, read when one is needed."""

from __future__ import annotations

import contextlib
from pathlib import Path

from reconciler.errors import ReconcilerError
from reconciler.model.problem import Location
from reconciler.render.text import Source


def source_of(start: Path) -> Source:
    """A reader of lines in the project that `start` belongs to; it never raises."""

    def read(place: Location) -> str:
        with contextlib.suppress(ReconcilerError, OSError, ValueError):
            from reconciler.manifest import find_project
            from reconciler.manifest.snippet import source_line

            return source_line(find_project(start), place) or ""
        return ""

    return read


def folder_in_repository(start: Path) -> str:
    """The project's folder below the root of its Git repository, as CI writes paths; `.` where there is none."""
    with contextlib.suppress(ReconcilerError, OSError):
        from reconciler.manifest import find_project

        project = find_project(start).resolve()
        for folder in (project, *project.parents):
            if (folder / ".git").exists():
                return project.relative_to(folder).as_posix()
    return "."
