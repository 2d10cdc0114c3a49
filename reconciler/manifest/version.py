"""The range of versions of this tool that a project asks for."""

from __future__ import annotations

import operator
import re
from collections.abc import Iterator

import reconciler
from reconciler.manifest.finding import Finding
from reconciler.model.problem import Location

_COMPARISONS = {
    ">=": operator.ge,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    "<": operator.lt,
}


def version_findings(range_: str, where: Location) -> Iterator[Finding]:
    """What keeps this version from working on a project that asks for a range."""
    running = reconciler.__version__
    if not satisfies(running, range_):
        message = f"the project wants reconciler {range_}, this is {running}"
        yield Finding("REQ01", message, "use a version in that range", where)


def satisfies(version: str, range_: str) -> bool:
    """Whether a version lies in a range such as `>=0.1,<0.2`; what follows its numbers is left out."""
    running = _release(version)
    return all(_in_bound(running, bound.strip()) for bound in range_.split(","))


def _in_bound(running: tuple[int, ...], bound: str) -> bool:
    sign = re.match(r"[<>=!~]+", bound)
    comparison = sign.group() if sign else "=="
    text = bound[len(comparison) :]
    limit = _release(text)
    if comparison == "~=":
        fixed = max(text.count("."), 1)
        return running >= limit and running[:fixed] == limit[:fixed]
    return bool(_COMPARISONS[comparison](running, limit))


def _release(version: str) -> tuple[int, ...]:
    """The first four numbers of a version, so that 0.1 and 0.1.0 are the same."""
    leading = re.match(r"\s*([0-9]+(?:\.[0-9]+)*)", version)
    numbers = [int(number[:9]) for number in leading.group(1).split(".")] if leading else []
    return tuple((*numbers, 0, 0, 0, 0)[:4])
