"""Generated projects: what is applied stays applied, however the vendor spells it."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from reconciler.model.report import StepResult
from reconciler.sandbox import Sandbox
from reconciler.testing.generated import draft

from .conftest import START, Vendor
from .life import Life
from .operator import Operator, code_of

PROJECTS = int(os.environ.get("RECONCILER_PROJECTS", "200"))
FEW_PROJECTS = 5
LIVES = int(os.environ.get("RECONCILER_LIVES", "60"))
FEW_LIVES = 3
"""So many generated projects and lives there are, and so many of them belong to the quick tests."""

STEPS = 14
"""How many things happen in a life before its peace."""


@pytest.fixture(scope="module")
def account() -> Iterator[Sandbox]:
    """One vendor for all generated projects; each begins with an empty account."""
    with Sandbox(port=0, speed=0.0, start_at=START) as running:
        yield running


def some(count: int, few: int) -> list[object]:
    """Seeds, of which all but a few are slow."""
    return [pytest.param(seed, marks=() if seed < few else pytest.mark.slow) for seed in range(count)]


def assert_settled(operator: Operator, what: str) -> None:
    """Nothing to do, nothing found, and another apply sends no write."""
    plan = operator.plan()
    assert not plan.changes, (what, plan.changes)
    assert not plan.findings, (what, plan.findings)
    assert code_of(plan) == 0, (what, plan.problems)
    writes = operator.sandbox.ledger.summary()["writes"]
    report = operator.apply()
    assert not report.steps, (what, report.steps)
    assert operator.sandbox.ledger.summary()["writes"] == writes, what


@pytest.mark.slow
@pytest.mark.parametrize("seed", some(PROJECTS, FEW_PROJECTS))
def test_apply_then_plan_is_empty(tmp_path: Path, account: Sandbox, seed: int) -> None:
    """Whatever a project declares, one apply makes all of it, and after that nothing is left to do."""
    rng = random.Random(seed)
    account.reset()
    account.options({"plum": {
        "show_pacing": rng.random() < 0.5,
        "schedule_nickname": rng.choice(["entered", "current"]),
        "missing_nickname": rng.choice(["null", "absent", "empty"]),
    }})  # fmt: skip
    operator = Operator(tmp_path, account)
    project = draft(rng, operator.provider())
    project.write(tmp_path)
    report = operator.apply()
    assert {step.result for step in report.steps} <= {StepResult.DONE}, report.steps
    assert_settled(operator, "after the first apply")
    vendor = Vendor(account)
    try:
        say_it_otherwise(rng, vendor, account)
    finally:
        vendor.close()
    assert_settled(operator, "after the vendor spelled it otherwise")


def say_it_otherwise(rng: random.Random, vendor: Vendor, account: Sandbox) -> None:
    """The same settings in other spellings, and shown in another of the ways that the vendor leaves open."""
    for schedule in vendor.list("schedules"):
        days = rng.sample(schedule["days"], len(schedule["days"]))
        vendor.patch("schedules", schedule["schedule_id"], days=json.dumps(days))
    for campaign in vendor.list("campaigns"):
        windows = [
            {"profile": item["nickname"], "start_time": item["start_time"], "end_time": item["end_time"]}
            for item in campaign["profiles"]
        ]
        rng.shuffle(windows)
        vendor.patch("campaigns", campaign["campaign_id"], profiles=json.dumps(windows))
        if not str(campaign["schedule_nickname"]).isdigit():
            continue
        named = next(
            item
            for item in vendor.list("schedules")
            if str(item["schedule_id"]) == str(campaign["schedule_nickname"])
        )
        vendor.patch("campaigns", campaign["campaign_id"], schedule=named["nickname"])
    account.options({"plum": {
        "show_pacing": rng.random() < 0.5, "schedule_nickname": rng.choice(["entered", "current"]),
    }})  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("seed", some(LIVES, FEW_LIVES))
def test_nobody_twice_whatever_happens(tmp_path: Path, account: Sandbox, seed: int) -> None:
    """Through edits, hands, faults, deaths and time nobody is queued or called twice in a run, and all settles."""
    Life(seed, tmp_path, account).live(STEPS)
