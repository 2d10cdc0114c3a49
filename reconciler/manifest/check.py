"""Values against the schema: a fast yes, or every mistake in words of ours."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any

from reconciler.manifest.composition import (
    Schema,
    Vendor,
    manifest_schema,
    project_schema,
    without_references,
)
from reconciler.manifest.finding import Finding
from reconciler.manifest.shape import Shape, shape_of
from reconciler.manifest.validator import compiled
from reconciler.model.problem import Location


class Checker:
    """One schema, compiled once."""

    def __init__(self, schema: Schema) -> None:
        self._schema = without_references(schema)
        self._validator = compiled(self._schema)
        self.shape: Shape = shape_of(self._schema)

    def accepts(self, value: Any) -> bool:
        """Whether a value is as the schema wants it."""
        valid: bool = self._validator.is_valid(value)
        return valid

    def findings(self, value: Any, location: Location) -> list[Finding]:
        """What is wrong with a value that stands at a location, each mistake once."""
        from reconciler.manifest.complaints import mistakes

        found = mistakes(self._validator, self._schema, value, location)
        return list(dict.fromkeys(found))


def manifest_checker(vendors: Mapping[str, Vendor]) -> Checker:
    """The checker of manifests that may hold the blocks of these vendors."""
    return _checker(manifest_schema, _hashable(vendors))


def project_checker(vendors: Mapping[str, Vendor]) -> Checker:
    """The checker of project files that may use these vendors."""
    return _checker(project_schema, _hashable(vendors))


def _hashable(vendors: Mapping[str, Vendor]) -> tuple[tuple[str, Vendor], ...]:
    return tuple((name, vendors[name]) for name in sorted(vendors))


@functools.lru_cache(maxsize=8)
def _checker(
    compose: Callable[[Mapping[str, Vendor]], Schema], vendors: tuple[tuple[str, Vendor], ...]
) -> Checker:
    return Checker(compose(dict(vendors)))
