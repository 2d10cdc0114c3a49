"""Outcomes: how one request to a vendor ended, in four classes and no more."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from reconciler.model.state import Result


class Outcome(Struct, frozen=True):
    """What is known after a verb: DONE, REFUSED, NOT_SENT or UNKNOWN, and why.

    `reason` is safe to print: no token, nothing of a called person, no control characters.
    `remote_id` and `facts` are what a DONE reply told. `busy` marks a refusal for load alone,
    `credentials` a refusal of who we are, `missing` one because the object is not there.
    """

    result: Result
    reason: str = ""
    remote_id: str | None = None
    facts: Mapping[str, str] = field(default_factory=dict)
    request_id: str = ""
    busy: bool = False
    credentials: bool = False
    missing: bool = False

    @property
    def done(self) -> bool:
        """Whether the vendor confirmed it."""
        return self.result is Result.DONE


class Pending(Struct, frozen=True):
    """The vendor works on it: ask again with `handle` after so many seconds.

    `announces`: what was waited for is there, and the next step is a request that writes; it is made once,
    after this handle is durable. A handle names jobs and counts, nobody's number.
    """

    handle: str
    after: float
    announces: bool = False
