"""What the matrix has to know of a vendor; `declared.py` has the four."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import httpx
from reconciler.sandbox import Sandbox
from reconciler.sandbox.ledger import Write
from reconciler.testing.projects import ProjectFolder, people

from .scenarios import Scenario, Thing

LAG = 1
"""Seconds that a list may lag behind."""


@dataclass(frozen=True)
class Vendor:
    """One vendor.

    `settings`: its provider block, without the address; `told` are settings that the sandbox says of itself, and
    `credentials` environment variables with what it calls their values. `parts`: what its projects have otherwise.
    `things`: its books. `creates`, `suppresses` and, where the order of the two matters, `arms`: the names of
    requests that do. `busy` and `refusal` are replies in its documented shape. `strangers` makes objects that are
    not ours. `shared_looks`: requests that show several who wait how far the vendor is, all in one.
    `options` are ways that its page leaves open.
    """

    name: str
    settings: Mapping[str, Any]
    credentials: Mapping[str, str]
    things: Callable[[dict[str, Any]], list[Thing]]
    strangers: Callable[[Hands], None]
    acts: tuple[Scenario, ...]
    creates: tuple[str, ...]
    suppresses: tuple[str, ...] = ()
    arms: tuple[str, ...] = ()
    shared_looks: tuple[str, ...] = ()
    refusal: str = ""
    busy: tuple[int, str] = (429, "")
    told: tuple[str, ...] = ()
    campaign: Mapping[str, Any] = field(default_factory=dict)
    keeps_blacklists: bool = False
    parts: Mapping[str, Any] = field(default_factory=dict)
    region: str = "US"
    people: Callable[..., list[str]] = people
    options: tuple[Mapping[str, Any], ...] = ({},)

    def folder(self, root: Path, sandbox: Sandbox, timeout: float) -> Folder:
        """A project of twelve people, one of them suppressed, as it is before any scenario."""
        facts = sandbox.ready()["providers"][self.name]
        provider = {"type": self.name, "base_url": facts["base_url"], "list_lag": LAG, "timeout": timeout}
        provider |= {name: facts[name] for name in self.told}
        secrets = {variable: str(facts[name]) for variable, name in self.credentials.items()}
        made = Folder(root, {self.name: provider | dict(self.settings)}, secrets, vendor=self)
        made.campaign = dict(self.campaign)
        for name, value in self.parts.items():
            setattr(made, name, value)
        made.numbers = self.people(12)
        made.blacklist = [made.numbers[3]]
        return made


@dataclass
class Folder(ProjectFolder):
    """A project whose blacklist is also declared for the vendor, where it keeps any."""

    vendor: Vendor = field(kw_only=True)

    def wait_for(self, timeout: float) -> None:
        """Change how long a request may take, and write that."""
        self.providers = {name: {**given, "timeout": timeout} for name, given in self.providers.items()}
        self.write()

    def write(self) -> Folder:
        """Write every file."""
        region = self.vendor.region
        stored = {"file": "../contacts/dnc.txt", "region": region}
        kept = {"providers": [self.vendor.name]} if self.vendor.keeps_blacklists else {}
        columns = {"phone": "phone", "reference": "reference"}
        listed = {"file": "../contacts/people.csv", "columns": columns, "region": region}
        self.extra = {**self.extra, "blacklists": {"dnc": stored | kept}, "contact_lists": {"people": listed}}
        super().write()
        return self


def request_name(item: Mapping[str, Any]) -> str:
    """How a request is called in tables: method, path, and the vendor's operation where those do not tell."""
    return f"{item['method']} {item['path']} {item['operation']}".rstrip()


def write_name(write: Write) -> str:
    """The same for a line of the ledger."""
    return f"{write.method} {write.path} {write.operation}".rstrip()


def face(item: Mapping[str, Any], *fields: str) -> str:
    """What an object is like, as text."""
    return json.dumps({name: item[name] for name in fields}, sort_keys=True, default=str)


class Hands:
    """Somebody at the vendor: documented requests, sent past reconciler."""

    def __init__(self, sandbox: Sandbox, vendor: str) -> None:
        self.sandbox = sandbox
        self.facts: Mapping[str, Any] = sandbox.ready()["providers"][vendor]
        self.headers: dict[str, str] = {}
        self.auth: tuple[str, str] | None = None

    def ask(self, method: str, path: str, **parts: Any) -> httpx.Response:
        """One request, whose status must not be a refusal."""
        url = self.facts["base_url"].rstrip("/") + path
        found = _client().request(method, url, headers=self.headers, auth=self.auth, **parts)
        return found.raise_for_status()

    def send(self, method: str, path: str, **parts: Any) -> Any:
        """One request; its JSON."""
        return self.ask(method, path, **parts).json()

    def form(self, path: str, **fields: str) -> httpx.Response:
        """One request with a form."""
        return self.ask("POST", path, files={key: (None, value) for key, value in fields.items()})


@cache
def _client() -> httpx.Client:
    return httpx.Client(verify=False)  # noqa: S501 - plain HTTP to loopback; certificates take time to load
