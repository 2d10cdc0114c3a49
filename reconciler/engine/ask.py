"""Asking a vendor beside planning: reports read, and objects judged that nobody makes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress

from msgspec import Struct
from msgspec.structs import replace

from reconciler.engine.account import Account
from reconciler.engine.sending import sending_so_far
from reconciler.errors import CredentialsError, UnreachableError
from reconciler.model.address import ObjectKey
from reconciler.model.objects import WantedObject
from reconciler.model.plan import Change
from reconciler.model.state import Record, Result
from reconciler.model.table import Cell
from reconciler.planning.basis.updates import names_one
from reconciler.providers.base import Checking, NumberAlone, Question, Report, Resolving

NOBODY = "+12025550100"
"""A number of the range that is kept for fiction: no vendor can reach anybody by it."""


class Judged(Struct, frozen=True):
    """What a vendor thinks of an object. `refused`: it would not make it; else what its word does not cover."""

    wanted: WantedObject
    text: str
    refused: bool


def read_report(account: Account, report: Report, question: Question) -> tuple[tuple[Cell, ...], ...]:
    """The rows of a report under its columns; raises like Client.fetch."""
    names = [column.name for column in report.columns]
    return tuple(tuple(row.get(name) for name in names) for row in report.read(account.client, question))


def unresolved(
    accounts: Mapping[str, Account], changes: Iterable[Change], wanted: Mapping[ObjectKey, WantedObject]
) -> dict[ObjectKey, str]:
    """Why the vendors do not know a name that a change would give them; who does not answer says nothing."""
    asked: dict[tuple[str, str], dict[str, ObjectKey]] = {}
    for item in changes:
        account = accounts.get(item.address.provider)
        if account is not None and item.key in wanted and names_one(account.specs[item.kind], item):
            asked.setdefault((account.name, item.kind), {})[str(item.key)] = item.key
    found: dict[ObjectKey, str] = {}
    for (provider, kind_name), keys in asked.items():
        kind = accounts[provider].kind(kind_name)
        if isinstance(kind, Resolving):
            fields = {name: wanted[key].fields for name, key in keys.items()}
            with suppress(UnreachableError, CredentialsError):
                told = kind.unresolved(accounts[provider].client, fields)
                found |= {keys[name]: text for name, text in told.items()}
    return found


def judge(
    accounts: Mapping[str, Account],
    several: Iterable[WantedObject],
    record_of: Callable[[ObjectKey], Record | None],
) -> Iterator[Judged]:
    """Let vendors that can judge objects which would be made; what they would take as a whole is passed over."""
    for wanted in several:
        account = accounts[wanted.key.address.provider]
        kind = account.kind(wanted.kind)
        if not isinstance(kind, Checking):
            continue
        known, missing = sending_so_far(wanted, record_of)
        outcome = kind.check(
            account.client, replace(known, contacts=(NumberAlone(NOBODY, reference="0"),)), missing
        )
        if outcome.done:
            if outcome.reason:
                yield Judged(wanted, outcome.reason, refused=False)
            continue
        refused = outcome.result is Result.REFUSED and not outcome.busy and not outcome.credentials
        yield Judged(wanted, outcome.reason if refused else f"not checked: {outcome.reason}", refused)
