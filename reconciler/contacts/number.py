"""Phone numbers as people and spreadsheets write them -> E.164, or None when that is a guess."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

NANP_REGIONS = frozenset(
    ("US AG AI AS BB BM BS CA DM DO GD GU JM KN KY LC MP MS PR SX TC TT VC VG VI").split(" ")  # noqa: SIM905
)
"""The regions of country code 1, which share one numbering plan."""

_SHAPE = "[2-9][0-9]{2}[2-9][0-9]{6}"
_PLAIN_NANP = re.compile(f"(?:\\+?1)?({_SHAPE})")
_INTERNATIONAL_NANP = re.compile(f"\\+1({_SHAPE})")
_QUICK_PUNCTUATION = b" ()-\t"

_PUNCTUATION = re.compile(r"[\s().\-\[\]/]+")
_DIGITS = re.compile(r"\+?[0-9]{4,20}")
_DECIMALS = ("", "0", "00")
_EXTENSION = re.compile(r"\s*(?:;\s*ext=|,?\s*ext(?:ension|n)?\.?:?|x\.?|#)\s*[0-9]{1,7}", re.IGNORECASE)
_FORMULA = re.compile(r'="([^"]*)"')
_LEGACY_MEXICAN = re.compile(r"\+52(?:1|01|044|045)([0-9]{10})")
_LEGACY_MEXICAN_NATIONAL = re.compile(r"(?:52)?(?:1|01|044|045)([0-9]{10})")
_LONGEST_AREA_CODE = 6
_SHORTEST_WHOLE = 7
_LOOKALIKES = {"\u2212": "-", "\u00b7": ".", "\u30fb": ".", "\u2019": "'"}


class Normaliser:
    """Reads numbers of one list: `region` is that of numbers without a country code, None for none.

    `extensions`: whether a number with an extension is read (as the number alone). It must be for
    suppression; calling the switchboard instead of the person would be wrong, so not for sending.
    """

    __slots__ = ("_extensions", "_fast", "_fast_line", "_region")

    def __init__(self, region: str | None, *, extensions: bool = False) -> None:
        self._region = region
        self._extensions = extensions
        self._fast = _PLAIN_NANP if region in NANP_REGIONS else _INTERNATIONAL_NANP
        # One answer per line: the ten digits, or nothing where the careful way has to look.
        self._fast_line = re.compile(f"^(?:{self._fast.pattern}|.*)$", re.MULTILINE)

    def read(self, text: str) -> str | None:
        """Return the E.164 form of one number, None if the text is no number that can be relied on."""
        cleaned = _cleaned(text, extensions=self._extensions)
        if cleaned is None:
            return None
        match = self._fast.fullmatch(cleaned)
        return "+1" + match[1] if match else parsed(cleaned, self._region)

    def read_all(self, texts: Sequence[str]) -> list[str | None]:
        """`read` each text; as fast as a spreadsheet of a million rows needs it."""
        joined = "\n".join(texts).encode("ascii", "replace").translate(None, _QUICK_PUNCTUATION)
        quick = self._fast_line.findall(joined.decode("ascii"))
        if len(quick) != len(texts):  # a line break inside a cell
            return [self.read(text) for text in texts]
        return [
            "+1" + digits if digits else self.read(text) for digits, text in zip(quick, texts, strict=True)
        ]


def parsed(cleaned: str, region: str | None) -> str | None:
    """Return the E.164 form of `+digits` or `digits` by the numbering plans of the world.

    Possible numbers are taken, not only assigned ones: plans change faster than tables, and the numbers
    of examples (617-555-0100) may be possible only. In country code 1 the shape NXX-NXX-XXXX is asked too.
    """
    import phonenumbers

    try:
        number = phonenumbers.parse(_modernised(cleaned, region), region)
    except phonenumbers.NumberParseException:
        return None
    if phonenumbers.is_possible_number_with_reason(number) != phonenumbers.ValidationResult.IS_POSSIBLE:
        return None
    e164 = str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
    return e164 if number.country_code != 1 or _INTERNATIONAL_NANP.fullmatch(e164) else None


def _modernised(cleaned: str, region: str | None) -> str:
    """Mexico dropped its mobile and trunk prefixes in 2019; lists still carry them, for the same lines."""
    national = region == "MX" and not cleaned.startswith("+")
    legacy = (_LEGACY_MEXICAN_NATIONAL if national else _LEGACY_MEXICAN).fullmatch(cleaned)
    return "+52" + legacy[1] if legacy else cleaned


def is_region(region: str) -> bool:
    """Whether there is a numbering plan of that name."""
    if region in NANP_REGIONS:
        return True
    import phonenumbers

    return region in phonenumbers.SUPPORTED_REGIONS


def _cleaned(text: str, *, extensions: bool) -> str | None:
    """Take off what typing and spreadsheets leave around a number: `+digits`, `digits` or None."""
    text = _unwrapped(text if text.isascii() else "".join(map(_plain, text)))
    if extensions:
        text = _without_extension(text)
    return None if _two_numbers(text) else _compact(_without_decimals(text))


def _without_decimals(text: str) -> str:
    """Undo what a column of the number type does: 6175550100.0. A fraction that is not nothing is damage."""
    whole, _, fraction = text.rpartition(".")
    if _digits_in(whole) < _SHORTEST_WHOLE or (len(fraction) > 1 and "." in whole):
        return text  # 06.12.34.56.78: dots that only part the digits
    if len(fraction) > len(_DECIMALS[-1]) and fraction.strip("0"):
        return text  # 1617555.0100: so does this one
    return whole if fraction in _DECIMALS and "." not in whole else ""


def _compact(text: str) -> str | None:
    compact = _PUNCTUATION.sub("", text)
    if not _DIGITS.fullmatch(compact):
        return None
    return "+" + compact[2:] if compact.startswith("00") else compact


def _unwrapped(text: str) -> str:
    """Strip the apostrophe, formula or scheme that a number may be wrapped in."""
    text = text.strip().lstrip("'").strip()
    formula = _FORMULA.fullmatch(text)
    text = formula[1].strip() if formula else text
    return text[4:].strip() if text[:4].lower() == "tel:" else text


def _without_extension(text: str) -> str:
    start = re.search(r"[;,xX#eE]", text)
    if start is None:
        return text
    head = text[: start.start()]
    return head if _EXTENSION.fullmatch(text[start.start() :]) else text


def _two_numbers(text: str) -> bool:
    """Whether a slash parts two numbers rather than an area code from the rest; and line breaks always do."""
    head, slash, _ = text.partition("/")
    return "\n" in text or "\r" in text or (slash != "" and _digits_in(head) > _LONGEST_AREA_CODE)


def _digits_in(text: str) -> int:
    return sum(map(str.isdigit, text))


def _plain(char: str) -> str:
    """Return the ASCII character that a reader sees in this one; itself where there is none."""
    if char.isdecimal():
        return str(unicodedata.decimal(char))
    if char in _LOOKALIKES:
        return _LOOKALIKES[char]
    category = unicodedata.category(char)
    if category == "Cf":  # invisible: directions, joiners, byte order marks
        return ""
    if category == "Pd":
        return "-"
    plain = unicodedata.normalize("NFKC", char) if category in ("Zs", "Ps", "Pe", "Sm", "Po") else char
    return plain if len(plain) == 1 else char  # an ellipsis is no three dots: it leaves digits out
