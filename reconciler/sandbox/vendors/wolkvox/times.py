"""Times of day and moments as wolkvox takes and shows them (A1)."""

import re
from datetime import datetime, time
from zoneinfo import ZoneInfo

from reconciler.sandbox.vendors.wolkvox.wire import Refused

SIX = re.compile(r"([01]\d|2[0-3])([0-5]\d)([0-5]\d)", re.ASCII)
COLONS = re.compile(r"([01]\d|2[0-3]):([0-5]\d):([0-5]\d)", re.ASCII)
DATE_LENGTH = 8


def any_time(field: str, text: str) -> time:
    """Read `hhiiss`, `YYYYmmddhhiiss` (its date counts for nothing) or `HH:mm:ss`."""
    if len(text) == DATE_LENGTH + 6 and text.isdigit():
        text = text[DATE_LENGTH:]
    return _time(field, SIX.fullmatch(text) or COLONS.fullmatch(text))


def colon_time(field: str, text: str) -> time:
    """Read `HH:mm:ss`."""
    return _time(field, COLONS.fullmatch(text))


def _time(field: str, match: re.Match[str] | None) -> time:
    if match is None:
        raise Refused(400, f"THE FORMAT OF {field.upper()} IS NOT VALID")
    hour, minute, second = map(int, match.groups())
    return time(hour, minute, second)


def moment(field: str, text: str, zone: ZoneInfo) -> datetime:
    """Read `YYYYmmddHHiiss`."""
    try:
        return datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=zone)
    except ValueError:
        raise Refused(400, f"THE FORMAT OF {field.upper()} IS NOT VALID") from None


def check_order(opens: time, closes: time) -> None:
    """Refuse hours that end before they begin."""
    if opens >= closes:
        raise Refused(400, "START_TIME MUST BE BEFORE END_TIME")
