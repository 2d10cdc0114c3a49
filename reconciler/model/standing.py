"""Standings: where each campaign's runs stand, as far as state and vendors tell."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from reconciler.model.address import ObjectKey
from reconciler.model.plan import ProviderFailure
from reconciler.model.state import Hold

NOT_BEGUN = frozenset({"not applied", "draft", "not started"})
"""States of runs that nobody waits for."""


class Counters(Struct, frozen=True):
    """How far an object has come, as its vendor counts; None is what it does not tell, which is not 0.

    `done` of `total` are people whom it is through with; of those, `answered` were reached, `failed` were not, and
    `filtered` were left out by the vendor. `rate` is in people an hour.
    """

    done: int | None = None
    total: int | None = None
    answered: int | None = None
    failed: int | None = None
    filtered: int | None = None
    rate: float | None = None

    @property
    def complete(self) -> bool:
        """Whether the vendor is through with everybody."""
        return self.done is not None and self.total is not None and 0 < self.total <= self.done


class Standing(Struct, frozen=True):
    """One run. `state` is a word or two; `told` says that the vendor showed it, and it is not only what we sent.

    `counters` are the vendor's. `opens` is the next minute in which a phone can ring, ISO 8601; None when there is
    none or nobody knows. `ends` is the last day, or the moment at which it is through at the present rate.
    `finished`: nobody is called by it any more, by what is known.
    """

    key: ObjectKey
    state: str
    told: bool
    queued: int
    why: str = ""
    counters: Counters = Counters()
    opens: str | None = None
    ends: str | None = None
    finished: bool = False
    remote_id: str | None = None
    unknown: bool = False


class Standings(Struct, frozen=True):
    """All of a project's campaigns. `windows_known` is False while the manifests cannot be read.

    `read_at` tells by provider when it was read last, ISO 8601: each is asked at its own pace.
    """

    project: str
    at: str
    rows: tuple[Standing, ...] = ()
    hold: Hold | None = None
    unknowns: int = 0
    failures: tuple[ProviderFailure, ...] = ()
    windows_known: bool = True
    read_at: Mapping[str, str] = field(default_factory=dict)
    timed_out: bool = False

    @property
    def finished(self) -> bool:
        """Whether every run that was begun is over."""
        return all(row.finished for row in self.rows if row.state not in NOT_BEGUN)


def standing_codes(standings: Standings) -> frozenset[int]:
    """The exit codes of a status: 8 while something is unknown, 69 and 77 for what was not read."""
    codes = {77 if failure.credentials else 69 for failure in standings.failures}
    return frozenset(codes | ({8} if standings.unknowns else set()))
