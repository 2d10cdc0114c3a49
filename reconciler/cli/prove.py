"""`reconciler prove`: what was done for a run, as a chain that nobody can change unnoticed."""

from __future__ import annotations

import click

from reconciler.cli import choices, frame
from reconciler.cli.output import Output
from reconciler.cli.settings import Settings
from reconciler.errors import UsageError
from reconciler.model.address import Address
from reconciler.render import proofs
from reconciler.render.ending import Ending


@frame.command(
    examples=(
        "reconciler prove plum/campaign/january-reminders --run 2027-01",
        "reconciler prove --head HEAD --format json",
    )
)
@click.argument("address", required=False, type=choices.AddressType())
@click.option("--run", "run_id", metavar="R", help="This run alone.")
@click.option(
    "--head", metavar="HEAD", help="One that an apply printed: tells whether anything before it changed."
)
@click.option("--offline", is_flag=True, help="Do not ask the vendor what it shows now.")
def command(
    settings: Settings, address: str | None, run_id: str | None, head: str | None, *, offline: bool
) -> Output:
    """Show each request of a run: what was announced, how it ended, what was read back.

    The entries are chained by hashes, and each apply prints the last one, the head. Kept elsewhere, it
    shows later whether anything that was written before has been changed since.
    """
    from reconciler.workflow.prove import prove
    from reconciler.workflow.workspace import open_workspace

    if run_id is not None and address is None:
        raise UsageError("--run needs the address that it is a run of", "reconciler prove ADDRESS --run R")
    with open_workspace(settings.options(project_only=True)) as workspace:
        found = prove(
            workspace, Address.parse(address) if address else None, run_id, head=head, look=not offline
        )
    codes = frozenset({8}) if any(run.open for run in found.runs) else frozenset()
    return Output(
        Ending(codes),
        lambda sheet: proofs.text(sheet, found, whole=address is not None or settings.verbosity > 0),
        lambda ending: proofs.document(found, ending),
        lambda: proofs.markdown(found),
    )
