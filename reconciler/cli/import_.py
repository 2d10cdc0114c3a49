"""`reconciler import`: takes ownership of what exists at a vendor."""

from __future__ import annotations

import click

from reconciler.cli import choices, frame
from reconciler.cli.output import Output
from reconciler.cli.settings import Settings
from reconciler.model.binding import Binding
from reconciler.render import bindings, json
from reconciler.render.ending import Ending


@frame.command(
    examples=(
        "reconciler import plum/schedule/three-weekdays 41",
        "reconciler import plum/campaign/january-reminders 77",
    )
)
@click.argument("address", type=choices.AddressType())
@click.argument("remote_id")
def command(settings: Settings, address: str, remote_id: str) -> Output:
    """Take ownership of an object that exists at a vendor; nothing is changed there.

    ADDRESS must be declared in a manifest. A campaign counts as started, with everybody in its contact
    list sent: nobody in it is sent again.
    """
    from reconciler.model.address import Address
    from reconciler.workflow.adopt import adopt
    from reconciler.workflow.workspace import open_workspace

    with open_workspace(settings.options()) as workspace:
        return _output(adopt(workspace, Address.parse(address), remote_id))


def _output(found: Binding) -> Output:
    return Output(
        Ending(),
        lambda sheet: bindings.imported(sheet, found),
        lambda ending: json.envelope("import", ending, binding=bindings.binding(found)),
        lambda: f"Imported `{found.key}`: {found.kind} {found.remote_id}\n",
    )
