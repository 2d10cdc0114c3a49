"""A schema compiled for judging values, and the formats that it may name."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from reconciler.manifest.composition import Schema


def compiled(schema: Schema) -> Any:
    """A validator of a schema without references; loads the library, which takes its time."""
    import jsonschema_rs

    formats: dict[str, Callable[..., bool]] = {"time-zone": is_zone}
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True, formats=formats)


@functools.lru_cache(maxsize=1024)
def is_zone(name: str) -> bool:
    """Whether the zone database knows a name."""
    import zoneinfo

    try:
        zoneinfo.ZoneInfo(name)
    except (OSError, ValueError, zoneinfo.ZoneInfoNotFoundError):
        return False
    # Names such as localtime mean another zone on another machine.
    return name[:1].isupper() and name != "Factory"
