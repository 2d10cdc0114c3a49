"""JSON-RPC 2.0 as CALLR speaks it: an error comes with status 200, too, and the id goes back unchanged."""

import json
from dataclasses import dataclass
from typing import Any

from reconciler.sandbox.messages import Reply, Request, json_reply

PARSE_ERROR, INVALID_REQUEST, NO_METHOD, CREDENTIALS = -32700, -32600, -32601, 22


@dataclass(frozen=True, slots=True)
class Asked:
    """What a body asks for; `problem` is the code of what is wrong with it."""

    id: Any = None
    method: str = ""
    params: Any = ()
    problem: int = 0


def asked(request: Request) -> Asked:
    """Read a body. Several at once are not documented, so they are no request."""
    try:
        body = json.loads(request.body)
    except ValueError:
        return Asked(problem=PARSE_ERROR)
    if not isinstance(body, dict) or body.get("jsonrpc") != "2.0" or not isinstance(body.get("method"), str):
        return Asked(problem=INVALID_REQUEST)
    return Asked(body.get("id"), body["method"], body.get("params", []))


def success(wanted: Asked, result: Any, campaign_id: int | None) -> Reply:
    """Answer with a result."""
    return json_reply({"jsonrpc": "2.0", "id": wanted.id, "result": result}, campaign_id=campaign_id)


def failure(wanted: Asked, code: int, message: str, data: object = None) -> Reply:
    """Answer with an error."""
    error = {"code": code, "message": message, "data": data}
    return json_reply({"jsonrpc": "2.0", "id": wanted.id, "error": error}, refused=True)
