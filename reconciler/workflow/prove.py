"""The use case of proving: what was done for a run, from the log alone, and what the vendor shows of it now."""

from __future__ import annotations

from msgspec.structs import replace

from reconciler.engine.observe import Observation, observe
from reconciler.errors import CredentialsError, StateError, UsageError
from reconciler.model.address import Address
from reconciler.model.history import Proof, RunProof
from reconciler.model.state import Record
from reconciler.state import proof
from reconciler.workflow.workspace import Workspace

SHOWN = 3
"""Fields that differ from what was applied and are named."""


def prove(
    workspace: Workspace,
    address: Address | None = None,
    run: str | None = None,
    *,
    head: str | None = None,
    look: bool = True,
) -> Proof:
    """The chains of an address, of one of its runs, or of everything; `head` is one that an apply printed.

    Raises StateError when the log is damaged or never had that head, UsageError when nothing was ever done there.
    """
    found = proof.prove(workspace.backend.history(), head)
    if head is not None and found.at is None:
        raise StateError(
            f"the log never had the head {head[:12]}: an entry of it was changed or cut off, or it is another log",
            "compare it with a copy; the head of what is here: reconciler prove",
            "STA24",
        )
    runs = tuple(item for item in found.runs if _is_meant(item, address, run))
    if address is not None and not runs:
        raise UsageError(
            f"nothing was ever done at {address}{f'@{run}' if run else ''}", "see: reconciler prove"
        )
    key = workspace.stored_key()
    seal = proof.seal(key, found.head) if key is not None else ""
    now = _now(workspace, runs) if look and address is not None else ()
    return replace(found, runs=runs, seal=seal, now=now)


def _is_meant(item: RunProof, address: Address | None, run: str | None) -> bool:
    return address is None or (item.address == address and run in (None, item.run))


def _now(workspace: Workspace, runs: tuple[RunProof, ...]) -> tuple[str, ...]:
    """What the vendor shows of these runs' objects at this moment."""
    wanted = {(item.address, item.run) for item in runs}
    records = [
        record
        for key, record in sorted(workspace.journal.snapshot.records.items())
        if (key.address, key.run) in wanted
    ]
    settings = workspace.project.providers.get(runs[0].address.provider)
    if settings is None or not records:
        return ("no object of it is left",) if not records else ()
    try:
        seen = observe([workspace.account(settings)], lists=False)
    except CredentialsError as error:
        return (f"the vendor was not asked: {error.message}",)
    if seen.failures:
        return (f"the vendor could not be read: {seen.failures[0].message}",)
    return tuple(_told(record, seen) for record in records)


def _told(record: Record, seen: Observation) -> str:
    """One object: whether it shows, whether it runs, and what of it is not as applied."""
    if record.remote_id is None:
        return f"{record.key}: {record.phase.value}, and no object of it is left"
    name = f"{record.key}: {record.kind} {record.remote_id}"
    live = seen.find(record.key.address.provider, record.kind, record.remote_id)
    if live is None:
        return f"{name} does not show"
    states = [live.ended.value] if live.ended is not None else []
    if live.running is not None:
        states.append("running" if live.running else "not running")
    other = sorted(name for name, value in live.fields.items() if record.fields.get(name, value) != value)
    as_applied = f"differs from what was applied: {', '.join(other[:SHOWN])}" if other else "as applied"
    return f"{name} shows, {', '.join([*states, as_applied])}"
