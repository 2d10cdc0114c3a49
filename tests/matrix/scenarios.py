"""The applies that the matrix spoils: each a manifest applied in peace, then an edit whose apply meets the fault."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from msgspec import Struct

if TYPE_CHECKING:
    from .vendors import Folder

Edit = Callable[["Folder"], None]

DAY = 86400
NEXT_MONTH = {"start_date": "2027-02-15", "end_date": "2027-03-05"}


class Scenario(Struct, frozen=True):
    """`before` is applied in peace, then so many `days` pass, then `edit` is applied with `allow`.

    `at_once`: until it is applied people are called, or the run ends, and rightly so; no time passes between
    its commands.
    """

    name: str
    edit: Edit
    before: Edit | None = None
    days: float = 0
    allow: tuple[str, ...] = ()
    at_once: bool = False


def nothing(project: Folder) -> None:
    """As it is."""


def campaign(**fields: Any) -> Edit:
    """An edit of the campaign's own fields."""

    def edit(project: Folder) -> None:
        project.campaign = {**project.campaign, **fields}

    return edit


def both(*edits: Edit) -> Edit:
    """Several edits at once."""

    def edit(project: Folder) -> None:
        for each in edits:
            each(project)

    return edit


def grow(project: Folder) -> None:
    """Three more people, one of them on the blacklist."""
    more = project.vendor.people(4, first=40)
    project.numbers = [*project.numbers, *more]
    project.blacklist = [*project.blacklist, more[1]]


def suppress(project: Folder) -> None:
    """Two people are put on the blacklist, one of whom is queued already."""
    project.blacklist = [*project.blacklist, project.numbers[5], *project.vendor.people(1, first=90)]


def drop(project: Folder) -> None:
    """The campaign leaves the manifests."""
    project.omit = ("campaigns",)


def slower_and_fewer_days(project: Folder) -> None:
    """What the campaign shares with others changes, too: one quieter, one louder."""
    project.schedule = {"days": ["mon", "tue", "wed", "fri"]}
    project.profile = {"amount_per_period": 50}


CREATE = Scenario("create", nothing)
GROWTH = Scenario("growth", grow, nothing)
STOP = Scenario("stop", campaign(state="stopped"), nothing, at_once=True)
DELETE = Scenario("delete", drop, nothing, allow=("delete",), at_once=True)
BLACKLIST = Scenario("blacklist growth", suppress, nothing, at_once=True)
RERUN = Scenario("rerun", both(campaign(run="2", **NEXT_MONTH), grow), nothing, days=40)
RERUN_AT_ONCE = Scenario("rerun at once", campaign(run="2"), nothing, allow=("end-run",), at_once=True)
PAUSE = Scenario("pause", campaign(state="paused"), nothing, at_once=True)
RESUME = Scenario("resume", campaign(state="running"), campaign(state="paused"))
ARM = Scenario("arm a draft", campaign(state="running"), campaign(state="draft"))


def one_leaves(project: Folder) -> None:
    """Somebody leaves the list, and somebody comes."""
    project.numbers = [*project.numbers[1:], *project.vendor.people(1, first=60)]


REMADE = Scenario("replace a draft", both(one_leaves, campaign(state="running")), campaign(state="draft"))


class Thing(Struct, frozen=True):
    """An object as the vendor's own books have it: `face` is all of it but ids and progress.

    `status`: inert, armed (or completed), paused, or over (stopped before its end).
    """

    kind: str
    id: int
    face: str
    status: str = "inert"


@dataclass(frozen=True)
class Books:
    """What the vendor holds."""

    things: tuple[Thing, ...]
    raw: dict[str, Any] = field(repr=False, compare=False, default_factory=dict)
