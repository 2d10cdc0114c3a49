"""Wire to object and object to wire, case by case: `lists.json` and `requests.json`."""

import json
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from reconciler.model.objects import LiveObject
from reconciler.model.state import Operation
from reconciler.providers.base import Bound, Sending
from reconciler.providers.plum import PROVIDER

HERE = Path(__file__).parent
LISTS = json.loads((HERE / "lists.json").read_text())
REQUESTS = json.loads((HERE / "requests.json").read_text())


def frozen(value):
    """Tuples for lists, and a bound reference for `{"id": …, "name": …}`."""
    if isinstance(value, list):
        return tuple(frozen(item) for item in value)
    return Bound(value["id"], value["name"]) if isinstance(value, dict) else value


def expected(item):
    """The live object that a case describes."""
    fields = {name: frozen(value) for name, value in item["fields"].items()}
    uses = frozen(item.get("uses", []))
    return LiveObject(
        "acme", item["kind"], item["id"], fields, item.get("name"), item.get("marker"), uses=uses
    )


@pytest.mark.parametrize("case", LISTS, ids=lambda case: case["reason"])
def test_lists_are_read(case):
    """Each of the vendor's spellings gives the one form that objects are compared in."""
    raw = {kind: case.get(f"{kind}s", []) for kind in PROVIDER.kinds}
    assert PROVIDER.decode("acme", raw) == tuple(expected(item) for item in case["objects"])


def carry_out(case, client, person):
    """Call the case's verb."""
    kind = PROVIDER.kinds[case["kind"]]
    sending = Sending(
        {name: frozen(value) for name, value in case.get("fields", {}).items()}, None, "abcdefgh"
    )
    contacts = [person(**contact) for contact in case.get("contacts", [])]
    verbs = {
        "create": lambda: kind.create(client, sending),
        "update": lambda: kind.update(client, "15", sending, frozenset(case["changed"])),
        "delete": lambda: kind.delete(client, "15"),
        "append": lambda: kind.append(client, "15", sending, contacts),
        "start": lambda: kind.set_phase(client, "15", Operation.START),
        "stop": lambda: kind.set_phase(client, "15", Operation.STOP),
    }
    return verbs[case["verb"]]()


@pytest.mark.parametrize("case", REQUESTS, ids=lambda case: case["reason"])
def test_verbs_are_written(case, client, wire, person):
    """Each verb makes the one request that the vendor documents, fresh if it must not happen twice."""
    wire.replies = [(200, {"status": "success", "response": {"id": 15}})]
    assert carry_out(case, client, person).done
    (sent,) = wire.sent
    path, _, query = sent.message.target.partition("?")
    assert f"{sent.message.method} {path}" == case["request"].replace(" /", " /api/")
    assert dict(parse_qsl(query, keep_blank_values=True)) == case.get("query", {})
    assert (sent.form if sent.message.body else {}) == case.get("form", {})
    assert sent.fresh is case.get("fresh", False)


def test_the_declarations_agree_with_the_requests():
    """What the kinds declare as repeatable is what is sent as repeatable, operation by operation."""
    fresh = {(case["kind"], case["verb"]): case.get("fresh", False) for case in REQUESTS}
    for name, kind in PROVIDER.kinds.items():
        for spec in kind.spec.operations:
            assert spec.repeatable is not fresh[name, spec.operation.value], (name, spec.operation)
            assert spec.promise
