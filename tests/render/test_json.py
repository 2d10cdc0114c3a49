"""JSON documents: as their schema says, whole, and stable."""

from __future__ import annotations

import json as standard
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from reconciler.model.plan import Plan
from reconciler.model.report import FAILURE_REASONS, PRECEDENCE, ApplyReport
from reconciler.render import json
from reconciler.render.ending import Ending

SCHEMA = standard.loads((Path(__file__).parents[2] / "schemas" / "plan.schema.json").read_text("utf-8"))


def undescribed(document: Any, schema: Mapping[str, Any]) -> Iterator[str]:
    """Keys of a document that its schema says nothing about."""
    schema = _resolved(schema)
    if isinstance(document, Mapping):
        known = schema.get("properties")
        for key, each in document.items() if known is not None else ():
            if key in known:
                yield from undescribed(each, known[key])
            else:
                yield key
    elif isinstance(document, list) and "items" in schema:
        for each in document:
            yield from undescribed(each, schema["items"])


def _resolved(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    if "anyOf" in schema:
        schema = schema["anyOf"][0]
    return SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema


@pytest.mark.parametrize("name", ["plan", "empty"])
def test_plans_are_as_the_schema_says(name: str, request: pytest.FixtureRequest) -> None:
    """The published schema accepts every plan, and describes every key."""
    plan: Plan = request.getfixturevalue(name)
    document = standard.loads(json.text(json.plan(plan, Ending(frozenset({6})))))
    jsonschema_rs.Draft202012Validator(SCHEMA).validate(document)
    assert list(undescribed(document, SCHEMA)) == []


def test_the_schema_is_one_and_refuses_others() -> None:
    """The schema itself is valid 2020-12, and not so wide that anything passes."""
    jsonschema_rs.meta.validate(SCHEMA)
    assert not jsonschema_rs.Draft202012Validator(SCHEMA).is_valid({"format": "plan", "version": "2.0"})


def test_everything_is_described() -> None:
    """An editor has a sentence for each key."""
    parts = [SCHEMA, *SCHEMA["$defs"].values()]
    assert all(part.get("description") for part in parts)
    for part in parts:
        for name, each in part.get("properties", {}).items():
            assert "$ref" in each or each.get("description"), name


def test_all_exit_codes_are_listed_and_the_first_counts(empty: Plan) -> None:
    """Where several exit codes apply, JSON has all, and the process ends with the first by precedence."""
    document = json.plan(empty, Ending(frozenset({2, 6, 8})))
    assert document["exit_codes"] == [2, 6, 8]
    assert (document["exit_code"], document["failure_reason"]) == (8, "unknown-open")
    assert set(FAILURE_REASONS) == set(PRECEDENCE)


def test_every_document_ends_alike(plan: Plan, report: ApplyReport) -> None:
    """Programs find form, version, problems and ending in the same places of each document."""
    for document in (json.plan(plan, Ending()), json.drift(plan, Ending()), json.applied(report, Ending())):
        assert list(document)[:2] == ["format", "version"]
        ends = ["problems", "exit_code", "exit_codes", "failure_reason", "retryable"]
        assert list(document)[-5:] == ends


def test_drift_says_nothing_about_what_would_be_done(plan: Plan) -> None:
    """A drift report holds findings, not intentions."""
    assert "changes" not in json.drift(plan, Ending())
