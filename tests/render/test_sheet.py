"""The sheet: everything on it is cleaned, and fits."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from reconciler.render.sheet import Piece, Sheet, bad, command, elide, width_of
from reconciler.render.style import Role, Style

pieces = st.lists(st.builds(Piece, st.text(max_size=120), st.sampled_from(Role), st.booleans()), max_size=5)


@given(pieces=pieces, width=st.integers(1, 200), indent=st.integers(0, 12), hang=st.integers(0, 60))
def test_no_line_is_too_wide(pieces: list[Piece], width: int, indent: int, hang: int) -> None:
    """Whatever is written, in whatever script, no line is wider than the sheet."""
    sheet = Sheet(width)
    sheet.line(*pieces, indent=indent, hang=hang)
    assert max(map(width_of, sheet.lines)) <= sheet.width


@given(text=st.text(max_size=200), width=st.integers(8, 60))
def test_eliding_fits(text: str, width: int) -> None:
    """What is cut in the middle is as wide as it was asked to be, at most."""
    assert width_of(elide(text, width, "…")) <= max(width, 2)


def test_words_survive_wrapping() -> None:
    """Wrapping moves words and loses none."""
    sheet = Sheet(40)
    text = " ".join(f"word{number}" for number in range(40))
    sheet.line(text, hang=4)
    assert " ".join(" ".join(sheet.lines).split()) == text


def test_a_command_is_not_broken() -> None:
    """What somebody may copy stands in one line, if it fits into one."""
    sheet = Sheet(60)
    sheet.line("held: " + "x" * 30, command("--allow replace:rvm/campaign/january"), hang=4)
    assert sheet.lines[1].strip() == "--allow replace:rvm/campaign/january"


def test_colours_end_where_they_begin() -> None:
    """Every colour is switched off within its own line."""
    sheet = Sheet(40, Style(colour=True))
    sheet.line(bad("x " * 60))
    assert all(line.count("\x1b[31m") == line.count("\x1b[0m") == 1 for line in sheet.lines)
