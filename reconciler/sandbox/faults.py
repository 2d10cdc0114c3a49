"""Faults to inject: which requests they meet, when, and how often."""

import re
import threading
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, get_args, get_origin, get_type_hints

from reconciler.sandbox.messages import Request

ACTIONS = (
    "status",
    "reset",
    "timeout",
    "truncate",
    "html",
    "empty",
    "content_type",
    "trickle",
    "redirect",
    "hold",
    "retry_after",
    "lag",
    "drop_reused",
)


@dataclass(slots=True)
class Fault:
    """One rule: of the requests that fit it fires on the `nth` and on as many from there as `count` says.

    Without `nth` it fires from the first on. Without `count` it fires once if `nth` is given, else without
    end.
    """

    action: str
    vendor: str | None = None
    method: str | None = None
    path: str | None = None  # regular expression, searched in the path below the vendor's base
    operation: str | None = None  # regular expression, searched in the vendor's name of what is asked for
    nth: int | None = None
    count: int | None = None
    when: str = (
        "before"  # "before": the vendor never acts; "after": it acts, and its reply is lost or replaced
    )
    status: int = 500  # of `status`; `redirect` takes 302 unless told
    body: str = '{"message": "Server Error"}'
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = "text/html; charset=UTF-8"  # of `content_type`
    location: str = ""  # of `redirect`
    seconds: float | None = None  # of `retry_after`: the header's value; None sends no header
    delay: float = 0.001  # of `trickle`: seconds per byte
    reads: int | None = None  # how many list reads don't show what is made; of `lag` 1 unless told
    graceful: bool = False  # of `reset`: close in the ordinary way and not with RST
    seen: int = 0
    hits: int = 0

    def __post_init__(self) -> None:
        """Refuse what can't work now, rather than fire never."""
        if self.action not in ACTIONS:
            raise ValueError(f"no action {self.action!r}; there are {', '.join(ACTIONS)}")
        if self.when not in {"before", "after"}:
            raise ValueError(f"when is 'before' or 'after', not {self.when!r}")
        for name, hint in get_type_hints(Fault).items():
            if not _is_a(hint, getattr(self, name)):
                raise TypeError(f"{name} can't be {getattr(self, name)!r}")
        _check_pattern("path", self.path)
        _check_pattern("operation", self.operation)

    def fits(self, request: Request) -> bool:
        """Whether it looks at this request at all."""
        return (
            self.vendor in {None, request.vendor}
            and self.method in {None, request.method}
            and re.search(self.path or "", request.path) is not None
            and re.search(self.operation or "", request.operation) is not None
        )

    def fires(self) -> bool:
        """Count one more request that fits, and say whether this is one to spoil."""
        self.seen += 1
        limit = self.count if self.count is not None else (1 if self.nth is not None else None)
        due = self.seen >= (self.nth or 1) and (limit is None or self.hits < limit)
        self.hits += due
        return due


def _check_pattern(name: str, pattern: str | None) -> None:
    try:
        re.compile(pattern or "")
    except re.error as problem:
        raise ValueError(f"{name} is no regular expression: {problem}") from problem


def _is_a(hint: Any, value: object) -> bool:
    if get_origin(hint) is dict:
        return isinstance(value, dict) and all(isinstance(each, str) for each in value.values())
    kinds = get_args(hint) or (hint,)
    return isinstance(value, kinds) or (float in kinds and isinstance(value, int))


class FaultBook:
    """The faults in force."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []

    def add(self, description: Mapping[str, object]) -> None:
        """Add a fault described by JSON; ValueError says what is wrong with it."""
        known = {each.name for each in fields(Fault)} - {"seen", "hits"}
        unknown = sorted(set(description) - known)
        if unknown or "action" not in description:
            raise ValueError(f"unknown: {', '.join(unknown)}" if unknown else "a fault needs an action")
        values: dict[str, Any] = {"status": 302} if description["action"] == "redirect" else {}
        fault = Fault(**{**values, **description})
        with self._lock:
            self._faults.append(fault)

    def clear(self) -> None:
        """Take all faults away."""
        with self._lock:
            self._faults.clear()

    def listing(self) -> list[dict[str, Any]]:
        """All faults with what they have seen and hit."""
        with self._lock:
            return [asdict(fault) for fault in self._faults]

    def match(self, request: Request) -> Fault | None:
        """Find the fault for a request. Each that fits counts it; of several that fire the first acts."""
        with self._lock:
            return self._first_firing(
                fault for fault in self._faults if fault.action != "drop_reused" and fault.fits(request)
            )

    def match_reuse(self, vendor: str) -> Fault | None:
        """Find the fault for a further request on a connection, before it is read."""
        with self._lock:
            return self._first_firing(
                fault
                for fault in self._faults
                if fault.action == "drop_reused" and fault.vendor in {None, vendor}
            )

    @staticmethod
    def _first_firing(fitting: Iterable[Fault]) -> Fault | None:
        firing = [fault for fault in fitting if fault.fires()]
        return firing[0] if firing else None
