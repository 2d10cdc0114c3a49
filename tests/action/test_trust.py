"""Nothing that is read from a branch decides where a token or a number goes."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from reconciler.sandbox import Sandbox
from reconciler.testing.projects import ProjectFolder

from .conftest import event
from .forge import Forge
from .runner import Runner
from .test_plan import planned


@pytest.fixture
def thief() -> Iterator[tuple[str, list[str]]]:
    """A server that keeps whatever reaches it."""
    caught: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            caught.append(f"{self.path} {self.headers}")
            self.send_response(200)
            self.end_headers()

        do_POST = do_GET  # noqa: N815 - the name that the base class calls

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}", caught
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.slow
def test_branch_cannot_send_a_token_away(
    runner: Runner, forge: Forge, project: ProjectFolder, thief: tuple[str, list[str]]
) -> None:
    """A pull request that moves a provider to its own server is planned at the vendor of the base branch."""
    address, caught = thief
    project.providers = {"plum": {**project.providers["plum"], "base_url": address}}
    project.write()
    job = planned(runner)
    assert caught == []
    assert not job.failed, job.log
    assert any("SEC05" in line for line in job.commands)
    assert "SEC05" in forge.plans(7)[0]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["fork", "fork_gone", "dependabot"])
@pytest.mark.parametrize("command", ["plan", "drift", "validate"])
def test_strangers_get_a_check_and_nothing_else(
    runner: Runner, forge: Forge, sandbox: Sandbox, project: ProjectFolder, name: str, command: str
) -> None:
    """From a fork or Dependabot manifests are checked offline; neither the vendor nor GitHub is asked for anything."""
    job = runner.run(
        "pull_request",
        event(name),
        ref="refs/pull/7/merge",
        actor="mallory",
        command=command,
        path="outreach",
    )
    assert not job.failed, job.log
    assert "runs: validate" in job.log
    assert forge.requests == []
    assert sandbox.requests() == []
    assert "checked offline" in job.summary
    assert project.tokens["PLUM_TOKEN"] not in job.log


@pytest.mark.slow
@pytest.mark.parametrize("command", ["apply", "heal", "tick", "stop"])
@pytest.mark.parametrize("name", ["pull_request", "fork", "issue_comment"])
def test_pull_requests_change_nothing(runner: Runner, sandbox: Sandbox, name: str, command: str) -> None:
    """No command that writes runs for a pull request, or for an event that anybody can set off."""
    kind = "pull_request_target" if name == "fork" else name
    job = runner.run(kind, event(name), ref="refs/pull/7/merge", command=command, path="outreach")
    assert job.failed
    assert job.outcomes["run"] == "skipped"
    assert job.outputs["failure-reason"] == "usage"
    assert [each for each in sandbox.ledger.writes if each.path != "/token"] == []


@pytest.mark.slow
def test_other_branches_are_not_applied(runner: Runner, forge: Forge) -> None:
    """A push to a branch applies nothing, and plans with the providers of the branch that is applied."""
    refused = runner.run("push", event("push"), ref="refs/heads/january", command="apply", path="outreach")
    assert refused.outcomes["run"] == "skipped"
    job = runner.run("push", event("push"), ref="refs/heads/january", command="plan", path="outreach")
    assert not job.failed, job.log
    assert ("GET", "/repos/clinic/outreach/contents/outreach/reconciler.yaml?ref=main") in forge.requests
    named = runner.run(
        "push", event("push"), ref="refs/heads/january", command="plan", path="outreach", branch="january"
    )
    assert not named.failed, named.log


@pytest.mark.slow
def test_new_project_is_planned_after_its_merge(runner: Runner, forge: Forge) -> None:
    """A project that the base branch does not have yet is checked, and no provider of it is asked."""
    forge.files.clear()
    job = planned(runner)
    assert not job.failed, job.log
    assert "runs: validate" in job.log
    assert "has no project here yet" in job.summary


@pytest.mark.slow
def test_modules_of_the_branch_are_not_imported(runner: Runner, project: ProjectFolder) -> None:
    """Python files in the workspace, named as ours or as those we use, never run."""
    for folder in (project.root.parent, project.root):
        for name in ("reconciler", "click", "json", "sitecustomize"):
            (folder / f"{name}.py").write_text("raise SystemExit('imported from the branch')\n", "utf-8")
    job = planned(runner)
    assert not job.failed, job.log
    assert "imported from the branch" not in job.log
