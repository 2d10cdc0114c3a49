"""Apply on a terminal and without one: the question, progress, signals."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pexpect
import pyte
import pytest
import reconciler

Run = Callable[..., Any]
FAKE = Path(__file__).with_name("fake_workflow.py")
HERE = os.environ | {
    "PYTHONPATH": str(Path(reconciler.__file__).parents[1]),
    "TERM": "xterm",
    "COLUMNS": "80",
    "LINES": "60",
}
QUESTION = ", the number of people:"


class Terminal:
    """A program on a terminal of 80 columns, and what its user sees."""

    def __init__(self, *arguments: str, **environment: str) -> None:
        self.child = pexpect.spawn(
            sys.executable, [str(FAKE), *arguments], env=HERE | environment, dimensions=(60, 80), timeout=10
        )
        self.child.delaybeforesend = None
        self.child.delayafterclose = 0
        self.screen = pyte.Screen(80, 60)
        self._stream = pyte.ByteStream(self.screen)

    def until(self, text: str) -> None:
        """Wait until the user reads something."""
        deadline = time.monotonic() + 10
        while text not in self.seen and time.monotonic() < deadline:
            self._feed()
        assert text in self.seen, self.seen

    def ended(self) -> int:
        """Wait for the end; the exit code."""
        while self._feed():
            pass
        self.child.close()
        assert self.child.exitstatus is not None
        return self.child.exitstatus

    @property
    def seen(self) -> str:
        """The screen as one text."""
        return "\n".join(line.rstrip() for line in self.screen.display).rstrip()

    def _feed(self) -> bool:
        try:
            self._stream.feed(self.child.read_nonblocking(65536, 0.2))
        except pexpect.TIMEOUT:
            return self.child.isalive()
        except pexpect.EOF:
            return False
        return True


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Callable[..., Terminal]]:
    """Start a program on a terminal of its own."""
    started: list[Terminal] = []

    def start(*arguments: str, **environment: str) -> Terminal:
        started.append(Terminal("-C", str(tmp_path), *arguments, **environment))
        return started[-1]

    yield start
    for each in started:
        each.child.close(force=True)


@pytest.mark.slow
def test_the_number_of_people_is_the_answer(terminal: Callable[..., Terminal]) -> None:
    """An apply goes on when the person types how many people it is about; the plan stands above."""
    shown = terminal("apply")
    shown.until(QUESTION)
    assert "Plan: 1 create, 1 append, 1 start" in shown.seen
    assert "Mon 2027-01-04 08:00 -05:00" in shown.seen
    shown.child.sendline("4,120")
    assert shown.ended() == 0
    assert "Up to 4,120 people, the first at Mon 2027-01-04 08:00 -05:00." in shown.seen
    assert "3/3 done    plum/campaign/january" in shown.seen
    assert "Applied: 3 done, no new unknown." in shown.seen


@pytest.mark.slow
@pytest.mark.parametrize("answer", ["yes", "", "412"])
def test_any_other_answer_is_no(answer: str, terminal: Callable[..., Terminal]) -> None:
    """Neither habit nor a slip of the finger starts calls."""
    shown = terminal("apply")
    shown.until(QUESTION)
    shown.child.sendline(answer)
    assert shown.ended() == 1
    assert "nothing was sent" in shown.seen
    assert "done" not in shown.seen


@pytest.mark.slow
def test_control_c_at_the_question_is_no(terminal: Callable[..., Terminal]) -> None:
    """Ctrl-C while the question stands ends at once; nothing was begun."""
    shown = terminal("apply")
    shown.until(QUESTION)
    shown.child.sendintr()
    assert shown.ended() == 1
    assert "interrupted" in shown.seen
    assert "stopping" not in shown.seen


@pytest.mark.slow
def test_the_end_of_input_is_no(terminal: Callable[..., Terminal]) -> None:
    """Ctrl-D is no consent."""
    shown = terminal("apply")
    shown.until(QUESTION)
    shown.child.sendeof()
    assert shown.ended() == 1
    assert "nothing was sent" in shown.seen


@pytest.mark.slow
def test_a_bar_while_it_works_and_none_afterwards(terminal: Callable[..., Terminal]) -> None:
    """On a terminal a bar says what runs; when all is done only lines remain."""
    shown = terminal("apply", "--yes", FAKE_SECONDS="0.7")
    shown.until("0/3")
    shown.until("create plum/campaign/january")
    assert shown.ended() == 0
    assert "0/3" not in shown.seen
    assert re.search(r"1/3 done .*\n2/3 done .*\n3/3 done .*\nApplied", shown.seen)
    assert shown.seen.count("done") == 4


@pytest.mark.slow
def test_the_first_signal_is_gentle(terminal: Callable[..., Terminal]) -> None:
    """Ctrl-C during the work starts nothing new and waits for what is in flight."""
    shown = terminal("apply", "--yes", FAKE_SECONDS="0.6")
    shown.until("0/3")
    shown.child.sendintr()
    assert shown.ended() == 7
    assert "stopping: 1 request in flight, waiting; again = leave it unknown" in shown.seen
    assert "Stopped by a signal: 1 done, 2 skipped" in shown.seen


@pytest.mark.slow
@pytest.mark.parametrize("form", ["text", "json"])
def test_the_second_signal_leaves(form: str, tmp_path: Path) -> None:
    """A second signal ends at once with 8, for what is in flight stays unknown; JSON is whole even so."""
    command = [sys.executable, str(FAKE), "apply", "--yes", "--format", form, "--events", "e.jsonl"]
    process = subprocess.Popen(
        command,
        env=HERE | {"FAKE_SECONDS": "30"},
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
    )
    events = tmp_path / "e.jsonl"
    _wait_for(lambda: events.exists() and "started" in events.read_text())
    process.send_signal(signal.SIGTERM)
    assert process.stderr is not None
    lines = iter(process.stderr.readline, b"")
    assert next(line for line in lines if line.startswith(b"stopping")).startswith(
        b"stopping: 1 request in flight"
    )
    process.send_signal(signal.SIGINT)
    out, _err = process.communicate(timeout=5)
    assert process.returncode == 8
    assert json.loads(out)["exit_code"] == 8 if form == "json" else out == b""


def test_nobody_to_ask(run: Run) -> None:
    """Without a terminal and without --yes nothing is read, nothing is sent, and the way out is named."""
    found = run("apply")
    assert found.code == 64
    assert "--out FILE" in found.err


@pytest.mark.usefixtures("workflow")
def test_json_and_events(run: Run, tmp_path: Path) -> None:
    """Stdout is one document; the events are lines that each say what began or ended."""
    found = run("apply", "--yes", "--format", "json", "--events", "events.jsonl")
    assert (found.code, found.document["format"]) == (0, "apply")
    assert [step["result"] for step in found.document["steps"]] == ["done"] * 3
    lines = [json.loads(line) for line in (tmp_path / "events.jsonl").read_text().splitlines()]
    assert [line["event"] for line in lines] == ["planned", *["started", "finished"] * 3]
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT.*[+-]\d\d:\d\d", line["time"]) for line in lines)
    assert "1/3 done" in found.err


@pytest.mark.usefixtures("workflow")
def test_quiet_means_quiet(run: Run) -> None:
    """-q leaves the result alone."""
    found = run("apply", "--yes", "-q")
    assert found.err == ""
    assert found.out.startswith("Applied: 3 done")


@pytest.mark.usefixtures("workflow")
def test_a_saved_plan(run: Run) -> None:
    """Plan --out says how to carry it out, and apply takes the file."""
    found = run("plan", "--out", "jan.plan")
    assert "reconciler apply jan.plan" in found.err
    assert run("apply", "jan.plan", "--yes").err.startswith("Read again: 1 create")


def _wait_for(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)
