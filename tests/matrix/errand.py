"""What a process of the matrix does: the command, with whatever is to befall it from within."""

from __future__ import annotations

import datetime as dt
import os
import sys
from pathlib import Path

import reconciler.cli.finish
import reconciler.cli.root
import reconciler.cli.settings
import reconciler.workflow.apply
import reconciler.workflow.plan
from reconciler.sandbox.clock import Clock as SimulatedClock
from reconciler.sandbox.ledger import Ledger
from reconciler.sandbox.vendor import World, create_vendors
from reconciler.workflow.options import Options
from reconciler.workflow.workspace import open_workspace

from .peace import Quiet
from .processes import Errand
from .spoil import Spoiler, VirtualStop, WriteSpoiler, die


def do(errand: Errand) -> None:
    """Do it, and leave with the command's exit code."""
    moment = dt.datetime.fromisoformat(errand.now)
    if errand.how.startswith("interrupt"):
        os._exit(_with_signals(errand, moment))
    if errand.how.endswith(" write"):
        with WriteSpoiler(errand.how, errand.number).at_work():
            _apply(errand, moment)
    else:
        world = World(SimulatedClock(), Ledger())
        vendor = next(item for item in create_vendors(world) if item.name == errand.vendor)
        spoiler = Spoiler(vendor, errand.target, errand.number)
        spoiler.before = die if errand.how == "kill before send" else None
        spoiler.after = die if errand.how == "kill after reply" else None
        with spoiler.at_work():
            _apply(errand, moment)
    os._exit(0)


def _apply(errand: Errand, moment: dt.datetime) -> None:
    stop = VirtualStop()
    chosen = Options(errand.root, environment=errand.tokens, now=lambda: moment, stop=stop)
    with open_workspace(chosen) as workspace:
        reconciler.workflow.apply.apply(
            workspace, allow=errand.allow, confirm=lambda _plan: True, progress=Quiet(), stop=stop
        )


def _with_signals(errand: Errand, moment: dt.datetime) -> int:
    """The command line itself, whose signal handlers are meant; what it says goes into a file."""
    os.environ.update(errand.tokens)
    reconciler.cli.settings.now = lambda: moment
    told = Path(errand.root) / "stopping"
    descriptor = os.open(told, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)
    sys.stdout = os.fdopen(1, "w")
    sys.stderr = os.fdopen(2, "w")
    words = [part for item in errand.allow for part in ("--allow", item)]
    group = reconciler.cli.root.group
    return reconciler.cli.finish.run(group, ["-C", str(errand.root), "apply", "--yes", *words])
