"""Which column of a file is what: by the names the manifest gives, or by the usual ones."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reconciler.model.resource import ContactColumns

USUAL_NAMES = ("phone", "mobile", "number", "destination", "telephone")
"""What the column of numbers is commonly called; case, blanks and underscores do not matter."""

_USUAL = frozenset((*USUAL_NAMES, "phonenumber", "mobilenumber", "telephonenumber", "mobilephone", "cellphone"))
_NOT_LETTERS = re.compile(r"[\W\d_]+")


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the cells of a row are. `header` says whether the first row is names rather than a person."""

    phone: int
    width: int
    header: bool
    reference: int | None = None
    ani: int | None = None
    fields: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A column that could not be found. `reason` quotes only what the manifest says, never the file."""

    reason: str
    remedy: str


def place(first_row: Sequence[str], wanted: ContactColumns) -> Layout | list[Unplaced]:
    """Find the wanted columns in a file whose first row is `first_row`."""
    names = _trimmed(first_row)
    named = list(_named(wanted))
    if not named:
        return _by_custom(names)
    found = {what: _find(names, name) for what, name in named}
    if wanted.phone is None:
        phone = _by_custom(names)
        found["phone"] = phone.phone if isinstance(phone, Layout) else phone[0]
    missing = [index for index in found.values() if isinstance(index, Unplaced)]
    places = {what: index for what, index in found.items() if isinstance(index, int)}
    return missing or _layout(places, wanted, len(names))


def _layout(places: dict[str, int], wanted: ContactColumns, width: int) -> Layout:
    fields = tuple((name, places[f"fields.{name}"]) for name in wanted.fields)
    return Layout(places["phone"], width, True, places.get("reference"), places.get("ani"), fields)


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
    """Suggest a name close to the manifest's own; others stay unsaid, for a file without header starts with a person."""
    harmless = [found for found in names if sum(map(str.isdigit, found)) < 3]
    close = difflib.get_close_matches(name, harmless, n=1, cutoff=0.75)
    return f"did you mean {close[0]!r}?" if close else "name a column of the file's first row"


def _by_custom(names: Sequence[str]) -> Layout | list[Unplaced]:
    """Find the numbers without being told: the single column, or the one with a usual name."""
    if len(names) == 1:
        return Layout(0, 1, header=_is_name(names[0]))
    usual = [index for index, name in enumerate(names) if _NOT_LETTERS.sub("", name).casefold() in _USUAL]
    if len(usual) == 1:
        return Layout(usual[0], len(names), header=True)
    count = "several of the columns have" if usual else f"none of the {len(names)} columns has"
    reason = f"{count} a usual name for numbers ({', '.join(USUAL_NAMES)})"
    return [Unplaced(reason, "say which it is: columns: {phone: NAME} (for a blacklist, column: NAME)")]


def _is_name(cell: str) -> bool:
    """Whether a single cell is a heading: with three digits it may be somebody's number, however damaged."""
    return any(map(str.isalpha, cell)) and sum(map(str.isdigit, cell)) < 3


def _trimmed(row: Sequence[str]) -> list[str]:
    """Return the cells without the empty ones that delimiters at a line's end leave."""
    names = [cell.strip() for cell in row]
    while names and not names[-1]:
        names.pop()
    return names
