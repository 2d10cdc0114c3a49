"""The few expressions that action.yml uses, evaluated as GitHub documents them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_TOKEN = re.compile(r"\s*('(?:[^']|'')*'|&&|\|\||==|!=|!|\(|\)|[\w.-]+)")
_PART = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)


def text(template: Any, context: Mapping[str, Any]) -> str:
    """A value of the file with every `${{ }}` in it replaced."""
    return _PART.sub(lambda found: _shown(value(found.group(1), context)), str(template))


def holds(condition: str | None, context: Mapping[str, Any], *, failed: bool, cancelled: bool) -> bool:
    """Whether a step runs; without a status function only while all is well."""
    condition = condition or "success()"
    if not re.search(r"\b(always|success|failure|cancelled)\(\)", condition):
        condition = f"success() && ({condition})"
    status = {
        "always": True,
        "success": not failed and not cancelled,
        "failure": failed,
        "cancelled": cancelled,
    }
    return bool(value(condition, {**context, "()": status}))


def value(expression: str, context: Mapping[str, Any]) -> Any:
    """The value of an expression; raises ValueError for anything that is not one of the few."""
    words = _TOKEN.findall(expression)
    if "".join(words) != re.sub(r"\s+(?=(?:[^']*'[^']*')*[^']*$)", "", expression):
        raise ValueError(f"not understood: {expression}")
    found, rest = _or(words, context)
    if rest:
        raise ValueError(f"not understood: {expression}")
    return found


def _or(words: list[str], context: Mapping[str, Any]) -> tuple[Any, list[str]]:
    left, words = _and(words, context)
    while words[:1] == ["||"]:
        right, words = _and(words[1:], context)
        left = left or right
    return left, words


def _and(words: list[str], context: Mapping[str, Any]) -> tuple[Any, list[str]]:
    left, words = _equal(words, context)
    while words[:1] == ["&&"]:
        right, words = _equal(words[1:], context)
        left = left and right
    return left, words


def _equal(words: list[str], context: Mapping[str, Any]) -> tuple[Any, list[str]]:
    left, words = _one(words, context)
    while words[:1] in (["=="], ["!="]):
        right, rest = _one(words[1:], context)
        same = str(left or "").lower() == str(right or "").lower()
        left, words = same == (words[0] == "=="), rest
    return left, words


def _one(words: list[str], context: Mapping[str, Any]) -> tuple[Any, list[str]]:
    first, rest = words[0], words[1:]
    if first == "!":
        found, rest = _one(rest, context)
        return not found, rest
    if first == "(":
        found, rest = _or(rest, context)
        return found, rest[1:]
    if first.startswith("'"):
        return first[1:-1].replace("''", "'"), rest
    if rest[:2] == ["(", ")"]:
        return context["()"][first], rest[2:]
    return _looked_up(first, context), rest


def _looked_up(path: str, context: Mapping[str, Any]) -> Any:
    found: Any = context
    for name in path.split("."):
        found = found.get(name, "") if isinstance(found, Mapping) else ""
    return found


def _shown(found: Any) -> str:
    return str(found).lower() if isinstance(found, bool) else str(found)
