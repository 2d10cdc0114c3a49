"""Which column of a file is what: by the names the manifest gives, or by the usual ones."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from reconciler.model.resource import ContactColumns

USUAL_NAMES = ("phone", "mobile", "number", "destination", "telephone")
"""What the column of numbers is commonly called; case, blanks and digits do not matter."""

_USUAL = frozenset((*USUAL_NAMES, "phonenumber", "mobilenumber", "telephonenumber", "mobilephone"))
_DIGITS_OF_A_NAME = 2
"""More digits than these, in a first row, may be somebody's number, however damaged."""
_NOT_LETTERS = re.compile(r"[\W\d_]+")


class Layout(Struct, frozen=True):
    """Where the cells of a row are. `header` says whether the first row is names rather than a person."""

    phone: int
    width: int
    header: bool
    reference: int | None = None
    ani: int | None = None
    fields: tuple[tuple[str, int], ...] = ()


class Unplaced(Struct, frozen=True):
    """A column that could not be found. `reason` quotes only what the manifest says, never the file."""

    reason: str
    remedy: str


def place(first_row: Sequence[str], wanted: ContactColumns) -> Layout | list[Unplaced]:
    """Find the wanted columns in a file whose first row is `first_row`."""
    names = _trimmed(first_row)
    named = list(_named(wanted))
    found = {what: _find(names, name) for what, name in named}
    if wanted.phone is None:
        found["phone"] = _find_by_custom(names)
    missing = [index for index in found.values() if isinstance(index, Unplaced)]
    places = {what: index for what, index in found.items() if isinstance(index, int)}
    # Only a single column that nobody named may be without a heading.
    heading = bool(named) or len(names) > 1 or _is_name(names[0])
    return missing or _layout(places, wanted, len(names), heading=heading)


def _layout(places: dict[str, int], wanted: ContactColumns, width: int, *, heading: bool) -> Layout:
    fields = tuple((name, places[f"fields.{name}"]) for name in wanted.fields)
    phone, reference, ani = places["phone"], places.get("reference"), places.get("ani")
    return Layout(phone, width, header=heading, reference=reference, ani=ani, fields=fields)


def _named(wanted: ContactColumns) -> Iterator[tuple[str, str]]:
    for what in ("phone", "reference", "ani"):
        name = getattr(wanted, what)
        if name is not None:
            yield what, name
    for field, name in wanted.fields.items():
        yield f"fields.{field}", name


def _find(names: Sequence[str], name: str) -> int | Unplaced:
    """Find a column by its exact name, or else by the only one that differs in case alone."""
    for same in (str.strip, lambda text: text.strip().casefold()):
        matches = [index for index, found in enumerate(names) if same(found) == same(name)]
        if matches:
            return matches[0] if len(matches) == 1 else _twice(name)
    return Unplaced(f"no column is named {name!r}", _suggestion(names, name))


def _twice(name: str) -> Unplaced:
    return Unplaced(f"several columns are named {name!r}", "give each column a name of its own")


def _suggestion(names: Sequence[str], name: str) -> str:
    """Suggest a name close to the manifest's own.

    Others stay unsaid: the first row of a file without a heading is a person.
    """
    harmless = [found for found in names if sum(map(str.isdigit, found)) <= _DIGITS_OF_A_NAME]
    close = difflib.get_close_matches(name, harmless, n=1, cutoff=0.75)
    return f"did you mean {close[0]!r}?" if close else "name a column of the file's first row"


def _find_by_custom(names: Sequence[str]) -> int | Unplaced:
    """Find the numbers without being told: the single column, or the one with a usual name."""
    if len(names) == 1:
        return 0
    usual = [index for index, name in enumerate(names) if _NOT_LETTERS.sub("", name).casefold() in _USUAL]
    if len(usual) == 1:
        return usual[0]
    count = "several of the columns have" if usual else f"none of the {len(names)} columns has"
    reason = f"{count} a usual name for numbers ({', '.join(USUAL_NAMES)})"
    return Unplaced(reason, "say which it is: columns: {phone: NAME} (for a blacklist, column: NAME)")


def _is_name(cell: str) -> bool:
    """Whether the first cell of a single column is its heading."""
    return any(map(str.isalpha, cell)) and sum(map(str.isdigit, cell)) <= _DIGITS_OF_A_NAME


def _trimmed(row: Sequence[str]) -> list[str]:
    """Return the cells without the empty ones that delimiters at a line's end leave."""
    names = [cell.strip() for cell in row]
    while names and not names[-1]:
        names.pop()
    return names
