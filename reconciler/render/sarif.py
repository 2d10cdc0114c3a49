"""SARIF 2.1.0: problems and drift for code scanning and editors, from a command's JSON document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

from reconciler.render.json import Document

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS = {"error": "error", "warning": "warning"}
GRADES = {"louder": "error", "other": "warning", "same": "note", "quieter": "note"}
"""How much drift of a grade weighs; its rule is `drift-` and the grade."""
_DRIFT = {
    "louder": "somebody made it call more people, sooner, wider or again",
    "quieter": "somebody made it call fewer people, later or narrower; it is left so",
    "other": "somebody changed it, and what that means for people cannot be told",
    "same": "somebody changed it, and nobody is called differently",
}
_PROJECT_FILE = "reconciler.yaml"
"""Where stands what has no place: readers want one."""

Rules = Mapping[str, Mapping[str, str]]


def log(document: Mapping[str, Any], version: str, rules: Rules, project: str) -> Document:
    """A log of one run; `rules` tell of each code, `project` is its folder below the repository's root."""
    results = [*_problems(document, project), *_findings(document, project)]
    used = dict.fromkeys(result["ruleId"] for result in results)
    order = {name: index for index, name in enumerate(used)}
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "reconciler",
                        "semanticVersion": version,
                        "rules": [_rule(name, rules) for name in used],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "invocations": [{"executionSuccessful": document.get("exit_code") in {0, 2, 3, 4, 6}}],
                "results": [{**result, "ruleIndex": order[result["ruleId"]]} for result in results],
            }
        ],
    }


def _rule(name: str, rules: Rules) -> Document:
    told = rules.get(name, {})
    text = told.get("title") or _DRIFT.get(name.removeprefix("drift-")) or name
    rule: Document = {"id": name, "shortDescription": {"text": text}}
    if told.get("text"):
        rule["fullDescription"] = {"text": told["text"]}
        rule["help"] = {"text": f"{told['text']} {told.get('remedy', '')}".strip()}
    return rule


def _problems(document: Mapping[str, Any], project: str) -> Iterator[Document]:
    for each in _maps(document, "problems"):
        remedy = f" ({each['help']})" if each.get("help") else ""
        level = LEVELS.get(str(each.get("severity")), "warning")
        yield _result(str(each.get("code")), level, f"{each.get('message')}{remedy}", each, project)


def _findings(document: Mapping[str, Any], project: str) -> Iterator[Document]:
    for each in _maps(document, "findings"):
        grade = str(each.get("grade"))
        fields = ", ".join(str(one.get("field")) for one in each.get("differences", ()))
        text = f"{each.get('address')} {each.get('what')} outside: {each.get('text') or fields}"
        yield _result(f"drift-{grade}", GRADES.get(grade, "warning"), text, each, project)


def _result(rule: str, level: str, text: str, place: Mapping[str, Any], project: str) -> Document:
    path = PurePosixPath(project) / str(place.get("file") or _PROJECT_FILE)
    where: Document = {"artifactLocation": {"uri": quote(path.as_posix()), "uriBaseId": "%SRCROOT%"}}
    if place.get("file") and place.get("line"):
        column = {"startColumn": place["column"]} if place.get("column") else {}
        where["region"] = {"startLine": place["line"], **column}
    return {
        "ruleId": rule,
        "level": level,
        "message": {"text": text},
        "locations": [{"physicalLocation": where}],
    }


def _maps(document: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """A series of the document, or of the plan within it."""
    found = document.get(name) or (document.get("plan") or {}).get(name) or []
    return [each for each in found if isinstance(each, Mapping)]
