"""Contact lists: the people a campaign is for, in the order of their file."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

from msgspec import Struct

from reconciler.contacts import findings
from reconciler.contacts.columns import Layout
from reconciler.contacts.digest import Digester
from reconciler.contacts.number import Normaliser
from reconciler.contacts.sheet import Sheet, Slice, malformed, open_sheet, region_problems
from reconciler.contacts.source import Surroundings
from reconciler.contacts.table import Malformed
from reconciler.model.problem import Problem, Severity
from reconciler.model.resource import ContactList


class Contact(Struct, frozen=True):
    """One person to call, as the request needs it; the repr shows the line alone."""

    number: str
    reference: str | None
    ani: str | None
    fields: Mapping[str, str]
    line: int

    def __repr__(self) -> str:
        return f"Contact(line={self.line})"


class ContactFile(Struct, frozen=True):
    """A contact list as read. `people` is exact digest -> broad digest in file order, each person once.

    `rows` counts data rows; `invalid` has the lines of unreadable ones, `duplicate_lines` of repeated ones.
    `digest` covers the normalised list in its order, with references, ANIs and fields. The numbers
    themselves leave only through `contacts` and `numbers`; the repr shows counts.
    """

    name: str
    people: Mapping[bytes, bytes]
    rows: int = 0
    invalid: tuple[int, ...] = ()
    duplicates: int = 0
    digest: str = ""
    problems: tuple[Problem, ...] = ()
    duplicate_lines: tuple[int, ...] = ()
    _sheet: Sheet | None = None

    def __repr__(self) -> str:
        return (
            f"ContactFile({self.name!r}, people={len(self.people)}, rows={self.rows},"
            f" invalid={len(self.invalid)}, duplicates={self.duplicates}, problems={len(self.problems)})"
        )

    @property
    def usable(self) -> bool:
        """Whether anything may be sent from this list: it has no error."""
        return not any(problem.is_error for problem in self.problems)

    def contacts(self, exact: Collection[bytes]) -> Iterator[Contact]:
        """Give the rows of the people named by their exact digests, in file order; none of a refused list."""
        if self._sheet is None or not self.usable:
            return
        wanted = frozenset(exact)
        for kept, people in self._kept(self._sheet):
            numbers = self._sheet.normaliser.read_all(kept.phones)
            extras = _extras(kept, self._sheet)
            for digest, number, extra, line in zip(people, numbers, extras, kept.lines, strict=True):
                if digest in wanted and number is not None and extra is not None:
                    yield _contact(number, extra, line, self._sheet.layout)

    def numbers(self, exact: Collection[bytes] | None = None) -> Iterator[str]:
        """Give the numbers of the people named, or of all: to count by prefix, never to show."""
        if self._sheet is None:
            return
        wanted = None if exact is None else frozenset(exact)
        for kept, people in self._kept(self._sheet):
            for digest, number in zip(people, self._sheet.normaliser.read_all(kept.phones), strict=True):
                if number is not None and (wanted is None or digest in wanted):
                    yield number

    def _kept(self, sheet: Sheet) -> Iterator[tuple[Slice, list[bytes]]]:
        """Go through the file again, over the rows that stand in `people`, and their digests."""
        dropped = frozenset(self.invalid) | frozenset(self.duplicate_lines)
        people = iter(self.people)
        for part in sheet.slices():
            whole = dropped.isdisjoint(part.lines)
            kept = part if whole else part.picked([line not in dropped for line in part.lines])
            yield kept, list(islice(people, len(kept.lines)))


def read_contacts(
    declared: ContactList, *, root: Path, environment: Mapping[str, str], digester: Digester
) -> ContactFile:
    """Read a contact list. Whatever is wrong with it comes back in `problems`; nothing is raised for content.

    An unreadable row is skipped and counted; above `invalid_percent` the list is refused. Of a number
    that comes twice the first row counts, whatever `duplicates:` says, since a person is queued at most
    once in a run: `first` warns about the others, `keep` takes them in silence, `error` refuses the list.
    """
    region = declared.region.upper() if declared.region else None
    if problems := region_problems(region, declared.location):
        return ContactFile(declared.name, {}, problems=tuple(problems))
    sheet = open_sheet(
        declared.file,
        declared.columns,
        Normaliser(region),
        declared.location,
        Surroundings(root, environment),
    )
    if isinstance(sheet, list):
        return ContactFile(declared.name, {}, problems=tuple(sheet))
    try:
        return _read(declared, sheet, digester)
    except Malformed as fault:
        problem = malformed(sheet.shown, fault)
    return ContactFile(declared.name, {}, problems=(problem,))


def _read(declared: ContactList, sheet: Sheet, digester: Digester) -> ContactFile:
    gathered = _Gathered(sheet, digester)
    for part in sheet.slices():
        gathered.add(part)
    return ContactFile(
        name=declared.name,
        people=gathered.people,
        rows=gathered.rows,
        invalid=tuple(gathered.invalid),
        duplicates=len(gathered.repeated),
        digest=gathered.whole.hexdigest(),
        problems=tuple(_problems(declared, sheet.shown, gathered)),
        duplicate_lines=tuple(gathered.repeated),
        _sheet=sheet,
    )


class _Gathered:
    """What is known of a list after some of its slices."""

    def __init__(self, sheet: Sheet, digester: Digester) -> None:
        self.sheet = sheet
        self.digester = digester
        self.people: dict[bytes, bytes] = {}
        self.rows = 0
        self.invalid: list[int] = []
        self.repeated: list[int] = []
        self.whole = digester.whole()
        self.whole.update(_heading(sheet.layout))

    def add(self, part: Slice) -> None:
        """Take in the rows of one slice."""
        self.rows += len(part.lines)
        pairs = self.digester.pairs(self.sheet.normaliser.read_all(part.phones))
        people, covered = self.people, bytearray()
        for line, pair, extra in zip(part.lines, pairs, _extras(part, self.sheet), strict=True):
            if pair is None or extra is None:
                self.invalid.append(line)
            elif pair[0] in people:
                self.repeated.append(line)
            else:
                people[pair[0]] = pair[1]
                covered += pair[0]
                if extra:
                    covered += _covered(extra)
        self.whole.update(covered)


def _heading(layout: Layout) -> bytes:
    """Name the columns that follow, so that the same cells under other names are another list."""
    names = [
        name for name, index in (("reference", layout.reference), ("ani", layout.ani)) if index is not None
    ]
    return _covered([*names, *(f"fields.{name}" for name, _ in layout.fields)])


def _covered(cells: Sequence[str]) -> bytes:
    """Join cells without ambiguity: no file that is read holds a zero byte."""
    return ("\0".join(cells) + "\0").encode()


def _extras(part: Slice, sheet: Sheet) -> list[Sequence[str] | None]:
    """Return each row's reference, ANI and fields, as far as they are read; None if the ANI is unreadable."""
    layout = sheet.layout
    indexes = [index for index in (layout.reference, layout.ani) if index is not None]
    indexes += [index for _, index in layout.fields]
    if not indexes:
        return [()] * len(part.lines)
    rows = [[row[index].strip() if len(row) > index else "" for index in indexes] for row in part.cells]
    if layout.ani is None:
        return [*rows]
    return _with_ani(rows, indexes.index(layout.ani), sheet.normaliser)


def _with_ani(rows: list[list[str]], at: int, normaliser: Normaliser) -> list[Sequence[str] | None]:
    """Normalise the own number that each row is to be called from; an empty one is the campaign's."""
    known: dict[str, str | None] = {"": ""}
    for row in rows:
        if row[at] not in known:
            known[row[at]] = normaliser.read(row[at])
    return [None if (ani := known[row[at]]) is None else [*row[:at], ani, *row[at + 1 :]] for row in rows]


def _contact(number: str, extra: Sequence[str], line: int, layout: Layout) -> Contact:
    cells = iter(extra)
    reference = next(cells) if layout.reference is not None else None
    ani = next(cells) if layout.ani is not None else None
    fields = {name: next(cells) for name, _ in layout.fields}
    return Contact(number, reference or None, ani or None, fields, line)


def _problems(declared: ContactList, shown: str, gathered: _Gathered) -> Iterator[Problem]:
    rows, invalid = gathered.rows, gathered.invalid
    if len(invalid) * 100 > rows * declared.invalid_percent:
        yield findings.too_many_skipped(shown, invalid, rows, declared.invalid_percent)
    elif invalid:
        yield findings.skipped_rows(shown, invalid, rows)
    if rows == len(invalid):
        yield findings.empty(shown)
    if gathered.repeated and declared.duplicates != "keep":
        severity = Severity.ERROR if declared.duplicates == "error" else Severity.WARNING
        yield findings.duplicates(shown, gathered.repeated, severity)
