"""Searches as CALLR answers them: loose filters, and pages even where nobody asked for any."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from reconciler.sandbox.vendors.callr.account import INVALID_PARAMS, Call, Refused

Found = TypeVar("Found")
MOST = 1000


def answer(
    call: Call, rows: Sequence[Found], texts: Callable[[Found], str], shown: Callable[[Found], Any]
) -> dict[str, Any]:
    """Filter, cut out and show; `texts` is what keywords are looked for in."""
    filters, options = call.object(0, "filters"), call.object(1, "options")
    wanted = [row for row in rows if _fits(call, filters, row, texts(row))]
    if call.account.options.order == "newest first":
        wanted.reverse()
    offset = _count(options, "offset", 0)
    quantity = min(MOST, _count(options, "quantity", call.account.options.page_size))
    cut = wanted[offset : offset + quantity]
    return {
        "hits": [shown(row) for row in cut],
        "total": len(wanted),
        "offset": offset,
        "has_more": offset + len(cut) < len(wanted),
    }


def _fits(call: Call, filters: dict[str, Any], row: object, text: str) -> bool:
    wanted = {name: value for name, value in filters.items() if value not in (None, "")}
    if "hash" in wanted and wanted["hash"] != getattr(row, "hash", None):
        return False
    name = str(getattr(row, "name", ""))
    if "name" in wanted and not _named(call, str(wanted["name"]), name):
        return False
    return "keywords" not in wanted or str(wanted["keywords"]).lower() in text.lower()


def _named(call: Call, wanted: str, name: str) -> bool:
    if call.account.options.name_filter == "equals":
        return wanted == name
    return wanted.lower() in name.lower()


def _count(options: dict[str, Any], name: str, default: int) -> int:
    value = options.get(name)
    if value is None:
        return default
    text = str(value)
    if not (text.isascii() and text.isdigit()):
        raise Refused(f"{name}: a number is required", INVALID_PARAMS)
    return int(text)
