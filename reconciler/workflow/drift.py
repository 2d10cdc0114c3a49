"""The use case of looking for drift: what somebody changed at the vendors. It cannot write."""

from __future__ import annotations

from reconciler.model.plan import Plan
from reconciler.workflow.plan import make_plan
from reconciler.workflow.workspace import Workspace


def drift(workspace: Workspace) -> Plan:
    """A plan of which findings, unknowns, failures and what is not visible are meant."""
    return make_plan(workspace).plan
