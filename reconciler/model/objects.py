"""Objects: what should exist at a vendor after lowering, and what a vendor showed."""

from __future__ import annotations

import datetime as dt
import enum

from msgspec import Struct

from reconciler.model.address import ObjectKey
from reconciler.model.problem import Location, Problem
from reconciler.model.resource import Desired
from reconciler.model.value import Fields


class Calendar(Struct, frozen=True):
    """When an object may ring phones: wall-clock hours in `zone` on `days` between two dates.

    `windows` are `HH:MM` pairs; an end of `24:00` is midnight. Dates are inclusive; None is open.
    """

    zone: str
    windows: tuple[tuple[str, str], ...]
    days: tuple[str, ...]
    start_date: dt.date | None = None
    end_date: dt.date | None = None


class WantedObject(Struct, frozen=True):
    """One object that should exist, in the vendor's terms but not in its spelling.

    `fields` may hold References to other wanted objects. `desired` is None for what cannot run.
    `content` are bytes that are handed over, which a field names by their digest.
    `contacts` names the contact list that fills it; `except_blacklists` those that do not filter it.
    """

    key: ObjectKey
    kind: str
    fields: Fields
    location: Location | None = None
    natural_key: str | None = None
    marker: str | None = None
    depends_on: tuple[ObjectKey, ...] = ()
    desired: Desired | None = None
    contacts: str | None = None
    except_blacklists: tuple[str, ...] = ()
    on_queued_suppression: str | None = None
    protect: bool = False
    calendar: Calendar | None = None
    content: bytes | None = None


class Ended(enum.Enum):
    """How a run that the vendor shows as over came to its end."""

    COMPLETED = "completed"
    STOPPED = "stopped"


class LiveObject(Struct, frozen=True):
    """One object as a vendor showed it. `fields` has only what the reply held; references are remote ids.

    `marker` is any marker of this tool found in it, whoever's project wrote it.
    `running` is the run state if the vendor shows one, else None; `people` how many are queued in it, if it
    shows that. `ended` is set once it can never run again. `called`: its counters show that somebody was
    called by it. `uses` are remote ids of other kinds' objects it refers to, as (kind, id).
    """

    provider: str
    kind: str
    remote_id: str
    fields: Fields
    natural_key: str | None = None
    marker: str | None = None
    running: bool | None = None
    ended: Ended | None = None
    called: bool = False
    people: int | None = None
    uses: tuple[tuple[str, str], ...] = ()


class Lowered(Struct, frozen=True):
    """What one provider's lowering made of the manifests: objects, problems, and remarks by address."""

    objects: tuple[WantedObject, ...] = ()
    problems: tuple[Problem, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()


class Strays(Struct, frozen=True):
    """How the people whom a vendor shows in an object differ from those whom we queued there."""

    missing: int = 0
    strangers: int = 0
