"""`reconciler stop`: silence, for named campaigns or for everything."""

from __future__ import annotations

import click

from reconciler.cli import choices, frame
from reconciler.cli.output import Output
from reconciler.cli.settings import Settings
from reconciler.errors import ProjectError, UsageError
from reconciler.model.silence import Silence, silence_codes
from reconciler.render import silence
from reconciler.render.ending import Ending

WITHOUT_FILES = "without a project file: reconciler stop --all --type TYPE --token-env VARIABLE --reason TEXT"


@frame.command(
    examples=(
        "reconciler stop plum/campaign/january-reminders --reason 'wrong audio'",
        "reconciler stop --all --reason 'wrong audio'",
        "reconciler stop --all --ours --provider plum --reason 'wrong audio'",
        "reconciler stop --all --type plum --token-env PLUM_TOKEN --reason 'no files'",
    )
)
@click.argument("addresses", nargs=-1, type=choices.AddressType(), metavar="[ADDRESS]...")
@click.option("--all", "all_", is_flag=True, help="Everything that can call in the accounts, ours or not.")
@click.option("--ours", is_flag=True, help="With --all: only what this project owns.")
@click.option("--provider", metavar="NAME", help="With --all: only this account.")
@click.option("--reason", required=True, metavar="TEXT", help="Kept in the state's history.")
@click.option("--type", "type_name", metavar="TYPE", help="With --all: an account without any project file.")
@click.option("--token-env", metavar="VARIABLE", help="With --type: the variable that holds the token.")
@click.option("--base-url", metavar="URL", help="With --type: in place of the vendor's own address.")
def command(  # noqa: PLR0913 - one parameter for each option
    settings: Settings,
    addresses: tuple[str, ...],
    provider: str | None,
    reason: str,
    type_name: str | None,
    token_env: str | None,
    base_url: str | None,
    *,
    all_: bool,
    ours: bool,
) -> Output:
    """Silence campaigns; with --all everything that can call, and a hold keeps it so.

    ADDRESS ends that campaign's run. --all first sets a hold on the project, then pauses where a vendor
    can pause and stops elsewhere, all accounts at once. It needs no key, no lock and no valid manifest.
    Ends with 8 where a vendor cannot show that it is silent.
    """
    _refuse_mixtures(addresses, provider, type_name, token_env, base_url, all_=all_, ours=ours)
    if type_name is not None:
        return output(_bare(settings, type_name, token_env or "", base_url, reason))
    return output(_stopped(settings, addresses, provider, reason, ours=ours))


def _refuse_mixtures(
    addresses: tuple[str, ...],
    provider: str | None,
    type_name: str | None,
    token_env: str | None,
    base_url: str | None,
    *,
    all_: bool,
    ours: bool,
) -> None:
    if bool(addresses) == all_:
        raise UsageError("name campaigns, or say --all", "reconciler state list shows what is ours")
    if not all_ and (ours or provider or type_name):
        raise UsageError("--ours, --provider and --type go with --all")
    if (type_name is None) != (token_env is None):
        raise UsageError("--type and --token-env go together")
    if type_name is None and base_url is not None:
        raise UsageError("--base-url goes with --type")
    if type_name is not None and (ours or provider):
        raise UsageError("--type names the account itself; leave out --ours and --provider")


def _bare(settings: Settings, type_name: str, token_env: str, base_url: str | None, reason: str) -> Silence:
    from reconciler.workflow.stop_bare import stop_account

    return stop_account(
        settings.options(), type_name=type_name, token_env=token_env, base_url=base_url, reason=reason
    )


def _stopped(
    settings: Settings, addresses: tuple[str, ...], provider: str | None, reason: str, *, ours: bool
) -> Silence:
    from reconciler.model.address import Address
    from reconciler.workflow.stop import stop_all
    from reconciler.workflow.stop_one import stop_addresses
    from reconciler.workflow.workspace import open_workspace

    try:
        opened = open_workspace(settings.options(project_only=True))
    except (ProjectError, UsageError):
        settings.console.show(lambda sheet: sheet.line(WITHOUT_FILES))
        raise
    with opened as workspace:
        if addresses:
            return stop_addresses(workspace, [Address.parse(text) for text in addresses], reason)
        whose = "of this project" if ours else "ours or not"
        settings.console.say(f"Everything that can call, {whose}. Pauses where that exists.")
        return stop_all(workspace, reason=reason, provider=provider, ours=ours)


def output(found: Silence) -> Output:
    """A stop in every format."""
    return Output(
        Ending(silence_codes(found)),
        lambda sheet: silence.silence(sheet, found),
        lambda ending: silence.document(found, ending),
        lambda: silence.markdown(found),
    )
