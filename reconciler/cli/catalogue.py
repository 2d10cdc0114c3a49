"""The catalogue: codes from the `codes.json` of each package, kinds and fields from the schemas."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

import reconciler

_PACKAGE = Path(reconciler.__file__).parent
_NUMBER = re.compile(r"\+?\d+$")
"""Text that YAML would take for a number, unless it is quoted."""
_TOLD = ("title", "text", "remedy", "wrong", "right")
_MOST_CHOICES = 40


class Topic(Struct, frozen=True):
    """Something that can be explained. `fields` are what it holds, with a line about each."""

    name: str
    title: str = ""
    text: str = ""
    remedy: str = ""
    facts: tuple[str, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()
    example: str = ""
    wrong: str = ""
    right: str = ""

    def document(self) -> dict[str, Any]:
        """The same for JSON."""
        return {
            "name": self.name,
            "title": self.title,
            "text": self.text,
            "remedy": self.remedy,
            "facts": list(self.facts),
            "fields": [{"name": name, "text": text} for name, text in self.fields],
            "example": self.example,
            "wrong": self.wrong,
            "right": self.right,
        }


@functools.cache
def codes() -> Mapping[str, Mapping[str, str]]:
    """Every code with its title, text and remedy."""
    found: dict[str, Mapping[str, str]] = {}
    for file in sorted([*_PACKAGE.glob("*/codes.json"), *_PACKAGE.glob("providers/*/codes.json")]):
        found |= json.loads(file.read_text("utf-8"))
    return found


@functools.cache
def kinds() -> Mapping[str, Mapping[str, Any]]:
    """The schema of each kind, references resolved: what a manifest and the project file consist of."""
    from reconciler.manifest import schemas

    vendors = schemas.known_vendors()
    found: dict[str, Mapping[str, Any]] = {}
    whole = {"project": schemas.project_schema(vendors), "manifest": schemas.manifest_schema(vendors)}
    for title, schema in whole.items():
        found[title] = schemas.without_references(schema)
        for name, definition in schema["$defs"].items():
            if _is_object(definition):
                found[_spelled(name)] = schemas.without_references(definition | {"$defs": schema["$defs"]})
    return found


def subjects() -> list[str]:
    """Everything that can be asked about, two levels deep."""
    fields = [f"{kind}.{name}" for kind, schema in kinds().items() for name in _fields(schema)]
    return [*codes(), *kinds(), *fields]


def topic(subject: str) -> Topic | None:
    """What is known about a code, a kind or a field."""
    code = codes().get(subject.upper())
    if code is not None:
        title, text, remedy, wrong, right = (code.get(name, "") for name in _TOLD)
        return Topic(subject.upper(), title, text, remedy, wrong=wrong, right=right)
    kind, *path = subject.split(".")
    schema = kinds().get(_spelled(kind)) or kinds().get(_spelled(kind.removesuffix("s")))
    for name in path:
        schema = _fields(schema).get(name) if schema else None
    return _schema_topic(subject, schema) if schema else None


def _schema_topic(subject: str, schema: Mapping[str, Any]) -> Topic:
    fields = tuple((name, str(part.get("description", ""))) for name, part in _fields(schema).items())
    return Topic(
        subject,
        text=str(schema.get("description", "")),
        facts=tuple(_facts(schema)),
        fields=fields,
        example=_example(subject, schema),
    )


def _facts(schema: Mapping[str, Any]) -> Iterator[str]:
    kind = schema.get("type")
    if kind and kind != "object":
        yield f"type: {' or '.join(kind) if isinstance(kind, list) else kind}"
    choices = schema.get("enum")
    if choices and len(choices) <= _MOST_CHOICES:
        yield f"one of: {', '.join(map(str, choices))}"
    if "default" in schema:
        yield f"default: {json.dumps(schema['default'])}"
    names = {"minimum": "at least", "maximum": "at most", "minLength": "shortest", "maxLength": "longest"}
    yield from (f"{word}: {schema[key]}" for key, word in names.items() if key in schema)
    if schema.get("required"):
        yield f"required: {', '.join(schema['required'])}"


def _fields(schema: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]]:
    """What a schema holds: its own properties, those of its cases, or those of its items."""
    found: dict[str, Mapping[str, Any]] = {}
    for part in (schema, *_cases(schema)):
        found |= {
            name: each for name, each in part.get("properties", {}).items() if isinstance(each, Mapping)
        }
    return found or _inner(schema)


def _inner(schema: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]]:
    """What the items of a schema hold, be they all of it or one of its cases."""
    for part in (schema, *_cases(schema)):
        inner = part.get("items") or part.get("additionalProperties")
        found = _fields(inner) if isinstance(inner, Mapping) else {}
        if found:
            return found
    return {}


def _cases(schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for name in ("allOf", "anyOf", "oneOf"):
        for part in schema.get(name, ()):
            yield part.get("then", part)
            yield from _cases(part)


def _is_object(definition: Mapping[str, Any]) -> bool:
    return definition.get("type") == "object" or "properties" in definition


def _spelled(name: str) -> str:
    return name.replace("-", "_").lower()


def _example(subject: str, schema: Mapping[str, Any]) -> str:
    """As it stands in a file: a field with its name in front."""
    examples = schema.get("examples") or []
    if not examples:
        return ""
    _, _, name = subject.rpartition(".")
    if isinstance(examples[0], str | int | float) and "." in subject:
        text = str(examples[0])
        return (
            f'{name}: "{text}"' if isinstance(examples[0], str) and _NUMBER.match(text) else f"{name}: {text}"
        )
    import yaml

    return str(
        yaml.safe_dump(
            {name: examples[0]} if "." in subject else examples[0],
            sort_keys=False,
            default_flow_style=None,
            allow_unicode=True,
        )
    ).removesuffix("...\n")
