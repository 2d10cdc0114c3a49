"""Which records a filter lets through."""

import operator
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from reconciler.sandbox.vendors.wolkvox.records import Condition, Filter, Record

Comparison = Callable[[str, str], bool]


def _ordered(compare: Callable[[Any, Any], bool]) -> Comparison:
    """Compare as numbers where both are, else as texts."""

    def compared(left: str, right: str) -> bool:
        if re.fullmatch(r"-?\d+", left) and re.fullmatch(r"-?\d+", right):
            return compare(int(left), int(right))
        return compare(left, right)

    return compared


def _like(value: str, pattern: str) -> bool:
    """Compare as SQL does: a per cent sign for anything."""
    return re.fullmatch(".*".join(map(re.escape, pattern.split("%"))), value, re.IGNORECASE) is not None


OPERATORS: Mapping[str, Comparison] = {
    "<": _ordered(operator.lt),
    ">": _ordered(operator.gt),
    ">=": _ordered(operator.ge),
    "<=": _ordered(operator.le),
    "!=": operator.ne,
    "=": operator.eq,
    "is": operator.eq,
    "like": _like,
}


def matching(chosen: Filter | None, records: Iterable[Record]) -> list[Record]:
    """The records that are let through; all where there is no filter."""
    if chosen is None:
        return list(records)
    enough = any if chosen.any_of_them else all
    return [record for record in records if enough(_meets(each, record) for each in chosen.conditions)]


def _meets(condition: Condition, record: Record) -> bool:
    value = record.result if condition.field == "result" else record.fields.get(condition.field, "")
    return OPERATORS[condition.operator](str(value), condition.value)
