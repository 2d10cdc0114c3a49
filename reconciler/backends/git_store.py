"""State in a ref of a Git repository: each write is one commit, pushed only if the ref is still where it was.

    refs/reconciler/state        the newest commit; its first parents are every state there ever was
        root.json                names what counts; swapped with the commit
        log/<from>-<to>          lines since the snapshot     snapshot/<digest>     blobs/<digest>     past/<digest>

A ref outside `refs/heads` shows in no list of branches and starts no workflow. Nothing is ever forced, so that a
ref that does not continue what was seen before was changed by somebody else, and is refused.
"""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from reconciler.backends.files import exclusively, explained, make_folder
from reconciler.backends.git_command import Git, Ran, passed_on
from reconciler.backends.git_failures import cannot_reach, cannot_write, deleted, rewritten
from reconciler.backends.root import Step, decode_root
from reconciler.backends.store import Lost, Seen
from reconciler.errors import StateError

REF = "refs/reconciler/state"
ROOT = "root.json"
_TIP = "refs/reconciler/tip"
_NEXT = "refs/reconciler/next"
_OUTRUN = re.compile(
    r"stale info|fetch first|non-fast-forward|cannot lock ref|failed to update ref|incorrect old value|already exists"
)

_BEING_WRITTEN = re.compile(r"\.lock': File exists")
"""Another push holds the ref at this moment: it is about to move, or will be free."""


class GitStore:
    """A ref of a remote, which is a name that the project's repository knows, or an address."""

    def __init__(
        self, project: Path, environment: Mapping[str, str], *, remote: str = "origin", ref: str = REF
    ) -> None:
        self.ref = ref
        self._project = Git(project, environment)
        self._remote = remote
        self._made: Git | None = None
        self._fetch_from = self._push_to = remote
        self.where = f"{ref} of {_shown(remote)}"

    def read(self) -> Seen:
        """Fetch the ref; raises StateError when it is gone, or does not continue what was seen before."""
        with self._alone() as git:
            before = self._seen(git)
            tip = self._fetched(git, before)
            if tip is None:
                return Seen()
            if (
                before not in {None, tip}
                and not git.run("merge-base", "--is-ancestor", str(before), tip).done
            ):
                git.need("update-ref", _TIP, str(before))
                raise rewritten(self.where, str(before), tip, self._restoring(str(before)))
            data = self._read(git, f"{tip}:{ROOT}")
        if data is None:
            raise StateError(f"{self.where} holds no state of reconciler", "name another ref", "STA15")
        return Seen(decode_root(data, self.where), tip)

    def _fetched(self, git: Git, before: str | None) -> str | None:
        """Bring the ref here: at first its newest commit alone, later what came since."""
        depth = () if before is not None else ("--depth=1",)
        ran = git.run("fetch", "--quiet", "--no-tags", "--no-write-fetch-head", *depth, self._fetch_from,
                      f"+{self.ref}:{_TIP}")  # fmt: skip
        if ran.done:
            return self._seen(git)
        if "couldn't find remote ref" not in ran.errors:
            raise cannot_reach(self.where, ran.said)
        if before is not None:
            raise deleted(self.where, before, self._restoring(before))
        return None

    def _restoring(self, commit: str) -> str:
        repository = self._git().repository
        return f"git --git-dir={repository} push {_shown(self._push_to)} {commit}:{self.ref}"

    def _seen(self, git: Git) -> str | None:
        return git.run("rev-parse", "--verify", "--quiet", _TIP).text or None

    def get(self, name: str) -> bytes | None:
        """Return content of the newest commit, or of the last one that had it."""
        with self._alone() as git:
            found = self._read(git, f"{_TIP}:{name}")
            if found is not None or not name.startswith(("log/", "past/", "snapshot/")):
                return found
            commit = self._last_with(git, name)
            return None if commit is None else self._read(git, f"{commit}:{name}")

    def _last_with(self, git: Git, name: str) -> str | None:
        """The last commit that had a name before it was shelved; for this the whole history is fetched, once."""
        if git.need("rev-parse", "--is-shallow-repository").strip() == b"true":
            ran = git.run("fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--unshallow", self._fetch_from,
                          self.ref)  # fmt: skip
            if not ran.done:
                raise cannot_reach(self.where, ran.said)
        gone = git.run("log", "-1", "--first-parent", "--format=%P", "--diff-filter=D", _TIP, "--", name).text
        return gone.split()[0] if gone else None

    def _read(self, git: Git, name: str) -> bytes | None:
        ran = git.run("cat-file", "blob", name)
        return ran.output if ran.done else None

    def swap(self, version: str | None, step: Step) -> str:
        """Make a commit on that version, and push it if the ref is still there."""
        with self._alone() as git:
            git.need("fast-import", "--quiet", "--force", "--done", given=_import(version, step))
            commit = git.need("rev-parse", _NEXT).decode("ascii").strip()
            ran = git.run("push", "--porcelain", "--quiet", f"--force-with-lease={self.ref}:{version or ''}",
                          self._push_to, f"{commit}:{self.ref}")  # fmt: skip
            if not ran.done:
                self._explain(git, ran, version)
            git.need("update-ref", _TIP, commit)
            if step.shelved:
                git.run("gc", "--auto", "--quiet")
            return commit

    def _explain(self, git: Git, ran: Ran, version: str | None) -> None:
        """Raise Lost where another was quicker, else what keeps us from writing."""
        refused = re.search(r"^!\t\S+\t(.*)$", ran.text, re.MULTILINE)
        if refused is None:
            raise cannot_reach(self.where, ran.said)
        said = f"{refused[1]} {ran.errors}"
        if _BEING_WRITTEN.search(said) or (_OUTRUN.search(said) and self._tip_elsewhere(git) != version):
            raise Lost
        raise cannot_write(self.where, f"{refused[1]} {ran.said}")

    def _tip_elsewhere(self, git: Git) -> str | None:
        ran = git.run("ls-remote", self._fetch_from, self.ref)
        if not ran.done:
            raise cannot_reach(self.where, ran.said)
        return ran.text.split()[0] if ran.text else None

    def check(self) -> None:
        """Ask the remote whether it would let us push; nothing is sent."""
        with self._alone() as git:
            version = self._seen(git)
            source = version or self._anything(git)
            ran = git.run("push", "--porcelain", "--dry-run", self._push_to, f"{source}:{self.ref}-check")
            if not ran.done:
                raise cannot_write(self.where, f"{ran.text} {ran.said}")

    def _anything(self, git: Git) -> str:
        """A commit to ask with, where nothing was written yet."""
        tree = git.need("mktree", given=b"").decode("ascii").strip()
        name = "-c user.name=reconciler -c user.email=reconciler@localhost"
        return git.need(*name.split(" "), "commit-tree", tree, "-m", "check").decode("ascii").strip()

    # The repository of our own

    @contextmanager
    def _alone(self) -> Iterator[Git]:
        """Git in our own repository, while no other process of this clone works there."""
        git = self._git()
        lock = git.folder / "lock" if git.repository is None else git.repository / "reconciler.lock"
        with explained("lock", lock), exclusively(lock, patience=300.0):
            yield git

    def _git(self) -> Git:
        if self._made is None:
            self._made = self._opened()
        return self._made

    def _opened(self) -> Git:
        common = self._project.run("rev-parse", "--path-format=absolute", "--git-common-dir")
        if not common.done:
            message = "the project is in no Git repository, so it has no remote"
            raise StateError(message, f"git init, or see Git's message: {common.said}", "STA16")
        self._fetch_from, self._push_to = self._address(), self._address("--push")
        slot = hashlib.sha256(f"{self._fetch_from}\n{self.ref}".encode()).hexdigest()[:12]
        repository = Path(common.text) / "reconciler" / f"{slot}.git"
        top = self._project.run("rev-parse", "--show-toplevel").text
        git = Git(Path(top or common.text), passed_on(self._project), repository)
        self._make(git, repository)
        return git

    def _address(self, *options: str) -> str:
        """Where a remote that is named is; an address stands for itself."""
        if "/" in self._remote or ":" in self._remote:
            return self._remote
        ran = self._project.run("remote", "get-url", *options, self._remote)
        if not ran.done:
            message = f"this repository has no remote {self._remote!r}"
            raise StateError(message, "git remote add, or name another as backend.remote", "STA16")
        return ran.text

    def _make(self, git: Git, repository: Path) -> None:
        with explained("make", repository, "STA11"):
            make_folder(repository.parent)
            with exclusively(repository.parent / "lock"):
                if not (repository / "HEAD").exists():
                    git.need("init", "--quiet", "--bare", "--template=")


def _import(version: str | None, step: Step) -> bytes:
    """One commit as `git fast-import` reads it."""
    who = b"committer reconciler <reconciler@localhost> %d +0000\n" % time.time()
    subject = (
        f"{step.root.head[:12]}: {', '.join(sorted({name.split('/')[0] for name in step.add})) or 'lease'}\n"
    )
    parts = [b"feature done\ncommit %b\n" % _NEXT.encode(), who, _data(subject.encode())]
    parts += [b"from %b\n" % version.encode("ascii")] if version is not None else []
    parts += [b"D %b\n" % name.encode("ascii") for name in (*step.superseded, *step.shelved)]
    files = {ROOT: step.root.encode(), **step.add}
    parts += [b"M 100644 inline %b\n%b" % (name.encode("ascii"), _data(data)) for name, data in files.items()]
    return b"".join([*parts, b"\ndone\n"])


def _data(content: bytes) -> bytes:
    return b"data %d\n%b\n" % (len(content), content)


def _shown(remote: str) -> str:
    """A remote without a name or password that its address may hold."""
    parts = urlsplit(remote)
    return remote.replace(f"{parts.netloc}", parts.netloc.rpartition("@")[2]) if parts.scheme else remote
