"""Text that came from outside, made safe to print: no secret, no phone number, no control character."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

LONGEST = 200
"""Characters of a vendor's sentence that we repeat."""

_ESCAPES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"  # colours, cursor
    r"|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f]).*?(?:\x07|\x1b\\|\x9c|$)"  # titles, links and other strings
    r"|\x1b.?",
    re.DOTALL,
)
_NUMBER = re.compile(r"\+?\(?\d(?:[\s.()/_:;-]{0,3}\d){6,}")
_DATE = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?:[T ]\d{2}:\d{2}(?::\d{2})?)?")
_SHORTEST_SECRET = 4


def safe_text(text: str, secrets: Iterable[str] = ()) -> str:
    """Strip escapes and invisible characters; mask the secrets and whatever may be a phone number."""
    plain = " ".join(_visible(_ESCAPES.sub("", text)).split())
    masked = _NUMBER.sub(_mask, _without(plain, secrets))
    return masked if len(masked) <= LONGEST else masked[: LONGEST - 1] + "…"


def _visible(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    return "".join(" " if character.isspace() else character for character in text if _is_shown(character))


def _is_shown(character: str) -> bool:
    return character.isspace() or not unicodedata.category(character).startswith("C")


def _without(text: str, secrets: Iterable[str]) -> str:
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= _SHORTEST_SECRET:
            text = text.replace(secret, "[secret]")
    return text


def _mask(found: re.Match[str]) -> str:
    return found[0] if _DATE.fullmatch(found[0]) else "[number]"
