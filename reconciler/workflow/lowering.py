"""Manifests lowered for every provider at once."""

from __future__ import annotations

import datetime as dt

from reconciler.model.objects import Lowered
from reconciler.model.resource import Manifests, Project
from reconciler.model.state import Snapshot
from reconciler.providers import registry
from reconciler.providers.base import LoweringContext


def lower_all(project: Project, manifests: Manifests, snapshot: Snapshot | None, now: dt.datetime) -> Lowered:
    """The wanted objects, problems and notes of all providers, in the project file's order."""
    parts = [
        registry.get(settings.type).lower(LoweringContext(project, manifests, settings, snapshot, now))
        for settings in project.providers.values()
    ]
    return Lowered(
        objects=tuple(item for part in parts for item in part.objects),
        problems=tuple(item for part in parts for item in part.problems),
        notes=tuple(item for part in parts for item in part.notes),
    )
