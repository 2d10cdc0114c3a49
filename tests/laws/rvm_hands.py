"""A project at RVM's stand-in, and somebody's hands there: the documented requests, sent past reconciler."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
from reconciler.sandbox import Sandbox
from reconciler.testing.projects import ProjectFolder

BLOCK = {"callback": "617-555-0199", "wav": "https://media.example/promo.wav"}


def rvm_folder(root: Path, sandbox: Sandbox, **parts: Any) -> ProjectFolder:
    """A written project with one campaign of twelve people; its blacklist is stored at the vendor, too."""
    facts = sandbox.ready()["providers"]["rvm"]
    provider = {"type": "rvm", "token": {"env": "RVM_TOKEN"}, "base_url": facts["base_url"]}
    provider |= {"list_lag": 0.1, "timeout": 5}
    campaign = {"title": "January promo", "plum": None, "rvm": BLOCK} | parts.pop("campaign", {})
    made = ProjectFolder(root, {"rvm": provider}, {"RVM_TOKEN": facts["token"]}, campaign=campaign, **parts)
    return written(made)


def written(made: ProjectFolder) -> ProjectFolder:
    """The project with its blacklist declared for the vendor, written again."""
    if made.blacklist:
        stored = {"file": "../contacts/dnc.txt", "region": "US", "providers": ["rvm"]}
        made.extra = {**made.extra, "blacklists": {"dnc": stored}}
    return made.write()


class Hands:
    """Somebody at the vendor."""

    def __init__(self, sandbox: Sandbox) -> None:
        facts = sandbox.ready()["providers"]["rvm"]
        self._token = facts["token"]
        self._client = httpx.Client(base_url=facts["base_url"], verify=False)  # noqa: S501 - plain HTTP

    def ask(self, api: str, path: str = "campaigns", **fields: str) -> dict[str, Any]:
        """One documented request."""
        parts = {"api": api, "token": self._token, **fields}
        found: dict[str, Any] = self._client.post(
            f"/{path}", files={k: (None, v) for k, v in parts.items()}
        ).json()
        return found

    def close(self) -> None:
        """Let go of the connection."""
        self._client.close()


def campaigns(sandbox: Sandbox, status: str | None = None) -> list[dict[str, Any]]:
    """The campaigns that the vendor holds, or those in one state."""
    found: list[dict[str, Any]] = sandbox.state()["rvm"]["campaigns"]
    return [item for item in found if status in (None, item["status"])]
