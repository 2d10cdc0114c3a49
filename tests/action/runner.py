"""A small runner: reads action.yml and runs its steps with bash, files and signals as GitHub's runner does.

What it knows of the runner: docs.github.com, "Workflow commands", "Metadata syntax", "Variables"; and of
cancelling a job: SIGINT to the step's process, SIGTERM after 7.5 s, SIGKILL to what is left after 2.5 s more.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
import uuid
import venv
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from . import expressions

ROOT = Path(__file__).parent.parent.parent
LONGEST = 120.0
SIGINT_SECONDS, SIGTERM_SECONDS = 7.5, 2.5


@dataclass
class Job:
    """How a job ended: each step's outcome, the action's outputs, the summary, and the whole log."""

    outcomes: dict[str, str] = field(default_factory=dict)
    outputs: dict[str, str] = field(default_factory=dict)
    summary: str = ""
    log: str = ""
    failed: bool = False
    cancelled: bool = False

    @property
    def commands(self) -> list[str]:
        """Lines of the log that GitHub would take for commands."""
        return [line for line in self.log.splitlines() if line.lstrip().startswith("::")]


@dataclass
class Runner:
    """One machine: a workspace, a folder for temporary files, and what every job's environment has.

    `seconds` are how long each signal of a cancelled job may take.
    """

    workspace: Path
    temporary: Path
    environment: Mapping[str, str]
    repository: str = "clinic/outreach"
    seconds: tuple[float, float] = (SIGINT_SECONDS, SIGTERM_SECONDS)
    lease: float | None = None
    """Seconds that a lease lasts, shorter than a project may declare; None as declared."""

    def run(
        self,
        event: str,
        payload: Mapping[str, Any],
        *,
        ref: str = "refs/heads/main",
        sha: str = "a" * 40,
        actor: str = "ana",
        cancel: Callable[[str, subprocess.Popen[str]], bool] | None = None,
        **inputs: str,
    ) -> Job:
        """Use the action in one step of a job. `cancel` is asked, again and again, whether to cancel now."""
        work = self.temporary / f"job-{uuid.uuid4().hex[:8]}"
        work.mkdir(parents=True)
        (work / "event.json").write_text(json.dumps(payload), "utf-8")
        self.install()
        variables = {
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_EVENT_NAME": event,
            "GITHUB_EVENT_PATH": str(work / "event.json"),
            "GITHUB_REPOSITORY": self.repository,
            "GITHUB_REF": ref,
            "GITHUB_SHA": sha,
            "GITHUB_ACTOR": actor,
            "GITHUB_RUN_ID": "4711",
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_WORKSPACE": str(self.workspace),
            "GITHUB_ACTION_PATH": str(ROOT),
            "RUNNER_TEMP": str(self.temporary),
        }
        usual = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        return _Run(self, work, {**usual, **variables, **self.environment}, inputs, cancel).job()

    def install(self) -> None:
        """What an earlier step of the job would have installed, without a package index."""
        home = self.temporary / "reconciler-environment"
        if home.exists():
            return
        venv.create(home, with_pip=False)
        (packages,) = (home / "lib").glob("python*/site-packages")
        borrowed = [path for path in sys.path if path.endswith("site-packages")]
        (packages / "borrowed.pth").write_text(
            "".join(f"{path}\n" for path in [str(ROOT), *borrowed]), "utf-8"
        )
        if self.lease is not None:
            patch = f"import reconciler.backends.opening as o; o._lease_seconds = lambda *_: {self.lease}\n"
            (packages / "lease.pth").write_text(patch, "utf-8")
        (home / "wanted").write_text(f"version= wheel= extras= action={ROOT}", "utf-8")


@dataclass
class _Run:
    runner: Runner
    work: Path
    variables: dict[str, str]
    inputs: Mapping[str, str]
    cancel: Callable[[str, subprocess.Popen[str]], bool] | None
    result: Job = field(default_factory=Job)
    steps: dict[str, Any] = field(default_factory=dict)

    def job(self) -> Job:
        action = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
        unknown = {name.replace("_", "-") for name in self.inputs} - action["inputs"].keys()
        assert not unknown, f"no such input: {unknown}"
        given = {name.replace("_", "-"): text for name, text in self.inputs.items()}
        github = {"token": self.variables.get("TOKEN_OF_JOB", "")}
        self.variables.pop("TOKEN_OF_JOB", None)
        defaults = {
            name: expressions.text(part.get("default", ""), {"github": github})
            for name, part in action["inputs"].items()
        }
        context = {"inputs": defaults | given, "steps": self.steps, "github": github}
        for step in action["runs"]["steps"]:
            self._step(step, context)
        self.result.outputs = {
            name: expressions.text(part["value"], context) for name, part in action["outputs"].items()
        }
        return self.result

    def _step(self, step: Mapping[str, Any], context: Mapping[str, Any]) -> None:
        name = step.get("id", step["name"])
        result = self.result
        if not expressions.holds(step.get("if"), context, failed=result.failed, cancelled=result.cancelled):
            self._ended(name, "skipped", {})
            return
        if "uses" in step:
            assert step["uses"].startswith("actions/setup-python@"), step["uses"]
            self._ended(name, "success", {})
            return
        files = {
            each: self.work / f"{name}-{each}".lower() for each in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")
        }
        for file in files.values():
            file.touch()
        own = {key: expressions.text(text, context) for key, text in step.get("env", {}).items()}
        environment = {**self.variables, **{key: str(file) for key, file in files.items()}, **own}
        code = self._bash(name, step, environment)
        outcome = "cancelled" if self.result.cancelled and code else "failure" if code else "success"
        self._ended(name, outcome, read_outputs(files["GITHUB_OUTPUT"].read_text("utf-8")))
        self.result.summary += files["GITHUB_STEP_SUMMARY"].read_text("utf-8")
        self.result.failed |= bool(code) and not step.get("continue-on-error", False)

    def _bash(self, name: str, step: Mapping[str, Any], environment: dict[str, str]) -> int:
        assert step["shell"] == "bash"
        script = self.work / f"{name}.sh"
        script.write_text(step["run"], "utf-8")
        process = subprocess.Popen(
            ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", str(script)],
            cwd=self.runner.workspace,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        said: list[str] = []
        reader = threading.Thread(target=lambda: said.extend(process.stdout or ()))
        reader.start()
        self._watch(name, process)
        reader.join(LONGEST)
        if process.stdout is not None:
            process.stdout.close()
        self.result.log += "".join(said)
        return process.returncode

    def _watch(self, name: str, process: subprocess.Popen[str]) -> None:
        until = time.monotonic() + LONGEST
        while process.poll() is None:
            if self.cancel and not self.result.cancelled and self.cancel(name, process):
                self.result.cancelled = True
                self._end(process)
            if time.monotonic() > until:
                process.kill()
                raise AssertionError(f"step {name} hangs")
            time.sleep(0.01)

    def _end(self, process: subprocess.Popen[str]) -> None:
        """As the runner ends a step: the step's own process is asked twice, then nothing is left."""
        for number, seconds in zip((signal.SIGINT, signal.SIGTERM), self.runner.seconds, strict=True):
            process.send_signal(number)
            try:
                process.wait(seconds)
            except subprocess.TimeoutExpired:
                continue
            return
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def _ended(self, name: str, outcome: str, outputs: dict[str, str]) -> None:
        self.result.outcomes[name] = outcome
        self.steps[name] = {"outcome": outcome, "outputs": outputs}


def read_outputs(text: str) -> dict[str, str]:
    """The file of outputs, read as GitHub reads it."""
    found: dict[str, str] = {}
    lines = iter(text.splitlines())
    for line in lines:
        name, separator, delimiter = line.partition("<<")
        if not separator:
            name, _, value = line.partition("=")
            found[name] = value
            continue
        value = []
        for each in lines:
            if each == delimiter:
                break
            value.append(each)
        found[name] = "\n".join(value)
    return found
