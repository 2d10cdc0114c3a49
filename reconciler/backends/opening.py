"""From the `backend:` of a project file to the backend itself; each kind is imported when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from reconciler.backends.base import Backend
from reconciler.backends.failures import refused
from reconciler.backends.sealing import Keys
from reconciler.errors import StateError
from reconciler.model.resource import Backend as Declared
from reconciler.model.resource import Secret
from reconciler.state.key import parse_key

if TYPE_CHECKING:
    from reconciler.backends.store import Store

STATE_FOLDER = ".reconciler"

REQUESTS = 3
"""A lease outlasts so many of the longest requests, so that renewing it never holds one up."""


class Place(Struct, frozen=True):
    """Where a backend is opened: the project's root and id, the environment, how long one request may take."""

    root: Path
    environment: Mapping[str, str]
    project_id: str
    longest_request: float = 60.0


def open_backend(declared: Declared, place: Place) -> Backend:
    """Open what a project file declares; raises StateError where it is not to be used here."""
    return _OPENERS[declared.type](declared, place)


def local_folder(declared: Declared, root: Path) -> Path:
    """Where the local backend keeps its files, the key among them."""
    return root / str(declared.settings.get("path") or STATE_FOLDER)


def _local(declared: Declared, place: Place) -> Backend:
    from reconciler.backends.local import LocalBackend

    if place.environment.get("CI") and declared.settings.get("allow_in_ci") is not True:
        message = "state on this disk ends with the CI job (CI is set), and then nobody knows who was called"
        help_text = (
            "use a shared backend: backend: {type: git, …}; on a machine that stays: allow_in_ci: true"
        )
        raise StateError(message, help_text, "STA17")
    return LocalBackend(local_folder(declared, place.root))


def _git(declared: Declared, place: Place) -> Backend:
    from reconciler.backends.git_store import REF, GitStore

    remote, ref = (str(declared.settings.get(*each)) for each in (("remote", "origin"), ("ref", REF)))
    store = GitStore(place.root, place.environment, remote=remote, ref=ref)
    return _remote(store, declared, place)


def _remote(store: Store, declared: Declared, place: Place) -> Backend:
    """The backend over a store, which encrypts where a key is declared."""
    from reconciler.backends.remote import RemoteBackend

    keys = encryption_keys(declared, place)
    if keys is not None:
        from reconciler.backends.sealed import SealedStore

        store = SealedStore(store, keys)
    return RemoteBackend(store, lease_seconds=_lease_seconds(declared, place))


def _lease_seconds(declared: Declared, place: Place) -> float:
    from reconciler.backends.remote import LEASE_SECONDS

    chosen = declared.settings.get("lease_seconds", LEASE_SECONDS)
    return max(float(str(chosen)), REQUESTS * place.longest_request)


def encryption_keys(declared: Declared, place: Place) -> Keys | None:
    """The keys under which a project's state and plans are encrypted; None where it declares none."""
    found = [
        parse_key(_secret(declared.secrets[name], place))
        for name in ("encryption_key", "old_encryption_key")
        if name in declared.secrets
    ]
    return Keys(*found) if found else None


def _bucket(declared: Declared, place: Place) -> Backend:
    from reconciler.backends.object_store import ObjectStore, open_bucket

    kind, written = declared.type, {name: str(value) for name, value in declared.settings.items()}
    bucket, prefix = written["bucket"], written.get("prefix", f"reconciler/{place.project_id}")
    settings = {ours: written[name] for name, ours in _SETTINGS[kind].items() if name in written}
    store = ObjectStore(
        open_bucket(kind, {"bucket": bucket, **settings}, prefix, place.environment),
        f"{kind}://{bucket}/{prefix}",
    )
    return _remote(store, declared, place)


_SETTINGS = {
    "s3": {"region": "aws_region", "endpoint": "aws_endpoint"},
    "gcs": {},
    "azure": {"account": "azure_storage_account_name", "endpoint": "azure_storage_endpoint"},
}
"""Settings of ours, and what the library calls them."""


def _postgres(declared: Declared, place: Place) -> Backend:
    from reconciler.backends.postgres_store import PostgresStore

    store = PostgresStore(
        _secret(declared.secrets["url"], place), str(declared.settings.get("name", place.project_id))
    )
    return _remote(store, declared, place)


def _secret(secret: Secret, place: Place) -> str:
    """The text of a secret; raises StateRefused, naming where it should be, when it is not there."""
    if secret.source == "env":
        value = place.environment.get(secret.name, "")
    else:
        path = place.root / secret.name
        value = path.read_text("utf-8") if path.is_file() else ""
    if not value.strip():
        raise refused(
            "the backend", f"{secret.source} {secret.name} is not set", "set it where reconciler runs"
        )
    return value.strip()


_OPENERS: Mapping[str, Callable[[Declared, Place], Backend]] = {
    "local": _local,
    "git": _git,
    "s3": _bucket,
    "gcs": _bucket,
    "azure": _bucket,
    "postgres": _postgres,
}
