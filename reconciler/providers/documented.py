"""Every parameter that a vendor documents, and its place here: in a manifest, computed, or nowhere, and why.

Each vendor's folder has a `documented.py` with DOCUMENTED; `docs/parameters.py` makes the table of it, and tests
hold it against the schemas and against what is sent.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct


class Documented(Struct, frozen=True):
    """One parameter of one operation, or the whole of an operation where `parameter` is empty.

    One of three is set. `place`: where a manifest or the project file says it, `campaign.wolkvox.amd`; several
    are parted by commas. `computed`: what it is made of. `because`: why it is not reconciled.
    """

    operation: str
    parameter: str
    place: str = ""
    computed: str = ""
    because: str = ""


def placed(operation: str, places: Mapping[str, str]) -> tuple[Documented, ...]:
    """List parameters that a manifest or the project file says."""
    return tuple(Documented(operation, name, place=place) for name, place in places.items())


def computed(operation: str, sources: Mapping[str, str]) -> tuple[Documented, ...]:
    """List parameters that are made of something else."""
    return tuple(Documented(operation, name, computed=source) for name, source in sources.items())


def left_out(operation: str, reasons: Mapping[str, str]) -> tuple[Documented, ...]:
    """List parameters that are not reconciled; an empty name stands for all of the operation."""
    return tuple(Documented(operation, name, because=reason) for name, reason in reasons.items())
