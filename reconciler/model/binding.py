"""Bindings: objects that existed at a vendor and that the state takes as ours from now on."""

from __future__ import annotations

from msgspec import Struct

from reconciler.model.address import ObjectKey
from reconciler.model.plan import Difference, ProviderFailure


class Binding(Struct, frozen=True):
    """One object and the key it is known by. `by` is what proved it: `marker`, `old marker`, `name`, `id`.

    `people` count as queued there; `suppressed` stand in its list and must not be called. `assumed` are
    fields that the vendor does not show, taken to be as the manifest has them. `differing` is what it
    shows otherwise. `spare`: another object bears the same marker, and only one is wanted.
    """

    key: ObjectKey
    kind: str
    remote_id: str
    by: str
    armed: bool = False
    people: int = 0
    suppressed: int = 0
    assumed: tuple[str, ...] = ()
    differing: tuple[Difference, ...] = ()
    spare: bool = False
    remark: str = ""


class Rebuilt(Struct, frozen=True):
    """What a rebuild found and bound. `strangers` bear a marker of this tool that the manifests do not explain.

    `new_state`: the state was empty; `new_key`: there was no key either, so one was made. `new_lineage`:
    the state's own key is lost, and what it knew of people with it. `declined`: somebody said no, and
    nothing was written.
    """

    bindings: tuple[Binding, ...] = ()
    strangers: tuple[str, ...] = ()
    failures: tuple[ProviderFailure, ...] = ()
    last_writer: str | None = None
    fingerprint: str | None = None
    new_state: bool = False
    new_key: bool = False
    new_lineage: bool = False
    declined: bool = False
    converted: int = 0
    """Runs that the state knew, whose people it had to learn anew under another key."""
