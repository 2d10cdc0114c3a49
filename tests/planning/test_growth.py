"""Planning grows with the project, not with its square."""

from __future__ import annotations

import time
from typing import Any

import pytest
from reconciler.planning.basis.scene import Scene
from reconciler.planning.planner import build_plan

from .scenes import SceneOf

FEW, MANY = 100, 800
LIMITS = {"max_people": 10**6, "max_delete_percent": 100, "max_update_percent": 100}


def unchanged(count: int) -> dict[str, Any]:
    """Armed campaigns that are as wanted."""
    names = [f"campaign/c{number}" for number in range(count)]
    return {
        "want": {name: {"state": "running", "people": f"{name[9:]}a b"} for name in names},
        "have": {name: {"phase": "armed", "sent": f"{name[9:]}a b"} for name in names},
    }


def fresh(count: int) -> dict[str, Any]:
    """New campaigns, each held by its own consent."""
    names = [f"campaign/c{number}" for number in range(count)]
    return {
        "want": {name: {"state": "running", "people": f"{name[9:]}a b"} for name in names},
        "consents": [{"action": "again", "address": name} for name in names],
    }


def renamed(count: int) -> dict[str, Any]:
    """Campaigns that all have another name now, with the same people."""
    return {
        "want": {
            f"campaign/n{number}": {"state": "running", "people": f"p{number}"} for number in range(count)
        },
        "have": {f"campaign/o{number}": {"phase": "ended", "sent": f"p{number}"} for number in range(count)},
    }


def dropped(count: int) -> dict[str, Any]:
    """Armed campaigns that nobody wants."""
    return {"have": {f"campaign/o{number}": {"phase": "armed", "sent": "a"} for number in range(count)}}


def seconds(scene: Scene) -> float:
    """The least time that a plan of a scene took."""

    def once() -> float:
        began = time.process_time()
        build_plan(scene)
        return time.process_time() - began

    return min(once() for _ in range(2))


@pytest.mark.slow
@pytest.mark.parametrize("case", [unchanged, fresh, renamed, dropped])
def test_growth(case: Any) -> None:
    """Eight times the campaigns take at most twice eight times the time, whatever there is to do."""
    few, many = (SceneOf({**case(count), "limits": LIMITS}).scene() for count in (FEW, MANY))
    assert seconds(many) < 2 * (MANY / FEW) * max(seconds(few), 0.002)
