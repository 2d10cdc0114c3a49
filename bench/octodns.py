"""The peer: octoDNS planning as many records, from YAML to YAML, in an environment of its own."""

from __future__ import annotations

import subprocess
import venv
from pathlib import Path

from bench.measure import Cost, cost, surroundings

VERSION = "octodns==1.22.0"
CONFIG = """\
providers:
  wanted: {class: octodns.provider.yaml.YamlProvider, directory: ./wanted, enforce_order: false}
  live: {class: octodns.provider.yaml.YamlProvider, directory: ./live, enforce_order: false}
zones:
  example.com.: {sources: [wanted], targets: [live]}
"""
RECORD = """\
r{number:05}:
  ttl: 300
  type: A
  values:
    - 10.0.{high}.{low}
"""


class Octodns:
    """An installed octoDNS, and a zone that needs no change."""

    def __init__(self, folder: Path, count: int) -> None:
        self._folder = folder / "octodns"
        self._environment = surroundings()
        self._environment.pop("PYTHONPATH")
        programs = self._folder / "venv" / "bin"
        if not (programs / "octodns-sync").exists():
            venv.create(self._folder / "venv", with_pip=True)
            subprocess.run([str(programs / "pip"), "install", "--quiet", VERSION], check=True)
        self._command = (str(programs / "octodns-sync"), "--config-file", "config.yaml", "--quiet")
        (self._folder / "config.yaml").write_text(CONFIG, "utf-8")
        records = (RECORD.format(number=n, high=n >> 8, low=n & 255) for n in range(count))
        text = "---\n" + "".join(records)
        for side in ("wanted", "live"):
            (self._folder / side).mkdir(exist_ok=True)
            (self._folder / side / "example.com.yaml").write_text(text, "utf-8")

    def plan(self) -> Cost:
        """A dry run."""
        return cost(self._command, self._folder, self._environment)
