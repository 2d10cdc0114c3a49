"""Codes: each that is raised is explained, and the other way round."""

from __future__ import annotations

import json
import re
from pathlib import Path

import reconciler.manifest

PACKAGE = Path(reconciler.manifest.__file__).parent
CODE = re.compile(r'"([A-Z]{3}[0-9]{2})"')


def raised() -> set[str]:
    """The codes that stand in the sources and the schemas."""
    sources = [*PACKAGE.glob("*.py"), *(PACKAGE / "schema").glob("*.json")]
    return {code for path in sources for code in CODE.findall(path.read_text())}


def explained() -> dict[str, dict[str, str]]:
    """The explanations by code."""
    return json.loads((PACKAGE / "codes.json").read_text("utf-8"))


def test_each_code_is_explained():
    """`explain` has something to say about each code, and about none that does not exist."""
    assert set(explained()) == raised()
    assert list(explained()) == sorted(explained())


def test_each_explanation_is_whole():
    """An explanation has a title, a text, an example of wrong and right, and a remedy."""
    for code, parts in explained().items():
        assert set(parts) == {"title", "text", "wrong", "right", "remedy"}, code
        assert all(parts.values()), code


def test_each_code_has_a_case():
    """Each code is shown by at least one expected problem in the tests."""
    texts = "".join(
        path.read_text() for path in Path(__file__).parent.rglob("*") if path.suffix in {".txt", ".py"}
    )
    assert [code for code in raised() if code not in texts] == []
