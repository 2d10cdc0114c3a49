"""The captured screen of `status --watch` in the docs is what a terminal shows."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

DOCS = Path(__file__).parent.parent.parent / "docs"


def _module():
    spec = importlib.util.spec_from_file_location("status_screen", DOCS / "status_screen.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


SCREEN = _module()
PAGE = (DOCS / "status.md").read_text("utf-8")


def documented() -> str:
    """The screen in the page."""
    return re.search(rf"{SCREEN.BEGIN}\n```\n(.*?)\n```\n{SCREEN.END}", PAGE, re.DOTALL)[1]


def test_the_screen_fits():
    """No line is longer than the terminal is wide."""
    assert max(map(len, documented().splitlines())) <= SCREEN.COLUMNS


@pytest.mark.slow
def test_the_screen_is_what_a_terminal_shows():
    """Captured again, it differs in numbers alone."""
    assert SCREEN.shape(SCREEN.captured()) == SCREEN.shape(documented())


def test_the_page_knows_every_vendor_that_counts():
    """The table of paces has each vendor, with what its kinds declare."""
    from reconciler.providers import registry
    from reconciler.providers.base import Counting

    for name in registry.built_in():
        kinds = [kind for kind in registry.get(name).kinds.values() if isinstance(kind, Counting)]
        (row,) = re.findall(rf"^\| {name} \|.*$", PAGE, re.MULTILINE | re.IGNORECASE)
        for kind in kinds:
            assert f"{kind.pace:g} s" in row
            assert "all" in row or all(counter in row for counter in kind.tells)
        assert kinds or "nothing" in row
