"""Shapes: what the schema says about each place, boiled down to what reading a value needs."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import Any

from msgspec import Struct, field


class Scalar(enum.Enum):
    """How a single value is read from its source text."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    ANY = "any"


class Shape(Struct, frozen=True, eq=False):
    """One place of a document. None as a child shape means that the schema says nothing: YAML's own rules.

    `extensions` tells that keys beginning with `x-` are ignored there.
    """

    scalar: Scalar = Scalar.TEXT
    keys: Mapping[str, Shape] = field(default_factory=dict)
    rest: Shape | None = None
    items: Shape | None = None
    extensions: bool = False


ANYTHING = Shape(Scalar.ANY)
"""A place that the schema leaves open."""

_SCALARS = {
    "string": Scalar.TEXT,
    "integer": Scalar.INTEGER,
    "number": Scalar.NUMBER,
    "boolean": Scalar.BOOLEAN,
}


def shape_of(schema: Any) -> Shape:
    """The shape that a schema without references describes; its branches are laid over each other."""
    if not isinstance(schema, dict):
        return ANYTHING
    branches = [schema, *_branches(schema)]
    keys: dict[str, Shape] = {}
    for branch in reversed(branches):
        keys |= {key: shape_of(value) for key, value in branch.get("properties", {}).items()}
    return Shape(
        scalar=_scalar(branches),
        keys=keys,
        rest=_first(branches, "additionalProperties"),
        items=_first(branches, "items"),
        extensions=any("^x-" in branch.get("patternProperties", {}) for branch in branches),
    )


def _branches(schema: dict[str, Any]) -> list[dict[str, Any]]:
    """The alternatives of a schema, and what it demands of each vendor's entry."""
    alternatives = [*schema.get("anyOf", ()), *(rule.get("then", {}) for rule in schema.get("allOf", ()))]
    return [inner for branch in alternatives for inner in (branch, *_branches(branch))]


def _scalar(branches: list[dict[str, Any]]) -> Scalar:
    """Text wherever text is allowed: whatever else YAML would make of it."""
    names = [name for branch in branches for name in _types(branch)]
    kinds = [_SCALARS[name] for name in names if name in _SCALARS]
    if Scalar.TEXT in kinds:
        return Scalar.TEXT
    # A map or a list was asked for: a single value there is wrong as it stands, so it keeps its text.
    return kinds[0] if kinds else Scalar.TEXT if names else Scalar.ANY


def _types(branch: dict[str, Any]) -> list[str]:
    named = branch.get("type", [])
    return [named] if isinstance(named, str) else named


def _first(branches: list[dict[str, Any]], keyword: str) -> Shape | None:
    found = [branch[keyword] for branch in branches if isinstance(branch.get(keyword), dict)]
    return shape_of(found[0]) if found else None
