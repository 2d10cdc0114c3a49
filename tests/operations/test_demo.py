"""The demonstration shows the product as it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from reconciler.model.demonstration import Demonstration, DemoStep
from reconciler.workflow import demo, demo_files

from .conftest import Command


@pytest.mark.slow
def test_it_plays_the_whole_loop(command: Command) -> None:
    """Plan, apply, empty plan, a change by hand, drift with 3, repair; nobody twice, nobody blacklisted."""
    ran = command("demo", "--format", "json")
    shown = ran.document
    names = [step["name"] for step in shown["steps"]]
    assert ran.code == 0, shown
    assert names == ["plan", "apply", "plan", "by hand", "drift", "repair", "clock"]
    assert [step["exit_code"] for step in shown["steps"]] == [0, 0, 0, 0, 3, 0, 0]
    assert (shown["people"], shown["called_once"]) == (120, 120)
    assert (shown["called_again"], shown["called_blacklisted"]) == (0, 0)
    assert shown["seconds"] < 10
    assert shown["folder"] is None


@pytest.mark.slow
def test_it_fits_a_terminal(command: Command) -> None:
    """Every step is one line of at most 80 columns, on stderr; the figures are the result."""
    ran = command("demo")
    lines = [line for line in ran.err.splitlines() if line[:1].isdigit()]
    assert len(lines) == 7
    assert max(map(len, ran.err.splitlines() + ran.out.splitlines())) <= 80
    assert "120 of 120 people called once, 0 twice, 0 from the blacklist" in ran.out


@pytest.mark.slow
def test_kept_files_are_a_project(command: Command, tmp_path: Path) -> None:
    """What --keep leaves behind is a whole, valid project, and is never put over something else."""
    kept = tmp_path / "kept"
    assert command("demo", "-q", "--keep", str(kept)).code == 0
    assert command("validate", at=kept).code == 0
    assert command("demo", "-q", "--keep", str(kept)).code == 64


def test_a_wrong_figure_is_a_failure(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """The demonstration ends with 1 when one figure is not as it should be."""
    steps = (DemoStep("plan", "text", as_expected=True),)
    spoiled = Demonstration(steps, people=120, called_once=119, called_again=1)
    monkeypatch.setattr(demo, "demonstrate", lambda _folder, _tell: spoiled)
    ran = command("demo")
    assert ran.code == 1
    assert "not as it should be" in " ".join(ran.out.split())


def test_its_people_do_not_exist() -> None:
    """Every number is one that is kept free for stories, and all are different."""
    numbers = demo_files.numbers()
    assert len(set(numbers)) == demo_files.PEOPLE + demo_files.BLACKLISTED
    assert demo_files.blacklisted() <= set(numbers)
    assert all(number[5:10] == "55501" for number in numbers)
