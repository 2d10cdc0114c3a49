"""Commands as processes of their own, for what only a process can suffer: SIGKILL and SIGINT."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
from dataclasses import dataclass
from functools import cache
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from typing import Any

from .cases import Case, Fault
from .peace import Ended, Site

NOTHING_MET = "the fault met nothing"

LONG = 60.0
"""Seconds after which a process is taken to hang."""


@dataclass(frozen=True)
class Errand:
    """What a process is to do: values alone."""

    root: Path
    vendor: str
    tokens: dict[str, str]
    allow: tuple[str, ...]
    now: str
    target: str
    number: int
    how: str


@cache
def server() -> ForkServerContext:
    """Processes fork from one that has everything loaded, and no threads."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.matrix.errand"])
    return context


def run_in_process(site: Site, case: Case, fault: Fault, verdict: Any) -> Ended:
    """Run the command as a process, and let it suffer."""
    from .errand import do

    how = str(fault.process)
    errand = Errand(
        site.root, site.vendor.name, dict(site.folder.tokens), site.scenario.allow,
        site.sandbox.clock()["now"], case.target, case.number, how,
    )  # fmt: skip
    if how.split(" ", maxsplit=1)[0] == "interrupt" or " held " in how:
        _hold(site, case, how)
    process = server().Process(target=do, args=(errand,))
    process.start()
    met = _suffer(site, process, how)
    process.join(LONG)
    if process.is_alive():
        process.kill()
        verdict.wrong["crash"] = "the process hung"
    if not met and process.exitcode == 0:
        verdict.wrong["crash"] = NOTHING_MET
    code = process.exitcode if process.exitcode is not None else -1
    return Ended(code, f"process ended by {code}")


def _hold(site: Site, case: Case, how: str) -> None:
    method, path, *operation = case.target.split(" ")
    order = {
        "vendor": site.vendor.name, "method": method, "path": f"^{path}$", "action": "hold",
        "when": how.rsplit(" ", maxsplit=1)[-1], "nth": case.number, "count": 1,
    }  # fmt: skip
    if operation:
        order["operation"] = f"^{operation[0]}$"
    site.sandbox.faults(order)


def _suffer(site: Site, process: ForkServerProcess, how: str) -> bool:
    """Do what is to be done from outside; whether the moment came. Who kills itself needs nobody."""
    words = how.split(" ")
    if words[0] == "kill" and words[1] != "held":
        process.join(LONG)
        return process.exitcode == -signal.SIGKILL
    while process.is_alive() and site.sandbox.held(0.02) is None:
        pass
    if site.sandbox.held() is None:
        return False
    pid = process.pid or 0
    if words[0] == "kill":
        os.kill(pid, signal.SIGKILL)
        process.join(LONG)
        site.sandbox.release()
        return True
    os.kill(pid, signal.SIGINT)
    if words[1] == "twice":
        _wait_until_told(site)
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGINT)
        process.join(LONG)
    else:
        _wait_until_told(site)
    site.sandbox.release()
    return True


def _wait_until_told(site: Site) -> None:
    """Two signals at once are one: the first has to have been noticed."""
    told = site.root / "stopping"
    deadline = threading.Event()
    for _ in range(400):
        if told.exists() and "stopping" in told.read_text():
            return
        deadline.wait(0.01)
