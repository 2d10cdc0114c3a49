"""One CALLR account: what it holds, and what all methods look up in it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from reconciler.sandbox.holdings import Holdings
from reconciler.sandbox.messages import Request
from reconciler.sandbox.table import Row, Table
from reconciler.sandbox.vendors.callr.options import Options
from reconciler.sandbox.vendors.callr.records import Book, Campaign, Job, Media

NAME = "callr"
MAIN = "main"
NEVER = "0000-00-00 00:00:00"  # A16
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
INVALID_PARAMS = -32602

RowType = TypeVar("RowType", bound=Row)


class Refused(Exception):
    """The vendor answers with an error; without a code with the one that options choose."""

    def __init__(self, message: str, code: int | None = None, data: object = None) -> None:
        super().__init__(message)
        self.code = code
        self.data = data


@dataclass(slots=True)
class Account(Holdings):
    """Everything one account holds."""

    name: str = MAIN
    options: Options = field(default_factory=Options)
    books: Table[Book] = field(init=False)
    blacklists: Table[Book] = field(init=False)
    campaigns: Table[Campaign] = field(init=False)
    media: Table[Media] = field(init=False)
    jobs: Table[Job] = field(init=False)
    files: dict[str, bytes] = field(default_factory=dict)  # imported, by the name they were given
    webhooks: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Every kind has ids of its own; those of media are the numbers that campaigns name."""
        first = self.world.first_id
        self.books, self.blacklists, self.campaigns = Table(first), Table(first), Table(first)
        self.jobs, self.media = Table(first), Table(1_012_344 + first)

    @property
    def zone(self) -> ZoneInfo:
        """The zone of a schedule's hours (A5)."""
        return ZoneInfo(self.options.zone)

    def new_hash(self, kind: str, number: int, length: int = 8) -> str:
        """Make an id that tells nothing."""
        digest = hashlib.sha256(f"{self.name} {kind} {number}".encode()).digest()
        return "".join(ALPHABET[byte % len(ALPHABET)] for byte in digest[:length])


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a method with what came along."""

    account: Account
    request: Request
    params: Sequence[Any]

    def value(self, at: int) -> Any:
        """Read a parameter by its place; None where it was left out."""
        return self.params[at] if at < len(self.params) else None

    def text(self, at: int, name: str) -> str:
        """Read a text that must be there."""
        value = self.value(at)
        if not isinstance(value, str) or not value.strip():
            raise Refused(f"{name}: a text is required", INVALID_PARAMS)
        return value

    def number(self, at: int, name: str) -> int:
        """Read a whole number, which may come as a text."""
        value = self.value(at)
        if isinstance(value, str) and value.isascii() and value.isdigit():
            return int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            raise Refused(f"{name}: a number is required", INVALID_PARAMS)
        return value

    def object(self, at: int, name: str) -> dict[str, Any]:
        """Read an object; null is an empty one."""
        value = self.value(at)
        if value is None or value == []:  # PHP writes an empty object as an array
            return {}
        if not isinstance(value, dict):
            raise Refused(f"{name}: an object is required", INVALID_PARAMS)
        return value


def stamp(moment: datetime | None) -> str:
    """Write a moment as replies do: in UTC, zeros for never."""
    return NEVER if moment is None else f"{moment:%Y-%m-%d %H:%M:%S}"


def by_hash(table: Table[RowType], wanted: str, kind: str) -> RowType:
    """Find what a hash names; capitals count."""
    for row in table:
        if getattr(row, "hash", "") == wanted:
            return row
    raise Refused(f"{kind} not found")
