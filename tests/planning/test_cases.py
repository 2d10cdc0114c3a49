"""Cases as data: a scene in a few words, and the plan that it must come to."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

import pytest
import yaml
from reconciler.model.plan import Change, Finding, Plan
from reconciler.planning.planner import build_plan

from .scenes import SceneOf, key_of, short


class _Loader(yaml.SafeLoader):
    """YAML whose dates are text, as manifests have them."""

    yaml_implicit_resolvers: ClassVar = {
        first: [(tag, pattern) for tag, pattern in pairs if not tag.endswith(":timestamp")]
        for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


CASES = Path(__file__).parent / "cases"
PATHS = sorted(CASES.glob("*.yaml"))


def _cases() -> list[Any]:
    found = []
    for path in PATHS:
        found += [pytest.param(case, id=f"{path.stem}: {case['promise']}") for case in _read(path)]
    return found


def _read(path: Path) -> list[dict[str, Any]]:
    loaded: list[dict[str, Any]] = yaml.load(path.read_text("utf-8"), _Loader)  # noqa: S506 - a safe one
    return loaded


def written(change: Change) -> str:
    """A change as cases write it: id, movement, and what holds it."""
    holds = "+".join(held.action for held in change.held)
    return f"{short(change.id)} {change.movement.name.lower()}" + (f" held {holds}" if holds else "")


def said(finding: Finding) -> str:
    """A finding as cases write it: object, what, grade, and the consent that would set it back."""
    held = f" held {finding.held.action}" if finding.held is not None else ""
    return f"{short(finding.key)} {finding.what} {finding.grade.value}{held}"


@pytest.mark.parametrize("case", _cases())
def test_case(case: dict[str, Any]) -> None:
    """Each case's promise holds: changes with movement and holds, findings, problems; what else it names."""
    scene = SceneOf(case)
    planned = build_plan(scene.scene())
    expected = case.get("expect") or {}
    plan = planned.plan
    assert [written(item) for item in plan.changes] == expected.get("changes", [])
    assert [said(item) for item in plan.findings] == expected.get("findings", [])
    assert [problem.code for problem in plan.problems] == expected.get("problems", [])
    _check_notes(plan, expected.get("notes"))
    _check_people(plan, expected.get("people", {}))
    _check_reasons(plan, expected.get("reasons", {}))
    if "consents" in expected:
        assert list(plan.consents) == expected["consents"]
    if "limits" in expected:
        assert {use.name: f"{use.used} of {use.allowed}" for use in plan.limits} == expected["limits"]
    if "queued" in expected:
        found = {short(name): len(group) for name, group in planned.queued.items()}
        assert found == expected["queued"]
    if "learned" in expected:
        assert [_learned(entry) for entry in planned.entries] == expected["learned"]
    if "first_ring" in expected:
        assert plan.first_ring is not None
        assert plan.first_ring.at == expected["first_ring"]


def _check_notes(plan: Plan, expected: list[str] | None) -> None:
    if expected is None:
        return
    texts = [f"{short(note.address)}: {note.text}" for note in plan.notes]
    assert len(texts) == len(expected), texts
    for text, part in zip(texts, expected, strict=True):
        assert part in text


def _check_people(plan: Plan, expected: Mapping[str, Mapping[str, int]]) -> None:
    rows = {f"{row.address}@{row.run}": row for row in plan.people}
    for text, numbers in expected.items():
        row = plan.people_total if text == "all" else rows[str(key_of(text))]
        assert {name: getattr(row, name) for name in numbers} == numbers


def _check_reasons(plan: Plan, expected: Mapping[str, str]) -> None:
    for name, part in expected.items():
        change = next(item for item in plan.changes if short(item.id) == name)
        assert part in " ".join([change.reason, *(held.reason for held in change.held)])


def _learned(entry: Any) -> str:
    record = getattr(entry, "record", None)
    if record is None:
        return f"{short(entry.key)} forgotten"
    return f"{short(record.key)} {record.phase.value}" + (" gone" if record.remote_id is None else "")


@pytest.mark.slow
def test_each_case_has_a_promise() -> None:
    """No two cases promise the same, and each says what in a sentence."""
    promises = [case["promise"] for path in PATHS for case in _read(path)]
    assert len(promises) == len(set(promises)) > 100
    assert all(promise.endswith(".") for promise in promises)
