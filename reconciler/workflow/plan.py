"""The use case of planning: read everything, decide, and write nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from types import MappingProxyType

from msgspec import Struct
from msgspec.structs import replace

from reconciler.engine.account import Account
from reconciler.engine.ask import Judged, judge, unresolved
from reconciler.engine.observe import Observation, observe
from reconciler.engine.recover import Recovery
from reconciler.errors import ProjectError, ReconcilerError, UsageError
from reconciler.model.address import Address, ObjectKey
from reconciler.model.kind import KindSpec
from reconciler.model.plan import Action, Note, Plan
from reconciler.model.problem import Problem, errors
from reconciler.model.resource import Project
from reconciler.model.state import LogEntry, Snapshot
from reconciler.planning.basis.consent import ACTIONS
from reconciler.planning.basis.moves import moves
from reconciler.planning.basis.scene import Scene
from reconciler.planning.planner import Planned as Decided
from reconciler.planning.planner import build_plan
from reconciler.planning.review.reviewed import Reviewed, change_digest
from reconciler.providers import registry
from reconciler.providers.base import Metered
from reconciler.state.fold import fold
from reconciler.workflow.lowering import lower_all
from reconciler.workflow.people import Crowd, gather
from reconciler.workflow.unsendable import unsendable, without
from reconciler.workflow.workspace import Workspace, located


class Planned(Struct, frozen=True):
    """A plan, with all that an apply of it in this process needs."""

    decided: Decided
    crowd: Crowd
    observation: Observation
    allow: tuple[str, ...] = ()
    only: tuple[str, ...] = ()

    @property
    def plan(self) -> Plan:
        """The plan itself."""
        return self.decided.plan


def make_plan(
    workspace: Workspace,
    *,
    only: Sequence[str] = (),
    allow: Sequence[str] = (),
    online_check: bool = False,
    at: dt.datetime | None = None,
) -> Planned:
    """Plan without writing anywhere; raises ProjectError while the manifests are wrong.

    `online_check` also lets the vendors judge what would be made, where they can without making it.
    """
    accounts = workspace.accounts(check=online_check)
    observation = observe(accounts.values())
    snapshot, _entries = settled_snapshot(workspace, accounts.values(), observation)
    observation = counted(workspace, accounts, snapshot, observation)
    planned = decide(workspace, snapshot, observation, only=only, allow=allow, at=at)
    refused = unresolved(accounts, planned.plan.changes, planned.decided.wanted)
    judged = _judged(accounts, snapshot, planned, refused) if online_check else ()
    refused |= {item.wanted.key: item.text for item in judged if item.refused}
    if refused:
        planned = decide(workspace, snapshot, observation, only=only, allow=allow, at=at, refused=refused)
    told = ((str(item.wanted.key.address), item.text) for item in judged if not item.refused)
    return _noted(planned, (*short_quotas(accounts), *told))


def short_quotas(accounts: Mapping[str, Account]) -> Iterator[tuple[str, str]]:
    """The accounts whose vendor lets them make few calls more, and how many."""
    for name, account in accounts.items():
        if isinstance(account.provider, Metered):
            with suppress(ReconcilerError):
                quota = account.provider.quota(account.client)
                if quota is not None and quota.is_short:
                    yield name, f"{quota}; what does not fit waits, and the next apply goes on"


def counted(
    workspace: Workspace, accounts: Mapping[str, Account], snapshot: Snapshot, observation: Observation
) -> Observation:
    """The observation, with the runs read back whose vendor shows another number of people than we queued."""
    if not workspace.key_fits:
        return observation
    return replace(observation, strays=workspace.read_back.strays(accounts, snapshot, observation.live))


def _judged(
    accounts: Mapping[str, Account], snapshot: Snapshot, planned: Planned, refused: Collection[ObjectKey]
) -> tuple[Judged, ...]:
    """What the vendors think of the objects that a plan would make, and that nothing speaks against yet."""
    todo = (item for item in planned.plan.todo if item.action is Action.CREATE)
    made = (item.key for item in todo if item.key not in refused)
    several = (planned.decided.wanted[key] for key in made)
    return tuple(judge(accounts, several, snapshot.records.get))


def _noted(planned: Planned, notes: Iterable[tuple[str, str]]) -> Planned:
    found = (*planned.plan.notes, *(Note(address, text) for address, text in notes))
    plan = replace(planned.plan, notes=tuple(sorted(set(found), key=lambda item: (item.address, item.text))))
    return replace(planned, decided=replace(planned.decided, plan=plan))


def settled_snapshot(
    workspace: Workspace, accounts: Iterable[Account], observation: Observation
) -> tuple[Snapshot, tuple[LogEntry, ...]]:
    """The state with moves made and every unknown settled that one look can settle; kept in memory only."""
    moved = move_entries(workspace, workspace.journal.snapshot)
    snapshot = fold(workspace.journal.snapshot, moved)
    recovery = Recovery(
        workspace.project, {item.name: item for item in accounts}, workspace.now, workspace.options.stop
    )
    jobs = recovery.peek(snapshot, observation)
    snapshot = fold(snapshot, jobs)
    settled = recovery.look(snapshot, observation, patient=False)
    return fold(snapshot, settled.entries), (*moved, *jobs, *settled.entries)


def move_entries(workspace: Workspace, snapshot: Snapshot) -> tuple[LogEntry, ...]:
    """What `moved:` asks for and the state has not done yet; raises ProjectError where it cannot be."""
    entries, problems = moves(snapshot, workspace.manifests.moved, workspace.stamp(), workspace.holder)
    if problems:
        raise ProjectError(located(workspace, problems))
    return entries


def decide(
    workspace: Workspace,
    snapshot: Snapshot,
    observation: Observation,
    *,
    only: Sequence[str] = (),
    allow: Sequence[str] = (),
    at: dt.datetime | None = None,
    suppressed: frozenset[bytes] = frozenset(),
    refused: Mapping[ObjectKey, str] = MappingProxyType({}),
) -> Planned:
    """The plan for a state and an observation. `suppressed` are people whom a reviewed plan kept out.

    `refused` are objects that their vendor said it would not make, or names in them that it does not know.
    """
    manifests, now = workspace.manifests, at or workspace.now()
    _check_words(only, allow)
    lowered = lower_all(workspace.project, manifests, snapshot, now)
    if errors(lowered.problems):
        raise ProjectError(located(workspace, (*workspace.loaded.problems, *lowered.problems)))
    _check_known(only, (item.key.address for item in lowered.objects), snapshot)
    crowd = gather(workspace, lowered.objects, snapshot)
    scene = Scene(
        project=workspace.project,
        wanted=lowered.objects,
        snapshot=snapshot,
        live=observation.live,
        specs=specs_of(workspace.project),
        now=now,
        lists=crowd.lists,
        blacklists=crowd.blacklists,
        remembered=crowd.remembered | (suppressed - crowd.listed),
        stored=_stored(workspace, observation),
        strays=observation.strays,
        sent=crowd.sent,
        consents=manifests.consents,
        allow=tuple(allow),
        only=tuple(only),
        failures=observation.failures,
        problems=located(workspace, (*workspace.loaded.problems, *lowered.problems, *crowd.problems)),
        observers=workspace.project.watched,
        earliest=crowd.earliest,
        refused=refused,
    )
    decided = build_plan(scene)
    stuck = unsendable(workspace, crowd, decided)
    if stuck:
        decided = build_plan(without(scene, stuck))
    plan = replace(decided.plan, problems=located(workspace, decided.plan.problems))
    planned = Planned(replace(decided, plan=plan), crowd, observation, tuple(allow), tuple(only))
    return _noted(planned, lowered.notes)


def _stored(workspace: Workspace, observation: Observation) -> dict[str, frozenset[bytes]]:
    """Whom the vendors' own lists hold, by broad digests; nobody can be told from anybody without the key."""
    if not workspace.key_fits:
        return {}
    broad = workspace.digester.broad
    return {name: frozenset(map(broad, numbers)) for name, numbers in observation.barred.items()}


def specs_of(project: Project) -> dict[str, dict[str, KindSpec]]:
    """The kinds of every provider of a project, declared."""
    return {
        settings.name: {name: kind.spec for name, kind in registry.get(settings.type).kinds.items()}
        for settings in project.providers.values()
    }


def _check_words(only: Sequence[str], allow: Sequence[str]) -> None:
    for text in only:
        _address(text, "--only")
    for text in allow:
        action, _, address = text.partition(":")
        if action not in ACTIONS:
            raise UsageError(f"--allow {text}: no such action", f"one of: {' '.join(sorted(ACTIONS))}")
        if address:
            _address(address, "--allow")


def _check_known(only: Sequence[str], wanted: Iterable[Address], snapshot: Snapshot) -> None:
    """A choice of what nobody has would choose nothing, and look like success."""
    if not only:
        return
    known = sorted({*map(str, wanted), *(str(key.address) for key in snapshot.records)})
    for text in only:
        if text not in known:
            from difflib import get_close_matches

            close = get_close_matches(text, known, n=1)
            remedy = f"did you mean {close[0]}?" if close else "see: reconciler plan"
            raise UsageError(f"--only {text}: nothing is called so", remedy)


def _address(text: str, option: str) -> Address:
    try:
        return Address.parse(text)
    except ValueError:
        raise UsageError(f"{option} {text}: not an address", "write provider/kind/name") from None


def plan_problems(workspace: Workspace) -> tuple[Problem, ...]:
    """Everything wrong with the manifests that can be told offline, lowering included."""
    problems = workspace.loaded.problems
    if not errors(problems):
        problems += lower_all(workspace.project, workspace.loaded.manifests, None, workspace.now()).problems
    return located(workspace, problems)


def reviewed_of(planned: Planned) -> Reviewed:
    """What of a plan is pinned when it is saved."""
    plan = planned.plan
    kept_out = frozenset(
        broad
        for listed in planned.crowd.lists.values()
        for broad in listed.people.values()
        if any(broad in blacklist.broad for blacklist in planned.crowd.blacklists.values())
    )
    return Reviewed(
        project_id=plan.project_id,
        lineage=plan.lineage,
        expires=plan.expires,
        digest=plan.digest,
        changes={item.id: change_digest(item) for item in plan.todo},
        rings={item.id: item.first_ring for item in plan.todo if item.first_ring is not None},
        people={item.id: item.people for item in plan.todo},
        allow=planned.allow,
        only=planned.only,
        suppressed=kept_out,
    )
