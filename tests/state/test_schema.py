"""`schemas/state.schema.json` against what is written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from msgspec import Struct
from reconciler.model.address import Address, ObjectKey
from reconciler.model.state import BlobRef, Hold, Intent, Operation, Phase, Record, Review, Snapshot
from reconciler.state.codec import encode_snapshot
from reconciler.testing import state_values

PATH = Path(__file__).parents[2] / "schemas" / "state.schema.json"
SCHEMA: dict[str, Any] = json.loads(PATH.read_text())
VALIDATOR = jsonschema_rs.validator_for(SCHEMA)


@given(state_values.snapshots)
def test_every_snapshot_is_valid(snapshot: Snapshot) -> None:
    """Whatever the tool writes as state, its published schema accepts."""
    VALIDATOR.validate(json.loads(encode_snapshot(snapshot)))


@pytest.mark.parametrize(
    ("definition", "kind"),
    [
        ("record", Record),
        ("intent", Intent),
        ("hold", Hold),
        ("review", Review),
        ("blob", BlobRef),
        (None, Snapshot),
    ],
)
def test_schema_names_every_field(definition: str | None, kind: type[Struct]) -> None:
    """A field that a value gets, the schema gets too; one without a default is required there."""
    part = SCHEMA if definition is None else SCHEMA["$defs"][definition]
    names = kind.__struct_fields__
    assert set(part["properties"]) - {"format"} == set(names)
    assert set(names[: len(names) - len(kind.__struct_defaults__)]) <= set(part["required"])


def test_schema_names_every_choice() -> None:
    """Phases and operations are the same in code and schema."""
    records, intents = SCHEMA["$defs"]["record"], SCHEMA["$defs"]["intent"]
    assert records["properties"]["phase"]["enum"] == [phase.value for phase in Phase]
    assert intents["properties"]["operation"]["enum"] == [operation.value for operation in Operation]


@pytest.mark.parametrize(
    "change",
    [
        {"format": 2},
        {"serial": -1},
        {"surprise": 1},
        {"records": [{"key": {"address": "no-slashes"}, "kind": "campaign", "remote_id": None}]},
        {"hold": {"reason": "no time"}},
    ],
)
def test_schema_refuses(change: dict[str, Any]) -> None:
    """The schema can fail: what the tool would not write is not valid."""
    key = ObjectKey(Address("plum", "campaign", "january"), "1")
    snapshot = Snapshot("lineage", "project", records={key: Record(key, "campaign", "17")})
    document = json.loads(encode_snapshot(snapshot))
    assert VALIDATOR.is_valid(document)
    assert not VALIDATOR.is_valid(document | change)
