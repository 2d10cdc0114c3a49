"""Standings: where each campaign's runs stand, as far as state and vendors tell."""

from __future__ import annotations

from dataclasses import dataclass

from reconciler.model.address import ObjectKey
from reconciler.model.plan import ProviderFailure
from reconciler.model.state import Hold


@dataclass(frozen=True, slots=True)
class Standing:
    """One run. `state` is a word or two; `told` says that the vendor showed it, and it is not only what we sent.

    `called` is None where the vendor does not tell how many were called, which is not the same as 0.
    `opens` is the next minute in which a phone can ring, ISO 8601; None when there is none or nobody knows.
    """

    key: ObjectKey
    state: str
    told: bool
    queued: int
    why: str = ""
    called: int | None = None
    opens: str | None = None
    remote_id: str | None = None
    unknown: bool = False


@dataclass(frozen=True, slots=True)
class Standings:
    """All of a project's campaigns. `windows_known` is False while the manifests cannot be read."""

    project: str
    at: str
    rows: tuple[Standing, ...] = ()
    hold: Hold | None = None
    unknowns: int = 0
    failures: tuple[ProviderFailure, ...] = ()
    windows_known: bool = True


def standing_codes(standings: Standings) -> frozenset[int]:
    """The exit codes of a status: 8 while something is unknown, 69 and 77 for what was not read."""
    codes = {77 if failure.credentials else 69 for failure in standings.failures}
    return frozenset(codes | ({8} if standings.unknowns else set()))
