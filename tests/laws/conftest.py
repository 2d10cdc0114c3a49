"""A sandbox of its own for each test, and a project that calls at it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from reconciler.sandbox import Sandbox
from reconciler.testing.projects import ProjectFolder

START = "2027-01-04T05:00:00-05:00"


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A vendor whose clock stands still until a test moves it."""
    with Sandbox(port=0, speed=0.0, start_at=START) as running:
        yield running


def folder(root: Path, sandbox: Sandbox, **parts: Any) -> ProjectFolder:
    """A written project at a sandbox."""
    facts = sandbox.ready()["providers"]["plum"]
    provider = {"type": "plum", "token": {"env": "PLUM_TOKEN"}, "base_url": facts["base_url"]}
    provider |= {"list_lag": 0.1, "timeout": 5}
    made = ProjectFolder(root, {"plum": provider}, {"PLUM_TOKEN": facts["token"]}, **parts)
    return made.write()


@pytest.fixture
def project(tmp_path: Path, sandbox: Sandbox) -> ProjectFolder:
    """A project with one running campaign of twelve people, one of them blacklisted."""
    made = folder(tmp_path / "project", sandbox)
    made.blacklist = [made.numbers[3]]
    return made.write()


@pytest.fixture
def make_project(tmp_path: Path, sandbox: Sandbox) -> Callable[..., ProjectFolder]:
    """Makes further projects at the same sandbox."""
    return lambda name="other", **parts: folder(tmp_path / name, sandbox, **parts)


class Vendor:
    """Somebody's hands at the vendor: the documented requests, sent past reconciler."""

    def __init__(self, sandbox: Sandbox) -> None:
        facts = sandbox.ready()["providers"]["plum"]
        headers = {"Authorization": f"Bearer {facts['token']}"}
        self._client = httpx.Client(base_url=facts["base_url"], headers=headers, verify=False)  # noqa: S501 - plain HTTP

    def list(self, kind: str) -> list[dict[str, Any]]:
        """What a GET shows."""
        found: list[dict[str, Any]] = self._client.get(f"/{kind}").json()
        return found

    def patch(self, kind: str, number: int, **fields: str) -> None:
        """Change fields of an object."""
        self._client.patch(f"/{kind}/{number}", params=fields).raise_for_status()

    def post(self, path: str, **fields: str) -> dict[str, Any]:
        """Create, start or stop."""
        parts = {name: (None, value) for name, value in fields.items()}
        found: dict[str, Any] = self._client.post(f"/{path}", files=parts).json()
        return found

    def delete(self, kind: str, number: int) -> None:
        """Remove an object."""
        self._client.delete(f"/{kind}/{number}").raise_for_status()

    def close(self) -> None:
        """Let go of the connection."""
        self._client.close()


@pytest.fixture
def vendor(sandbox: Sandbox) -> Iterator[Vendor]:
    """Somebody's hands at the vendor."""
    hands = Vendor(sandbox)
    yield hands
    hands.close()
