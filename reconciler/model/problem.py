"""Problems: what is wrong, where it stands, and how to mend it."""

from __future__ import annotations

import enum

from msgspec import Struct

from reconciler.model.address import Address


class Severity(enum.Enum):
    """How much a problem weighs: an error stops plan and apply, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


class Location(Struct, frozen=True, order=True):
    """A place in a file of the project; `path` is relative to its root, lines and columns from 1.

    `pointer` names the node by keys and indexes; line and column may be 0 until
    `manifest.locate` has looked them up, so that files need not be kept in memory.
    """

    path: str
    line: int = 0
    column: int = 0
    pointer: tuple[str | int, ...] = ()

    def at(self, *keys: str | int) -> Location:
        """The place of a node below this one, not looked up yet."""
        return Location(self.path, pointer=(*self.pointer, *keys))

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}" if self.line else self.path


class Problem(Struct, frozen=True):
    """One thing that is wrong. `code` is stable (`REF01`); `help` says how to mend it."""

    code: str
    message: str
    help: str = ""
    severity: Severity = Severity.ERROR
    location: Location | None = None
    address: Address | None = None

    @property
    def is_error(self) -> bool:
        """Whether it stops plan and apply."""
        return self.severity is Severity.ERROR


def errors(problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    """The problems that stop plan and apply."""
    return tuple(problem for problem in problems if problem.is_error)
