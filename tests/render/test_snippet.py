"""Lines of manifests below problems: marked where it is wrong, covered where it is secret."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reconciler.model.problem import Location
from reconciler.render.sheet import Sheet
from reconciler.render.snippet import covered, snippet


@pytest.mark.parametrize(
    "line",
    [
        'plum: {type: plum, token: "9ef5779c-65ef"}',
        "    token: 9ef5779c-65ef",
        "password: '9ef5779c-65ef'  # mine",
        '"api_key": "9ef5779c-65ef", type: callr',
        "login: 9ef5779c-65ef",
        "SESSION: 9ef5779c-65ef",
        'token: "9ef5779c-65ef',
    ],
)
def test_literal_secrets_are_covered(line: str) -> None:
    """A secret that stands in a file by mistake does not get into a CI log on top."""
    assert "9ef5779c" not in covered(line)
    assert len(covered(line)) == len(line)


@pytest.mark.parametrize(
    "line", ["token: {env: PLUM_TOKEN}", "token:   {file: t}", "monkey: banana", "days: [mon]"]
)
def test_what_is_not_secret_is_shown(line: str) -> None:
    """Names of variables and other settings are what the reader needs."""
    assert covered(line) == line


@given(
    line=st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), min_size=1, max_size=300),
    at=st.integers(1, 310),
)
def test_the_place_is_always_in_sight(line: str, at: int) -> None:
    """However long a line is, what is wrong stands above the carets, within 80 columns."""
    sheet = Sheet()
    snippet(sheet, Location("m.yaml", 7, at), line)
    assert len(sheet.lines) == 2
    assert "^" in sheet.lines[1]


def test_carets_mark_the_word() -> None:
    """The carets are as long as what is wrong."""
    sheet = Sheet()
    snippet(sheet, Location("m.yaml", 21, 15), "    schedule: three-weekday")
    assert sheet.lines == ["   21 |     schedule: three-weekday", "      |               ^^^^^^^^^^^^^"]
