"""The vendor of a measurement: the sandbox, in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from bench.measure import ROOT, surroundings


@dataclass(frozen=True, slots=True)
class Vendor:
    """Where it is, and what it has seen."""

    base_url: str
    token: str
    control: str

    @property
    def environment(self) -> dict[str, str]:
        """What a measured process needs to know."""
        return surroundings({"PLUM_TOKEN": self.token})

    def reset(self) -> None:
        """Empty the account, and forget the requests."""
        request = urllib.request.Request(f"{self.control}/reset", method="POST")  # noqa: S310 - loopback
        urllib.request.urlopen(request).close()  # noqa: S310 - loopback

    def requests(self) -> list[dict[str, Any]]:
        """Every request since the last reset."""
        with urllib.request.urlopen(f"{self.control}/requests") as reply:  # noqa: S310 - loopback
            found: list[dict[str, Any]] = json.load(reply)
        return found


@contextmanager
def vendor(latency: float = 0.0) -> Iterator[Vendor]:
    """A fresh account that answers after so many seconds."""
    command = [sys.executable, "-m", "reconciler.sandbox", "--speed", "0", "--latency", str(latency)]
    process = subprocess.Popen(command, cwd=ROOT, env=surroundings(), stdout=subprocess.PIPE, text=True)
    try:
        ready = json.loads(process.stdout.readline() if process.stdout else "")
        plum = ready["providers"]["plum"]
        yield Vendor(plum["base_url"], plum["token"], ready["ledger"].rpartition("/")[0])
    finally:
        process.terminate()
        process.wait()
        if process.stdout:
            process.stdout.close()
