"""Foreign text made harmless: what a vendor or a file says can't act on a terminal, a page or a CI log."""

from __future__ import annotations

import re

LIMIT = 600
"""Characters of one foreign text that are shown at most."""

_TERMINAL = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"  # ESC [ … : colours, cursor, erasing
    r"|\x1b[\]PX^_][^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?"  # ESC ] … : titles, links, clipboard
    r"|\x1b[ -/]*[0-~]?"
    r"|\x9b[0-?]*[ -/]*[@-~]"  # the same with one byte in front
    r"|[\x90\x98\x9d-\x9f][^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?"
)
_COLONS = re.compile(r":(?=:)")
_LOG_COMMAND = re.compile(r"##(?=[A-Za-z-]*\[)")
_MARKUP = re.compile(r"([\\*_\[\]|~$]|:(?=\S)|(?<=www)\.)", re.IGNORECASE)
"""Beside what marks text up: the colon of links and emoji, the dot of bare host names."""
_SPLIT_BY_COMMENT = re.compile(r"([@#])")


def clean(text: str, limit: int = LIMIT) -> str:
    """One line without escapes, control, bidirectional or invisible characters, and without log commands."""
    text = text[: limit * 4]
    if not text.isprintable():
        text = "".join(map(_printable, _TERMINAL.sub("", text)))
    text = _LOG_COMMAND.sub("## ", _COLONS.sub(": ", text))
    return text if len(text) <= limit else f"{text[:limit]}... (cut)"


def markdown(text: str, limit: int = LIMIT) -> str:
    """Text for Markdown that stays text: no markup, HTML, link, mention or issue number comes of it."""
    text = clean(text, limit).replace("`", "'").replace("&", "&amp;").replace("<", "&lt;")
    text = _MARKUP.sub(r"\\\1", text)
    return _SPLIT_BY_COMMENT.sub(r"\1<!-- -->", text)


def code(text: str, limit: int = LIMIT) -> str:
    """Text as a code span that also fits into a table's cell."""
    plain = clean(text, limit).replace("`", "'").replace("|", "\\|").strip()
    return f"`{plain or ' '}`"


def _printable(character: str) -> str:
    if character.isprintable():
        return character
    return " " if character.isspace() else ""
