"""Which providers there are: the folders here, and installed packages that offer one. No list to edit."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from reconciler.errors import ReconcilerError
from reconciler.manifest.composition import PLUG_INS
from reconciler.providers.base import Provider

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint


def known_types() -> tuple[str, ...]:
    """List the types that a project file may name, without importing any."""
    return tuple(sorted({*built_in(), *(point.name for point in _plug_ins())}))


@cache
def built_in() -> frozenset[str]:
    """List the folders beside this file."""
    here = Path(__file__).parent
    return frozenset(path.parent.name for path in here.glob("[a-z]*/__init__.py"))


@cache
def get(type_name: str) -> Provider:
    """Import a provider; raises ReconcilerError if there is none. No plug-in takes a built-in's place."""
    if type_name in built_in():
        provider: Provider = import_module(f"reconciler.providers.{type_name}").PROVIDER
        return provider
    return _plugged_in(type_name)


def _plugged_in(type_name: str) -> Provider:
    points = [point for point in _plug_ins() if point.name == type_name]
    if not points:
        known = ", ".join(known_types())
        raise ReconcilerError(f"there is no provider of type {type_name!r}", f"types are {known}", "PRO01")
    if len(points) > 1:
        values = ", ".join(sorted(point.value for point in points))
        message = f"several packages offer a provider of type {type_name!r}: {values}"
        raise ReconcilerError(message, "uninstall all but one", "PRO02")
    loaded = points[0].load()
    provider: Provider = getattr(loaded, "PROVIDER", loaded)
    return provider


def _plug_ins() -> tuple[EntryPoint, ...]:
    from importlib.metadata import entry_points

    return tuple(point for point in entry_points(group=PLUG_INS) if point.name not in built_in())
