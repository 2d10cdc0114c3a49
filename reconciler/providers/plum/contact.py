"""People as Plum's add-calls takes them: one line of text each."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from reconciler.providers.base import SendableContact

_NORTH_AMERICAN = re.compile(r"\+1\d{10}", re.ASCII)
_COUNTRY = "+1"


def caller_id(number: str) -> str | None:
    """Give a caller ID as the vendor writes it, ten digits; None for one that is not North American."""
    digits = re.sub(r"[\s().-]", "", number).removeprefix("+")
    national = digits.removeprefix("1") if len(digits) == len("16175550100") else digits
    return national if re.fullmatch(r"\d{10}", national, re.ASCII) else None


def unsendable(contact: SendableContact, ani: str | None) -> str | None:
    """Say why a person cannot be sent, without showing anything of the person; None if they can.

    The vendor wants the country digit 1 and a caller ID with each number, and no comma in a reference.
    """
    if not _NORTH_AMERICAN.fullmatch(contact.number):
        return "the number is not North American"
    if not caller_id(contact.ani or ani or ""):
        return "there is no North American caller ID"
    reference = (contact.reference or "").strip()
    if "," in reference:
        return "the reference holds a comma"
    return None if reference.isprintable() else "the reference holds a control character"


def entry(contact: SendableContact, ani: str | None) -> str:
    """Write one person, without blanks (A11); for those only that `unsendable` lets pass."""
    shown = caller_id(contact.ani or ani or "")
    reference = (contact.reference or "").strip()
    return f"tel:{contact.number};ani={shown}" + (f",{reference}" if reference else "")


def refusal(contacts: Iterable[SendableContact], ani: str | None) -> str | None:
    """Say how many of these people cannot be sent and why; None if all can."""
    reasons = Counter(reason for contact in contacts if (reason := unsendable(contact, ani)))
    if not reasons:
        return None
    listed = "; ".join(f"{reason} ({count})" for reason, count in sorted(reasons.items()))
    return f"{reasons.total()} contacts cannot be sent to Plum, so none were: {listed}"
