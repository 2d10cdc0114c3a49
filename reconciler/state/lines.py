"""JSON documents as one line of ASCII with sorted keys, and back. Pure."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from msgspec import DecodeError
from msgspec.json import Encoder, decode

from reconciler.errors import StateError

Document = dict[str, Any]
DAMAGED = "the text is not what this tool writes; restore the state from its history or its last good copy"

# In C, and of the same form where all is plain ASCII, as nearly all lines are.
_QUICK = Encoder(order="sorted")
_ASCII = json.JSONEncoder(sort_keys=True, separators=(",", ":"), allow_nan=False)
_DELETE = b"\x7f"


def dump(document: Document) -> bytes:
    """Write a document as one line, without its newline; raises StateError where it is no JSON."""
    try:
        data = _QUICK.encode(document)
        if data.isascii() and _DELETE not in data:
            return data
    except UnicodeEncodeError:
        pass  # half of a pair of surrogates: the other encoder has an escape for it
    except (TypeError, ValueError) as error:
        raise StateError("a value cannot be kept in state", code="STA05") from error
    return _ASCII.encode(document).encode("ascii")


def parse(data: bytes, what: str) -> Document:
    """Read a document back; raises StateError, in which `what` says what it was to be."""
    try:
        document = _decoded(data)
    except (ValueError, RecursionError) as error:
        raise StateError(f"a {what} of the state is not JSON", DAMAGED, "STA03") from error
    if not isinstance(document, dict):
        raise StateError(f"a {what} of the state is not a JSON object", DAMAGED, "STA03")
    return document


def _decoded(data: bytes) -> Any:
    try:
        return decode(data)
    except (DecodeError, UnicodeDecodeError):
        # It is damaged, or has half of a pair of surrogates in it, which the other reader takes.
        return json.loads(data, parse_constant=_refuse_constant)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)
