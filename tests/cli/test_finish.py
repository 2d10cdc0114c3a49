"""The end of a command: one document, one exit code, nothing that must not be said."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import click
import pytest
import reconciler
from reconciler import errors
from reconciler.cli.finish import Terminated
from reconciler.model.problem import Location, Problem, Severity

Run = Callable[..., Any]
SECRET = "9ef5779c-65ef"
HERE = os.environ | {"PYTHONPATH": str(Path(reconciler.__file__).parents[1])}

PROBLEM = Problem("REF01", "no schedule x", "add it", location=Location("manifests/a.yaml", 3, 5))
ENDINGS: list[tuple[BaseException, int, str, bool]] = [
    (errors.ReconcilerError("broken", "mend it"), 1, "error", False),
    (errors.ProjectError([PROBLEM]), 1, "invalid", False),
    (errors.UsageError("wrong"), 64, "usage", False),
    (errors.CredentialsError("refused"), 77, "credentials", False),
    (errors.UnreachableError("no reply"), 69, "unreachable", True),
    (errors.StateError("damaged", code="STA02"), 1, "state", False),
    (errors.HeadMoved("moved"), 5, "state-locked", True),
    (errors.StateLocked("locked"), 5, "state-locked", True),
    (errors.PlanStale("expired"), 4, "plan-stale", False),
    (errors.Held("hold"), 6, "held", False),
    (errors.Stopped("signal"), 7, "stopped", False),
    (click.UsageError("wrong"), 64, "usage", False),
    (click.BadParameter("wrong"), 64, "usage", False),
    (click.Abort(), 1, "stopped", False),
    (KeyboardInterrupt(), 1, "stopped", False),
    (Terminated(), 1, "stopped", False),
    (PermissionError(13, "Permission denied", "state.json"), 1, "error", False),
    (OSError(28, "No space left on device"), 1, "error", False),
    (ValueError(SECRET), 1, "error", False),
    (RecursionError(SECRET), 1, "error", False),
    (MemoryError(), 1, "error", False),
]


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Callable[[BaseException], None]:
    """Make the workflow end with an exception."""

    def fail(error: BaseException) -> None:
        def opened(options: Any) -> NoReturn:
            del options
            raise error

        module = importlib.import_module("reconciler.workflow.workspace")
        monkeypatch.setattr(module, "open_workspace", opened)

    return fail


@pytest.mark.parametrize(
    ("error", "code", "reason", "retryable"), ENDINGS, ids=lambda each: type(each).__name__
)
def test_every_failure_is_one_document(
    error: BaseException,
    code: int,
    reason: str,
    retryable: bool,
    run: Run,
    failing: Callable[[BaseException], None],
) -> None:
    """However a command fails, JSON on stdout is one document that says why, and stderr is silent."""
    failing(error)
    found = run("plan", "--format", "json")
    document = found.document
    assert (found.code, document["exit_code"], document["exit_codes"]) == (code, code, [code])
    assert (document["failure_reason"], document["retryable"]) == (reason, retryable)
    assert (document["format"], found.err) == ("error", "")
    assert document["problems"][0]["code"]
    assert document["problems"][0]["message"]


@pytest.mark.parametrize(
    ("error", "code"), [each[:2] for each in ENDINGS], ids=lambda each: type(each).__name__
)
def test_every_failure_is_said_on_stderr(
    error: BaseException, code: int, run: Run, failing: Callable[[BaseException], None]
) -> None:
    """In text a failure leaves stdout empty, and says what happened on stderr, even when quiet."""
    failing(error)
    found = run("plan", "-q")
    assert (found.code, found.out) == (code, "")
    assert "error" in found.err


@pytest.mark.parametrize("arguments", [("plan",), ("plan", "-vv"), ("plan", "-vv", "--format", "json")])
def test_no_value_of_a_defect_is_shown(
    arguments: tuple[str, ...], run: Run, failing: Callable[[BaseException], None]
) -> None:
    """The message of a foreign exception may hold a token or a number: only places are printed."""
    failing(ValueError(SECRET))
    found = run(*arguments)
    assert SECRET not in found.out + found.err
    assert "internal error: ValueError" in found.out + found.err
    assert ("in open_workspace" in found.out + found.err or "in opened" in found.out + found.err) is (
        "-vv" in arguments
    )


def test_every_exit_code_is_explained(run: Run) -> None:
    """Each code that a failure may carry has a page, and each exit code a line of help."""
    for error in [errors.ReconcilerError, *errors.ReconcilerError.__subclasses__()]:
        assert run("explain", f"EXIT{error.exit_code:02d}").code == 0
        assert f"{error.exit_code:>3}  " in run("help", "exit-codes").out


def test_problems_keep_their_places(run: Run, failing: Callable[[BaseException], None]) -> None:
    """Wrong manifests are listed with file, line and column, whichever command finds them."""
    failing(errors.ProjectError([PROBLEM, Problem("X01", "old", severity=Severity.WARNING)]))
    found = run("plan")
    assert "manifests/a.yaml:3:5 error REF01 no schedule x" in found.err
    assert "1 error, 1 warning" in found.err
    problem = run("plan", "--format", "json").document["problems"][0]
    assert (problem["file"], problem["line"], problem["column"]) == ("manifests/a.yaml", 3, 5)


@pytest.mark.usefixtures("workflow")
def test_reports_are_of_the_same_run(run: Run, tmp_path: Path) -> None:
    """One run is written in every form that was asked for; text in a report is whole."""
    found = run("drift", "--report", "json=d.json", "--report", "markdown=d.md", "--report", "text=d.txt")
    assert found.code == 3
    assert json.loads((tmp_path / "d.json").read_text())["exit_code"] == 3
    assert "1 object drifted of 3" in (tmp_path / "d.md").read_text()
    assert (tmp_path / "d.txt").read_text() == found.out


def test_reports_of_failures(run: Run, tmp_path: Path, failing: Callable[[BaseException], None]) -> None:
    """A pipeline that collects a report finds one also when the command failed."""
    failing(errors.UnreachableError("no reply"))
    assert run("plan", "--report", "json=p.json", "--report", "markdown=p.md").code == 69
    assert json.loads((tmp_path / "p.json").read_text())["failure_reason"] == "unreachable"
    assert "no reply" in (tmp_path / "p.md").read_text()


@pytest.mark.usefixtures("workflow")
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a disk that is always full")
def test_a_report_that_cannot_be_written_is_an_error(run: Run) -> None:
    """A full disk does not swallow the result, and does not look like success."""
    found = run("drift", "--fail-on", "none", "--report", "json=/dev/full", "--format", "json")
    assert (found.code, found.document["exit_codes"]) == (1, [1])
    assert "/dev/full" in found.err


def _started(*arguments: str, **options: Any) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "reconciler.cli.main", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)


def test_a_reader_that_went_away_is_no_error() -> None:
    """`reconciler … | head` ends quietly, with the command's own exit code."""
    process = _started("schema", "manifest", env=HERE)
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    assert process.stderr.read() == b""
    assert process.wait() == 0
    process.stderr.close()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a disk that is always full")
def test_a_result_that_cannot_be_written_is_an_error() -> None:
    """Stdout on a full disk ends with 1 and a word about it, not with a traceback."""
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-m", "reconciler.cli.main", "help", "exit-codes"]
        ran = subprocess.run(command, env=HERE, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert ran.returncode == 1
    assert "No space left" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_any_encoding_will_do() -> None:
    """A terminal that can't show a character gets an escape; the command ends as it should."""
    process = _started("explain", "schlüssel…\u2028\x1b[2J", env=HERE | {"PYTHONIOENCODING": "ascii"})
    out, err = process.communicate()
    assert (process.returncode, out) == (64, b"")
    assert err.isascii()
    assert b"\x1b" not in err
