"""The control endpoints below `/_sandbox/`, by which a test turns time, faults and switches.

| order | does |
|---|---|
| `GET ready` | addresses and credentials |
| `GET ledger`, `GET ledger?summary=1` | what really happened; counts alone |
| `POST ledger {"numbers": [...]}` | how many calls went to these numbers |
| `GET clock`, `POST clock {"advance": s, "set": iso, "speed": x}` | simulated time |
| `GET faults`, `POST faults {"action": ...}`, `DELETE faults` | see `faults.Fault` |
| `GET held?wait=s`, `POST release` | the request parked longest, or null; let all parked ones go on |
| `GET requests` | every request, reads too, without tokens, values and bodies |
| `GET options`, `POST options {"plum": {...}}` | what the vendor leaves open (see each vendor's `options`) |
| `POST next-ids {"plum": {"campaigns": 77}}` | the id that the next object of a kind gets |
| `GET state` | what the vendors hold, with what no documented read shows |
| `POST reset` | back to how the sandbox was started; address and tokens stay |
"""

import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from reconciler.sandbox.messages import Reply, json_reply

Order = Mapping[str, Any]
"""The JSON object sent, or the query of a GET."""

Doors = Mapping[tuple[str, str], Callable[[Order], object]]
"""What carries out an order, by method and name."""


def answer(doors: Doors, method: str, name: str, query: str, body: bytes) -> Reply:
    """Answer a control request; what is wrong with an order comes back as 400 with a sentence."""
    door = doors.get((method, name))
    if door is None:
        return json_reply({"error": f"no {method} /_sandbox/{name}"}, status=404)
    try:
        return json_reply(door(_order(method, query, body)))
    except (ValueError, TypeError, LookupError) as problem:
        return json_reply({"error": f"{type(problem).__name__}: {problem}"}, status=400)


def _order(method: str, query: str, body: bytes) -> Order:
    if method == "GET":
        return dict(parse_qsl(query))
    order = json.loads(body or b"{}")
    if not isinstance(order, dict):
        raise TypeError("an order is a JSON object")
    return order
