"""The published schemas: up to date, well formed, and as strict as the tool."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import jsonschema_rs
import pytest
from reconciler.manifest.schemas import published

SCHEMAS = Path(__file__).parent.parent / "schemas"
NAMES = sorted(published())


def load(name: str) -> dict:
    """A published schema."""
    return json.loads((SCHEMAS / name).read_text("utf-8"))


@pytest.mark.parametrize("name", NAMES)
def test_published_schema_is_up_to_date(name):
    """What stands under schemas/ is what the base and the providers' own schemas give now."""
    behind = "schemas/ is behind: run python -m reconciler.manifest.schemas"
    assert (SCHEMAS / name).read_text("utf-8") == published()[name], behind


@pytest.mark.parametrize("name", NAMES)
def test_schema_is_well_formed(name):
    """Each schema is valid 2020-12, and its own examples satisfy it."""
    schema = load(name)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"]
    jsonschema_rs.meta.validate(schema)
    validator = jsonschema_rs.validator_for(schema, validate_formats=True)
    for example in schema["examples"]:
        validator.validate(example)


def maps(part: object, path: str = "") -> list[tuple[str, dict]]:
    """All parts of a schema that describe a map with keys of its own."""
    found = []
    if isinstance(part, dict):
        found = (
            [(path, part)] if isinstance(part.get("properties"), dict) and "if" not in path.split("/") else []
        )
        found += [each for key, value in part.items() for each in maps(value, f"{path}/{key}")]
    elif isinstance(part, list):
        found = [each for index, value in enumerate(part) for each in maps(value, f"{path}/{index}")]
    return found


@pytest.mark.parametrize("name", NAMES)
def test_every_key_is_explained(name):
    """An editor has something to say about each key that it offers."""
    schema = load(name)
    definitions = schema["$defs"]
    for path, part in maps(schema):
        for key, value in part["properties"].items():
            target = definitions.get(value.get("$ref", "").removeprefix("#/$defs/"), {})
            assert (target | value).get("description"), f"{path}/properties/{key} has no description"


@pytest.mark.parametrize("name", NAMES)
def test_maps_are_closed(name):
    """A key that nobody knows is an error in the editor already; keys beginning with x- never are."""
    for path, part in maps(load(name)):
        if "allOf" in part:
            continue  # its branches, one per type, are closed
        assert part.get("additionalProperties") is False, path
        plain = path.endswith(("/secret", "/path/anyOf/1"))
        assert plain or "^x-" in part.get("patternProperties", {}), path


@pytest.mark.slow
@pytest.mark.skipif(
    shutil.which("check-jsonschema", path=str(Path(sys.executable).parent)) is None, reason="not installed"
)
def test_schemas_pass_check_jsonschema():
    """The tool that people run in pre-commit accepts the schemas."""
    command = [str(Path(sys.executable).parent / "check-jsonschema"), "--check-metaschema"]
    subprocess.run([*command, *(str(SCHEMAS / name) for name in NAMES)], check=True, capture_output=True)
