"""One Plum Voice account: its tables, what refers to what, and the answers shared by all resources."""

from dataclasses import dataclass, field
from typing import TypeVar

from reconciler.sandbox.holdings import Holdings
from reconciler.sandbox.messages import Reply, Request, json_reply
from reconciler.sandbox.table import Row, Table
from reconciler.sandbox.vendors.plum.options import Options
from reconciler.sandbox.vendors.plum.records import Campaign, Profile, Schedule
from reconciler.sandbox.vendors.plum.validation import Form

NAME = "plum"
ACCOUNT = "main"

RowType = TypeVar("RowType", bound=Row)


class Refused(Exception):
    """The vendor answers with an error; `reply` is it."""

    def __init__(self, status: int, error: str) -> None:
        super().__init__(error)
        self.reply = json_reply({"status": "error", "error": error}, status, refused=True)


@dataclass(slots=True)
class Account(Holdings):
    """Everything one account holds."""

    options: Options = field(default_factory=Options)
    schedules: Table[Schedule] = field(init=False)
    profiles: Table[Profile] = field(init=False)
    campaigns: Table[Campaign] = field(init=False)
    rendered: dict[int, bytes] = field(
        default_factory=dict
    )  # campaigns as lists show them, until they change

    def __post_init__(self) -> None:
        """Every kind has ids of its own."""
        self.schedules = Table(self.world.first_id)
        self.profiles = Table(self.world.first_id)
        self.campaigns = Table(self.world.first_id)

    def shown_nickname(self, nickname: str | None) -> dict[str, str | None]:
        """Show a nickname as a reply does (A17)."""
        if nickname is not None or self.options.missing_nickname == "null":
            return {"nickname": nickname}
        return {} if self.options.missing_nickname == "absent" else {"nickname": ""}


@dataclass(frozen=True, slots=True)
class Operation:
    """One documented call with what came along."""

    account: Account
    request: Request
    form: Form
    path_id: int = 0


def found(table: Table[RowType], row_id: int, kind: str) -> RowType:
    """Get a row that must be there. The answer to an unknown id is not documented; 404 is our choice."""
    row = table.get(row_id)
    if row is None:
        raise Refused(404, f"{kind} id {row_id} does not exist.")
    return row


def success(response: dict[str, object] | None = None, campaign_id: int | None = None) -> Reply:
    """Answer with the documented success; `response` is an object though the tables call it an array (A7)."""
    body: dict[str, object] = {"status": "success"}
    return json_reply(body if response is None else {**body, "response": response}, campaign_id=campaign_id)


def check_nickname(
    form: Form, field_name: str, table: Table[Schedule] | Table[Profile], own_id: int = 0
) -> None:
    """Allow a nickname once per kind. The refusal is documented, and stands under `nickname` always."""
    nickname = form.nickname(field_name)
    if nickname is not None and any(row.nickname == nickname and row.id != own_id for row in table):
        form.refuse("nickname", "The nickname has already been taken.")


def refuse_if_used(account: Account, described: str, users: list[int]) -> None:
    """Keep what a campaign uses; of several the highest id is named. There is no blank before `(id`."""
    if users:
        raise Refused(
            account.options.in_use_status, f"{described} is being used with campaign id {max(users)}."
        )
