"""The verdict on one case, from the vendor's own books, against what the same scenario came to in peace."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass, field
from itertools import takewhile
from typing import Any

from reconciler.model.plan import Plan

from .cases import FAULTS, FOLDER, Case
from .peace import Ended, Site, texts

COLUMNS = ("duplicates", "twice", "suppressed", "early", "foreign", "stuck", "outcome", "crash")
"""What must be 0: objects that exist too often; people queued or called twice; suppressed people queued or called;
arming before people and suppression are in; objects of others that were touched; cases that neither converge nor
may stay unknown; faults that ended in another outcome than the catalogue says; exceptions nobody foresaw."""

ALLOWED: list[dict[str, Any]] = json.loads((FOLDER / "allowed.json").read_text())["cells"]


@dataclass
class Peace:
    """What a scenario comes to when nothing befalls it."""

    things: Counter[str]
    queued: Counter[str]
    active: Counter[str]
    called: Counter[str]
    suppressed: frozenset[str]
    suppressing: frozenset[str]
    """The requests that have to come before anything is armed."""

    @classmethod
    def of(cls, site: Site) -> Peace:
        """Of a site at which the scenario was applied."""
        things = _things(site)
        suppressing = _before_arming(site) & {*site.vendor.suppresses}
        site.sandbox.clock(advance=60 * 86400)
        return cls(
            things, site.queued(site.armed()), site.queued_while_active(), site.called(),
            frozenset(site.folder.blacklist), suppressing,
        )  # fmt: skip


@dataclass
class Verdict:
    """How a case ended. `commands` are exit codes in order; `wrong` has a text for each column that is not 0.

    `seconds` are of a processor, without those of processes that the case killed.
    """

    case: str
    vendor: str
    commands: list[int] = field(default_factory=list)
    ended: str = ""
    wrong: dict[str, str] = field(default_factory=dict)
    story: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def as_json(self) -> dict[str, Any]:
        """For the artifact."""
        return asdict(self)


def _things(site: Site) -> Counter[str]:
    """Our objects, but those that never rang and are over for good."""
    armed = site.armed()
    return Counter(
        f"{item.kind} {item.face} {item.status}"
        for item in site.ours()
        if item.kind != "campaign" or item.id in armed or item.status != "over"
    )


def judge(case: Case, site: Site, peace: Peace, last: Ended, plan: Ended, verdict: Verdict) -> None:
    """Fill in a verdict, when all commands are over; makes sixty days pass."""
    wrong = verdict.wrong
    found = _things(site)
    settled = last.code == 0 and plan.code == 0
    if settled and found == peace.things:
        verdict.ended = "converged"
    elif may_stay_unknown(case, plan.plan):
        verdict.ended = "named unknown"
    else:
        verdict.ended = "stuck"
        wrong["stuck"] = f"exit {last.code}, plan {plan.code}: {plan.said or last.said}"
        if found != peace.things:
            wrong["stuck"] += f"; lacks {texts(peace.things - found)}, has {texts(found - peace.things)}"
    _judge_objects(site, peace, verdict)
    _judge_order(site, peace, wrong)
    if foreign := site.touched():
        wrong["foreign"] = texts(foreign)
    site.sandbox.clock(advance=60 * 86400)
    _judge_people(site, peace, wrong)


def _judge_objects(site: Site, peace: Peace, verdict: Verdict) -> None:
    """Each exactly once; of what ends unknown, what was ever armed."""
    found = _counted(_things(site), only_armed=verdict.ended == "named unknown")
    extra = found - _counted(peace.things, only_armed=verdict.ended == "named unknown")
    if extra:
        verdict.wrong["duplicates"] = texts(extra)


def _counted(things: Counter[str], *, only_armed: bool) -> Counter[str]:
    """How many objects there are of each kind."""
    found: Counter[str] = Counter()
    for thing, count in things.items():
        if not only_armed or not thing.endswith(" inert"):
            found[thing.partition(" ")[0]] += count
    return found


def _judge_people(site: Site, peace: Peace, wrong: dict[str, str]) -> None:
    again = (site.queued(site.armed()) - peace.queued) | (site.called() - peace.called)
    kept_out = Counter({number: count for number, count in again.items() if number in peace.suppressed})
    if kept_out:
        wrong["suppressed"] = texts(kept_out)
    if again - kept_out:
        wrong["twice"] = texts(again - kept_out)


def _judge_order(site: Site, peace: Peace, wrong: dict[str, str]) -> None:
    if late := site.queued_while_active() - peace.active:
        wrong["early"] = f"queued when it rang already: {texts(late)}"
    if any(name in site.vendor.arms for name, _ in site.writes()) and peace.suppressing - _before_arming(
        site
    ):
        wrong["early"] = "armed before the vendor had its blacklist"


def _before_arming(site: Site) -> frozenset[str]:
    """The writes that came before the first that arms; all of them where none does."""
    names = (name for name, _ in site.writes())
    return frozenset(takewhile(lambda name: name not in site.vendor.arms, names))


def may_stay_unknown(case: Case, plan: Plan | None) -> bool:
    """Whether a plan asks a person, and the committed table lets it for all that it asks."""
    if plan is None or not plan.unknowns:
        return False
    fault = FAULTS[case.fault]
    if fault.outcome not in {"UNKNOWN", None}:
        return False
    return all(
        _is_allowed(case, intent.kind, intent.operation.value)
        for intent in (item.intent for item in plan.unknowns)
    )


def _is_allowed(case: Case, kind: str, operation: str) -> bool:
    return any(
        (cell["vendor"], cell["operation"]) == (case.vendor, f"{kind} {operation}")
        and case.scenario in cell.get("scenarios", [case.scenario])
        and case.target in {"state", cell["request"]}
        for cell in ALLOWED
    )
