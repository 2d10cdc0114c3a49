"""Reports: what a command found, written to files beside what it prints."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from reconciler.cli.output import Output
from reconciler.cli.settings import Settings

NO_METRICS = "# this command has nothing to measure\n"


def report(found: Output, settings: Settings) -> bool:
    """Write all reports that were asked for; whether all of them could be."""
    failed = [path for form, path in settings.reports if not _written(found, form, path, settings)]
    return not failed


def _written(found: Output, form: str, path: Path, settings: Settings) -> bool:
    try:
        path.write_text(_rendered(found, form, settings), encoding="utf-8")
    except OSError as error:
        reason = error.strerror
        settings.console.show(
            lambda sheet: sheet.line(f"error: the report {path} could not be written: {reason}")
        )
        return False
    return True


def _rendered(found: Output, form: str, settings: Settings) -> str:
    from reconciler.render import json
    from reconciler.render.sheet import Sheet

    if form == "json":
        return json.text(found.json(found.ending))
    if form == "markdown":
        return found.markdown()
    if form == "comment":
        return (found.comment or found.markdown)()
    if form == "junit":
        from reconciler.render import junit

        return junit.suite(found.json(found.ending))
    if form == "sarif":
        return json.text(_sarif(found, settings))
    if form == "prometheus":
        return NO_METRICS if found.prometheus is None else found.prometheus()
    if found.plain is not None:
        return found.plain()
    sheet = Sheet(verbose=True)
    found.text(sheet)
    return sheet.text()


def _sarif(found: Output, settings: Settings) -> dict[str, Any]:
    from reconciler import __version__
    from reconciler.cli import catalogue
    from reconciler.cli.source import folder_in_repository
    from reconciler.render import sarif

    document = found.json(found.ending)
    return sarif.log(document, __version__, catalogue.codes(), folder_in_repository(settings.start))
