"""A lease that runs out: kept by a heartbeat, over when its holder falls silent, and never relied on beyond its end.

The holder counts by its own steady clock from before each renewal was sent, so that it stops sooner than anybody
else starts, by whatever the clocks of two machines differ.
"""

from __future__ import annotations

import datetime as dt
import getpass
import os
import platform
import secrets
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from reconciler.backends.failures import lease_lost, lease_too_short
from reconciler.backends.root import SLACK, Claim
from reconciler.errors import StateError, StateLocked

_BEATS = 4
"""So often a lease is renewed within its length, so that several lost heartbeats do not end it."""

_SHOWN = 80


class Keeper(Protocol):
    """Where a lease is kept."""

    def renew(self, lease: RemoteLease) -> None:
        """Say that the holder lives; raises StateLocked when the lease is another's."""

    def release(self, lease: RemoteLease) -> None:
        """Give it back."""


class RemoteLease:
    """A held lease; a thread of its own renews it until the block ends."""

    def __init__(self, keeper: Keeper, claim: Claim, began: float, *, quiet: str | None) -> None:
        self.holder = claim.holder
        self.token = claim.token
        self._keeper = keeper
        self._seconds = claim.seconds
        self._until = began + claim.seconds
        self._quiet = time.monotonic() + _seconds_to(quiet)
        self._lost = False
        self._over = threading.Event()
        self._heart = threading.Thread(target=self._beat, name="lease", daemon=True)
        self._heart.start()

    def check(self, seconds: float = 0.0) -> None:
        """Raise StateLocked unless the lease is ours for so many seconds more; renews it if that helps."""
        if self._lost or self._over.is_set():
            raise lease_lost(self.holder)
        if self._left() <= seconds:
            self._renew()
        if self._left() <= seconds:
            raise lease_too_short(self.holder, self._seconds, seconds)

    def others_end_in(self) -> float:
        """Seconds until the holder before surely has nothing under way."""
        return max(0.0, self._quiet - time.monotonic())

    def renewed(self, began: float) -> None:
        """Count from a renewal that was begun then."""
        self._until = max(self._until, began + self._seconds)

    def lose(self) -> None:
        """Note that the lease is another's by now."""
        self._lost = True

    def _left(self) -> float:
        return self._until - time.monotonic()

    def _renew(self) -> None:
        try:
            self._keeper.renew(self)
        except StateLocked:
            self.lose()
            raise
        except StateError:
            if self._left() <= 0:
                raise

    def _beat(self) -> None:
        """Renew until the block ends; a heartbeat that fails is tried again while the lease lasts."""
        while not self._over.wait(self._seconds / _BEATS):
            if self._lost:
                return
            if self._seconds - self._left() >= self._seconds / (2 * _BEATS):
                with suppress(StateError):
                    self._renew()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self._over.is_set():
            self._over.set()
            self._keeper.release(self)


class Watch:
    """What one who waits for a lease has seen: whether its holder has fallen silent, by whose clock ever."""

    def __init__(self) -> None:
        self._claim: Claim | None = None
        self._since = time.monotonic()

    def is_over(self, claim: Claim) -> bool:
        """Whether it ran out, by the times in it or because we saw no renewal for so long."""
        if claim != self._claim:
            self._claim, self._since = claim, time.monotonic()
        silent = time.monotonic() - self._since
        return claim.is_over(dt.datetime.now(dt.UTC)) or silent > (1 + SLACK) * claim.seconds


def claim(holder: str, seconds: float) -> Claim:
    """Return a new claim to a lease, by this process."""
    now = dt.datetime.now(dt.UTC)
    return Claim(
        holder,
        secrets.token_hex(8),
        now.isoformat(timespec="seconds"),
        now.isoformat(timespec="milliseconds"),
        seconds,
        _about(),
    )


def _about() -> str:
    command = " ".join([Path(sys.argv[0]).name, *sys.argv[1:2]])[:_SHOWN]
    return f"process {os.getpid()} of {_user()} on {platform.node()}: {command}"


def _user() -> str:
    """Name the user; a container may run as one that has no name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())


def _seconds_to(moment: str | None) -> float:
    if moment is None:
        return 0.0
    return max(0.0, (dt.datetime.fromisoformat(moment) - dt.datetime.now(dt.UTC)).total_seconds())
