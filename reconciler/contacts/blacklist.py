"""Blacklists: the people who are never called."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from reconciler.contacts import findings
from reconciler.contacts.digest import Digester
from reconciler.contacts.number import Normaliser
from reconciler.contacts.sheet import Sheet, Slice, malformed, open_sheet, region_problems
from reconciler.contacts.source import Surroundings
from reconciler.contacts.table import Malformed
from reconciler.model.problem import Problem
from reconciler.model.resource import Blacklist, ContactColumns


class BlacklistFile(Struct, frozen=True):
    """A blacklist as read: the broad digests of its people, and the lines that could not be read.

    `invalid` leaves out the lines that the manifest says to ignore. `digest` is that of the set, in no
    order. The numbers leave only through `numbers`; the repr shows counts.
    """

    name: str
    broad: frozenset[bytes]
    rows: int = 0
    invalid: tuple[int, ...] = ()
    problems: tuple[Problem, ...] = ()
    digest: str = ""
    _sheet: Sheet | None = None

    def __repr__(self) -> str:
        return (
            f"BlacklistFile({self.name!r}, people={len(self.broad)}, rows={self.rows},"
            f" invalid={len(self.invalid)}, problems={len(self.problems)})"
        )

    @property
    def usable(self) -> bool:
        """Whether it is complete: nothing starts or grows while it is not."""
        return not any(problem.is_error for problem in self.problems)

    def numbers(self, digester: Digester, broad: Collection[bytes] | None = None) -> Iterator[str]:
        """Give the E.164 numbers whose broad digest is named, or all, for vendors that keep the list too."""
        if self._sheet is None:
            return
        given: set[str] = set()
        for part in self._sheet.slices():
            for number in self._sheet.normaliser.read_all(part.phones):
                if number is None or number in given:
                    continue
                given.add(number)
                if broad is None or digester.broad(number) in broad:
                    yield number


def read_blacklist(
    declared: Blacklist, *, root: Path, environment: Mapping[str, str], digester: Digester
) -> BlacklistFile:
    """Read a blacklist; what is wrong with it comes back in `problems`.

    Every row must be readable or stand in `ignore`. The people that could be read are given even then,
    so that they are suppressed whatever becomes of the rest.
    """
    region = declared.region.upper() if declared.region else None
    if problems := region_problems(region, declared.location):
        return BlacklistFile(declared.name, frozenset(), problems=tuple(problems))
    sheet = open_sheet(
        declared.file,
        ContactColumns(phone=declared.column),
        Normaliser(region, extensions=True),
        declared.location,
        Surroundings(root, environment),
    )
    if isinstance(sheet, list):
        return BlacklistFile(declared.name, frozenset(), problems=tuple(sheet))
    try:
        return _read(declared, sheet, digester)
    except Malformed as fault:
        problem = malformed(sheet.shown, fault)
    return BlacklistFile(declared.name, frozenset(), problems=(problem,))


def _read(declared: Blacklist, sheet: Sheet, digester: Digester) -> BlacklistFile:
    broad: set[bytes] = set()
    unreadable: list[int] = []
    rows = 0
    for part in sheet.slices():
        rows += len(part.lines)
        unreadable += _take_in(part, sheet, digester, broad)
    ignored = frozenset(declared.ignore)
    invalid = tuple(line for line in unreadable if line not in ignored)
    needless = sorted(ignored.difference(unreadable))
    problems = tuple(_problems(sheet.shown, broad, invalid, needless))
    return BlacklistFile(
        declared.name, frozenset(broad), rows, invalid, problems, _whole(broad, digester), sheet
    )


def _take_in(part: Slice, sheet: Sheet, digester: Digester, broad: set[bytes]) -> list[int]:
    """Add a slice's people to the set; return the lines that could not be read."""
    pairs = digester.pairs(sheet.normaliser.read_all(part.phones))
    broad.update([pair[1] for pair in pairs if pair is not None])
    return [line for line, pair in zip(part.lines, pairs, strict=True) if pair is None]


def _whole(broad: set[bytes], digester: Digester) -> str:
    whole = digester.whole()
    whole.update(b"".join(sorted(broad)))
    return whole.hexdigest()


def _problems(
    shown: str, broad: set[bytes], invalid: tuple[int, ...], needless: list[int]
) -> Iterator[Problem]:
    if invalid:
        yield findings.unreadable_suppression(shown, invalid)
    elif not broad:
        yield findings.empty(shown)
    if needless:
        yield findings.needless_ignore(shown, needless)
