"""People as CALLR imports them: a CSV file with a heading, the number in its first column."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from reconciler.providers.base import SendableContact

HEADING = ("phone", "reference")
"""As the vendor's own sample has one: a heading is no number, and is not counted."""

COUNTRY = "US"
"""What national numbers would be of; there are none, for all are sent in E.164."""


def unsendable(contact: SendableContact) -> str | None:
    """Say why a person cannot be sent, showing nothing of the person; None if they can."""
    texts = (contact.reference or "", *contact.fields.values())
    return None if all(text.isprintable() for text in texts) else "a column holds a control character"


def content(contacts: Sequence[SendableContact]) -> bytes:
    """Write the file."""
    columns = sorted({name for contact in contacts for name in contact.fields})
    written = io.StringIO(newline="")
    rows = csv.writer(written, lineterminator="\r\n")
    rows.writerow((*HEADING, *columns))
    rows.writerows(_row(contact, columns) for contact in contacts)
    return written.getvalue().encode()


def _row(contact: SendableContact, columns: Iterable[str]) -> tuple[str, ...]:
    return (contact.number, contact.reference or "", *(contact.fields.get(name, "") for name in columns))
