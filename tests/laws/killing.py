"""A command as a real process, killed by SIGKILL at a chosen request or durable write."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from reconciler.sandbox import Sandbox
from reconciler.testing.projects import ProjectFolder

LAUNCHER = str(Path(__file__).with_name("kill_at_write.py"))


def killed_at_request(
    project: ProjectFolder,
    sandbox: Sandbox,
    number: int,
    when: str,
    *command: str,
    vendor: str = "plum",
    operation: str | None = None,
) -> bool:
    """Run a command, and kill it at its n-th request, before or after the vendor acted; False when it had fewer.

    `operation`: a pattern of the only requests that count.
    """
    fault = {"vendor": vendor, "action": "hold", "when": when, "nth": number, "count": 1}
    sandbox.faults(fault if operation is None else {**fault, "operation": operation})
    process = project.start(*command)
    held = None
    while process.poll() is None and held is None:
        held = sandbox.held(0.05)
    if held is not None:
        os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    sandbox.release()
    sandbox.clear_faults()
    return held is not None


def killed_at_write(project: ProjectFolder, number: int, when: str, *command: str) -> bool:
    """Run a command, and kill it before or after its n-th durable write; False when it had fewer."""
    return project.run_process(*command, launcher=(LAUNCHER, str(number), when)).code == -signal.SIGKILL
