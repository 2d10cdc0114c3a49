"""The schemas under schemas/: `python -m reconciler.manifest.schemas [FOLDER]` writes them."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from reconciler.manifest.composition import (
    built_in_vendors,
    known_vendors,
    manifest_schema,
    project_schema,
    without_references,
)

__all__ = [
    "built_in_vendors",
    "known_vendors",
    "manifest_schema",
    "project_schema",
    "published",
    "without_references",
    "write",
]


def published() -> dict[str, str]:
    """Name and text of each file under schemas/ that this package owns."""
    vendors = built_in_vendors()
    schemas = {"manifest": manifest_schema(vendors), "project": project_schema(vendors)}
    return {
        f"{name}.schema.json": json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
        for name, schema in schemas.items()
    }


def write(folder: Path) -> None:
    """Write the published schemas into a folder."""
    for name, text in published().items():
        (folder / name).write_text(text, "utf-8")


if __name__ == "__main__":
    checkout = Path(__file__).parent.parent.parent
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else checkout / "schemas")
