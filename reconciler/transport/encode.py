"""Requests to bytes: the target with its query, and the body with its content type."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterable
from urllib.parse import quote

from reconciler.transport.request import Request

_NOT_IN_A_WORD = re.compile(r"[^\x21-\x7e]")
_NOT_IN_A_LINE = re.compile(rb"[\r\n\0]")


def head(method: str, target: str, headers: Iterable[tuple[bytes, bytes]]) -> bytes:
    """Write a request up to its body; raises ValueError where a part of it would be read as something else."""
    lines = [b"%s: %s" % header for header in headers]
    if _NOT_IN_A_WORD.search(method + target) or _NOT_IN_A_LINE.search(b"".join(lines)):
        raise ValueError("no request can be made of it")
    first = f"{method} {target} HTTP/1.1".encode("ascii")
    return b"\r\n".join([first, *lines, b"", b""])


def target(base_path: str, request: Request) -> str:
    """Write path and query, every name and value percent-encoded in full, a blank as %20."""
    pairs = "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in request.query)
    return base_path + request.path + (f"?{pairs}" if pairs else "")


def body(request: Request) -> tuple[str | None, bytes]:
    """Write the body: its content type and its bytes; no type where nothing is sent."""
    if request.form is not None:
        return multipart(request.form, uuid.uuid4().hex)
    if request.json is not None:
        text = json.dumps(request.json, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        return request.media_type, text.encode()
    return None, b""


def multipart(fields: tuple[tuple[str, str], ...], boundary: str) -> tuple[str, bytes]:
    """Write text fields as multipart/form-data."""
    head = f"--{boundary}\r\nContent-Disposition: form-data; name="
    parts = [f'{head}"{quote(name, safe="_-[]")}"\r\n\r\n{value}\r\n' for name, value in fields]
    text = "".join([*parts, f"--{boundary}--\r\n"])
    return f"multipart/form-data; boundary={boundary}", text.encode()
