"""Codes of the planner: each that is raised is explained, and the other way round."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import reconciler.planning

PACKAGE = Path(reconciler.planning.__file__).parent
CODE = re.compile(r'"([A-Z]{3}[0-9]{2})"')


def test_each_code_is_explained() -> None:
    """`explain` has something to say about each code, and about none that does not exist."""
    raised = {code for path in PACKAGE.rglob("*.py") for code in CODE.findall(path.read_text("utf-8"))}
    explained = json.loads((PACKAGE / "codes.json").read_text("utf-8"))
    assert set(explained) == raised
    assert list(explained) == sorted(explained)
    assert all(set(parts) == {"title", "text", "remedy"} for parts in explained.values())
    assert all(all(parts.values()) for parts in explained.values())


def test_no_code_means_two_things() -> None:
    """No code of the planner is explained by another package, too."""
    files = [*PACKAGE.parent.glob("*/codes.json"), *PACKAGE.parent.glob("providers/*/codes.json")]
    found = Counter(code for path in files for code in json.loads(path.read_text("utf-8")))
    assert [code for code, count in found.items() if count > 1] == []
