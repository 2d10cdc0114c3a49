"""The hash chain of log lines: each head vouches for every line before it. Pure."""

from __future__ import annotations

import hashlib

EMPTY_HEAD = "0" * 64
"""The head of a log without lines."""


def next_head(head: str, line: bytes) -> str:
    """Return the head after one more line, given without its newline."""
    return hashlib.sha256(head.encode("ascii") + b" " + line).hexdigest()
