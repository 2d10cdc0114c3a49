"""One wolkvox operation: what it holds, and what all calls look up in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from reconciler.sandbox.holdings import Holdings
from reconciler.sandbox.messages import Request
from reconciler.sandbox.table import Table
from reconciler.sandbox.vendors.wolkvox.options import Options
from reconciler.sandbox.vendors.wolkvox.records import Barred, Campaign, Kind, Skill
from reconciler.sandbox.vendors.wolkvox.wire import Refused

NAME = "wolkvox"
ACCOUNT = "main"
REQUIRED = "SOME PARAMETERS ARE REQUIRED"
SKILLS = (
    Skill("4069", "Store", "Sales by telephone"),
    Skill("4070", "Reminders", "Appointments of patients"),
    Skill("4071", "Recovery", "Payments that are due"),
)


@dataclass(slots=True)
class Account(Holdings):
    """Everything one operation holds."""

    options: Options = field(default_factory=Options)
    campaigns: Table[Campaign] = field(init=False)
    skills: tuple[Skill, ...] = SKILLS
    barred: dict[tuple[str, str], Barred] = field(default_factory=dict)  # by number and direction
    calls_today: tuple[date, int] = (date.min, 0)

    def __post_init__(self) -> None:
        """Only campaigns have ids of their own making."""
        self.campaigns = Table(self.world.first_id)

    @property
    def zone(self) -> ZoneInfo:
        """The zone of times (A20)."""
        return ZoneInfo(self.options.zone)

    def stamp(self, moment: datetime | None) -> str:
        """Write a moment as replies do; empty for never."""
        return "" if moment is None else f"{moment.astimezone(self.zone):%Y-%m-%d %H:%M:%S}"

    def count_call(self) -> int:
        """Count a call of today, which is a day of the operation's zone."""
        today = self.now().astimezone(self.zone).date()
        day, calls = self.calls_today
        self.calls_today = (today, calls + 1 if day == today else 1)
        return self.calls_today[1]


@dataclass(frozen=True, slots=True)
class Operation:
    """One call with what came along."""

    account: Account
    request: Request
    query: Mapping[str, str]  # empty values count as absent
    body: Any

    def required(self, name: str) -> str:
        """Read a parameter of the query that must be there."""
        value = self.query.get(name, "")
        if not value:
            raise Refused(400, REQUIRED)
        return value

    def text(self, name: str, *, required: bool = False) -> str:
        """Read a text of the body; numbers count as such."""
        value = self.body.get(name) if isinstance(self.body, dict) else None
        if value in (None, ""):
            if required:
                raise Refused(400, REQUIRED)
            return ""
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise Refused(400, f"{name.upper()} MUST BE A TEXT")
        return str(value)

    def word(self, name: str, words: tuple[str, ...], default: str = "") -> str:
        """Read one of a few words of the body."""
        value = self.text(name) or default
        if value and value not in words:
            raise Refused(400, f"{name.upper()} IS NOT VALID")
        return value

    def sent(self, name: str) -> bool:
        """Whether the body has the field at all."""
        return isinstance(self.body, dict) and name in self.body


def campaign_kind(operation: Operation, *, required: bool) -> Kind | None:
    """Read `type_campaign`."""
    value = operation.required("type_campaign") if required else operation.query.get("type_campaign", "")
    if not value:
        return None
    if value not in {kind.value for kind in Kind}:
        raise Refused(400, "TYPE_CAMPAIGN IS NOT VALID")
    return Kind(value)


def wanted_campaign(operation: Operation, *, type_required: bool = False) -> Campaign:
    """Find the campaign that is meant. What an unknown id or another type answers is not documented."""
    kind = campaign_kind(operation, required=type_required)
    return campaign_by_id(operation.account, operation.required("campaign_id"), kind)


def campaign_by_id(account: Account, text: str, kind: Kind | None = None) -> Campaign:
    """Find a campaign by the text of its id."""
    campaign = account.campaigns.get(int(text)) if text.isascii() and text.isdigit() else None
    if campaign is None:
        raise Refused(400, "THE CAMPAIGN_ID DOES NOT EXIST")
    if kind not in {None, campaign.kind}:
        raise Refused(400, f"THE CAMPAIGN IS NOT {kind}".upper())
    return campaign


def refuse_if_started(account: Account, campaign: Campaign) -> None:
    """Keep a started campaign as it is, if so switched; the pages don't ask for it."""
    if campaign.started and account.options.while_started == "refuse":
        raise Refused(400, "THE CAMPAIGN MUST BE STOPPED")


def texts(each: object, *names: str) -> list[str] | None:
    """Read fields of an object that must all be texts; None where one is not."""
    values = [each.get(name) for name in names] if isinstance(each, dict) else []
    read = [value for value in values if isinstance(value, str)]
    return read if len(read) == len(names) else None
