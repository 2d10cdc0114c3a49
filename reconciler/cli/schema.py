"""`reconciler schema`: the JSON Schemas, for editors and CI."""

from __future__ import annotations

import json
from pathlib import Path

import click

import reconciler
from reconciler.cli import frame
from reconciler.cli.output import Output
from reconciler.cli.settings import Settings
from reconciler.errors import UsageError
from reconciler.render import json as documents
from reconciler.render.ending import Ending
from reconciler.render.sheet import Sheet

_SUFFIX = ".schema.json"


@frame.command(examples=("reconciler schema", "reconciler schema manifest > manifest.schema.json"))
@click.argument("name", required=False)
def command(settings: Settings, name: str | None) -> Output:
    """Print a JSON Schema (2020-12): of manifests, the project file, plans. Without NAME list them."""
    del settings
    found = schemas()
    if name is None:
        return _list(found)
    path = found.get(name.removesuffix(_SUFFIX))
    if path is None:
        raise UsageError(f"no schema {name!r}{frame.meant(name, found)}", f"there are {', '.join(found)}")
    content = path.read_text("utf-8")
    return Output(
        Ending(),
        lambda sheet: sheet.raw(content),
        lambda _: json.loads(content),
        lambda: f"```json\n{content}```\n",
        plain=lambda: content,
    )


def schemas() -> dict[str, Path]:
    """The files by name: in the package when installed, beside it in a checkout."""
    package = Path(reconciler.__file__).parent
    folders = (package / "schemas", package.parent / "schemas")
    folder = next((each for each in folders if each.is_dir()), folders[0])
    return {path.name.removesuffix(_SUFFIX): path for path in sorted(folder.glob(f"*{_SUFFIX}"))}


def _list(found: dict[str, Path]) -> Output:
    rows = [
        {"name": name, "title": json.loads(path.read_text("utf-8")).get("description", "")}
        for name, path in found.items()
    ]

    def write(sheet: Sheet) -> None:
        for row in rows:
            sheet.line(f"{row['name']:<10} {row['title']}", hang=13)

    return Output(
        Ending(),
        write,
        lambda ending: documents.envelope("schemas", ending, schemas=rows),
        lambda: "".join(f"- `{row['name']}`: {row['title']}\n" for row in rows),
    )
