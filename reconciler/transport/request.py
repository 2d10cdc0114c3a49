"""Requests and replies: what is asked of a vendor, and what came back, as values."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import Any

from msgspec import Struct, field


class Effect(enum.Enum):
    """What a request may do at the vendor. CHECK asks for a judgement of something that is not made."""

    READ = "read"
    CHECK = "check"
    WRITE = "write"


class Request(Struct, frozen=True):
    """One request, below the provider's base address.

    `what` says in words what it is for. `repeatable` promises that sending it twice does no harm.
    `form` travels as multipart text fields, `json` as a body of `media_type`; at most one of them is set.
    Only `method` and `path` are ever logged: put nothing personal into the path.
    """

    method: str
    path: str
    what: str
    effect: Effect
    query: tuple[tuple[str, str], ...] = ()
    form: tuple[tuple[str, str], ...] | None = None
    json: Any = None
    media_type: str = "application/json"
    repeatable: bool = False

    @property
    def may_repeat(self) -> bool:
        """Whether sending it twice does no harm; reading and checking never does."""
        return self.repeatable or self.effect is not Effect.WRITE


class Reply(Struct, frozen=True):
    """A whole reply. `headers` has the few that are of use, in lower case."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
