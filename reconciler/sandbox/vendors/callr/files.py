"""Reading the telephone numbers out of an imported file: CSV with any usual separator, with or without a header."""

import csv
import io
import re
from dataclasses import dataclass, field

SEPARATORS = ",;\t|"
E164 = re.compile(r"\+[1-9]\d{6,14}", re.ASCII)
PUNCTUATION = str.maketrans("", "", " .-()/")


@dataclass(frozen=True, slots=True)
class Country:
    """How a country writes its numbers: code, the zero before national ones, and how long they are."""

    code: str
    trunk: str
    lengths: range


COUNTRIES = {
    "FR": Country("33", "0", range(9, 10)),
    "GB": Country("44", "0", range(9, 11)),
    "DE": Country("49", "0", range(6, 12)),
    "BE": Country("32", "0", range(8, 10)),
    "CH": Country("41", "0", range(9, 10)),
    "ES": Country("34", "", range(9, 10)),
    "IT": Country("39", "", range(6, 12)),
    "US": Country("1", "1", range(10, 11)),
    "CA": Country("1", "1", range(10, 11)),
    "CO": Country("57", "0", range(8, 11)),
    "MX": Country("52", "01", range(10, 11)),
}


@dataclass(frozen=True, slots=True)
class Found:
    """What a file holds, or why it can't be read."""

    numbers: list[str] = field(default_factory=list)
    header: list[str] = field(default_factory=list)
    problem: str = ""


def numbers_of(content: bytes, column: int, country: str) -> Found:
    """Read one column, which counts from 0 (A15); a first row without a number there is a header."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return Found(problem="the file is neither CSV nor XLS")
    first = text.partition("\n")[0]
    separator = max(SEPARATORS, key=first.count)
    rows = [row for row in csv.reader(io.StringIO(text), delimiter=separator) if any(map(str.strip, row))]
    if not rows or column >= max(map(len, rows)):
        return Found(problem=f"the file has no column {column}")
    cells = [row[column] if column < len(row) else "" for row in rows]
    read = [international(cell, country) for cell in cells]
    header = rows[0] if read[0] is None else []
    return Found([number for number in read if number is not None], header)


def international(cell: str, country: str) -> str | None:
    """Write a number as E.164; None if it is none."""
    bare = cell.strip().translate(PUNCTUATION)
    if bare.startswith("00"):
        bare = f"+{bare[2:]}"
    if bare.startswith("+"):
        return bare if E164.fullmatch(bare) else None
    rule = COUNTRIES.get(country)
    if rule is None or not (bare.isascii() and bare.isdigit()):
        return None
    national = bare.removeprefix(rule.trunk)
    if len(national) in rule.lengths:
        return f"+{rule.code}{national}"
    whole = bare.removeprefix(rule.code)
    return f"+{bare}" if whole != bare and len(whole) in rule.lengths else None
