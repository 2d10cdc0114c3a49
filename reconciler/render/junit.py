"""JUnit XML: a command's result as test cases, for CI that shows those; from its JSON document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from xml.sax.saxutils import escape, quoteattr


class Case(NamedTuple):
    """One test case. `verdict` is passed, failure, error or skipped."""

    group: str
    name: str
    verdict: str = "passed"
    message: str = ""
    text: str = ""
    seconds: float = 0.0


_STEPS = {"done": "passed", "failed": "failure", "unknown": "error", "stale": "failure"}
"""What an end of a change is; held and skipped ones are skipped."""


def suite(document: Mapping[str, Any]) -> str:
    """The whole file: a case for each file at fault, each finding, each unknown, and each change."""
    name = f"reconciler {document.get('format')}"
    cases = [*_problems(document), *_unknowns(document), *_findings(document), *_changes(document)]
    cases = cases or [_whole(document)]
    counts = " ".join(
        f'{plural}="{sum(case.verdict == verdict for case in cases)}"'
        for plural, verdict in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped"))
    )
    head = f'tests="{len(cases)}" {counts} time="{sum(case.seconds for case in cases):.3f}"'
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f"<testsuites name={quoteattr(name)} {head}>",
        f"<testsuite name={quoteattr(name)} {head}>",
        *map(_case, cases),
        "</testsuite>",
        "</testsuites>",
    ]
    return "\n".join(lines) + "\n"


def _case(case: Case) -> str:
    attributes = f"classname={quoteattr(case.group)} name={quoteattr(case.name)}"
    start = f'<testcase {attributes} time="{case.seconds:.3f}"'
    if case.verdict == "passed":
        return f"{start}/>"
    inner = f"<{case.verdict} message={quoteattr(case.message)}>{escape(case.text)}</{case.verdict}>"
    return f"{start}>{inner}</testcase>"


def _whole(document: Mapping[str, Any]) -> Case:
    """The one case of a result with nothing in it."""
    reason = str(document.get("failure_reason") or "")
    verdict = "passed" if document.get("exit_code") == 0 else "failure"
    return Case("project", str(document.get("project") or document.get("format")), verdict, reason)


def _problems(document: Mapping[str, Any]) -> Iterator[Case]:
    """One case for each file, since one for each rule would hide how many there are."""
    files: dict[str, list[Mapping[str, Any]]] = {}
    for each in _maps(document, "problems"):
        files.setdefault(str(each.get("file") or each.get("address") or "project"), []).append(each)
    for name, several in files.items():
        wrong = [each for each in several if each.get("severity") == "error"]
        lines = "\n".join(map(_line, several))
        message = f"{len(wrong)} errors, {len(several) - len(wrong)} warnings"
        yield Case("manifests", name, "failure" if wrong else "skipped", message, lines)


def _line(each: Mapping[str, Any]) -> str:
    place = ":".join(str(each[name]) for name in ("line", "column") if each.get(name))
    remedy = f" = {each['help']}" if each.get("help") else ""
    return f"{place or '-'} {each.get('severity')} {each.get('code')} {each.get('message')}{remedy}"


def _unknowns(document: Mapping[str, Any]) -> Iterator[Case]:
    for each in _maps(document, "unknowns"):
        yield Case(
            "unknown", str(each.get("key")), "error", "nobody knows how it ended", str(each.get("text"))
        )


def _findings(document: Mapping[str, Any]) -> Iterator[Case]:
    for each in _maps(document, "findings"):
        grade = str(each.get("grade"))
        fields = ", ".join(str(one.get("field")) for one in each.get("differences", ()))
        text = str(each.get("text") or fields)
        verdict = "skipped" if grade in {"quieter", "same"} else "failure"
        yield Case("drift", str(each.get("key")), verdict, f"{grade}: {each.get('what')}", text)


def _changes(document: Mapping[str, Any]) -> Iterator[Case]:
    for each in _maps(document, "steps"):
        verdict = _STEPS.get(str(each.get("result")), "skipped")
        seconds = float(each.get("seconds") or 0.0)
        yield Case(
            "changes", str(each.get("id")), verdict, str(each.get("result")), str(each.get("detail")), seconds
        )
    if "steps" not in document:
        for each in _maps(document, "changes"):
            held = [str(one.get("reason")) for one in each.get("held", ())]
            yield Case(
                "changes", str(each.get("id")), "skipped" if held else "passed", "held", "; ".join(held)
            )


def _maps(document: Mapping[str, Any], name: str) -> Sequence[Mapping[str, Any]]:
    """A series of the document, or of the plan within it."""
    found = document.get(name) or (document.get("plan") or {}).get(name) or []
    return [each for each in found if isinstance(each, Mapping)]
