"""Values without the parts that were refused, so that the rules can look at the rest."""

from __future__ import annotations

from typing import Any

Pointer = tuple[str | int, ...]


def without(value: Any, pointers: list[Pointer]) -> Any:
    """A value less the nodes at these pointers; the value itself stays as it is."""
    if not pointers:
        return value
    below: dict[str | int, list[Pointer]] = {}
    for pointer in pointers:
        if pointer:
            below.setdefault(pointer[0], []).append(pointer[1:])
    return _kept(value, below)


def _kept(value: Any, below: dict[str | int, list[Pointer]]) -> Any:
    """A pointer that ends here removes the node; one that goes on is followed."""
    gone = {step for step, rests in below.items() if () in rests}
    if isinstance(value, dict):
        return {key: without(inner, below.get(key, [])) for key, inner in value.items() if key not in gone}
    if isinstance(value, tuple):
        items = enumerate(value)
        return tuple([without(inner, below.get(index, [])) for index, inner in items if index not in gone])
    return value
