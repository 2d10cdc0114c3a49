"""How CALLR's replies are read: JSON-RPC 2.0, where an error comes with status 200, too.

Code 22 refuses the credentials; no other code is documented. `result` may be null, but it is there (A18).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reconciler.model.outcome import Outcome
from reconciler.providers.callr.about import AUTHENTICATION_FAILURE, INTERNAL_ERROR
from reconciler.transport.client import Client
from reconciler.transport.outcome import Answer, Dialect, Success, VendorError
from reconciler.transport.request import Request

Accepts = Callable[[Any], bool]
"""Whether a result is what a method is documented to give."""


def send(client: Client, request: Request, accepts: Accepts = lambda _result: True) -> Answer:
    """Send a call; DONE only where its own reply holds a result of the documented shape."""
    return client.send(request, _reader(request, accepts))


def fetch(client: Client, request: Request, accepts: Accepts) -> Any:
    """Read; raises like `Client.fetch`."""
    return client.fetch(request, _reader(request, accepts))


def written(client: Client, request: Request, accepts: Accepts = lambda _result: True) -> Outcome:
    """Send a call that writes, of whose result nothing is needed."""
    return send(client, request, accepts).outcome()


def _reader(request: Request, accepts: Accepts) -> Dialect:
    number = request.json["id"]

    def read(status: int, body: Any) -> Success | VendorError | None:  # noqa: ARG001 - says nothing here
        if not isinstance(body, dict) or body.get("id") not in (number, str(number), None):
            return None
        if body.get("error") is not None:
            return _refusal(body["error"])
        ours = body.get("id") is not None and "result" in body
        return Success(body["result"]) if ours and accepts(body["result"]) else None

    return read


def _refusal(error: Any) -> VendorError | None:
    if not isinstance(error, dict) or error.get("code") == INTERNAL_ERROR:
        return None
    text = error.get("message")
    reason = text if isinstance(text, str) and text else "the vendor answered with an error"
    return VendorError(reason, credentials=error.get("code") == AUTHENTICATION_FAILURE)


def is_object(result: Any) -> bool:
    """Whether it is an object that has an id."""
    return isinstance(result, dict) and identity(result) is not None


def is_page(result: Any) -> bool:
    """Whether it is a page of a search, of objects that all have ids."""
    hits = result.get("hits") if isinstance(result, dict) else None
    return isinstance(hits, list) and all(is_object(hit) for hit in hits)


def is_map(result: Any) -> bool:
    """Whether it is an object of whatever kind."""
    return isinstance(result, dict)


def is_text(result: Any) -> bool:
    """Whether it is a text that is not empty, as the id of a job."""
    return isinstance(result, str) and bool(result)


def identity(item: Any, name: str = "hash") -> str | None:
    """Read an id, text or number; case matters. None where there is none."""
    value = item.get(name) if isinstance(item, dict) else None
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    return str(value).strip() or None


def pages(client: Client, ask: Callable[[int], Request]) -> list[dict[str, Any]]:
    """Read all pages of a search, each object once; ends where nothing new comes, whatever is told of more."""
    found: dict[str, dict[str, Any]] = {}
    offset = 0
    while True:
        page = fetch(client, ask(offset), is_page)
        hits = page["hits"]
        fresh = [hit for hit in hits if identity(hit) not in found]
        found.update((str(identity(hit)), hit) for hit in fresh)
        offset += len(hits)
        if not fresh or not _has_more(page, offset):
            return list(found.values())


def _has_more(page: dict[str, Any], offset: int) -> bool:
    """Whether more is to come, by the flag, or where that is missing by the total."""
    flag, total = page.get("has_more"), page.get("total")
    if isinstance(flag, bool):
        return flag
    return isinstance(total, int) and offset < total
