"""Writes the tables of docs/safety.md from the kinds' declarations: `python docs/promises.py`."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from reconciler.model.kind import KindSpec, Lookup, OperationSpec, Updatable
from reconciler.model.state import Operation
from reconciler.providers import registry
from reconciler.providers.base import Provider

PAGE = Path(__file__).with_name("safety.md")
BEGIN, END = "<!-- written by docs/promises.py -->", "<!-- end of what docs/promises.py wrote -->"

WORDS = {
    Operation.CREATE: "create",
    Operation.UPDATE: "change settings",
    Operation.DELETE: "delete",
    Operation.APPEND: "queue people",
    Operation.START: "start",
    Operation.STOP: "stop",
    Operation.PAUSE: "pause",
    Operation.WITHDRAW: "withdraw who is suppressed",
    Operation.RESUME: "resume",
}
REPEATED = "nothing: it is sent again"
LOOKED_UP = "nothing: the next apply looks and goes on"
ASKED = "look at the vendor, then `reconciler resolve ADDRESS`"
UNLESS_INERT = f"before the start nothing; after it {ASKED}"


def tables() -> str:
    """A section for every provider, a table for every kind."""
    parts = [_provider(name, registry.get(name)) for name in sorted(registry.built_in())]
    return "\n".join([BEGIN, "", *parts, END])


def _provider(name: str, provider: Provider) -> str:
    kinds = sorted(provider.kinds.values(), key=lambda kind: kind.spec.order)
    return "\n".join([f"### {name}", "", *(_kind(name, kind.spec) for kind in kinds)])


def _kind(provider: str, spec: KindSpec) -> str:
    lines = [
        f"#### {provider}/{spec.name}",
        "",
        "| request | promised when its reply is lost | cannot be had | what you do |",
        "|---|---|---|---|",
        *(_row(operation) for operation in spec.operations),
        "",
        *(f"* {remark}" for remark in _remarks(spec)),
        "",
    ]
    return "\n".join(lines)


def _row(spec: OperationSpec) -> str:
    lacks = [
        text
        for text, holds in (
            ("seeing whether it was done", spec.lookup is Lookup.NONE),
            ("undoing it", not spec.undoable),
        )
        if holds
    ]
    rings = " (phones can ring from here on)" if spec.arms else ""
    return f"| {WORDS[spec.operation]}{rings} | {spec.promise} | {'; '.join(lacks) or '-'} | {_todo(spec)} |"


def _todo(spec: OperationSpec) -> str:
    if spec.repeatable:
        return REPEATED
    if spec.lookup is not Lookup.NONE:
        return LOOKED_UP
    return ASKED if spec.arms else UNLESS_INERT


def _remarks(spec: KindSpec) -> Iterator[str]:
    found = (
        "a marker in it"
        if spec.marker
        else "its name, which is unique"
        if spec.unique_name
        else "its id alone"
    )
    yield f"Known again by {found}."
    if spec.hidden:
        yield f"Never shown by the vendor: {', '.join(spec.hidden)}."
    unreadable = [item.name for item in spec.fields if not item.readable]
    if unreadable:
        yield f"Settings that cannot be read back, so that a change by hand is not noticed: {', '.join(unreadable)}."
    fixed = [item.name for item in spec.fields if item.updatable is Updatable.NEVER]
    if fixed:
        yield f"Set once, never changed afterwards: {', '.join(fixed)}."
    inert = [item.name for item in spec.fields if item.updatable is Updatable.INERT]
    if inert:
        yield f"Changed only before it is started: {', '.join(inert)}."
    if not spec.deletable:
        yield "Cannot be deleted: it is stopped, and its record stays."
    if spec.runs and not spec.can_pause:
        yield "Cannot be paused: it runs, or it is stopped for good."
    if spec.batch:
        yield f"At most {spec.batch:,} people in one request."
    if spec.ends_by_date:
        yield f"Calls nobody after its {spec.ends_by_date}, by the clock of {spec.clock_zone}."


def renewed(page: str) -> str:
    """The page with its tables as the declarations are now."""
    return re.sub(f"{re.escape(BEGIN)}.*{re.escape(END)}", lambda _: tables(), page, flags=re.DOTALL)


def main() -> None:
    """Write the page anew; with --check, only say whether it is behind."""
    page = PAGE.read_text("utf-8")
    if "--check" in sys.argv[1:]:
        sys.exit("docs/safety.md is behind: python docs/promises.py" if renewed(page) != page else 0)
    PAGE.write_text(renewed(page), "utf-8")


if __name__ == "__main__":
    main()
