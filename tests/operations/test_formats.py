"""Every operation speaks text, JSON and Markdown, in 80 columns and in 40."""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import Command

ADDRESS = "plum/campaign/january"

COMMANDS = (
    ("status",),
    ("status", "-v"),
    ("doctor",),
    ("state", "list"),
    ("state", "show", ADDRESS),
    ("state", "history"),
    ("state", "rebuild", "--yes"),
    ("state", "unlock"),
    ("state", "mv", "plum/schedule/weekdays", "plum/schedule/days"),
    ("state", "rm", "plum/profile/pace"),
    ("resolve",),
    ("hold", "--reason", "audit"),
    ("hold", "release", "--reason", "done"),
    ("stop", ADDRESS, "--reason", "wrong audio"),
    ("stop", "--all", "--reason", "wrong audio"),
)


@pytest.mark.usefixtures("applied")
@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_every_format(
    command: Command, arguments: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One run gives its one JSON document, a page of Markdown, and text that no narrow terminal breaks."""
    monkeypatch.setenv("COLUMNS", "40")
    page, sheet = tmp_path / "page.md", tmp_path / "sheet.txt"
    reports = ("--report", f"markdown={page}", "--report", f"text={sheet}")
    ran = command(*arguments, *reports, "--format", "json")
    assert ran.document["exit_code"] == ran.code
    assert ran.document["failure_reason"] is None or ran.code
    assert page.read_text().strip()
    assert max(map(len, sheet.read_text().splitlines())) <= 80
    again = command(*arguments)
    assert "internal error" not in again.err
    assert max(map(len, (again.out + again.err).splitlines())) <= 40


def test_help_and_usage(command: Command) -> None:
    """Every command has help with examples, and a wrong option ends with 64."""
    for name in ("init", "doctor", "status", "resolve", "import", "stop", "demo", "hold", "state"):
        ran = command(name, "--help")
        assert ran.code == 0
        assert "Usage" in ran.out
        assert command(name, "--no-such-option").code == 64
