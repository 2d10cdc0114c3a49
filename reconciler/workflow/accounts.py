"""The accounts of a project that can be opened, and why others cannot: one missing secret hides no other account."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from reconciler.engine.account import Account
from reconciler.errors import CredentialsError, ReconcilerError
from reconciler.model.plan import ProviderFailure
from reconciler.model.resource import ProviderSettings
from reconciler.workflow.workspace import Workspace

Reached = tuple[tuple[Account, ...], tuple[ProviderFailure, ...]]
"""The accounts that were opened, and the failures of the others, each in the project file's order."""


def reached(workspace: Workspace, names: Collection[str] | None = None, *, write: bool = False) -> Reached:
    """The accounts that can be read, or written to, too. `names` are those that are wanted, None for all."""
    several = workspace.project.providers.values()
    wanted = (settings for settings in several if names is None or settings.name in names)
    return parted(opened(workspace, settings, write=write) for settings in wanted)


def opened(workspace: Workspace, settings: ProviderSettings, *, write: bool) -> Account | ProviderFailure:
    """One account, or what keeps it from being opened."""
    try:
        return workspace.account(settings, write=write)
    except ReconcilerError as error:
        refused = isinstance(error, CredentialsError)
        return ProviderFailure(settings.name, error.message, credentials=refused)


def parted(found: Iterable[Account | ProviderFailure]) -> Reached:
    """Accounts and failures apart."""
    several = tuple(found)
    accounts = tuple(item for item in several if isinstance(item, Account))
    return accounts, tuple(item for item in several if isinstance(item, ProviderFailure))
