"""People as RVMpro takes them: digits alone, ten of them for North America."""

from __future__ import annotations

import re
from collections.abc import Iterable

from reconciler.providers.base import SendableContact
from reconciler.providers.rvm.about import FEWEST_DIGITS, MOST_DIGITS

_NORTH_AMERICAN = re.compile(r"\+1(\d{10})", re.ASCII)


def digits(number: str) -> str | None:
    """Write an E.164 number; None where it has no spelling that means this number alone.

    North American ones lose their country code: whether both spellings are one number is not said (A20),
    so one of them is used throughout. Ten digits of another country would be read as North American.
    """
    found = _NORTH_AMERICAN.fullmatch(number)
    if found is not None:
        return found[1]
    bare = number.removeprefix("+")
    fits = bare.isascii() and bare.isdecimal() and FEWEST_DIGITS < len(bare) <= MOST_DIGITS
    return bare if fits and not bare.startswith("1") else None


def international(number: str) -> str:
    """Read a number of a report: ten digits are North American, as are eleven that begin with 1."""
    bare = re.sub(r"\D", "", number)
    return f"+1{bare}" if len(bare) == FEWEST_DIGITS else f"+{bare}"


def spellings(number: str) -> tuple[str, ...]:
    """Write a number in each way that somebody's campaign may have it: to suppress is to match broadly."""
    found = digits(number)
    if found is None:
        return ()
    return (found, f"1{found}") if _NORTH_AMERICAN.fullmatch(number) else (found,)


def unsendable(contact: SendableContact) -> str | None:
    """Say why a person cannot be sent, without showing anything of the person; None if they can."""
    if digits(contact.number) is None:
        return (
            f"the number has not {FEWEST_DIGITS} to {MOST_DIGITS} digits that RVM would read as this number"
        )
    return None


def numbers(contacts: Iterable[SendableContact]) -> list[str] | None:
    """Write all of them; None if one cannot be."""
    found = [digits(contact.number) for contact in contacts]
    whole = [each for each in found if each is not None]
    return whole if len(whole) == len(found) else None
