"""Commands as an operator types them, each with the end that it has to have."""

from __future__ import annotations

from typing import Any

from reconciler.testing.projects import ProjectFolder, Ran


def apply(project: ProjectFolder, code: int = 0, *more: str) -> str:
    """Apply, and say how it has to end; all that it printed."""
    ran = project.run("apply", "--yes", *more)
    assert ran.code == code, ran.out + ran.err
    return ran.out + ran.err


def drift(project: ProjectFolder, code: int = 3) -> list[dict[str, Any]]:
    """What drift says, after it ended as it has to."""
    ran = project.run("drift", "--format", "json")
    assert ran.code == code, ran.out + ran.err
    found: list[dict[str, Any]] = ran.document["findings"]
    return found


def converged(project: ProjectFolder) -> Ran:
    """A plan with nothing in it."""
    ran = project.run("plan", "--detailed-exitcode", "--format", "json")
    assert ran.code == 0, ran.out + ran.err
    assert ran.document["changes"] == []
    return ran


def settled(project: ProjectFolder) -> None:
    """Apply again, up to twice, as an operator would whose first apply was cut off."""
    for _ in range(2):
        ran = project.run("apply", "--yes")
        if ran.code == 0:
            return
    raise AssertionError(f"exit {ran.code}\n{ran.out}{ran.err}")
