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
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from reconciler.sandbox.messages import Reply, json_reply

if TYPE_CHECKING:
    from reconciler.sandbox.sandbox import Sandbox

Order = Mapping[str, Any]  # the JSON object sent, or the query of a GET
Door = Callable[["Sandbox", Order], object]


def answer(sandbox: "Sandbox", method: str, name: str, query: str, body: bytes) -> Reply:
    """Answer a control request; what is wrong with an order comes back as 400 with a sentence."""
    door = DOORS.get((method, name))
    if door is None:
        return json_reply({"error": f"no {method} /_sandbox/{name}"}, status=404)
    try:
        return json_reply(door(sandbox, _order(method, query, body)))
    except (ValueError, TypeError, LookupError) as problem:
        return json_reply({"error": f"{type(problem).__name__}: {problem}"}, status=400)


def _order(method: str, query: str, body: bytes) -> Order:
    if method == "GET":
        return dict(parse_qsl(query))
    order = json.loads(body or b"{}")
    if not isinstance(order, dict):
        raise TypeError("an order is a JSON object")
    return order


def _ledger(sandbox: "Sandbox", order: Order) -> object:
    return sandbox.ledger.summary() if order.get("summary") else sandbox.ledger.as_json()


def _called_from(sandbox: "Sandbox", order: Order) -> object:
    return {"calls": sandbox.ledger.called_from(order["numbers"])}


def _clear_faults(sandbox: "Sandbox", order: Order) -> object:
    del order
    sandbox.clear_faults()
    return []


def _reset(sandbox: "Sandbox", order: Order) -> object:
    del order
    sandbox.reset()
    return sandbox.ready()


DOORS: Mapping[tuple[str, str], Door] = {
    ("GET", "ready"): lambda sandbox, _: sandbox.ready(),
    ("GET", "ledger"): _ledger,
    ("POST", "ledger"): _called_from,
    ("GET", "clock"): lambda sandbox, _: sandbox.clock(),
    ("POST", "clock"): lambda sandbox, order: sandbox.clock(**order),
    ("GET", "faults"): lambda sandbox, _: sandbox.faults(),
    ("POST", "faults"): lambda sandbox, order: sandbox.faults(order),
    ("DELETE", "faults"): _clear_faults,
    ("GET", "held"): lambda sandbox, order: sandbox.held(float(order.get("wait", 0))),
    ("POST", "release"): lambda sandbox, _: {"released": sandbox.release()},
    ("GET", "requests"): lambda sandbox, _: sandbox.requests(),
    ("GET", "options"): lambda sandbox, _: sandbox.options(),
    ("POST", "options"): lambda sandbox, order: sandbox.options(order),
    ("POST", "next-ids"): lambda sandbox, order: sandbox.next_ids(order),
    ("GET", "state"): lambda sandbox, _: sandbox.state(),
    ("POST", "reset"): _reset,
}
