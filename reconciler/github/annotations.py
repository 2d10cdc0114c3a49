"""Annotations: problems and drift as workflow commands, on the lines of the manifests at fault."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from reconciler.render.safe import clean

MOST = 10
"""GitHub shows so many of a kind from one step."""


def annotated(document: Mapping[str, Any], project: str) -> Iterator[str]:
    """Commands for a result's document; `project` is the project's folder below the repository's root."""
    found = [*_problems(document), *_findings(document)]
    for kind in ("error", "warning", "notice"):
        several = [each for each in found if each[0] == kind]
        shown = several if len(several) <= MOST else several[: MOST - 1]
        yield from (_placed(kind, message, place, project) for _, message, place in shown)
        if len(several) > len(shown):
            yield command(kind, f"and {len(several) - len(shown)} more; the run's summary has them")


def command(kind: str, message: str, **properties: str | int) -> str:
    """One command; nothing in its text can end it or begin another."""
    named = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items() if value)
    return f"::{kind}{' ' if named else ''}{named}::{_data(message)}"


_Told = tuple[str, str, Mapping[str, Any]]


def _problems(document: Mapping[str, Any]) -> Iterator[_Told]:
    for each in _maps(document.get("problems")):
        kind = "error" if each.get("severity") == "error" else "warning"
        help_text = f"; {each['help']}" if each.get("help") else ""
        yield kind, f"{each.get('code')} {each.get('message')}{help_text}", each


def _findings(document: Mapping[str, Any]) -> Iterator[_Told]:
    if document.get("format") != "drift":
        return
    for each in _maps(document.get("findings")):
        grade = str(each.get("grade"))
        kind = "notice" if grade == "quieter" else "warning"
        text = each.get("text") or ", ".join(str(one.get("field")) for one in _maps(each.get("differences")))
        yield kind, f"{grade.upper()} {each.get('address')}: {each.get('what')} outside: {text}", each


def _maps(series: object) -> Iterable[Mapping[str, Any]]:
    return [each for each in series if isinstance(each, dict)] if isinstance(series, list) else ()


def _placed(kind: str, message: str, place: Mapping[str, Any], project: str) -> str:
    file = place.get("file")
    where: dict[str, str | int] = {"file": str(PurePosixPath(project) / str(file))} if file else {}
    if file and place.get("line"):
        where |= {"line": int(place["line"]), "col": int(place.get("column") or 0)}
    return command(kind, message, **where)


def _data(text: str) -> str:
    return clean(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
