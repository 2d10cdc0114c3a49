"""Numbers as an operation dials them: the national number behind a dial prefix; pure, and both ways."""

from __future__ import annotations

import functools
import re

from msgspec import Struct

from reconciler.contacts.number import NANP_REGIONS

_NATIONAL = re.compile(r"\d{4,14}", re.ASCII)


@functools.cache
def country_code(region: str) -> str:
    """Give the country code of a region, without the plus; empty for a region that does not exist."""
    if region in NANP_REGIONS:
        return "1"
    import phonenumbers

    return str(phonenumbers.country_code_for_region(region) or "")


class Dialling(Struct, frozen=True):
    """How an operation dials: numbers of one region, behind a prefix that takes an outside line."""

    region: str
    prefix: str = ""

    def dialled(self, number: str) -> str | None:
        """Write an E.164 number as the operation dials it; None for one of another country.

        >>> Dialling("CO", "9").dialled("+573001234567")
        '93001234567'
        """
        code = f"+{country_code(self.region)}"
        national = number.removeprefix(code)
        if not number.startswith(code) or not _NATIONAL.fullmatch(national):
            return None
        return self.prefix + national

    def number(self, dialled: str) -> str | None:
        """Read a number that `dialled` wrote back into E.164; None for what it never writes.

        >>> Dialling("CO", "9").number("93001234567")
        '+573001234567'
        """
        national = dialled.strip().removeprefix(self.prefix)
        if not dialled.strip().startswith(self.prefix) or not _NATIONAL.fullmatch(national):
            return None
        return f"+{country_code(self.region)}{national}"

    def meanings(self, listed: str) -> tuple[str, ...]:
        """List all numbers that somebody may have meant by an entry of a list: suppressing matches broadly."""
        digits = re.sub(r"\D", "", listed)
        code = country_code(self.region)
        bare = [digits, digits.removeprefix(self.prefix)]
        nationals = dict.fromkeys([*bare, *(each.removeprefix(code) for each in bare)])
        return tuple(f"+{code}{each}" for each in nationals if _NATIONAL.fullmatch(each))

    def spellings(self, number: str) -> tuple[str, ...]:
        """Write a number in each way in which a campaign of the operation may have it."""
        found = self.dialled(number)
        if found is None:
            return ()
        return tuple(dict.fromkeys((found, found.removeprefix(self.prefix))))
