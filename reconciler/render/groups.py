"""Settings with names of several parts, put together by what they belong to: `options.followup.enabled` and its like.

A vendor's object may have a hundred settings in a tree of its own. Side by side, under whole names, they cannot
be read; put under each branch once, they can, and nothing is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from msgspec import Struct

from reconciler.model.value import Value

_SWITCH = "enabled"
"""A setting that says of its branch whether it holds at all."""


@dataclass
class Branch:
    """What stands under one part of a name: settings of its own, and further branches."""

    own: dict[str, Value] = field(default_factory=dict)
    below: dict[str, Branch] = field(default_factory=dict)


class Group(Struct, frozen=True):
    """The settings right under one branch; `name` as far as no group above has said it, `depth` from 0.

    `path` is its whole name.
    """

    name: str
    path: str
    depth: int
    values: Mapping[str, Value]


def grouped(values: Mapping[str, Value]) -> tuple[Group, ...]:
    """The settings by branch, in their order; those without one come first, under no name."""
    root = Branch()
    for name, value in values.items():
        *path, last = name.split(".")
        branch = root
        for part in path:
            branch = branch.below.setdefault(part, Branch())
        branch.own[last] = value
    plain = (Group("", "", 0, root.own),) if root.own else ()
    return (*plain, *(group for name, branch in root.below.items() for group in _under(name, "", branch, 0)))


def _under(name: str, above: str, branch: Branch, depth: int) -> Iterator[Group]:
    """A branch that has nothing of its own and leads to one alone is named together with that."""
    while not branch.own and len(branch.below) == 1:
        ((part, branch),) = branch.below.items()
        name = f"{name}.{part}"
    path = f"{above}.{name}" if above else name
    below = dict(_flat(branch))
    if len(below) <= 1:
        yield Group(name, path, depth, {**branch.own, **below})
        return
    yield Group(name, path, depth, branch.own)
    for part, each in branch.below.items():
        yield from _under(part, path, each, depth + 1)


def _flat(branch: Branch) -> Iterator[tuple[str, Value]]:
    """The settings below a branch, each by the rest of its name."""
    for part, each in branch.below.items():
        for name, value in (*each.own.items(), *_flat(each)):
            yield f"{part}.{name}", value


def switched(values: Mapping[str, Value]) -> Iterable[tuple[str, Value | str]]:
    """The settings with `enabled` as `on` or `off`, alone or behind a name."""
    for name, value in values.items():
        before, _, last = name.rpartition(".")
        if last == _SWITCH and isinstance(value, bool):
            yield before, "on" if value else "off"
        else:
            yield name, value
