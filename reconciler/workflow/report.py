"""The use case of a vendor's own reports: read, masked, and never kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence

from msgspec import Struct

from reconciler.engine.ask import read_report
from reconciler.errors import Held, UsageError
from reconciler.model.address import Address
from reconciler.model.table import Cell, Column, Listed, Table
from reconciler.providers import registry
from reconciler.providers.base import Question, Report, Reporting
from reconciler.workflow.workspace import Workspace

SHOWN = 2
"""So many characters of what is masked are shown, at its end."""

OPTIONS = {"campaigns": "--campaign", "since": "--from", "until": "--to", "number": "--number"}
"""How the command line names what may be asked."""


class Asked(Struct, frozen=True):
    """What was asked on the command line; campaigns by address, by name, or by the vendor's own id."""

    campaigns: tuple[str, ...] = ()
    since: dt.date | None = None
    until: dt.date | None = None
    number: str | None = None


def listed(workspace: Workspace, provider: str | None = None) -> tuple[Listed, ...]:
    """The reports that there are, at one provider or at all."""
    names = [provider] if provider is not None else sorted(workspace.project.providers)
    return tuple(
        Listed(
            name, report.name, report.help, tuple(OPTIONS[each] for each in OPTIONS if each in report.takes)
        )
        for name in names
        for report in _reports(workspace, name).values()
    )


def report(
    workspace: Workspace,
    provider: str,
    name: str,
    asked: Asked,
    *,
    reveal: bool = False,
    allow: Collection[str] = (),
) -> Table:
    """One report; raises UsageError for what it does not take, Held for what costs and was not consented to."""
    reports = _reports(workspace, provider)
    if name not in reports:
        known = f"there are: {', '.join(reports)}" if reports else "its vendor has none that is read"
        raise UsageError(f"provider {provider} has no report {name!r}", known)
    chosen = reports[name]
    question = _question(workspace, provider, chosen, asked)
    price = chosen.price(question)
    if price and not {"spend", f"spend:{provider}"} & set(allow):
        raise Held(f"{provider} takes {price} for this", "to pay that, add: --allow spend")
    account = workspace.account(workspace.project.providers[provider], write=bool(price))
    rows = read_report(account, chosen, question)
    shown = rows if reveal else tuple(_masked(chosen.columns, row) for row in rows)
    return Table(provider, name, chosen.columns, shown, masked=not reveal, spent=price)


def _reports(workspace: Workspace, provider: str) -> Mapping[str, Report]:
    settings = workspace.project.providers.get(provider)
    if settings is None:
        known = ", ".join(sorted(workspace.project.providers))
        raise UsageError(f"there is no provider {provider!r}", f"there are: {known}")
    found = registry.get(settings.type)
    return found.reports if isinstance(found, Reporting) else {}


def _question(workspace: Workspace, provider: str, chosen: Report, asked: Asked) -> Question:
    given = {name for name in OPTIONS if getattr(asked, name)}
    if extra := sorted(OPTIONS[name] for name in given - chosen.takes):
        takes = ", ".join(sorted(OPTIONS[name] for name in chosen.takes)) or "no options"
        raise UsageError(f"report {chosen.name} does not take {', '.join(extra)}", f"it takes {takes}")
    if lacking := sorted(OPTIONS[name] for name in chosen.needs - given):
        raise UsageError(f"report {chosen.name} needs {', '.join(lacking)}", "reconciler report --help")
    if asked.since is not None and asked.until is not None and asked.since > asked.until:
        raise UsageError("--from comes after --to", "both are days, and both are included")
    ids = tuple(found for each in asked.campaigns for found in _ids(workspace, provider, each))
    return Question(ids, asked.since, asked.until, asked.number)


def _ids(workspace: Workspace, provider: str, text: str) -> Sequence[str]:
    """The vendor's ids of a campaign's objects, all runs and parts; an id that is no address stands for itself."""
    try:
        address = Address.parse(text if "/" in text else f"{provider}/campaign/{text}")
    except ValueError:
        address = None
    records = workspace.journal.snapshot.records.items()
    found = [record for key, record in records if key.address == address and record.remote_id is not None]
    if found:
        return [str(item.remote_id) for item in sorted(found, key=lambda item: (item.key.run, item.key.part))]
    if text.isascii() and text.isalnum() and any(map(str.isdigit, text)):
        return [text]
    raise UsageError(f"the state knows no campaign {text!r} at {provider}", "see: reconciler state list")


def _masked(columns: Sequence[Column], row: tuple[Cell, ...]) -> tuple[Cell, ...]:
    return tuple(_mask(cell) if column.personal else cell for column, cell in zip(columns, row, strict=True))


def _mask(cell: Cell) -> Cell:
    if cell is None:
        return None
    text = str(cell)
    return "*" * max(len(text) - SHOWN, SHOWN) + text[-SHOWN:] if len(text) > 2 * SHOWN else "*" * len(text)
