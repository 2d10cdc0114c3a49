"""The line under a problem, unless it could show a secret or a person."""

from __future__ import annotations

import re
from pathlib import Path

from reconciler.manifest.document import Unreadable
from reconciler.manifest.folder import PROJECT_FILES, read
from reconciler.model.problem import Location


def source_line(root: Path, location: Location) -> str | None:
    """The line that a location names; None where it is not to be shown."""
    if not location.line or not location.path.endswith((".yaml", ".yml")):
        return None
    return None
