"""The workspace of one command: the project, its state, its key and its accounts, opened as they are needed."""

from __future__ import annotations

import datetime as dt
import getpass
import os
import socket
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Self

from msgspec.structs import replace

from reconciler.backends.base import Backend, Lease
from reconciler.backends.keys import load_key, make_key
from reconciler.backends.opening import Place, encryption_keys, local_folder, open_backend
from reconciler.backends.sealing import Keys
from reconciler.contacts.digest import Digester
from reconciler.engine.account import Account
from reconciler.engine.journal import Journal
from reconciler.engine.readback import ReadBack
from reconciler.errors import ProjectError, StateError, UsageError
from reconciler.manifest import Loaded, find_project, load, load_project, locate
from reconciler.manifest.project import TRUSTED_PROJECT
from reconciler.model.problem import Problem, errors
from reconciler.model.resource import Manifests, Project, ProviderSettings, Secret
from reconciler.providers import registry
from reconciler.state.key import fingerprint
from reconciler.transport.client import WRITE_TIMEOUTS, Circumstances, Exchanged
from reconciler.transport.connector import Connector
from reconciler.transport.request import Effect
from reconciler.workflow.options import Options
from reconciler.workflow.secrets import secrets_of

READING = frozenset({Effect.READ})
CHECKING = frozenset({Effect.READ, Effect.CHECK})
WRITING = frozenset({Effect.READ, Effect.WRITE})


class Workspace:
    """One project at work. A context manager: its end closes every connection."""

    def __init__(self, options: Options, root: Path, loaded: Loaded) -> None:
        if loaded.project is None:
            raise ProjectError(locate(root, loaded.problems))
        self.options = options
        self.root = root
        self.loaded = loaded
        self.project: Project = _lowered(loaded.project, options.max_people)
        self.holder = f"{_user()}@{socket.gethostname()}/{os.getpid()}-{uuid.uuid4().hex[:4]}"
        self.lease: Lease | None = None
        self.watchers: list[Callable[[Exchanged], None]] = []
        self._accounts: dict[tuple[str, frozenset[Effect]], Account] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for account in self._accounts.values():
            account.client.close()

    @property
    def manifests(self) -> Manifests:
        """What the manifests declare; raises ProjectError while anything in them is wrong."""
        wrong = errors(self.loaded.problems)
        if wrong:
            raise ProjectError(locate(self.root, self.loaded.problems))
        return self.loaded.manifests

    def now(self) -> dt.datetime:
        """The time, in UTC."""
        return self.options.now().astimezone(dt.UTC)

    def stamp(self) -> str:
        """The time as the log has it."""
        return self.now().isoformat(timespec="milliseconds")

    # State

    @cached_property
    def state_folder(self) -> Path:
        """Where the local backend keeps its files; inside the project unless a variable says otherwise."""
        return local_folder(self.project.backend, self.root)

    @contextmanager
    def leased(self) -> Iterator[Lease]:
        """The lease for the length of a block, in which no request leaves that it does not outlast."""
        with self.backend.lease(self.holder) as lease:
            self.lease = lease
            try:
                yield lease
            finally:
                self.lease = None

    @cached_property
    def longest_request(self) -> float:
        """Seconds that one request which writes may take, at the slowest of the providers."""
        return WRITE_TIMEOUTS * max((each.timeout for each in self.project.providers.values()), default=0.0)

    @cached_property
    def backend(self) -> Backend:
        """Where the state is kept; raises StateError where it must not be kept here."""
        return open_backend(self.project.backend, self._place)

    def backend_of(self, file: Path) -> Backend:
        """What another project file of this project declares as its backend; raises UsageError where it is none."""
        trusting = {**self.options.environment, TRUSTED_PROJECT: str(file.resolve())}
        project, _ = load_project(self.root, trusting)
        if project is None:
            raise UsageError(f"{file} is no project file that can be used", "see: reconciler validate")
        return open_backend(project.backend, self._place)

    @property
    def _place(self) -> Place:
        return Place(self.root, self.options.environment, self.project.project_id, self.longest_request)

    @cached_property
    def encryption(self) -> Keys | None:
        """The keys under which state and plan files are encrypted, if the project declares any."""
        return encryption_keys(self.project.backend, self._place)

    @cached_property
    def journal(self) -> Journal:
        """The state, read once; raises StateError when it is another project's."""
        journal = Journal(self.backend, holder=self.holder, clock=self.stamp)
        known = journal.snapshot
        if known.lineage and known.project_id != self.project.project_id:
            raise StateError(
                f"the state there is of project {known.project_id}, not of this one",
                "give this project a place of its own in backend:, or put its project_id right",
                "STA21",
            )
        return journal

    @cached_property
    def key(self) -> bytes:
        """The project's key; made where there is neither key nor state, else StateError when it is missing."""
        key = self.stored_key()
        if key is not None:
            return key
        if self.project.backend.key is not None or self.journal.snapshot.key_fingerprint is not None:
            raise StateError(
                f"the project's key is missing ({self.journal.snapshot.key_fingerprint or 'not set'})",
                "without it nobody can tell who was called; bring it back from where you keep it",
                "STA22",
            )
        return make_key(self.state_folder)

    def stored_key(self) -> bytes | None:
        """The key, if it is where it should be."""
        return load_key(self.state_folder, self._declared_key(), self.options.environment)

    def replace_key(self) -> None:
        """Make a key in place of one that is lost for good; only `state rebuild` may."""
        self.key = make_key(self.state_folder)

    def _declared_key(self) -> Secret | None:
        """Where the project file says that the key is, a file's path made whole."""
        declared = self.project.backend.key
        if declared is None or declared.source == "env":
            return declared
        return Secret(declared.source, str(self.root / declared.name))

    @property
    def key_fits(self) -> bool:
        """Whether the key is the one that the state was written with."""
        known = self.journal.snapshot.key_fingerprint
        return known is None or known == fingerprint(self.key)

    @cached_property
    def digester(self) -> Digester:
        """Makes the keyed digests by which people are known."""
        return Digester(self.key)

    @property
    def read_back(self) -> ReadBack:
        """Compares whom a vendor shows with those whom the state knows."""
        return ReadBack(self.digester.exact, self.journal.read_blob, self.journal.write_blob)

    def begin(self) -> None:
        """Begin the state's lineage, if it has none."""
        self.journal.begin(self.project.project_id, fingerprint(self.key), Digester.NORMALISER_VERSION)

    # Accounts

    def accounts(self, *, write: bool = False, check: bool = False) -> Mapping[str, Account]:
        """Every account, ready to be read, or also to be written to; raises CredentialsError for a missing secret.

        `check`: vendors may also be asked to judge what nobody makes.
        """
        allowed = WRITING if write else CHECKING if check else READING
        return {
            settings.name: self._account(settings, allowed) for settings in self.project.providers.values()
        }

    def account(self, settings: ProviderSettings, *, write: bool = False) -> Account:
        """One account alone, so that another one's missing secret is no obstacle."""
        return self._account(settings, WRITING if write else READING)

    def _account(self, settings: ProviderSettings, allowed: frozenset[Effect]) -> Account:
        slot = (settings.name, allowed)
        if slot not in self._accounts:
            self._accounts[slot] = self._connected(settings, allowed)
        return self._accounts[slot]

    def _connected(self, settings: ProviderSettings, allowed: frozenset[Effect]) -> Account:
        provider = registry.get(settings.type)
        secrets = secrets_of(settings, self.root, self.options.environment)
        circumstances = Circumstances(
            allowed=allowed,
            stopping=self.options.stop,
            watch=self._watch,
            backoff=self.options.backoff,
            withhold=self._withheld,
        )
        client = provider.connect(settings, secrets, Connector(circumstances))
        return Account(settings.name, settings, provider, client)

    def _withheld(self, seconds: float) -> str | None:
        """Why a request must not leave: the lease under which it was decided does not outlast it."""
        if self.lease is not None:
            try:
                self.lease.check(seconds)
            except StateError as error:
                return error.message
        return None

    def _watch(self, seen: Exchanged) -> None:
        for watcher in self.watchers:
            watcher(seen)
        if self.options.verbosity < 2:  # noqa: PLR2004 - the second -v
            return
        status = seen.status if seen.status is not None else "-"
        self.options.log(
            f"{seen.provider} {seen.method} {seen.path} -> {status} {seen.result.value}, "
            f"{seen.milliseconds:.0f} ms, {seen.reply_bytes} bytes, request {seen.request_id}"
        )


def _lowered(project: Project, max_people: int | None) -> Project:
    """The project with a lower limit of people, if the command gives one."""
    if max_people is None or max_people >= project.limits.max_people:
        return project
    return replace(project, limits=replace(project.limits, max_people=max_people))


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


def open_workspace(options: Options) -> Workspace:
    """The project around a directory; raises UsageError when there is none, ProjectError when it cannot be read."""
    root = find_project(options.directory or Path.cwd())
    if options.project_only:
        project, problems = load_project(root, options.environment)
        return Workspace(options, root, Loaded(project, Manifests(), problems, ()))
    loaded = load(root, environment=options.environment, today=options.now().date())
    return Workspace(options, root, loaded)


def located(workspace: Workspace, problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    """Problems with line and column looked up."""
    return tuple(locate(workspace.root, problems))
