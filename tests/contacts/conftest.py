"""A key, and lists written to a folder and read from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from reconciler.contacts.blacklist import BlacklistFile, read_blacklist
from reconciler.contacts.contact import ContactFile, read_contacts
from reconciler.contacts.digest import Digester
from reconciler.model.problem import Location
from reconciler.model.resource import Blacklist, ContactColumns, ContactList, FileSource

DECLARED_AT = Location("manifests/january.yaml", 3, 5)


@pytest.fixture(scope="session")
def digester() -> Digester:
    """Return a digester under a key of the tests."""
    return Digester(b"a key of the tests")


@pytest.fixture
def contacts_of(tmp_path: Path, digester: Digester) -> Callable[..., ContactFile]:
    """Write content to a file and read it as a contact list with the settings given."""

    def read(content: str | bytes, *, name: str = "list.csv", **settings: Any) -> ContactFile:
        _write(tmp_path / name, content)
        declared = ContactList("people", FileSource(path=name), DECLARED_AT, **_typed(settings))
        return read_contacts(declared, root=tmp_path, environment={}, digester=digester)

    return read


@pytest.fixture
def blacklist_of(tmp_path: Path, digester: Digester) -> Callable[..., BlacklistFile]:
    """Write content to a file and read it as a blacklist with the settings given."""

    def read(content: str | bytes, *, name: str = "dnc.txt", **settings: Any) -> BlacklistFile:
        _write(tmp_path / name, content)
        declared = Blacklist("dnc", FileSource(path=name), DECLARED_AT, **_typed(settings))
        return read_blacklist(declared, root=tmp_path, environment={}, digester=digester)

    return read


def _write(path: Path, content: str | bytes) -> None:
    path.write_bytes(content.encode() if isinstance(content, str) else content)


def _typed(settings: Mapping[str, Any]) -> dict[str, Any]:
    typed = dict(settings)
    if "columns" in typed:
        typed["columns"] = ContactColumns(**typed["columns"])
    if "ignore" in typed:
        typed["ignore"] = tuple(typed["ignore"])
    return typed
