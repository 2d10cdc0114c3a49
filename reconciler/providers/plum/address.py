"""Web addresses: the form they are compared in, and our marker as one query parameter more."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote

PARAMETER: Final = "reconciler"

_MARKER = re.compile(rf"([?&]){PARAMETER}=([a-z2-7]{{8}})(?=[&#]|$)")
_USED = re.compile(rf"[?&]{PARAMETER}=")
_PARTS = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*://)([^/?#]*)(.*)", re.DOTALL)
_CANONICAL = re.compile(r"[a-z][a-z0-9+.-]*://[a-z0-9.:-]*(?:[/?#][!#$&'()*+,./0-9:;=?@A-Z_a-z~-]*)?")
"""What is canonical at a glance: lower case up to the path, no escape, nothing that needs one."""
_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


def canonical(url: str) -> str:
    """Give the spelling that stands for all equivalent ones (RFC 3986, 6.2.2), and change nothing else.

    Scheme and host in lower case; escapes in upper case, and none for what needs none; all ASCII.
    """
    if _CANONICAL.fullmatch(url):
        return url
    text = _ESCAPE.sub(_escape, quote(url.strip(), safe="".join(map(chr, range(33, 127)))))
    found = _PARTS.fullmatch(text)
    if found is None:
        return text
    person, at_sign, host = found[2].rpartition("@")
    return f"{found[1].lower()}{person}{at_sign}{host.lower()}{found[3]}"


def marked(url: str, marker: str) -> str:
    """Append the marker to the query, before any fragment; every other byte stays."""
    base, hash_sign, fragment = url.partition("#")
    separator = "&" if "?" in base else "?"
    return f"{base}{separator}{PARAMETER}={marker}{hash_sign}{fragment}"


def unmarked(url: str) -> tuple[str, str | None]:
    """Take the marker out, wherever in the query it stands; the address without it, and the marker."""
    base, hash_sign, fragment = url.partition("#")
    found = _MARKER.search(base)
    if found is None:
        return url, None
    before, after = base[: found.start()], base[found.end() :]
    if found[1] == "?" and after:
        after = f"?{after[1:]}"
    return f"{before}{after}{hash_sign}{fragment}", found[2]


def has_parameter(url: str) -> bool:
    """Whether the address already uses the name of our parameter."""
    return _USED.search(url.partition("#")[0]) is not None


def _escape(found: re.Match[str]) -> str:
    character = chr(int(found[0][1:], 16))
    return character if character in _UNRESERVED else found[0].upper()
