"""Names at RVMpro: a title, and our marker behind it, for a name is the only text that all lists show."""

from __future__ import annotations

import re
from typing import Final

from reconciler.providers.rvm.about import TITLE_LENGTH

TITLE: Final = re.compile(r"[A-Za-z0-9]([A-Za-z0-9 ]*[A-Za-z0-9])?", re.ASCII)
"""Letters, digits and blanks; a blank at either end could get lost."""

_MARKED = re.compile(r"(?P<title>.*) (?P<marker>[a-z2-7]{7}[2-7])", re.DOTALL)


def marked(title: str, marker: str | None) -> str:
    """Write a name; within 25 characters for every title that is right."""
    return f"{title} {marker}" if marker else title


def unmarked(name: str) -> tuple[str, str | None]:
    """Take the marker off: the title, and the marker if there is one."""
    found = _MARKED.fullmatch(name.strip())
    return (name.strip(), None) if found is None else (found["title"], found["marker"])


def is_title(text: str) -> bool:
    """Whether a title can stand before a marker."""
    return len(text) <= TITLE_LENGTH and TITLE.fullmatch(text) is not None
