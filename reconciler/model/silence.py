"""Silence: what was asked to stop calling, and how far anybody can tell that it did."""

from __future__ import annotations

import enum

from msgspec import Struct

from reconciler.model.address import ObjectKey
from reconciler.model.plan import ProviderFailure
from reconciler.model.state import Hold, Operation


class Hush(enum.Enum):
    """How one object ended up.

    QUIET: the vendor showed that it did not run. PAUSED and STOPPED were read back, or need no reading.
    ASKED: the vendor said yes and cannot show it. LOUD: it said yes, and still shows it running.
    """

    QUIET = "quiet already"
    PAUSED = "paused"
    STOPPED = "stopped"
    ASKED = "asked to stop"
    LOUD = "still running"
    REFUSED = "refused"
    UNKNOWN = "unknown"


PROVEN = frozenset({Hush.QUIET, Hush.PAUSED, Hush.STOPPED})
"""After these nobody needs to look at the vendor's own pages."""


class Silenced(Struct, frozen=True):
    """One object that can call, and what became of it. `key` is None for what is not ours."""

    provider: str
    kind: str
    remote_id: str
    key: ObjectKey | None
    result: Hush
    operation: Operation | None = None
    detail: str = ""
    seconds: float = 0.0
    request_id: str = ""


class Silence(Struct, frozen=True):
    """A stop as a whole. `hold` is the brake that was set; `problems` is what could not be done besides.

    `everything`: all objects of the accounts were meant, and not only those that somebody named.
    """

    reason: str
    everything: bool
    accounts: tuple[str, ...] = ()
    objects: tuple[Silenced, ...] = ()
    failures: tuple[ProviderFailure, ...] = ()
    hold: Hold | None = None
    problems: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def unproven(self) -> tuple[Silenced, ...]:
        """The objects of which nobody can tell that they are silent."""
        return tuple(item for item in self.objects if item.result not in PROVEN)


def silence_codes(silence: Silence) -> frozenset[int]:
    """The exit codes of a stop: 8 where silence is not proven, 69 and 77 for accounts that were not reached."""
    codes = {77 if failure.credentials else 69 for failure in silence.failures}
    codes |= {8} if silence.unproven else set()
    codes |= {1} if silence.problems else set()
    return frozenset(codes)
