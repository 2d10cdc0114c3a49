"""The use case of the emergency: a hold, then silence for everything that can call; no lock, key or manifest needed."""

from __future__ import annotations

import time
from collections.abc import Sequence

from reconciler.engine.account import Account
from reconciler.engine.silence import Target, silence, silence_all
from reconciler.errors import ReconcilerError, UsageError
from reconciler.model.plan import ProviderFailure
from reconciler.model.resource import ProviderSettings
from reconciler.model.silence import Silence, Silenced
from reconciler.model.state import Hold, Operation, Snapshot
from reconciler.planning.settling.silenced import after_silence
from reconciler.state.fold import NOTHING
from reconciler.workflow.accounts import Reached, opened, parted
from reconciler.workflow.hold import set_hold
from reconciler.workflow.workspace import Workspace
from reconciler.workflow.writing import insist, lease_if_free


def stop_all(
    workspace: Workspace, *, reason: str, provider: str | None = None, ours: bool = False
) -> Silence:
    """Set a hold, then silence everything that can call, ours or not unless `ours`."""
    began = time.monotonic()
    why = f"stop --all: {reason}"
    hold, problems = _braked(workspace, why)
    snapshot = _snapshot(workspace)
    accounts, failures = _reached(workspace, provider)
    objects, unread = silence_all(accounts, snapshot, ours=ours, wait=workspace.options.stop.wait)
    objects, more = _remembered(workspace, accounts, snapshot, objects, why)
    return Silence(
        reason=reason,
        everything=not ours,
        accounts=tuple(account.name for account in accounts),
        objects=objects,
        failures=(*failures, *unread),
        hold=hold,
        problems=(*problems, *more),
        seconds=time.monotonic() - began,
    )


def _braked(workspace: Workspace, why: str) -> tuple[Hold | None, tuple[str, ...]]:
    """The hold, set before anything is sent; a state that cannot be written keeps nobody from being silenced."""
    try:
        return set_hold(workspace, why)[0], ()
    except ReconcilerError as error:
        return None, (f"no hold could be set: {error.message}",)


def _snapshot(workspace: Workspace) -> Snapshot:
    try:
        return workspace.journal.snapshot
    except ReconcilerError:
        return NOTHING


def _reached(workspace: Workspace, provider: str | None) -> Reached:
    """The accounts that can be written to, and why others cannot."""
    several = workspace.project.providers
    if provider is not None and provider not in several:
        raise UsageError(f"there is no provider {provider!r}", f"there are {', '.join(several)}")
    asked = (settings for settings in several.values() if provider in (None, settings.name))
    return parted(_watched(settings) or opened(workspace, settings, write=True) for settings in asked)


def _watched(settings: ProviderSettings) -> ProviderFailure | None:
    """Why nothing is sent to an account that the project only looks at."""
    if not settings.is_watched:
        return None
    return ProviderFailure(settings.name, "it has access: observe, so nothing was sent there")


def _remembered(
    workspace: Workspace,
    accounts: Sequence[Account],
    before: Snapshot,
    objects: tuple[Silenced, ...],
    why: str,
) -> tuple[tuple[Silenced, ...], tuple[str, ...]]:
    """Write what became of ours; what an apply had in flight meanwhile is silenced a second time."""
    if not any(item.key is not None for item in objects):
        return objects, ()
    try:
        with lease_if_free(workspace) as alone:
            objects = objects if alone else _again(accounts, before, objects)
            found = objects
            insist(
                workspace.journal,
                lambda snapshot: after_silence(snapshot, found, why, workspace.stamp(), workspace.holder),
            )
    except ReconcilerError as error:
        return objects, (f"the state does not know it: {error.message}",)
    return objects, ()


def _again(
    accounts: Sequence[Account], before: Snapshot, objects: tuple[Silenced, ...]
) -> tuple[Silenced, ...]:
    """Stop once more what was being started when the hold was set: that request may have come after ours."""
    starting = {intent.key for intent in before.intents.values() if intent.operation is Operation.START}
    by_name = {account.name: account for account in accounts}
    return tuple(
        _once_more(by_name[item.provider], item, before) if item.key in starting else item for item in objects
    )


def _once_more(account: Account, item: Silenced, before: Snapshot) -> Silenced:
    record = before.records.get(item.key) if item.key is not None else None
    (fresh,) = silence(account, [Target(item.kind, item.remote_id, record)])
    return fresh
