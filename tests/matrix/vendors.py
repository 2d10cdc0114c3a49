"""The vendors of the matrix. To add one: how its project looks, what its books say, what is representative."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from reconciler.sandbox import Sandbox
from reconciler.sandbox.ledger import Write
from reconciler.testing.projects import ProjectFolder

from . import scenarios as acts
from .scenarios import Scenario, Thing, both, campaign, nothing


@dataclass(frozen=True)
class Vendor:
    """One vendor.

    `settings`: its provider block, without the address. `credentials`: environment variable -> the name in
    what the sandbox says of itself. `parts`: what its projects have otherwise than others. `things`: its books.
    `arms`, `suppresses`, `creates`: by the name of a request, what it does. `busy` and `refusal` are replies in its
    documented shape. `strangers` makes objects that are not ours. `options` are ways that its page leaves open.
    """

    name: str
    settings: Mapping[str, Any]
    credentials: Mapping[str, str]
    things: Callable[[dict[str, Any]], list[Thing]]
    strangers: Callable[[httpx.Client, Mapping[str, Any]], None]
    acts: tuple[Scenario, ...]
    arms: tuple[str, ...]
    creates: tuple[str, ...]
    suppresses: tuple[str, ...] = ()
    refusal: str = ""
    busy: tuple[int, str] = (429, "")
    deletes: bool = True
    campaign: Mapping[str, Any] = field(default_factory=dict)
    keeps_blacklists: bool = False
    project: Mapping[str, Any] = field(default_factory=dict)
    options: tuple[Mapping[str, Any], ...] = ({},)

    def folder(self, root: Path, sandbox: Sandbox, timeout: float) -> Folder:
        """A project of twelve people, one of them suppressed, as it is before any scenario."""
        facts = sandbox.ready()["providers"][self.name]
        provider = {"type": self.name, "base_url": facts["base_url"], "list_lag": 1, "timeout": timeout}
        secrets = {variable: str(facts[name]) for variable, name in self.credentials.items()}
        made = Folder(root, {self.name: provider | dict(self.settings)}, secrets, vendor=self)
        made.campaign = dict(self.campaign)
        made.project = dict(self.project)
        made.blacklist = [made.numbers[3]]
        return made


@dataclass
class Folder(ProjectFolder):
    """A project whose blacklist is also declared for the vendor, where it keeps any."""

    vendor: Vendor | None = None

    def write(self) -> Folder:
        """Write every file."""
        stored = {"file": "../contacts/dnc.txt", "region": "US"}
        if self.vendor is not None and self.vendor.keeps_blacklists:
            stored["providers"] = [self.vendor.name]  # type: ignore[assignment]
        self.extra = {**self.extra, "blacklists": {"dnc": stored}}
        super().write()
        return self


def request_name(item: Mapping[str, Any]) -> str:
    """How a request is called in tables: method, path, and the vendor's operation where those do not tell."""
    return f"{item['method']} {item['path']} {item['operation']}".rstrip()


def write_name(write: Write) -> str:
    """The same for a line of the ledger."""
    return f"{write.method} {write.path} {write.operation}".rstrip()


def _face(item: Mapping[str, Any], *fields: str) -> str:
    return json.dumps({name: item[name] for name in fields}, sort_keys=True, default=str)


# Plum Voice


def _plum_things(state: dict[str, Any]) -> list[Thing]:
    days = {item["id"]: item["nickname"] for item in state["schedules"]}
    words = {"created": "inert", "active": "armed", "stopped": "over"}
    return [
        *(Thing("schedule", item["id"], _face(item, "nickname", "days")) for item in state["schedules"]),
        *(
            Thing("profile", item["id"], _face(item, "nickname", "period", "amount_per_period"))
            for item in state["profiles"]
        ),
        *(
            Thing(
                "campaign",
                item["id"],
                _face(item, "start_date", "end_date", "start_url", "result_url") + str(days.get(item["schedule_id"])),
                words[item["run"]],
            )
            for item in state["campaigns"]
        ),
    ]  # fmt: skip


def _plum_strangers(client: httpx.Client, facts: Mapping[str, Any]) -> None:
    client.headers["Authorization"] = f"Bearer {facts['token']}"
    window = {"profile": "theirs", "start_time": "09:00", "end_time": "10:00"}
    for path, fields in (
        ("schedules", {"days": '["sun"]', "nickname": "theirs"}),
        ("profiles", {"period": "1", "amount_per_period": "1", "time_between_periods": "1", "nickname": "theirs"}),
        ("campaigns", {"start_date": "2027-01-04", "end_date": "2027-01-29", "schedule": "theirs",
                       "profiles": json.dumps([window]), "start_url": "https://ivr.example/start"}),
    ):  # fmt: skip
        client.post(
            f"/{path}", files={key: (None, value) for key, value in fields.items()}
        ).raise_for_status()


PLUM = Vendor(
    name="plum",
    settings={"token": {"env": "PLUM_TOKEN"}},
    credentials={"PLUM_TOKEN": "token"},
    things=_plum_things,
    strangers=_plum_strangers,
    acts=(
        acts.CREATE,
        Scenario("update", both(acts.slower_and_fewer_days, campaign(end_date="2027-02-05")), nothing),
        Scenario("update a draft", both(acts.slower_and_fewer_days, campaign(end_date="2027-02-05")),
                 campaign(state="draft")),
        acts.RERUN, acts.RERUN_AT_ONCE, acts.ARM, acts.REMADE,
        acts.GROWTH, acts.DELETE, acts.BLACKLIST, acts.STOP,
    ),
    arms=("POST /campaigns/start",),
    creates=("POST /schedules", "POST /profiles", "POST /campaigns"),
    refusal='{"status": "error", "error": "not today"}',
    options=({}, {"show_pacing": True, "schedule_nickname": "current", "start_active": "redial"}),
)  # fmt: skip


# RVMpro


def _rvm_things(state: dict[str, Any]) -> list[Thing]:
    words = {"PAUSED": "inert", "ACTIVE": "armed", "COMPLETED": "armed", "STOPPED": "over"}
    return [
        *(
            Thing("campaign", int(item["id"]), _face(item, "name", "throttle"), words[item["status"]])
            for item in state["campaigns"]
        ),
        *(Thing("blacklisted", 0, number) for number in {item["number"] for item in state["blacklist"]}),
    ]


def _rvm_strangers(client: httpx.Client, facts: Mapping[str, Any]) -> None:
    fields = {
        "api": "create", "token": facts["token"], "c_name": "January promo theirs", "c_callback": "6175550100",
        "c_wav": "https://media.example/theirs.wav", "c_numbers": "2025550111,2025550112",
        "c_start_date": "2027-01-04", "c_stop_date": "2027-01-29",
    }  # fmt: skip
    found = client.post("/campaigns", files={key: (None, value) for key, value in fields.items()})
    assert found.status_code == 200, found.text


RVM = Vendor(
    name="rvm",
    settings={"token": {"env": "RVM_TOKEN"}},
    credentials={"RVM_TOKEN": "token"},
    things=_rvm_things,
    strangers=_rvm_strangers,
    acts=(
        acts.CREATE,
        Scenario("update a draft", campaign(end_date="2027-02-05"), campaign(state="draft")),
        acts.RERUN, acts.RERUN_AT_ONCE, acts.ARM, acts.REMADE, acts.PAUSE, acts.RESUME,
        acts.GROWTH, acts.DELETE, acts.BLACKLIST, acts.STOP,
    ),
    arms=("POST /campaigns start",),
    creates=("POST /campaigns create",),
    suppresses=("POST /blacklist load", "POST /blacklist add"),
    refusal='{"c_error": true, "c_error_msg": ["not today"]}',
    deletes=False,
    campaign={
        "title": "January promo",
        "plum": None,
        "rvm": {"callback": "617-555-0199", "wav": "https://media.example/promo.wav"},
    },
    keeps_blacklists=True,
)  # fmt: skip

VENDORS = {vendor.name: vendor for vendor in (PLUM, RVM)}
