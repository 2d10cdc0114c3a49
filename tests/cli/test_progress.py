"""Progress without a terminal: lines, and a word while nothing ends."""

from __future__ import annotations

import io
import threading
import time

import pytest
from reconciler.cli.console import Console
from reconciler.cli.progress import Lines
from reconciler.model.address import Address, ObjectKey
from reconciler.model.plan import Action, Change, Movement
from reconciler.model.report import Step, StepResult
from reconciler.render.style import Style


def change(name: str) -> Change:
    """A change of a campaign."""
    key = ObjectKey(Address("plum", "campaign", name), "1")
    return Change(name, key, "campaign", Action.APPEND, Movement.LOUDER, "", people=3)


@pytest.fixture
def log() -> io.StringIO:
    """What a CI log would hold."""
    return io.StringIO()


@pytest.fixture
def console(log: io.StringIO) -> Console:
    """A console that nobody watches."""
    return Console(io.StringIO(), log, Style(), Style(), 80, 80)


def test_a_log_hears_that_work_goes_on(console: Console, log: io.StringIO) -> None:
    """While nothing ends for a while a line says what runs, so that nobody kills a job that works."""
    with Lines(console, interval=0.05) as lines:
        lines.started(change("january"), 1, 2)
        lines.started(change("february"), 2, 2)
        until = time.monotonic() + 5
        while not log.getvalue() and time.monotonic() < until:
            time.sleep(0.01)
    assert "still working: append plum/campaign/january and 1 more\n" in log.getvalue()


@pytest.mark.slow
def test_silence_when_nothing_runs(console: Console, log: io.StringIO) -> None:
    """Before the first change and after the last there is nothing to say."""
    with Lines(console, interval=0.02) as lines:
        time.sleep(0.1)
        lines.started(change("january"), 1, 1)
        lines.finished(Step(change("january"), StepResult.DONE, seconds=2.1), 1, 1)
        time.sleep(0.1)
    assert log.getvalue() == "1/1 done    plum/campaign/january                   append 3 people  2.1 s\n"


def test_many_threads_write_whole_lines(console: Console, log: io.StringIO) -> None:
    """Reports from several workers never mix within a line, and the count of what runs comes out even."""
    with Lines(console) as lines:

        def work(worker: int) -> None:
            for number in range(50):
                each = change(f"c{worker}-{number}")
                lines.started(each, number, 50)
                lines.finished(Step(each, StepResult.DONE), number, 50)

        threads = [threading.Thread(target=work, args=(worker,)) for worker in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert lines.in_flight() == 0
    written = log.getvalue().splitlines()
    assert len(written) == 400
    assert all(line.endswith("append 3 people") for line in written)
