"""Outputs: what a step tells those after it, read from the JSON report of the command that ran."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from reconciler.model.plan import Action

TOLERATED = frozenset({0, 2, 3, 6, 8})
"""Ends of a plan that is whole: what is held or unknown stands in it, and must not keep a stop from being merged."""
KILLED = "cancelled"


def outputs(document: Mapping[str, Any] | None) -> dict[str, str]:
    """Every output that the document has; a command that left none was ended before it could."""
    if document is None:
        return {"failure-reason": KILLED}
    inner = document.get("plan")
    plan: Mapping[str, Any] = inner if isinstance(inner, dict) else document
    changes = _series(plan, "changes")
    actions = Counter(str(each.get("action")) for each in changes)
    total = plan.get("people_total") or {}
    return {
        "changes": str(len(changes)),
        **{action.value: str(actions[action.value]) for action in Action},
        "held": str(sum(bool(each.get("held")) for each in changes)),
        "people-reached": str(total.get("added") or 0),
        "drift": str(len(_series(plan, "findings"))),
        "unknown": str(len(_series(plan, "unknowns"))),
        "plan-digest": str(plan.get("digest") or ""),
        "exit-code": str(document.get("exit_code")),
        "failure-reason": str(document.get("failure_reason") or ""),
    }


def exit_code(command: str, document: Mapping[str, Any] | None) -> int:
    """How the step ends: as the command did, but that a whole plan is no failure, whatever stands in it."""
    if document is None:
        return 1
    codes = frozenset(code for code in document.get("exit_codes", ()) if isinstance(code, int))
    if command == "plan" and codes <= TOLERATED:
        return 0
    code = document.get("exit_code")
    return code if isinstance(code, int) else 1


def worth_a_comment(document: Mapping[str, Any] | None) -> bool:
    """Whether a result says more than that all is as it should be."""
    found = outputs(document)
    quiet = all(found.get(name, "0") == "0" for name in ("changes", "drift", "unknown"))
    return document is None or not quiet or bool(document.get("problems"))


def _series(document: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    found = document.get(name)
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []
