"""Reading phone number entries: JSON arrays, .csv and .txt files.

The form is `tel:+1NXXNXXXXXX;ani=NXXNXXXXXX`, with or without a blank after the semicolon (A11), and after a
comma a message reference. The sister Outbound API's page on contact files adds, for files, the header
`destination`, the bare `1NXXNXXXXXX` and `tel:1…`; whether the scheduler wants the header is not documented,
so both ways are taken.
"""

import csv
import io
import json
import re
from collections.abc import Iterator

from reconciler.sandbox.bodies import Upload
from reconciler.sandbox.vendors.plum.records import PhoneNumber

SUBSCRIBER = r"[2-9]\d{2}[2-9]\d{6}"
REFERENCE = r"(?:,(?P<reference>[^,]*))?"
ARRAY_ENTRY = re.compile(rf"tel:\+1(?P<number>{SUBSCRIBER}); *ani=(?P<ani>\d{{10}}){REFERENCE}", re.ASCII)
FILE_ENTRY = re.compile(
    rf"(?:tel:\+?)?1(?P<number>{SUBSCRIBER})(?:; *ani=(?P<ani>\d{{10}}))?{REFERENCE}", re.ASCII
)
HEADER = "destination"


class Unreadable(Exception):
    """The phone numbers as a whole can't be read."""


def read_phone_numbers(value: object) -> list[PhoneNumber | None]:
    """Every entry in order, None for an invalid one."""
    if isinstance(value, Upload):
        return [_entry(FILE_ENTRY, line) for line in _file_lines(value)]
    return [_entry(ARRAY_ENTRY, each) for each in _array(value)]


def _array(value: object) -> list[object]:
    try:
        array = json.loads(value) if isinstance(value, str) else value
    except ValueError:
        array = None
    if not isinstance(array, list):
        raise Unreadable("The phone numbers must be an array or a .csv or .txt file.")
    return array


def _file_lines(upload: Upload) -> Iterator[str]:
    if not upload.filename.lower().endswith((".csv", ".txt")):
        raise Unreadable("The phone numbers must be a file of type: csv, txt.")
    rows = [row for row in csv.reader(io.StringIO(upload.content.decode("utf-8-sig", "replace"))) if any(row)]
    if rows and rows[0][0].strip().lower() == HEADER:
        return (row[0] for row in rows[1:])
    return (",".join(row) for row in rows)


def _entry(form: re.Pattern[str], text: object) -> PhoneNumber | None:
    match = form.fullmatch(text.strip()) if isinstance(text, str) else None
    if match is None:
        return None
    return PhoneNumber("+1" + match["number"], match["ani"], (match["reference"] or "").strip() or None)
