"""The files of a step: GitHub reads outputs and a summary from them when the step is over."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

SUMMARY_BYTES = 1_040_000
"""A step's summary holds 1 MiB; above that GitHub drops all of it."""


def write_outputs(path: str, outputs: Mapping[str, str]) -> None:
    """Append outputs; no value can end its own, since the delimiter is made up for it."""
    lines = []
    for name, value in outputs.items():
        delimiter = f"end_{uuid.uuid4().hex}"
        lines.append(f"{name}<<{delimiter}\n{value}\n{delimiter}\n")
    with Path(path).open("a", encoding="utf-8", newline="\n") as file:
        file.write("".join(lines))


def write_summary(path: str, page: str) -> None:
    """Append to the summary, as much as it still holds."""
    file = Path(path)
    room = SUMMARY_BYTES - (file.stat().st_size if file.exists() else 0)
    data = page.encode()
    if len(data) > room:
        data = data[: max(room, 0)]
        data = data[: data.rfind(b"\n") + 1]
    with file.open("ab") as target:
        target.write(data)


def read_document(path: Path) -> dict[str, Any] | None:
    """The JSON report of a command; None where it left none, or half of one."""
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def read_page(path: Path) -> str:
    """A report of text; empty where there is none."""
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return ""
