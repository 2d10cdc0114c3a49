"""A project at wolkvox's stand-in, and somebody's hands there: the documented requests, sent past reconciler."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
from reconciler.sandbox import Sandbox
from reconciler.testing.projects import ProjectFolder

BLOCK = {"skill_id": "4069", "description": "Winter checks"}


def people(count: int, first: int = 0) -> list[str]:
    """So many Colombian numbers, all different."""
    return [f"+5760{number:08}" for number in range(first, first + count)]


def wolkvox_folder(root: Path, sandbox: Sandbox, **parts: Any) -> ProjectFolder:
    """A written project with one campaign of twelve people; its blacklist is stored at the vendor, too."""
    facts = sandbox.ready()["providers"]["wolkvox"]
    provider = {"type": "wolkvox", "token": {"env": "WOLKVOX_TOKEN"}, "base_url": facts["base_url"]}
    provider |= {"server": facts["server"], "account_timezone": "America/Bogota", "region": "CO"}
    provider |= {"dial_prefix": "9", "list_lag": 0.1, "timeout": 5} | parts.pop("provider", {})
    block = BLOCK | parts.pop("block", {})
    campaign = {
        "title": "January checks",
        "plum": None,
        "start_date": None,
        "end_date": None,
        "schedule": None,
        "wolkvox": {name: value for name, value in block.items() if value is not None},
    } | parts.pop("campaign", {})
    defaults = {"timezone": "America/Bogota", "on_queued_suppression": "stop"}
    project = {"defaults": defaults, "limits": {"max_people": 100_000}} | parts.pop("project", {})
    made = ProjectFolder(
        root,
        {"wolkvox": provider},
        {"WOLKVOX_TOKEN": facts["token"]},
        campaign=campaign,
        profile={"wolkvox": {"speed": 40}},
        project=project,
        numbers=parts.pop("numbers", people(12)),
        **parts,
    )
    return written(made)


def written(made: ProjectFolder) -> ProjectFolder:
    """The project with its lists read as Colombian, and its blacklist declared for the vendor; written again."""
    columns = {"phone": "phone", "reference": "reference"}
    lists = {"people": {"file": "../contacts/people.csv", "columns": columns, "region": "CO"}}
    made.extra = {**made.extra, "contact_lists": lists}
    if made.blacklist:
        stored = {"file": "../contacts/dnc.txt", "region": "CO", "providers": ["wolkvox"]}
        made.extra = {**made.extra, "blacklists": {"dnc": stored}}
    return made.write()


class Hands:
    """Somebody at the vendor."""

    def __init__(self, sandbox: Sandbox) -> None:
        facts = sandbox.ready()["providers"]["wolkvox"]
        headers = {"wolkvox-token": facts["token"]}
        self._client = httpx.Client(base_url=facts["base_url"], headers=headers, verify=False)  # noqa: S501 - plain HTTP

    def ask(self, method: str, api: str, body: Any = None, page: str = "campaign", **query: str) -> Any:
        """One documented request."""
        found = self._client.request(method, f"{page}.php", params={"api": api, **query}, json=body)
        return found.json()

    def close(self) -> None:
        """Let go of the connection."""
        self._client.close()


def campaigns(sandbox: Sandbox) -> list[dict[str, Any]]:
    """The campaigns that the vendor holds."""
    found: list[dict[str, Any]] = sandbox.state()["wolkvox"]["campaigns"]
    return found


def only(sandbox: Sandbox) -> dict[str, Any]:
    """The one campaign there is."""
    (found,) = campaigns(sandbox)
    return found
