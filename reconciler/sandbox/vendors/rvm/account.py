"""One RVMpro account: what it holds, and the answers shared by all operations."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from reconciler.sandbox.holdings import Holdings
from reconciler.sandbox.messages import Request
from reconciler.sandbox.table import Table
from reconciler.sandbox.vendors.rvm.numbers import spellings
from reconciler.sandbox.vendors.rvm.options import Options
from reconciler.sandbox.vendors.rvm.records import Campaign, Check, Suppressed
from reconciler.sandbox.vendors.rvm.validation import Failed, Form

NAME = "rvm"
ACCOUNT = "main"


@dataclass(slots=True)
class Account(Holdings):
    """Everything one account holds."""

    options: Options = field(default_factory=Options)
    campaigns: Table[Campaign] = field(init=False)
    blacklist: dict[str, Suppressed] = field(default_factory=dict)
    checks: list[Check] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Only campaigns have ids."""
        self.campaigns = Table(self.world.first_id)

    def local(self, moment: datetime) -> datetime:
        """Turn a moment into the zone of timestamps (A17)."""
        return moment.astimezone(ZoneInfo(self.options.timestamps))

    def stamp(self, moment: datetime) -> str:
        """Write a moment as replies do."""
        return f"{self.local(moment):%Y-%m-%d %H:%M:%S}"

    def suppressed(self, number: str) -> Suppressed | None:
        """Find a number on the do-not-call list."""
        listed = [self.blacklist[each] for each in spellings(number, self.options) if each in self.blacklist]
        return min(listed, key=lambda entry: entry.order, default=None)

    @property
    def credits_left(self) -> int:
        """What is left to spend."""
        return self.options.credits - sum(check.credits for check in self.checks)


@dataclass(frozen=True, slots=True)
class Operation:
    """One documented call with what came along."""

    account: Account
    request: Request
    form: Form


@dataclass(frozen=True, slots=True)
class Answer:
    """A success: what stands beside the flag, and which campaign changed."""

    body: Mapping[str, object]
    campaign_id: int | None = None


def padded(campaign_id: int) -> str:
    """Write an id with its leading zeros; whether it stays text is decided when the reply is written."""
    return f"{campaign_id:010}"


def wanted_campaign(operation: Operation, field_name: str = "c_campaign_id") -> Campaign:
    """Find the campaign that the request is about."""
    campaign_id = operation.form.campaign_id(field_name)
    operation.form.finish()
    campaign = operation.account.campaigns.get(campaign_id)
    if campaign is None:
        raise Failed(f"{field_name}: no such campaign")
    return campaign
