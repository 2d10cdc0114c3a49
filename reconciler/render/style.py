"""Roles of text and how a terminal shows them: sixteen colours, and never colour alone."""

from __future__ import annotations

import enum

from msgspec import Struct


class Role(enum.Enum):
    """What a piece of text is, with the number of its terminal attribute."""

    PLAIN = ""
    STRONG = "1"
    BAD = "31"
    GOOD = "32"
    WARN = "33"


class Style(Struct, frozen=True):
    """What the reader's terminal can show."""

    colour: bool = False
    unicode: bool = True

    @property
    def ellipsis(self) -> str:
        """The sign for what was left out."""
        return "…" if self.unicode else "..."

    def paint(self, role: Role, text: str) -> str:
        """The text in its role's colour, if there are colours."""
        if not self.colour or role is Role.PLAIN or not text.strip():
            return text
        return f"\x1b[{role.value}m{text}\x1b[0m"
