"""Telephone numbers as RVMpro reads them, and what its carriers would know about them.

The page asks for 10 to 13 digits "not including special characters" and shows hyphens, brackets and a
leading 1. Which numbers are landlines, fail or are filtered is chosen by their endings: see the options.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from reconciler.sandbox.telephones import ends_in
from reconciler.sandbox.vendors.rvm.options import Options

DIGITS = re.compile(r"\d{10,13}", re.ASCII)
PUNCTUATION = str.maketrans("", "", " -().+")
NATIONAL_LENGTH = 10
CARRIERS = ("VERIZON", "T-MOBILE")
CONSENT_STATES = frozenset({"FL"})  # "at the time of writing only Florida"
FLORIDA = "239 305 321 324 352 386 407 448 561 645 656 689 727 728 754 772 786 813 850 863 904 941 954"
# Some of each state's area codes; 555 is the page's own example number.
STATES = dict.fromkeys(FLORIDA.split(), "FL") | {
    "202": "DC", "206": "WA", "212": "NY", "213": "CA", "214": "TX", "215": "PA", "303": "CO", "312": "IL",
    "313": "MI", "404": "GA", "415": "CA", "503": "OR", "555": "CA", "602": "AZ", "612": "MN", "617": "MA",
    "702": "NV", "704": "NC", "713": "TX", "718": "NY", "857": "MA", "917": "NY",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sorted:
    """The numbers of a create after the first filtering."""

    queue: list[str]
    wireless: int
    landlines: int
    duplicates: int
    invalid: int


def digits(text: str) -> str | None:
    """Take the punctuation off a number; None if what remains is not 10 to 13 digits (A13)."""
    bare = text.translate(PUNCTUATION)
    return bare if DIGITS.fullmatch(bare) else None


def international(number: str) -> str:
    """Write a number as E.164: ten digits are American."""
    return f"+1{number}" if len(number) == NATIONAL_LENGTH else f"+{number}"


def identity(number: str, options: Options) -> str:
    """Return what makes two numbers the same (A20)."""
    return number if options.country_code == "matters" else international(number)


def spellings(number: str, options: Options) -> tuple[str, ...]:
    """Write a number in every way that counts as the same (A20)."""
    if options.country_code == "matters":
        return (number,)
    whole = international(number).removeprefix("+")
    return (whole, whole.removeprefix("1")) if len(whole) == NATIONAL_LENGTH + 1 else (whole,)


def state(number: str) -> str:
    """Tell in which state a number is registered; empty where this stand-in doesn't know."""
    return STATES.get(international(number)[2:5], "")


def carrier(number: str) -> str:
    """Tell whose mobile it is."""
    return CARRIERS[int(number[-1]) % 2]


def sort_numbers(entries: Iterable[str], callback: str, options: Options) -> Sorted:
    """Sort the numbers of a create. One equal to the callback is found, counted and never called."""
    read = [digits(entry) for entry in entries]
    valid = [number for number in read if number is not None]
    distinct = _distinct(valid, options)
    wireless = [number for number in distinct if not ends_in(number, options.landlines)]
    own = identity(callback, options) if callback.isdigit() else None
    return Sorted(
        queue=[number for number in wireless if identity(number, options) != own],
        wireless=len(wireless),
        landlines=len(distinct) - len(wireless),
        duplicates=len(valid) - len(distinct),
        invalid=len(read) - len(valid),
    )


def _distinct(numbers: Iterable[str], options: Options) -> list[str]:
    first: dict[str, str] = {}
    for number in numbers:
        first.setdefault(identity(number, options), number)
    return list(first.values())
