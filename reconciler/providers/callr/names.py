"""Names at CALLR: a title with our marker behind it, or a description that holds it alone."""

from __future__ import annotations

import re
from typing import Final

_NAMED: Final = re.compile(r"(?P<title>.*?)\s*\[(?P<marker>[a-z2-7]{8})\]", re.DOTALL)
_DESCRIBED: Final = re.compile(r"reconciler (?P<marker>[a-z2-7]{8})")


def marked(title: str, marker: str | None) -> str:
    """Write a name."""
    return f"{title} [{marker}]" if marker else title


def unmarked(name: str) -> tuple[str, str | None]:
    """Take the marker off: the title, and the marker if there is one."""
    found = _NAMED.fullmatch(name.strip())
    return (name.strip(), None) if found is None else (found["title"], found["marker"])


def described(marker: str | None) -> str:
    """Write the description of an object that only we use."""
    return f"reconciler {marker}" if marker else ""


def marker_in(description: str) -> str | None:
    """Find the marker in a description."""
    found = _DESCRIBED.search(description)
    return None if found is None else found["marker"]
