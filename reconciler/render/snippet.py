"""A line of a manifest with a caret below what is wrong; secrets in it are covered."""

from __future__ import annotations

import re

from reconciler.model.problem import Location
from reconciler.render.sheet import Sheet, bad, width_of

_GUTTER = 5
_SECRET = re.compile(
    r"""(?i)(?<![\w-])["']?(?:[\w-]*(?:token|password|secret|api_?key|session|credentials?)|key|login)["']?\s*:\s*+"""
    r"""(?!\{)(?P<value>"[^"]*"?|'[^']*'?|[^,}\]#]+)"""
)
_TOKEN = re.compile(r"\"[^\"]*\"?|'[^']*'?|[^\s,:\]}]+")


def snippet(sheet: Sheet, place: Location, line: str) -> None:
    """Write the line, as much of it as fits around the place, and carets below."""
    room = sheet.width - _GUTTER - 3
    text = covered(line.rstrip().expandtabs(1))
    start = min(max(place.column - 1, 0), max(len(text) - 1, 0))
    found = _TOKEN.match(text, start)
    end = start + (len(found[0]) if found else 1)
    first = max(0, min(start - room // 3, len(text) - room)) if end > room else 0
    before, rest = text[first:start], text[start : first + room]
    marked = found[0][: len(rest)] if found else rest[:1]
    sheet.line(f"{place.line:>{_GUTTER}} | {before}{rest}")
    carets = "^" * max(width_of(marked), 1)
    sheet.line(f"{'':{_GUTTER}} | {'':{width_of(before)}}", bad(carets))


def covered(line: str) -> str:
    """The line with literal secrets replaced, each by as many stars."""
    return _SECRET.sub(_starred, line)


def _starred(match: re.Match[str]) -> str:
    value = match["value"]
    bare = value.rstrip()
    return match[0][: -len(value)] + "*" * len(bare) + value[len(bare) :]
