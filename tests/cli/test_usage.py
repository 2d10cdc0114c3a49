"""Wrong command lines: what is wrong in a line, and what was probably meant."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Run = Callable[..., Any]

WRONG = [
    (("plna",), "no command 'plna'; did you mean plan?"),
    (("plan", "--alow", "people"), "no option --alow; did you mean --allow?"),
    (("plan", "-x"), "no option -x"),
    (("plan", "--allow", "foo"), "--allow: no action 'foo'; there are delete"),
    (("plan", "--at", "noon"), "--at: 'noon' is not a moment like"),
    (("plan", "--format", "xml"), "--format: 'xml' is not one of"),
    (("apply", "none.plan", "--yes"), "PLANFILE: there is no file 'none.plan'"),
    (("stop", "--all"), "--reason is missing"),
    (("state",), "state needs a command: history, key, list"),
    (("state", "show"), "ADDRESS is missing"),
    (("plan", "more"), "got unexpected extra argument (more)"),
]


@pytest.mark.parametrize(("line", "told"), WRONG, ids=[" ".join(line) for line, _ in WRONG])
def test_wrong_lines_are_told_apart(line: tuple[str, ...], told: str, run: Run) -> None:
    """One sentence of ours on stderr, a way on, nothing on stdout, and 64."""
    found = run(*line)
    assert (found.code, found.out) == (64, "")
    assert found.err.replace("\n       ", " ").startswith(f"error: {told}")
    assert "see: reconciler" in found.err


def test_what_is_wrong_is_the_same_in_json(run: Run) -> None:
    """A program reads the words that a person reads."""
    found = run("plan", "--alow", "people", "--format", "json")
    assert found.document["message"] == "no option --alow; did you mean --allow?"


def test_explain_lists_what_there_is(run: Run) -> None:
    """Without a subject explain names every kind and every code with its title."""
    found = run("explain", "--format", "json").document
    assert {"campaign", "schedule", "project"} <= set(found["kinds"])
    assert found["codes"]["REF01"] == "an unknown name"
    shown = run("explain").out
    assert all(code in shown for code in found["codes"])


def test_explain_shows_wrong_and_right(run: Run) -> None:
    """A code of the manifests is explained by a line that breaks it and one that does not."""
    shown = run("explain", "REF01").out
    assert "wrong  schedule: three-weekday\n" in shown
    assert "right  schedule: three-weekdays\n" in shown


@pytest.mark.parametrize(
    ("subject", "example"),
    [
        ("campaign.end_date", "end_date: 2027-01-04"),
        ("campaign.plum.ani", 'ani: "+16175550100"'),
        ("profile.period", "period: 30"),
        ("campaign.windows.start_time", "start_time: 08:00"),
    ],
)
def test_examples_stand_as_in_a_file(subject: str, example: str, run: Run) -> None:
    """What explain shows of a field can be pasted into a manifest, and means itself there."""
    assert f"    {example}\n" in run("explain", subject).out


@pytest.mark.slow
def test_every_code_is_explained_in_80_columns(run: Run) -> None:
    """Each code says what it is and what to do, on the narrowest usual terminal."""
    for code, title in run("explain", "--format", "json").document["codes"].items():
        shown = run("explain", code).out
        assert title
        assert "\n  = " in shown, code
        assert max(map(len, shown.splitlines())) <= 80, code
