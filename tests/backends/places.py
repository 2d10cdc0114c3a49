"""Places for shared state as a project file declares them, each with its server: for tests that run the command."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from . import git_server, ssh_server
from .servers import BUCKET, azure_server, bucket_environment, gcs_server, postgres_server, s3_server
from .test_git import bare_repository, clone


@dataclass(frozen=True)
class Shared:
    """`backend` gives the declaration for a project's folder, which it may make; `tokens` are its variables."""

    backend: Callable[[Path], Mapping[str, Any]]
    tokens: Mapping[str, str] = field(default_factory=dict)
    one_folder: bool = False
    """Whether both work in one folder, since the state lies there."""


def _cloned(address: str | Path, folder: Path, tokens: Mapping[str, str]) -> Mapping[str, Any]:
    clone(address, folder, tokens=tokens)
    return {"type": "git"}


@contextmanager
def local(folder: Path) -> Iterator[Shared]:
    """One machine, one folder, two processes."""
    del folder
    yield Shared(lambda _: {"type": "local"}, one_folder=True)


@contextmanager
def git(folder: Path) -> Iterator[Shared]:
    """A bare repository over its path."""
    bare = bare_repository(folder / "origin.git")
    yield Shared(lambda root: _cloned(bare, root, {}))


@contextmanager
def git_http(folder: Path) -> Iterator[Shared]:
    """A bare repository behind a password."""
    bare = bare_repository(folder / "origin.git")
    with git_server.serving(folder) as base:
        address = f"{base.replace('//', f'//{git_server.USER}:{git_server.PASSWORD}@')}/{bare.name}"
        yield Shared(lambda root: _cloned(address, root, {}))


@contextmanager
def git_ssh(folder: Path) -> Iterator[Shared]:
    """A bare repository behind a key."""
    bare = bare_repository(folder / "origin.git")
    with ssh_server.serving(folder / "ssh") as ssh:
        tokens = {"GIT_SSH_COMMAND": ssh.command}
        yield Shared(lambda root: _cloned(ssh.address(bare), root, tokens), tokens)


@contextmanager
def s3(folder: Path) -> Iterator[Shared]:
    """A bucket of a store with Amazon's protocol."""
    with s3_server(folder) as port:
        found = {"type": "s3", "bucket": BUCKET, "endpoint": f"http://127.0.0.1:{port}"}
        yield Shared(lambda _: found, bucket_environment("s3", port))


@contextmanager
def gcs(folder: Path) -> Iterator[Shared]:
    """A bucket of our stand-in of Google's storage."""
    with gcs_server(folder) as port:
        yield Shared(lambda _: {"type": "gcs", "bucket": BUCKET}, bucket_environment("gcs", port))


@contextmanager
def azure(folder: Path) -> Iterator[Shared]:
    """A container of Azurite."""
    with azure_server(folder) as port:
        endpoint = f"http://127.0.0.1:{port}/devstoreaccount1"
        found = {"type": "azure", "account": "devstoreaccount1", "bucket": BUCKET, "endpoint": endpoint}
        yield Shared(lambda _: found, bucket_environment("azure", port))


@contextmanager
def postgres(folder: Path) -> Iterator[Shared]:
    """A database."""
    del folder
    with postgres_server() as url:
        yield Shared(lambda _: {"type": "postgres", "url": {"env": "STATE_URL"}}, {"STATE_URL": url})


PLACES: Mapping[str, Callable[[Path], AbstractContextManager[Shared]]] = {
    "git": git,
    "git over http": git_http,
    "git over ssh": git_ssh,
    "s3": s3,
    "gcs": gcs,
    "azure": azure,
    "postgres": postgres,
    "local": local,
}
