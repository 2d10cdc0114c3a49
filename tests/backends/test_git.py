"""The git backend keeps the contract in a real bare repository, over a path and over HTTP; and what only Git does."""

from __future__ import annotations

import base64
import hashlib
import os
import subprocess
import threading
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

import pytest
from reconciler.backends.base import Backend
from reconciler.backends.git_store import GitStore
from reconciler.backends.remote import RemoteBackend
from reconciler.errors import HeadMoved, StateError, StateLocked
from reconciler.state.chain import EMPTY_HEAD
from reconciler.testing.backend_contract import BackendContract

from . import ssh_server
from .git_server import PASSWORD, USER, serving

pytestmark = pytest.mark.slow

STATE = "refs/reconciler/state"


def git(folder: Path, *arguments: str) -> str:
    """Run git and return what it printed."""
    done = subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def bare_repository(folder: Path) -> Path:
    """Return a bare repository with one commit in it; made where it is missing."""
    if not folder.exists():
        folder.mkdir(parents=True)
        git(folder, "init", "--quiet", "--bare", "--initial-branch=main")
        git(folder, "config", "http.receivepack", "true")
        tree = git(folder, "mktree", "--missing")
        who = ("-c", "user.name=x", "-c", "user.email=x@example.com")
        first = git(folder, *who, "commit-tree", tree, "-m", "first")
        second = git(folder, *who, "commit-tree", tree, "-m", "second", "-p", first)
        git(folder, "update-ref", "refs/heads/main", second)
    return folder


def clone(address: str | Path, folder: Path, *options: str, tokens: Mapping[str, str] | None = None) -> Path:
    """Return a clone; made where it is missing, with these variables beside those that are there."""
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        command = ["git", "clone", "--quiet", *options, str(address), str(folder)]
        subprocess.run(command, check=True, capture_output=True, env={**os.environ, **(tokens or {})})
    return folder


def open_git(folder: str, lease_seconds: str = "2") -> Backend:
    """Open the backend of a clone."""
    return RemoteBackend(GitStore(Path(folder), os.environ), lease_seconds=float(lease_seconds))


class TestGit(BackendContract):
    """Over a path; each handle works in a clone of its own, as two people would."""

    kills = 4
    races = 8
    turns = 4
    patient = ("60",)
    notice = 2.0

    def address(self, bare: Path) -> str:
        """Return where clones find the bare repository."""
        return str(bare)

    def clone(self, place: Path, name: str) -> Path:
        """Return a clone of the repository of this place."""
        bare = bare_repository(place.with_suffix(".git"))
        return clone(self.address(bare), place.with_name(f"{place.name}-{name}"))

    def make_backend(self, place: Path) -> Backend:
        self.clones = getattr(self, "clones", 0) + 1
        return open_git(str(self.clone(place, str(self.clones))))

    def in_other_process(self, place: Path) -> list[str]:
        self.clones = getattr(self, "clones", 0) + 1
        folder = self.clone(place, str(self.clones))
        return ["tests.backends.test_git:open_git", str(folder)]


class TestGitOverHttp(TestGit):
    """Over HTTP, with a password that Git's own configuration gives."""

    kills = 1
    races = 3
    turns = 2

    @pytest.fixture(autouse=True)
    def server(self, tmp_path: Path) -> Iterator[None]:
        with serving(tmp_path) as self.base:
            yield

    def address(self, bare: Path) -> str:
        return f"{self.base.replace('//', f'//{USER}:{PASSWORD}@')}/{bare.name}"


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """Return the repository that all share."""
    return bare_repository(tmp_path / "origin.git")


@pytest.fixture
def backend(bare: Path, tmp_path: Path) -> Backend:
    """Return the backend of one clone."""
    return open_git(str(clone(bare, tmp_path / "one")))


@pytest.fixture
def other(bare: Path, tmp_path: Path) -> Backend:
    """Return the backend of another."""
    return open_git(str(clone(bare, tmp_path / "two")))


def test_clone_is_left_alone(bare, backend, tmp_path):
    """Neither the branches, the index nor the settings of the user's clone change; no branch appears at the remote."""
    before = git(tmp_path / "one", "for-each-ref"), git(tmp_path / "one", "config", "--list", "--local")
    head = backend.append([b"{1}"], EMPTY_HEAD)
    backend.compact(b"{}", head)
    assert before == (
        git(tmp_path / "one", "for-each-ref"),
        git(tmp_path / "one", "config", "--list", "--local"),
    )
    assert git(tmp_path / "one", "status", "--porcelain") == ""
    assert git(bare, "for-each-ref", "--format=%(refname)").split() == ["refs/heads/main", STATE]


def test_shallow_clone_reads_and_writes_all(bare, backend, tmp_path):
    """A clone of depth 1, as CI has it, reads the whole history and writes on."""
    head = EMPTY_HEAD
    for number in range(3):
        head = backend.append([b'{"n":%d}' % number], head)
        backend.compact(b"{}", head)
    shallow = clone(f"file://{bare}", tmp_path / "shallow", "--depth=1")
    assert git(shallow, "rev-parse", "--is-shallow-repository") == "true"
    third = open_git(str(shallow))
    assert third.load().head == head
    head = third.append([b"{}"], head)
    assert list(third.history()) == [b'{"n":0}', b'{"n":1}', b'{"n":2}', b"{}"]
    assert backend.load().head == head
    assert git(shallow, "rev-parse", "--is-shallow-repository") == "true"


def test_deleted_ref_is_not_an_empty_state(bare, backend):
    """Where the state was and is no more nothing is begun anew, and the message's command brings it back."""
    head = backend.append([b"{1}"], EMPTY_HEAD)
    git(bare, "update-ref", "-d", STATE)
    for attempt in (backend.load, partial(backend.append, [b"{2}"], head), partial(backend.lease, "ann")):
        with pytest.raises(StateError) as caught:
            attempt()
        assert caught.value.code == "STA14"
    command = caught.value.help.partition("put it back: ")[2]
    subprocess.run(command, shell=True, check=True, cwd=bare.parent / "one", capture_output=True)  # noqa: S602
    assert backend.load().log == (b"{1}",)


def test_forced_ref_is_refused(bare, backend, other):
    """A ref that was set back, or to something else, is noticed by whoever saw more of it."""
    head = backend.append([b"{1}"], EMPTY_HEAD)
    first = git(bare, "rev-parse", STATE)
    head = other.append([b"{2}"], head)
    backend.load()
    git(bare, "update-ref", STATE, first)
    for handle in (backend, other):
        for _ in range(2):
            with pytest.raises(StateError) as caught:
                handle.load()
            assert caught.value.code == "STA14"
    with pytest.raises(StateError):
        other.append([b"{3}"], head)
    git(bare, "update-ref", STATE, "refs/heads/main")
    with pytest.raises(StateError) as caught:
        backend.load()
    assert caught.value.code == "STA14"


def test_ref_of_something_else_is_refused(bare, backend):
    """A ref that keeps anything but state is neither read as an empty one nor written over."""
    git(bare, "update-ref", STATE, "refs/heads/main")
    with pytest.raises(StateError) as caught:
        backend.append([b"{1}"], EMPTY_HEAD)
    assert caught.value.code == "STA15"
    assert git(bare, "rev-parse", STATE) == git(bare, "rev-parse", "main")


def test_no_right_to_push_is_said(bare, tmp_path):
    """Who may read but not push is told what is missing: by the check, the lease and a write."""
    with serving(tmp_path) as base:
        address = f"{base.replace('//', f'//{USER}:wrong@')}/{bare.name}"
        backend = open_git(str(clone(address, tmp_path / "reader")))
        assert backend.load().head == EMPTY_HEAD
        for attempt in (
            backend.check,
            partial(backend.append, [b"{1}"], EMPTY_HEAD),
            partial(backend.lease, "ann"),
        ):
            with pytest.raises(StateError) as caught:
                attempt()
            assert (caught.value.code, caught.value.exit_code) == ("STA12", 77)
            assert "contents: write" in caught.value.help
            assert "wrong" not in caught.value.message


def test_refusing_hook_is_said(bare, backend):
    """A rule of the server that refuses the push is told in the server's own words."""
    hook = bare / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho 'refs outside heads are frozen' >&2\nexit 1\n")
    hook.chmod(0o755)
    with pytest.raises(StateError) as caught:
        backend.append([b"{1}"], EMPTY_HEAD)
    assert caught.value.code == "STA12"
    assert "refs outside heads are frozen" in caught.value.message


def test_remote_that_is_gone_is_said(bare, backend):
    """A remote that does not answer is no empty state."""
    bare.rename(bare.with_name("elsewhere.git"))
    for attempt in (backend.load, backend.check, partial(backend.lease, "ann")):
        with pytest.raises(StateError) as caught:
            attempt()
        assert caught.value.code == "STA13"


@pytest.mark.parametrize(
    ("folder", "remote", "reason"),
    [("plain", "origin", "in no Git repository"), ("one", "upstream", "no remote 'upstream'")],
)
def test_no_remote_is_said(bare, tmp_path, folder, remote, reason):
    """Without a repository, or without the remote that is named, the message says so."""
    clone(bare, tmp_path / "one")
    (tmp_path / "plain").mkdir()
    environment = {**os.environ, "GIT_CEILING_DIRECTORIES": str(tmp_path)}
    with pytest.raises(StateError, match=reason) as caught:
        RemoteBackend(GitStore(tmp_path / folder, environment, remote=remote)).load()
    assert caught.value.code == "STA16"


def test_without_git_it_is_said(tmp_path):
    """A machine without Git is told what to install."""
    with pytest.raises(StateError) as caught:
        RemoteBackend(GitStore(tmp_path, {"PATH": str(tmp_path)})).load()
    assert caught.value.code == "STA16"


def test_lost_reply_is_found_out(backend, other, monkeypatch):
    """A push whose reply was lost has happened or not; it is looked up, and never done twice."""
    head = backend.append([b"{1}"], EMPTY_HEAD)
    swap = GitStore.swap

    def happens_unheard(store, version, step):
        swap(store, version, step)
        raise StateError("the connection was cut", code="STA13")

    monkeypatch.setattr(GitStore, "swap", happens_unheard)
    head = backend.append([b"{2}"], head)
    monkeypatch.setattr(GitStore, "swap", swap)
    assert (other.load().log, other.load().head) == ((b"{1}", b"{2}"), head)
    with pytest.raises(HeadMoved):
        other.append([b"{3}"], EMPTY_HEAD)


def test_settings_of_the_clone_reach_the_remote(bare, tmp_path):
    """The header by which CI checks out, kept in the clone's own settings, also writes the state."""
    with serving(tmp_path) as base:
        folder = clone(f"{base}/{bare.name}", tmp_path / "checkout")
        header = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        git(folder, "config", f"http.{base}/.extraheader", f"AUTHORIZATION: basic {header}")
        backend = open_git(str(folder))
        backend.check()
        backend.append([b"{1}"], EMPTY_HEAD)
    assert git(bare, "log", "--format=%s", STATE).endswith(": log")


def test_ref_that_is_being_written_is_waited_for(bare, backend):
    """While another push holds the ref a write fails for nobody: it goes through when that is over."""
    head = backend.append([b"{1}"], EMPTY_HEAD)
    lock = bare / f"{STATE}.lock"
    lock.touch()
    later = threading.Timer(0.5, lock.unlink)
    later.start()
    backend.append([b"{2}"], head)
    later.join()
    assert backend.load().log == (b"{1}", b"{2}")


def test_over_ssh(tmp_path, monkeypatch):
    """With a real server and a key: writes are seen, one of two is told, one has the lease, a stranger has no way in.

    The rest of the contract is the same over any of Git's transports, and slow over this one.
    """
    bare = bare_repository(tmp_path / "origin.git")
    with ssh_server.serving(tmp_path / "ssh") as ssh:
        monkeypatch.setenv("GIT_SSH_COMMAND", ssh.command)
        one, two = (
            open_git(str(clone(ssh.address(bare), tmp_path / name)), lease_seconds="60")
            for name in ("one", "two")
        )
        one.check()
        head = one.append([b"{1}"], EMPTY_HEAD, [b"people"])
        assert two.load().head == head
        assert two.get_blob(hashlib.sha256(b"people").hexdigest()) == b"people"
        with one.lease("ann"):
            with pytest.raises(StateLocked):
                two.lease("bob")
            head = one.append([b"{2}"], head)
            with pytest.raises(HeadMoved):
                two.append([b"{3}"], EMPTY_HEAD)
        assert [*two.history()] == [b"{1}", b"{2}"]
        if ssh.real:
            monkeypatch.setenv("GIT_SSH_COMMAND", ssh.command.replace("/user ", "/host "))
            stranger = open_git(str(tmp_path / "one"))
            with pytest.raises(StateError) as caught:
                stranger.load()
            assert caught.value.code in {"STA12", "STA13"}
