"""Writes docs/parameters.md from the vendors' declarations: `python docs/parameters.py`."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

from reconciler.providers import registry
from reconciler.providers.documented import Documented

PAGE = Path(__file__).with_name("parameters.md")
HEAD = """# Every parameter of the vendors

What each vendor documents, and its place here: in a manifest or the project file, *computed* from something else, or
*not reconciled*, and why. Written by `python docs/parameters.py` from the declarations in
`reconciler/providers/*/documented.py`; a test says when it is behind, whether
each place exists, and whether anything is sent that is not listed.
"""


def declared(name: str) -> tuple[Documented, ...]:
    """What a vendor's folder declares."""
    found: tuple[Documented, ...] = import_module(f"reconciler.providers.{name}.documented").DOCUMENTED
    return found


def page() -> str:
    """The whole page: a section for each vendor, a row for each parameter."""
    parts = [HEAD]
    for name in sorted(registry.built_in()):
        parts += [f"## {name}\n", "| operation | parameter | place |\n|---|---|---|"]
        parts += [_row(item) for item in declared(name)]
        parts.append("")
    return "\n".join(parts)


def _row(item: Documented) -> str:
    parameter = f"`{item.parameter}`" if item.parameter else "(all of it)"
    return f"| {item.operation} | {parameter} | {_place(item)} |"


def _place(item: Documented) -> str:
    if item.place:
        return ", ".join(f"`{each.strip()}`" for each in item.place.split(","))
    return f"*computed*: {item.computed}" if item.computed else f"*not reconciled*: {item.because}"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
    sys.exit(0)
