"""People as wolkvox takes them: a record of texts, known by its customer_id, ringing at tel1 alone."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from reconciler.model.value import Fields
from reconciler.providers.base import Sendable, SendableContact
from reconciler.providers.wolkvox.about import (
    LONG_OPTION,
    OPTIONS,
    PREDICTIVE_FIELDS,
    PREVIEW_FIELDS,
    SHORT_OPTION,
    SHORT_OPTIONS,
    TEXT_FIELDS,
)
from reconciler.providers.wolkvox.number import Dialling

PHONE, ID = ("tel1", "tel1"), ("customer_id", "id_cliente")
"""Names of the two as they are written, and as `campaign_15` shows them."""


def dialling(fields: Mapping[str, Sendable] | Fields) -> Dialling:
    """Read how the account dials off an object's fields."""
    return Dialling(str(fields.get("region") or ""), str(fields.get("dial_prefix") or ""))


def names_of(type_: str) -> tuple[str, ...]:
    """List the fields that a record of a campaign of this type may have, beside number and id."""
    return (*TEXT_FIELDS, *(PREVIEW_FIELDS if type_ == "preview" else PREDICTIVE_FIELDS))


def customer_id(contact: SendableContact, marker: str | None) -> str:
    """Give the id by which the vendor knows a person in a campaign: the list's own, else one made of the number."""
    if contact.reference:
        return contact.reference
    text = f"{marker}:{contact.number}"
    return hashlib.blake2b(text.encode(), digest_size=10).hexdigest()


def record(contact: SendableContact, type_: str, dial: Dialling, marker: str | None) -> dict[str, str] | None:
    """Write a person as a record, every field a text; None for one whom the operation cannot dial."""
    phone = dial.dialled(contact.number)
    if phone is None:
        return None
    texts = {name: contact.fields.get(name, "") for name in names_of(type_)}
    return {ID[0]: customer_id(contact, marker), **texts, PHONE[0]: phone}


def number_of(record: Mapping[str, Any], dial: Dialling) -> str | None:
    """Read whom a record of `campaign_15` rings; None for a record that is not written as we write them."""
    return dial.number(str(record.get(PHONE[1]) or ""))


def unsendable(contact: SendableContact, dial: Dialling) -> str | None:
    """Say why a person cannot be sent, without showing anything of the person; None if they can."""
    if dial.dialled(contact.number) is None:
        return f"the number is not one of region {dial.region}, in which the operation dials"
    return next(_wrong(contact.fields), None)


def _wrong(fields: Mapping[str, str]) -> Iterator[str]:
    for name in OPTIONS:
        most = SHORT_OPTION if name in SHORT_OPTIONS else LONG_OPTION
        if len(fields.get(name, "")) > most:
            yield f"{name} has more than {most} characters"
