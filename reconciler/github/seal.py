"""Seals: the hidden first line of a comment, by which it is found again, and which shows that nobody edited it."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

_LINE = re.compile(r"\A<!-- reconciler (\{[^\n]*\}) -->\r?\n?")
_ACTIVE = re.compile(r"[<>`@&]|-(?=-)")
"""What could end the line, or act within it; JSON can write each of them in another way."""


class Slot(Struct, frozen=True):
    """What a comment is about, so that it is written anew and not twice. `number`: of pull request or issue."""

    repository: str
    number: int
    name: str
    kind: str


class Opened(Struct, frozen=True):
    """A comment of ours, read. `genuine`: every letter of it is as it was sealed, for this very place."""

    facts: Mapping[str, Any]
    page: str
    genuine: bool


def sealed(page: str, slot: Slot, head: str, key: bytes | None) -> str:
    """The page with its first line. What the page's own first line said is kept; without a key it is not sealed."""
    facts, rest = _split(page)
    facts |= {"slot": slot.name, "kind": slot.kind, "head": head}
    if key is not None:
        facts["seal"] = _seal(facts, rest, slot, key)
    return f"<!-- reconciler {_inert(json.dumps(facts, separators=(',', ':')))} -->\n{rest}"


def opened(body: str, slot: Slot, key: bytes | None) -> Opened | None:
    """Read a comment; None where it is none of ours, or of another slot."""
    facts, rest = _split(body)
    if facts.get("slot") != slot.name or facts.get("kind") != slot.kind:
        return None
    claimed = facts.pop("seal", None)
    genuine = key is not None and isinstance(claimed, str) and claimed.isascii()
    if genuine and key is not None:
        genuine = hmac.compare_digest(str(claimed), _seal(facts, rest, slot, key))
    return Opened(facts, rest, genuine)


def same(first: str, second: str) -> bool:
    """Whether two bodies say the same; a server may change ends of lines."""
    return _plain(first) == _plain(second)


def _seal(facts: Mapping[str, Any], page: str, slot: Slot, key: bytes) -> str:
    """A keyed digest of all that the comment says and of where it stands: one copied elsewhere does not fit."""
    secret = hashlib.sha256(b"reconciler comment\n" + key).digest()
    where = [slot.repository, slot.number, slot.name, slot.kind]
    text = json.dumps([where, facts, _plain(page)], sort_keys=True, separators=(",", ":"))
    return hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()[:32]


def _split(body: str) -> tuple[dict[str, Any], str]:
    found = _LINE.match(body)
    if found is None:
        return {}, body
    try:
        facts = json.loads(found.group(1))
    except (ValueError, RecursionError):
        return {}, body
    return (facts if isinstance(facts, dict) else {}), body[found.end() :]


def _plain(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.splitlines()).strip()


def _inert(text: str) -> str:
    return _ACTIVE.sub(lambda found: f"\\u{ord(found.group()):04x}", text)
