"""The use case of validating: manifests read and lowered, offline and without credentials."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from reconciler.manifest import Loaded, find_project, load, locate
from reconciler.model.problem import Problem, errors
from reconciler.workflow.lowering import lower_all
from reconciler.workflow.options import Options


def validate(options: Options) -> Loaded:
    """What the manifests declare and everything that is wrong with them, each with its place."""
    root = find_project(options.directory or Path.cwd())
    loaded = load(root, environment=options.environment, today=options.now().date())
    problems = loaded.problems
    if loaded.project is not None and not errors(problems):
        problems += lower_all(loaded.project, loaded.manifests, None, options.now()).problems
    return replace(loaded, problems=tuple(sorted(locate(root, problems), key=_place)))


def _place(problem: Problem) -> tuple[str, int, int, str]:
    place = problem.location
    return (place.path, place.line, place.column, problem.code) if place else ("", 0, 0, problem.code)
