"""The use case of the brake: a hold on the project, set and released without any lock."""

from __future__ import annotations

from reconciler.model.state import Hold, HoldChanged
from reconciler.workflow.workspace import Workspace


def set_hold(workspace: Workspace, reason: str) -> tuple[Hold, Hold | None]:
    """Set a hold, durably; returns it, and the one that was there before."""
    before = workspace.journal.hold
    hold = Hold(reason, workspace.holder, workspace.stamp())
    workspace.journal.write(HoldChanged(hold, hold.time, hold.who, reason))
    return hold, before


def release_hold(workspace: Workspace, reason: str) -> Hold | None:
    """Release the hold; returns the one that was there, or None."""
    before = workspace.journal.hold
    if before is not None:
        workspace.journal.write(HoldChanged(None, workspace.stamp(), workspace.holder, reason))
    return before
