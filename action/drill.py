"""Stop drill: start an example's campaign at the sandbox, stop everything, and measure the silence. Nobody is called.

Run in a checkout of this repository by examples/github/stop-drill.yml; needs nothing but Python and a package index.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LONGEST = 30.0
"""Seconds that silence may take."""
EXPECTED = frozenset({0, 8})
"""Silent, or asked to be silent by a vendor that cannot show it."""


def environment_of(folder: Path) -> Path:
    """A Python with the locked dependencies and this checkout's tool."""
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    lock = ROOT / "requirements" / "run.lock"
    install = [python, "-I", "-m", "pip", "install", "--quiet", "--require-hashes", "--requirement", lock]
    subprocess.run(install, check=True)
    (packages,) = (folder / "lib").glob("python*/site-packages")
    (packages / "reconciler.pth").write_text(f"{ROOT}\n", "utf-8")
    return python


def project_of(folder: Path, ready: dict[str, Any]) -> dict[str, str]:
    """The example, pointed at the sandbox; returns the variables that it needs."""
    shutil.copytree(ROOT / "examples" / "plum", folder)
    vendor = ready["providers"]["plum"]
    file = folder / "reconciler.yaml"
    text = re.sub(r"(type: plum\n)", rf"\1    base_url: {vendor['base_url']}\n", file.read_text("utf-8"))
    file.write_text(text, "utf-8")
    year = str(time.gmtime().tm_year + 1)
    for manifest in (folder / "manifests").glob("*.yaml"):
        manifest.write_text(manifest.read_text("utf-8").replace("2027-", f"{year}-"), "utf-8")
    contacts = {"JANUARY_CSV": "january.csv", "RECALL_CSV": "recall.csv", "DNC_TXT": "do-not-call.txt"}
    return {"PLUM_TOKEN": vendor["token"], **{name: f"contacts/{path}" for name, path in contacts.items()}}


def drill(python: Path, folder: Path) -> tuple[float, int]:
    """Start, stop and measure: the seconds that the stop took, and its exit code."""
    reconciler = [str(python), "-I", "-m", "reconciler"]
    serving = [*reconciler, "sandbox", "--port", "0", "--format", "json"]
    with subprocess.Popen(serving, stdout=subprocess.PIPE, text=True) as sandbox:
        try:
            line = sandbox.stdout.readline() if sandbox.stdout else ""
            variables = project_of(folder, json.loads(line))
            outside = {
                name: text for name, text in os.environ.items() if name != "CI"
            }  # the state ends with the drill
            environment = {**outside, **variables}

            def run(*arguments: str) -> int:
                return subprocess.run(
                    [*reconciler, "-C", str(folder), *arguments], env=environment, check=False
                ).returncode

            if run("apply", "--yes", "--quiet") != 0:
                raise SystemExit("the example could not be applied")
            began = time.monotonic()
            code = run("stop", "--all", "--reason", "weekly drill")
            seconds = time.monotonic() - began
            if run("apply", "--yes", "--quiet") not in {0, 6, 8}:
                raise SystemExit("apply ended in an unexpected way under the hold")
        finally:
            sandbox.terminate()
    return seconds, code


def main() -> None:
    """Do it all, and say how long the silence took."""
    with tempfile.TemporaryDirectory() as name:
        python = Path(sys.argv[1]) if len(sys.argv) > 1 else environment_of(Path(name) / "environment")
        seconds, code = drill(python, Path(name) / "project")
    text = f"Stop drill: everything asked to stop within {seconds:.1f} s, exit {code}."
    print(text)
    if "GITHUB_STEP_SUMMARY" in os.environ:
        with Path(os.environ["GITHUB_STEP_SUMMARY"]).open("a", encoding="utf-8") as file:
            file.write(f"{text}\n")
    if code not in EXPECTED or seconds > LONGEST:
        raise SystemExit("the drill failed: silence took too long, or could not be asked for")


if __name__ == "__main__":
    main()
