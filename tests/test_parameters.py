"""Every documented parameter has its place; every place exists; nothing is sent that is not documented."""

from __future__ import annotations

import functools
import importlib.util
import json
from email import message_from_bytes
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from reconciler.manifest.composition import (
    built_in_vendors,
    manifest_schema,
    project_schema,
    without_references,
)
from reconciler.providers.documented import Documented
from reconciler.sandbox import Sandbox
from reconciler.testing.projects import ProjectFolder
from reconciler.transport.message import Message
from reconciler.transport.wire import HttpWire

from .laws.callr_hands import callr_folder
from .laws.conftest import START, folder
from .laws.rvm_hands import rvm_folder
from .laws.wolkvox_hands import wolkvox_folder

ROOT = Path(__file__).parent.parent
VENDORS = ("callr", "plum", "rvm", "wolkvox")


def _page() -> Any:
    spec = importlib.util.spec_from_file_location("parameters", ROOT / "docs" / "parameters.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


PAGE = _page()
DECLARED: dict[str, tuple[Documented, ...]] = {name: PAGE.declared(name) for name in VENDORS}


def test_the_page_is_up_to_date() -> None:
    """docs/parameters.md is what docs/parameters.py writes now."""
    behind = "docs/parameters.md is behind: python docs/parameters.py"
    assert (ROOT / "docs" / "parameters.md").read_text("utf-8") == PAGE.page(), behind


@pytest.mark.parametrize("vendor", VENDORS)
def test_each_parameter_stands_once_and_says_one_thing(vendor: str) -> None:
    """A parameter has a place, or a source, or a reason."""
    items = DECLARED[vendor]
    assert len({(item.operation, item.parameter) for item in items}) == len(items)
    for item in items:
        assert sum(map(bool, (item.place, item.computed, item.because))) == 1, item


@functools.cache
def _schemas() -> tuple[Any, Any]:
    vendors = built_in_vendors()
    return without_references(project_schema(vendors)), without_references(manifest_schema(vendors))


def _schema_of(vendor: str, place: str) -> Any:
    """The schema at a place like `campaign.callr.ivr.keys`; KeyError where there is none."""
    project, manifest = _schemas()
    section, *path = place.split(".")
    if section == "provider":
        rules = project["properties"]["providers"]["additionalProperties"]["allOf"]
        return rules[sorted(built_in_vendors()).index(vendor)]["then"]["properties"][path[0]]
    sections = manifest["properties"]
    part = sections[section if section in sections else f"{section}s"]["additionalProperties"]
    for name in path:
        part = part.get("items", part)["properties"][name]
    return part


@pytest.mark.parametrize("vendor", VENDORS)
def test_every_place_exists(vendor: str) -> None:
    """What the table calls a place can be written there: the schemas know it."""
    for item in DECLARED[vendor]:
        for place in item.place.split(",") if item.place else ():
            assert _schema_of(vendor, place.strip()), place


@pytest.mark.parametrize("vendor", VENDORS)
def test_every_field_of_a_vendors_block_is_some_parameter(vendor: str) -> None:
    """What only this vendor has in a manifest reaches it: each of its fields is the place of a parameter."""
    places = {place.strip() for item in DECLARED[vendor] for place in item.place.split(",")}
    vendor_part = built_in_vendors()[vendor]
    for section, part in (("campaign", vendor_part.campaign), ("profile", vendor_part.profile)):
        for name in (part or {}).get("properties", {}):
            prefix = f"{section}.{vendor}.{name}"
            assert any(f"{each}.".startswith(f"{prefix}.") for each in places), prefix


# What is sent


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[Message]:
    """Every message that leaves."""
    found: list[Message] = []
    exchange = HttpWire.exchange

    def watched(self: HttpWire, message: Message, *arguments: Any, **named: Any) -> Any:
        found.append(message)
        return exchange(self, message, *arguments, **named)

    monkeypatch.setattr(HttpWire, "exchange", watched)
    return found


def _lived(project: ProjectFolder) -> None:
    """Made, filled, started, changed, grown, looked at, stopped and deleted."""
    assert project.run("apply", "--yes").code == 0
    project.numbers = [*project.numbers, f"{project.numbers[0][:-2]}99"]
    project.write()
    project.run("apply", "--yes")
    project.run("status")
    project.campaign["state"] = "stopped"
    project.write()
    project.run("apply", "--yes")
    project.campaign["run"] = "2"
    project.campaign["state"] = "draft"
    project.write()
    project.run("apply", "--yes")
    project.extra = {**project.extra, "campaigns": {}}
    project.write()
    project.run("apply", "--yes", "--allow", "deletes", "--allow", "delete")


def _form(message: Message) -> dict[str, str]:
    head = b"\r\n".join(name + b": " + value for name, value in message.headers)
    parts = message_from_bytes(head + b"\r\n\r\n" + message.body).get_payload()
    assert isinstance(parts, list)
    return {
        str(part.get_param("name", header="content-disposition")): str(part.get_payload()) for part in parts
    }


def _names(vendor: str) -> set[str]:
    return {item.parameter.split(".")[0] for item in DECLARED[vendor]}


def test_plum_is_sent_nothing_else(tmp_path: Path, sent: list[Message]) -> None:
    """Each form field and query parameter is in the table."""
    with Sandbox(port=0, speed=0.0, start_at=START) as sandbox:
        _lived(folder(tmp_path, sandbox))
    names = {name for each in sent for name, _ in parse_qsl(urlsplit(each.target).query)}
    names |= {name for each in sent if b"form-data" in each.body for name in _form(each)}
    assert names
    assert names <= _names("plum")


@pytest.mark.slow
def test_rvm_is_sent_nothing_else(tmp_path: Path, sent: list[Message]) -> None:
    """Each form field of each operation is in the table."""
    with Sandbox(port=0, speed=0.0, start_at=START) as sandbox:
        project = rvm_folder(tmp_path, sandbox)
        _lived(project)
    known = {(item.operation, item.parameter) for item in DECLARED["rvm"]}
    forms = [(each, _form(each)) for each in sent]
    assert forms
    for message, form in forms:
        operation = f"/{urlsplit(message.target).path.rpartition('/')[2]} {form['api']}"
        for name in form.keys() - {"api", "token"}:
            assert (operation, name) in known, (operation, name)


@pytest.mark.slow
def test_wolkvox_is_sent_nothing_else(tmp_path: Path, sent: list[Message]) -> None:
    """Each query parameter and each key of a body is in the table, under its own operation."""
    with Sandbox(port=0, speed=0.0, start_at=START) as sandbox:
        project = wolkvox_folder(
            tmp_path, sandbox, block={"turbo_dial": True, "amd": "MEX", "filter": {"filters": [CONDITION]}}
        )
        project.blacklist = [project.numbers[2]]
        _lived(project)
    known = {(item.operation, item.parameter) for item in DECLARED["wolkvox"]}
    assert sent
    for message in sent:
        parts = urlsplit(message.target)
        query = dict(parse_qsl(parts.query))
        operation = f"{message.method} {parts.path.rpartition('/')[2]} {query.pop('api')}"
        body = json.loads(message.body) if message.body else {}
        rows = body if isinstance(body, list) else [body]
        whole = f"{operation}, each record" if isinstance(body, list) else operation
        for name in query:
            assert (operation, name) in known, (operation, name)
        for name in {name for row in rows for name in row}:
            assert (whole, name) in known, (whole, name)


CONDITION = {"field": "opt1", "operator": "!=", "value": "x"}


@pytest.mark.slow
def test_callr_is_sent_nothing_else(tmp_path: Path, sent: list[Message]) -> None:
    """Each method is in the table, and each setting that a save sends."""
    with Sandbox(port=0, speed=0.0, start_at=START) as sandbox:
        _lived(callr_folder(tmp_path, sandbox))
    operations = {item.operation for item in DECLARED["callr"]}
    settings = {item.parameter for item in DECLARED["callr"] if item.operation == "sendr/10/campaign.save"}
    calls = [json.loads(each.body) for each in sent]
    assert calls
    for call in calls:
        assert call["method"] in operations, call["method"]
        if call["method"] == "sendr/10/campaign.save":
            for path in _paths(call["params"][0]):
                assert any(f"{path}.".startswith(f"{each}.") for each in settings), path


def _paths(value: Any, *above: str) -> list[str]:
    """The leaves of an object."""
    if not isinstance(value, dict) or not value:
        return [".".join(above)]
    return [path for name, part in value.items() for path in _paths(part, *above, name)]
