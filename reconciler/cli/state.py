"""`reconciler state`: what is known of our objects, and how it is corrected."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from reconciler.cli import choices, frame
from reconciler.cli.output import Output
from reconciler.cli.settings import Settings
from reconciler.errors import UsageError
from reconciler.model.address import Address
from reconciler.model.binding import Rebuilt
from reconciler.render import bindings, json, stored, words
from reconciler.render.ending import Ending
from reconciler.render.sheet import strong

if TYPE_CHECKING:
    from reconciler.workflow.workspace import Workspace


@frame.group()
def command() -> None:
    """Look at the state, and correct it. What was ever started is never forgotten."""


@contextmanager
def _opened(settings: Settings) -> Iterator[Workspace]:
    from reconciler.workflow.workspace import open_workspace

    with open_workspace(settings.options(project_only=True)) as workspace:
        yield workspace


@frame.command(examples=("reconciler state list",))
def list_(settings: Settings) -> Output:
    """List every object that is ours, and every run that is over."""
    with _opened(settings) as workspace:
        snapshot = workspace.journal.snapshot
    return Output(
        Ending(),
        lambda sheet: stored.listing(sheet, snapshot),
        lambda ending: stored.list_document(snapshot, ending),
        lambda: stored.list_markdown(snapshot),
    )


@frame.command(examples=("reconciler state show plum/campaign/january-reminders",))
@click.argument("address", type=choices.AddressType())
def show(settings: Settings, address: str) -> Output:
    """Show all that is known of one address: runs, settings as last applied, what is open."""
    from reconciler.workflow import state

    with _opened(settings) as workspace:
        records, intents = state.show(workspace.journal.snapshot, Address.parse(address))
    return Output(
        Ending(frozenset({8}) if intents else frozenset()),
        lambda sheet: stored.address(sheet, records, intents),
        lambda ending: stored.address_document(records, intents, ending),
        lambda: "".join(f"- `{record.key}`: {record.phase.value}\n" for record in records),
    )


@frame.command(examples=("reconciler state mv plum/campaign/jan plum/campaign/january-reminders",))
@click.argument("source", type=choices.AddressType(), metavar="FROM")
@click.argument("target", type=choices.AddressType(), metavar="TO")
def mv(settings: Settings, source: str, target: str) -> Output:
    """Give what is at one address another one, with all its runs; nothing changes at the vendor.

    In a repository that others apply too, write moved: in a manifest instead.
    """
    from reconciler.workflow import state

    with _opened(settings) as workspace:
        number = state.move(workspace, Address.parse(source), Address.parse(target))
    return _said(
        f"moved {words.counted(number, 'object')} from {source} to {target}",
        "state mv",
        source=source,
        target=target,
        objects=number,
    )


@frame.command(examples=("reconciler state rm plum/campaign/january-reminders --reason 'kept by hand'",))
@click.argument("address", type=choices.AddressType())
@click.option("--reason", metavar="TEXT", help="Needed where a run was started; kept in the history.")
def rm(settings: Settings, address: str, reason: str | None) -> Output:
    """Forget an address; nothing changes at the vendor.

    A run that was started is kept as over, without its object: its run id stays spent, and who was
    called stays known.
    """
    from reconciler.workflow import state

    with _opened(settings) as workspace:
        forgotten, kept = state.remove(workspace, Address.parse(address), reason)
    over = f"; {words.counted(kept, 'run')} kept as over" if kept else ""
    return _said(
        f"forgot {words.counted(forgotten, 'object')} at {address}{over}",
        "state rm",
        address=address,
        forgotten=forgotten,
        kept=kept,
    )


@frame.command(examples=("reconciler state unlock",))
def unlock(settings: Settings) -> Output:
    """Take the lock away from whoever has it; an apply that still runs notices and ends.

    A process that died keeps no lock, so this is for one that hangs.
    """
    with _opened(settings) as workspace:
        holder = workspace.backend.break_lease()
    text = f"taken from {holder}" if holder else "nobody had the lock"
    return _said(text, "state unlock", holder=holder)


@frame.command(examples=("reconciler state history", "reconciler state history --limit 200 --format json"))
@click.option(
    "--limit", type=click.IntRange(1), default=20, show_default=True, help="So many of the last entries."
)
def history(settings: Settings, limit: int) -> Output:
    """Show what was written to the state, when, by whom and why."""
    from reconciler.workflow import state

    with _opened(settings) as workspace:
        lines = state.history(workspace, limit)
    return Output(
        Ending(),
        lambda sheet: stored.history(sheet, lines),
        lambda ending: stored.history_document(lines, ending),
        lambda: stored.history_markdown(lines),
    )


_FILE = click.Path(dir_okay=False, path_type=Path)


@frame.command(examples=("reconciler state pull state-copy.json",))
@click.argument("file", type=_FILE)
def pull(settings: Settings, file: Path) -> Output:
    """Save the whole state as one file: each entry ever, each set of people as digests under the key."""
    from reconciler.workflow import state_copy

    with _opened(settings) as workspace:
        done = state_copy.pull(workspace, file)
    text = f"saved {words.counted(done.added, 'entry', 'entries')} to {file}"
    return _said(text, "state pull", file=str(file), entries=done.added, blobs=done.blobs)


@frame.command(examples=("reconciler state push state-copy.json",))
@click.argument("file", type=_FILE)
def push(settings: Settings, file: Path) -> Output:
    """Add to the state what a saved copy has beyond it.

    Refused where each has entries that the other lacks: nothing that was ever started is forgotten.
    """
    return _put(settings, file, only_empty=False)


@frame.command(examples=("reconciler state restore state-copy.json",))
@click.argument("file", type=_FILE)
def restore(settings: Settings, file: Path) -> Output:
    """Put a saved copy where the state was lost: into a place that has none.

    What was done since the copy is found again by markers and names: reconciler state rebuild.
    """
    return _put(settings, file, only_empty=True)


def _put(settings: Settings, file: Path, *, only_empty: bool) -> Output:
    from reconciler.workflow import state_copy

    with _opened(settings) as workspace:
        done = state_copy.push(workspace, file, only_empty=only_empty)
    text = f"added {words.counted(done.added, 'entry', 'entries')} from {file}"
    form = "state restore" if only_empty else "state push"
    return _said(text, form, file=str(file), entries=done.added, before=done.before, blobs=done.blobs)


@frame.command(
    examples=("reconciler state migrate --from .reconciler", "reconciler state migrate --from before.yaml")
)
@click.option(
    "--from", "source", type=click.Path(path_type=Path), default=".reconciler", show_default=True,
    help="Folder of a local state, or a project file whose backend has the state.",
)  # fmt: skip
def migrate(settings: Settings, source: Path) -> Output:
    """Carry the state from where it was into the backend that reconciler.yaml names by now.

    Where it was keeps it, under a hold, so that nobody goes on from there. From one shared place to another: keep
    the project file as it was (git show HEAD:reconciler.yaml > before.yaml), and name that.
    """
    from reconciler.workflow import state_copy

    with _opened(settings) as workspace:
        place = source if source.is_absolute() or source.is_file() else workspace.root / source
        done = state_copy.migrate(workspace, place)
        kind = workspace.project.backend.type
    text = f"carried {words.counted(done.added, 'entry', 'entries')} from {source} to the {kind} backend"
    return _said(text, "state migrate", entries=done.added, blobs=done.blobs, backend=kind)


@frame.command(examples=("reconciler state rebuild", "reconciler state rebuild --yes --format json"))
@click.option("--yes", is_flag=True, help="Do not ask. Never read from the environment.")
@click.option("--lost-key", is_flag=True, help="The state's key is gone for good: make a new one.")
def rebuild(settings: Settings, *, yes: bool, lost_key: bool) -> Output:
    """Bind what bears our markers and names at the vendors, after the state was lost.

    Runs that are found count as started, with everybody in their contact list sent, so that nobody is
    called again. Nothing is changed at the vendors.
    """
    from reconciler.workflow.rebuild import rebuild as bind
    from reconciler.workflow.workspace import open_workspace

    with open_workspace(settings.options()) as workspace:
        done = bind(workspace, confirm=_question(settings, yes=yes), lost_key=lost_key)
    codes = {77 if failure.credentials else 69 for failure in done.failures}
    return Output(
        Ending(frozenset(codes | ({1} if done.declined else set())), "declined" if done.declined else None),
        lambda sheet: bindings.rebuilt(sheet, done),
        lambda ending: bindings.document(done, ending),
        lambda: bindings.markdown(done),
    )


def _question(settings: Settings, *, yes: bool) -> Callable[[Rebuilt], bool]:
    """Shows what was found and asks for the number of objects."""

    def ask(found: Rebuilt) -> bool:
        console = settings.console
        console.show(lambda sheet: bindings.found(sheet, found))
        if yes:
            return True
        if not console.interactive:
            raise UsageError("nobody can be asked here: stdin or stderr is no terminal", "look, then: --yes")
        wanted = str(len(found.bindings))
        answer = console.ask("To bind them, type their number:", strong(f" {wanted}"))
        return answer == wanted

    return ask


def _said(text: str, form: str, **content: Any) -> Output:
    """A result of one sentence."""
    return Output(
        Ending(),
        lambda sheet: sheet.line(text, hang=2),
        lambda ending: json.envelope(form, ending, text=text, **content),
        lambda: f"{text}\n",
    )


@frame.group()
def key() -> None:
    """The key that the state is encrypted under."""


@frame.command(examples=("reconciler state key rotate",))
def rotate(settings: Settings) -> Output:
    """Put the state under encryption_key, where it is under old_encryption_key; nothing else is written anew."""
    from reconciler.workflow import state_copy

    with _opened(settings) as workspace:
        name = state_copy.rotate(workspace)
    return _said(f"the state is under the key {name}", "state key rotate", key=name)


key.add_command(rotate, "rotate")
command.add_command(key, "key")

for name, each in {
    "list": list_,
    "show": show,
    "mv": mv,
    "rm": rm,
    "rebuild": rebuild,
    "unlock": unlock,
    "history": history,
    "pull": pull,
    "push": push,
    "restore": restore,
    "migrate": migrate,
}.items():
    command.add_command(each, name)
