"""`reconciler demo`: the product in a minute, on this host alone."""

from __future__ import annotations

import itertools
import tempfile
from pathlib import Path

import click
from msgspec.structs import replace

from reconciler.cli import frame
from reconciler.cli.output import Output
from reconciler.cli.settings import Settings
from reconciler.errors import UsageError
from reconciler.model.demonstration import Demonstration, DemoStep
from reconciler.render import demonstration
from reconciler.render.ending import Ending


@frame.command(examples=("reconciler demo", "reconciler demo --keep reconciler-demo"))
@click.option(
    "--keep",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="A new folder in which the project's files stay; else nothing is left.",
)
def command(settings: Settings, keep: Path | None) -> Output:
    """Plan, apply, a change by hand, drift, repair: really run, against a sandbox on this host.

    No account, no real call, nothing leaves this host. Ends with 1 if any figure is not as it should be.
    """
    if keep is not None:
        return _output(replace(_played(settings, _new(keep)), folder=str(keep)))
    with tempfile.TemporaryDirectory(prefix="reconciler-demo-") as folder:
        return _output(_played(settings, Path(folder)))


def _new(folder: Path) -> Path:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} exists and is not empty", "choose another --keep")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _played(settings: Settings, folder: Path) -> Demonstration:
    from reconciler.workflow.demo import demonstrate

    console = settings.console
    console.say("a vendor's stand-in on 127.0.0.1; no real call can be placed")
    numbers = itertools.count(1)

    def tell(step: DemoStep) -> None:
        if not console.quiet:
            console.show(lambda sheet: demonstration.step(sheet, next(numbers), step))

    return demonstrate(folder, tell)


def _output(played: Demonstration) -> Output:
    codes = frozenset[int]() if played.as_expected else frozenset({1})
    return Output(
        Ending(codes),
        lambda sheet: demonstration.result(sheet, played),
        lambda ending: demonstration.document(played, ending),
        lambda: demonstration.markdown(played),
    )
