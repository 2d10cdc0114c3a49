"""One case from beginning to end: peace, the spoiled command, the same command again up to twice, the verdict."""

from __future__ import annotations

import random
import shutil
import tempfile
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from reconciler.backends.local import LocalBackend
from reconciler.sandbox import Sandbox

from .cases import FAULTS, Case, Fault, Traffic
from .declared import VENDORS
from .kept import Kept
from .peace import START, Ended, Site
from .processes import NOTHING_MET, run_in_process
from .scenarios import DAY, Scenario
from .spoil import Spoiler, WriteSpoiler, stand_in
from .vendors import Vendor
from .verdict import Peace, Verdict, judge

MEMORY = Path("/dev/shm")  # noqa: S108 - no test of the matrix needs a disk that is one

MISSED = ("the fault met no write", "the fault met no request", NOTHING_MET)
"""What is said where what was to be spoiled did not come."""

TOGETHER = 4
"""So many writes of one apply may go together with others."""

AGAIN = 2
"""So often the command is run again."""


@cache
def sandbox() -> Sandbox:
    """This process's vendors, on a port of their own."""
    return Sandbox(port=0, speed=0.0, start_at=START, seed=1)


@contextmanager
def site(vendor: Vendor, scenario: Scenario, options: int, timeout: float = 5.0) -> Iterator[Site]:
    """A fresh account and project, prepared up to the edit."""
    ready = _prepared(vendor.name, scenario.name, options)
    with _folder() as root:
        yield ready.restored(root, timeout)


@cache
def _prepared(vendor_name: str, scenario_name: str, options: int) -> Kept:
    """What all cases of a scenario begin with, in peace and without the switch of `recovery`."""
    vendor = VENDORS[vendor_name]
    with _folder() as root:
        made = Site(root, sandbox(), vendor, scenario_of(vendor, scenario_name), vendor.options[options])
        made.prepare()
        return Kept.of(made)


@contextmanager
def _folder() -> Iterator[Path]:
    root = Path(tempfile.mkdtemp(prefix="matrix-", dir=MEMORY if MEMORY.is_dir() else None))
    try:
        yield root
    finally:
        sandbox().clear_faults()
        shutil.rmtree(root)


def scenario_of(vendor: Vendor, name: str) -> Scenario:
    """A scenario by its name."""
    return next(item for item in vendor.acts if item.name == name)


@cache
def traffic(vendor_name: str, scenario_name: str) -> Traffic:
    """What an apply does in peace."""
    vendor = VENDORS[vendor_name]
    counted = WriteSpoiler()
    with site(vendor, scenario_of(vendor, scenario_name), 0) as found:
        spoiler = Spoiler(stand_in(sandbox(), vendor))
        before = len(found.writes())
        with spoiler.at_work(), counted.at_work():
            assert found.apply().code == 0
        writes = frozenset(name for name, _ in found.writes()[before:])
    creates = frozenset(writes & set(vendor.creates))
    return Traffic(tuple(sorted(spoiler.names)), writes, creates, counted.count, counted.announced)


@cache
def peace(vendor_name: str, scenario_name: str, options: int, pause: float) -> Peace:
    """What a scenario comes to when nothing befalls it."""
    vendor = VENDORS[vendor_name]
    with site(vendor, scenario_of(vendor, scenario_name), options) as found:
        ended = found.apply()
        assert ended.code == 0, ended
        found.sandbox.clock(advance=pause)
        plan = found.plan()
        assert plan.code == 0, plan
        return Peace.of(found)


def run(case: Case) -> Verdict:
    """Run a case; whatever happens, there is a verdict."""
    began = time.process_time()
    verdict = Verdict(case.name, case.vendor)
    try:
        _run(case, verdict)
    except Exception:  # noqa: BLE001 - a crash of the product or of the matrix is a verdict like any other
        verdict.ended = "crash"
        verdict.wrong["crash"] = traceback.format_exc(limit=-6)
    verdict.seconds = time.process_time() - began
    return verdict


def _run(case: Case, verdict: Verdict) -> None:
    vendor, fault = VENDORS[case.vendor], FAULTS[case.fault]
    rng = random.Random(case.seed)
    options, pause = rng.randrange(len(vendor.options)), rng.choice([0.0, 0.0, float(DAY)])
    pause = 0.0 if scenario_of(vendor, case.scenario).at_once else pause
    expected = peace(case.vendor, case.scenario, options, pause)
    with site(vendor, scenario_of(vendor, case.scenario), options, fault.timeout) as found:
        ended = _spoiled(found, case, fault, verdict)
        found.sandbox.clear_faults()
        found.clock.ahead = 0.0
        found.sandbox.clock(advance=pause)
        _note(verdict, ended)
        for _ in range(AGAIN):
            ended = found.apply()
            _note(verdict, ended)
            plan = found.plan()
            if ended.code == 0 and plan.code == 0:
                break
        judge(case, found, expected, ended, plan, verdict)
    if verdict.wrong.get("crash") in MISSED and _may_be_missed(case):
        del verdict.wrong["crash"]
        verdict.wrong.pop("outcome", None)
    if (
        "outcome" in verdict.wrong
        and fault.outcome == "DONE"
        and "REFUSED" in in_peace(case.vendor, case.scenario, case.target)
    ):
        del verdict.wrong["outcome"]


@cache
def in_peace(vendor_name: str, scenario_name: str, target: str) -> frozenset[str]:
    """How the requests of a name end when nothing befalls them: a vendor may decline one rightly."""
    vendor = VENDORS[vendor_name]
    marking = Spoiler(stand_in(sandbox(), vendor), target, 1, lasting=True)
    with site(vendor, scenario_of(vendor, scenario_name), 0) as found, marking.at_work():
        return frozenset(found.apply().met)


def _may_be_missed(case: Case) -> bool:
    """Whether now and then there are some fewer than in peace, of which each process has its own.

    Writes that meet go together, and of two that look how far a vendor is, one's look spares the other's last.
    """
    found = traffic(case.vendor, case.scenario)
    if case.target == "state":
        return case.number > found.appends - TOGETHER
    looks = found.requests.count(case.target)
    return case.target in VENDORS[case.vendor].shared_looks and case.number >= looks - 1


def _note(verdict: Verdict, ended: Ended) -> None:
    verdict.commands.append(ended.code)
    verdict.story.append(ended.said)


def _spoiled(found: Site, case: Case, fault: Fault, verdict: Verdict) -> Ended:
    """The command that meets the fault."""
    if fault.process is not None:
        return run_in_process(found, case, fault, verdict)
    if fault.state is not None:
        return _with_bad_state(found, case, fault, verdict)
    spoiler = Spoiler(stand_in(sandbox(), found.vendor), case.target, case.number, case.lasting)
    if fault.wire == "clock":
        spoiler.before = lambda: setattr(found.clock, "ahead", fault.seconds)
    elif fault.wire == "dropped":
        spoiler.before = lambda: _drop_next(found)
        spoiler.after = found.sandbox.clear_faults
    elif fault.wire is not None:
        spoiler.connection = fault.wire
    else:
        spoiler.before = lambda: arm(found, case.target, fault)
    with spoiler.at_work():
        ended = found.apply()
    if not spoiler.hits:
        verdict.wrong["crash"] = MISSED[1]
    _check_outcome(fault, ended, verdict)
    return ended


def arm(found: Site, request: str, fault: Fault) -> None:
    """Let the vendor's stand-in spoil the request that is about to leave."""
    method, path, *operation = request.split(" ")
    order = {"vendor": found.vendor.name, "method": method, "path": f"^{path}$", "count": 1}
    if operation:
        order["operation"] = f"^{operation[0]}$"
    order |= fault.sandbox or {}
    if fault.reply == "refusal":
        order["body"] = found.vendor.refusal
    if fault.reply == "busy":
        order["status"], order["body"] = found.vendor.busy
    found.sandbox.faults(order)


def _drop_next(found: Site) -> None:
    found.sandbox.faults({"vendor": found.vendor.name, "action": "drop_reused", "count": 1})


def _check_outcome(fault: Fault, ended: Ended, verdict: Verdict) -> None:
    """Whether every attempt that met the fault ended as the catalogue says (law 4)."""
    if fault.outcome is not None and set(ended.met) != {fault.outcome}:
        verdict.wrong["outcome"] = f"expected {fault.outcome}, got {sorted(set(ended.met))}"


def _with_bad_state(found: Site, case: Case, fault: Fault, verdict: Verdict) -> Ended:
    spoiler = WriteSpoiler(
        fault.state or "", case.number, lapse=LocalBackend(found.root / ".reconciler").break_lease
    )
    with spoiler.at_work():
        ended = found.apply()
    if not spoiler.met:
        verdict.wrong["crash"] = MISSED[0]
    return ended
