"""The use case of looking: one row for each campaign, from the state and from what the vendors show now."""

from __future__ import annotations

from collections.abc import Collection

from reconciler.engine.account import Account
from reconciler.engine.observe import observe
from reconciler.errors import CredentialsError, ReconcilerError
from reconciler.model.objects import WantedObject
from reconciler.model.plan import ProviderFailure
from reconciler.model.problem import errors
from reconciler.model.standing import Standings
from reconciler.model.state import Snapshot
from reconciler.planning.scene import Scene, build_index
from reconciler.planning.standing import standings
from reconciler.workflow.lowering import lower_all
from reconciler.workflow.plan import specs_of
from reconciler.workflow.workspace import Workspace


def status(workspace: Workspace, *, finished: bool = False) -> Standings:
    """Where every campaign stands; works with broken manifests, and with vendors that cannot be read."""
    snapshot, now = workspace.journal.snapshot, workspace.now()
    wanted = _wanted(workspace, snapshot)
    accounts, unreached = reached(workspace)
    observation = observe(accounts)
    scene = Scene(
        project=workspace.project,
        wanted=wanted or (),
        snapshot=snapshot,
        live=observation.live,
        specs=specs_of(workspace.project),
        now=now,
    )
    return Standings(
        project=workspace.project.name,
        at=now.isoformat(timespec="seconds"),
        rows=standings(scene, build_index(scene), finished=finished),
        hold=snapshot.hold,
        unknowns=len(snapshot.intents),
        failures=(*unreached, *observation.failures),
        windows_known=wanted is not None,
    )


def _wanted(workspace: Workspace, snapshot: Snapshot) -> tuple[WantedObject, ...] | None:
    """What the manifests want; None while they cannot be read."""
    if errors(workspace.loaded.problems):
        return None
    lowered = lower_all(workspace.project, workspace.loaded.manifests, snapshot, workspace.now())
    return None if errors(lowered.problems) else lowered.objects


def reached(
    workspace: Workspace, names: Collection[str] | None = None, *, write: bool = False
) -> tuple[tuple[Account, ...], tuple[ProviderFailure, ...]]:
    """The accounts that can be read, and why others cannot: one missing secret hides no other account.

    `names` are those that are wanted, None for all.
    """
    accounts: list[Account] = []
    failures: list[ProviderFailure] = []
    for settings in workspace.project.providers.values():
        if names is not None and settings.name not in names:
            continue
        try:
            accounts.append(workspace.account(settings, write=write))
        except ReconcilerError as error:
            refused = isinstance(error, CredentialsError)
            failures.append(ProviderFailure(settings.name, error.message, credentials=refused))
    return tuple(accounts), tuple(failures)
