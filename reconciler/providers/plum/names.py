"""Names of schedules and profiles at Plum, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reconciler.model.problem import Problem
from reconciler.model.resource import Profile, Schedule
from reconciler.providers.plum import findings
from reconciler.providers.plum.about import NICKNAME_LENGTH


def name_at_vendor(resource: Schedule | Profile) -> str:
    """Give the name it goes by at the vendor."""
    return resource.nickname or resource.name


def problems_of_names(resources: Iterable[Schedule | Profile]) -> Iterator[Problem]:
    """Find names that Plum refuses, misreads or has already; letters' case may not tell two apart there."""
    first: dict[str, str] = {}
    for resource in resources:
        nickname = name_at_vendor(resource)
        place = resource.location.at("nickname") if resource.nickname else resource.location
        if nickname.isdecimal():
            yield findings.numeric_nickname(place, nickname)
        if len(nickname) > NICKNAME_LENGTH:
            yield findings.long_nickname(place, nickname)
        holder = first.setdefault(nickname.casefold(), resource.name)
        if holder != resource.name:
            yield findings.nickname_twice(place, nickname, holder)
