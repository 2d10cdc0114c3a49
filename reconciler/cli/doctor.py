"""`reconciler doctor`: whether everything is in place, each with its remedy."""

from __future__ import annotations

import click

from reconciler.cli import frame
from reconciler.cli.output import Output
from reconciler.cli.settings import Settings
from reconciler.model.checkup import checkup_codes
from reconciler.render import checkup
from reconciler.render.ending import Ending


@frame.command(examples=("reconciler doctor", "reconciler doctor --offline"))
@click.option("--offline", is_flag=True, help="Ask no vendor anything.")
def command(settings: Settings, *, offline: bool) -> Output:
    """Check project, manifests, key, state, and credentials by one read at every vendor.

    Changes nothing. Ends with 77 where credentials were refused, with 69 where a vendor was not reached.
    """
    from reconciler.workflow.doctor import doctor

    found = doctor(settings.options(), offline=offline)
    return Output(
        Ending(checkup_codes(found)),
        lambda sheet: checkup.checkup(sheet, found),
        lambda ending: checkup.document(found, ending),
        lambda: checkup.markdown(found),
    )
