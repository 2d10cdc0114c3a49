"""What the files declare, before rules that need more than one place have been looked at."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from msgspec import Struct

from reconciler.manifest.composition import Vendor
from reconciler.model.problem import Location

SECTIONS = ("schedules", "profiles", "contact_lists", "blacklists", "media", "campaigns")

Section = dict[str, "Declared"]


class Declared(Struct, frozen=True):
    """One resource as written. `flawed` names keys that were refused and are left out of `data`.

    A resource with any flaw is not compiled, but others may refer to it without a second complaint.
    """

    name: str
    data: Mapping[str, Any]
    location: Location
    flawed: frozenset[str] | None = None

    def lacks(self, key: str) -> bool:
        """Whether nothing was written for a key, not even something wrong."""
        return key not in self.data and key not in (self.flawed or ())


@dataclass(slots=True)
class Declarations:
    """All files together. `complete` is false once a file could not be read to its end."""

    sections: dict[str, Section] = field(default_factory=lambda: {name: {} for name in SECTIONS})
    consents: list[Declared] = field(default_factory=list)
    moved: list[Declared] = field(default_factory=list)
    complete: bool = True


class Context(Struct, frozen=True):
    """What the rules look at beside the resource itself. `providers` is None where nothing is known of them."""

    root: str
    declarations: Declarations
    vendors: Mapping[str, Vendor]
    providers: Mapping[str, str] | None
    defaults: Mapping[str, Any]
    today: dt.date
