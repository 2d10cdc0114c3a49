"""The root of a remote state: one small document that names everything else, and is swapped as a whole. Pure.

Everything else is content that never changes under its name: chunks of log lines, snapshots, sets of people.
So a state is whole at any instant, and of two writers one is told. The lease stands in the root, too: whoever
takes it moves the root, and nothing that the holder before decided can be written any more.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct, field, to_builtins

from reconciler.errors import StateError
from reconciler.state.chain import EMPTY_HEAD

LAYOUT = 1
"""Version of the layout; a tool that knows less refuses it by name."""

SLACK = 0.25
"""How far clocks may be apart: so much of a lease's length passes after its end before another takes it."""


class Claim(Struct, frozen=True):
    """Who has the lease, and how long it counts unless it is renewed. Times are UTC, in ISO 8601."""

    holder: str
    token: str
    since: str
    renewed: str
    seconds: float
    about: str = ""

    def __str__(self) -> str:
        about = f" ({self.about})" if self.about else ""
        return f"{self.holder}{about} since {self.since}, last heard of at {self.renewed}"

    @property
    def until(self) -> dt.datetime:
        """When it runs out."""
        return dt.datetime.fromisoformat(self.renewed) + dt.timedelta(seconds=self.seconds)

    def is_over(self, now: dt.datetime) -> bool:
        """Whether it ran out so long ago that its holder knows, too, though our clocks differ."""
        return now >= self.until + dt.timedelta(seconds=SLACK * self.seconds)


class Root(Struct, frozen=True):
    """What the root document says. `head` is after all lines, `base` after those that the snapshot stands for.

    `log` names the chunks after the snapshot; `past` the list of chunks before it, which names the list before
    that one. `quiet` is until when a holder whose lease was broken may have requests under way. `nonce` tells
    one write of the root from every other, so that a writer who lost the reply can find out. `seal` is the
    key that the content is encrypted under, itself encrypted, after the name of the key that opens it.
    """

    head: str = EMPTY_HEAD
    base: str = EMPTY_HEAD
    snapshot: str | None = None
    log: tuple[str, ...] = ()
    past: str | None = None
    lease: Claim | None = None
    quiet: str | None = None
    nonce: str = ""
    seal: str | None = None

    def encode(self) -> bytes:
        """Return the document."""
        return (
            json.dumps({"layout": LAYOUT, **to_builtins(self)}, indent=1, sort_keys=True).encode("ascii")
            + b"\n"
        )


def decode_root(data: bytes, where: str) -> Root:
    """Read a root document; raises StateError when it is damaged, or of a newer layout."""
    try:
        found = json.loads(data)
        layout = found.pop("layout")
    except (ValueError, KeyError, TypeError, AttributeError):
        raise _damaged(where) from None
    if layout != LAYOUT:
        message = f"the state in {where} has layout {layout}, this tool knows {LAYOUT}"
        raise StateError(message, "upgrade reconciler: pip install --upgrade campaign-reconciler", "STA01")
    try:
        return _root(found)
    except (TypeError, ValueError, KeyError):
        raise _damaged(where) from None


def _root(found: dict[str, Any]) -> Root:
    lease = Claim(**found.pop("lease")) if found.get("lease") else None
    return Root(**(found | {"lease": lease, "log": tuple(found["log"])}))


def _damaged(where: str) -> StateError:
    message = f"the root of the state in {where} is not what reconciler writes"
    return StateError(message, "put it back: reconciler state restore", "STA03")


class Step(Struct, frozen=True):
    """One change of a state: the new root, the content it names that is new, and names that it needs no more.

    `superseded` content nobody needs again; `shelved` content only who reads history.
    """

    root: Root
    add: Mapping[str, bytes] = field(default_factory=dict)
    superseded: Sequence[str] = ()
    shelved: Sequence[str] = ()


def join_lines(lines: Sequence[bytes]) -> bytes:
    """Return lines as a chunk holds them."""
    return b"".join(line + b"\n" for line in lines)


def split_lines(chunk: bytes) -> tuple[bytes, ...]:
    """Return the lines of a chunk."""
    return tuple(chunk.split(b"\n")[:-1])
