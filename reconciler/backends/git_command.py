"""The `git` command, run so that it asks nothing, runs nothing of the user's but their credentials, and ends.

Work is done in a bare repository of its own beside the project's, `.git/reconciler/…`: the user's clone may be
shallow or partial, and its index, refs and hooks are not touched. What lets the user's Git reach the remote
(headers, credential helpers, the SSH command) is passed on.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from reconciler.errors import StateError

TIMEOUT = 120.0
"""Seconds that one command may take, fetches and pushes among them."""

_OWN = re.compile(
    r"GIT_(DIR|WORK_TREE|INDEX_FILE|OBJECT_DIRECTORY|ALTERNATE_.*|NAMESPACE|COMMON_DIR|PREFIX|TRACE.*)"
)
_PASSED = re.compile(r"(http|credential|ssh)\..*|core\.(sshcommand|askpass|gitproxy)")
_SETTINGS = {
    "core.hooksPath": os.devnull,
    "fetch.recurseSubmodules": "false",
    "gc.autoDetach": "false",
    "http.lowSpeedLimit": "100",
    "http.lowSpeedTime": "30",
    "maintenance.auto": "false",
    "push.followTags": "false",
    "push.gpgSign": "false",
    "push.recurseSubmodules": "no",
}
_SECRET = re.compile(r"(?<=://)[^/@\s]+@")
_SHOWN = 300


class Ran(Struct, frozen=True):
    """How a command ended."""

    code: int
    output: bytes
    errors: str

    @property
    def done(self) -> bool:
        """Whether it succeeded."""
        return self.code == 0

    @property
    def text(self) -> str:
        """What it printed."""
        return self.output.decode("utf-8", "replace").strip()

    @property
    def said(self) -> str:
        """What it complained of, in one line, without secrets."""
        lines = [
            line.strip() for line in self.errors.splitlines() if line.strip() and not line.startswith("hint:")
        ]
        shown = " ".join(_SECRET.sub("", " / ".join(lines)).split())
        return "".join(each if each.isprintable() else "?" for each in shown)[:_SHOWN]


class Git(Struct, frozen=True):
    """Git in one folder, with one environment."""

    folder: Path
    environment: Mapping[str, str]
    repository: Path | None = None

    def run(self, *arguments: str, given: bytes = b"") -> Ran:
        """Run a command; raises StateError when there is no Git, or the command does not end."""
        chosen = () if self.repository is None else (f"--git-dir={self.repository}",)
        try:
            done = subprocess.run(  # noqa: S603 - no shell; arguments are ours, and checked by the schema
                ["git", *chosen, *arguments],  # noqa: S607 - the user's Git
                input=given,
                capture_output=True,
                check=False,
                cwd=self.folder,
                env=self._surroundings(),
                process_group=0,  # an interrupt is for us: a push that has begun is let end
                timeout=TIMEOUT,
            )
        except FileNotFoundError:
            raise StateError("there is no git command", "install Git 2.31 or later", "STA16") from None
        except subprocess.TimeoutExpired:
            message = f"git {arguments[0]} did not end within {TIMEOUT:.0f} s"
            raise StateError(
                message, "look at the connection to the remote, then run again", "STA13"
            ) from None
        return Ran(done.returncode, done.stdout, done.stderr.decode("utf-8", "replace"))

    def need(self, *arguments: str, given: bytes = b"") -> bytes:
        """Run a command that only fails when something is broken here."""
        ran = self.run(*arguments, given=given)
        if not ran.done:
            raise StateError(f"git {arguments[0]} failed: {ran.said}", "see Git's message", "STA16")
        return ran.output

    def _surroundings(self) -> dict[str, str]:
        kept = {name: value for name, value in self.environment.items() if not _OWN.fullmatch(name)}
        return kept | {"LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0"}


def passed_on(project: Git) -> dict[str, str]:
    """Return an environment in which the project's own settings for reaching remotes count elsewhere, too."""
    found = project.run("config", "--list", "--includes", "--show-scope", "-z").output.decode(
        "utf-8", "replace"
    )
    fields = found.split("\0")
    pairs = [
        tuple(entry.partition("\n")[::2])
        for scope, entry in zip(fields[::2], fields[1::2], strict=False)
        if scope in {"local", "worktree"}
    ]
    settings = [*_SETTINGS.items(), *(pair for pair in pairs if _PASSED.fullmatch(pair[0]))]
    return _as_variables(settings, project.environment)


def _as_variables(settings: Sequence[tuple[str, ...]], environment: Mapping[str, str]) -> dict[str, str]:
    """Settings as Git takes them from the environment, after those that stand there already."""
    first = int(environment.get("GIT_CONFIG_COUNT") or 0)
    added = {"GIT_CONFIG_COUNT": str(first + len(settings))}
    for number, (key, value) in enumerate(settings, first):
        added |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
    named = {"GIT_SSH_COMMAND", "GIT_SSH"} & environment.keys() or any(
        key == "core.sshcommand" for key, _ in settings
    )
    if not named:
        added["GIT_SSH_COMMAND"] = "ssh -o BatchMode=yes -o ConnectTimeout=15"
    return {**environment, **added}
