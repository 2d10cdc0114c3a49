"""Ids in differences as the objects that they stand for: nobody can review `schedule 1 -> 2`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cached_property
from typing import TypeVar

from msgspec.structs import replace

from reconciler.model.address import ObjectKey
from reconciler.model.plan import Change, Difference, Finding
from reconciler.model.value import SCALARS, Reference, Value
from reconciler.planning.basis.desk import Desk

Told = TypeVar("Told", Change, Finding)
Names = Mapping[str, Reference]
"""What is ours, by its id."""


class Naming:
    """Names what is ours in the differences of one plan."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def named(self, series: tuple[Told, ...]) -> tuple[Told, ...]:
        """Changes or findings with names in place of ids."""
        return tuple(
            replace(item, differences=self._differences(item.key, item.differences))
            if item.differences
            else item
            for item in series
        )

    def _differences(self, key: ObjectKey, differences: tuple[Difference, ...]) -> tuple[Difference, ...]:
        wanted = self._desk.index.wanted.get(key)
        if wanted is None:
            return differences
        return tuple(self._difference(key, each, wanted.fields.get(each.field)) for each in differences)

    def _difference(self, key: ObjectKey, each: Difference, wanted: Value) -> Difference:
        """What a field refers to is told by what the manifests want there; of two kinds in one, ids stay."""
        kinds = _kinds(wanted)
        if len(kinds) != 1:
            return each
        names = self._names[key.address.provider, min(kinds)]
        applied, asked, live = (_with_names(value, names) for value in (each.applied, each.wanted, each.live))
        return replace(each, applied=applied, wanted=asked, live=live)

    @cached_property
    def _names(self) -> Mapping[tuple[str, str], Names]:
        found: dict[tuple[str, str], dict[str, Reference]] = defaultdict(dict)
        for (provider, kind, remote_id), record in self._desk.index.owners.items():
            found[provider, kind][remote_id] = Reference(record.key)
        return found


def _kinds(value: Value) -> frozenset[str]:
    if type(value) in SCALARS:  # as most are
        return frozenset()
    if isinstance(value, Reference):
        return frozenset({value.key.address.kind})
    if isinstance(value, tuple):
        return frozenset(kind for item in value for kind in _kinds(item))
    if isinstance(value, Mapping):
        return _kinds(tuple(value.values()))
    return frozenset()


def _with_names(value: Value, names: Names) -> Value:
    if isinstance(value, str):
        return names.get(value, value)
    if isinstance(value, tuple):
        return tuple(_with_names(item, names) for item in value)
    if isinstance(value, Mapping):
        return {name: _with_names(item, names) for name, item in value.items()}
    return value
