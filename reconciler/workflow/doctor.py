"""The use case of a check-up: project, manifests, key, state, and one read at every vendor; nothing is changed."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from reconciler import __version__
from reconciler.engine.account import Account
from reconciler.errors import CredentialsError, ProjectError, ReconcilerError
from reconciler.model.checkup import Check, Verdict
from reconciler.model.problem import errors
from reconciler.model.resource import ProviderSettings
from reconciler.providers.base import Metered
from reconciler.state.key import fingerprint
from reconciler.transport.client import Exchanged
from reconciler.workflow.options import Options
from reconciler.workflow.plan import plan_problems
from reconciler.workflow.workspace import Workspace, open_workspace

CLOCKS_APART = 60.0
"""Seconds between a vendor's clock and ours from which on windows and dates can be missed."""


def doctor(options: Options, *, offline: bool = False) -> tuple[Check, ...]:
    """Every check, whatever the ones before found; raises UsageError where there is no project at all."""
    try:
        with open_workspace(options) as workspace:
            return tuple(_checks(workspace, offline=offline))
    except ProjectError as error:
        return (_fail("project", "DOC01", f"{len(error.problems)} problems", "run: reconciler validate"),)


def _checks(workspace: Workspace, *, offline: bool) -> Iterator[Check]:
    yield _project(workspace)
    yield _guarded("manifests", "DOC02", lambda: _manifests(workspace))
    yield _guarded("state", "DOC04", lambda: _state(workspace))
    yield _guarded("key", "DOC03", lambda: _key(workspace))
    if not offline:
        yield from _providers(workspace)


def _ok(subject: str, code: str, text: str) -> Check:
    return Check(subject, Verdict.OK, code, text)


def _warn(subject: str, code: str, text: str, remedy: str) -> Check:
    return Check(subject, Verdict.WARN, code, text, remedy)


def _fail(subject: str, code: str, text: str, remedy: str, exit_code: int = 1) -> Check:
    return Check(subject, Verdict.FAIL, code, text, remedy, exit_code)


def _guarded(subject: str, code: str, check: Callable[[], Check]) -> Check:
    """A check whose own failure is its result."""
    try:
        return check()
    except ReconcilerError as error:
        return _fail(subject, error.code or code, error.message, error.help, error.exit_code)


def _project(workspace: Workspace) -> Check:
    project = workspace.project
    number = len(project.providers)
    requires = f", requires {project.requires}" if project.requires else ""
    text = f"{project.name}, {number} provider{'' if number == 1 else 's'}{requires} (this is {__version__})"
    return _ok("project", "DOC01", text)


def _manifests(workspace: Workspace) -> Check:
    problems = plan_problems(workspace)
    wrong, files = len(errors(problems)), len(workspace.loaded.files)
    if wrong:
        return _fail("manifests", "DOC02", f"{wrong} errors in {files} files", "run: reconciler validate")
    if problems:
        text = f"{len(problems)} warnings in {files} files"
        return _warn("manifests", "DOC02", text, "run: reconciler validate")
    return _ok("manifests", "DOC02", f"{files} files, nothing wrong")


def _state(workspace: Workspace) -> Check:
    workspace.backend.check()
    snapshot = workspace.journal.snapshot
    text = f"{workspace.project.backend.type}, serial {snapshot.serial}, {len(snapshot.records)} records"
    if snapshot.hold is not None:
        remedy = "reconciler hold release --reason TEXT, once it may go on"
        return _warn("state", "DOC04", f"{text}; on hold: {snapshot.hold.reason}", remedy)
    if snapshot.intents:
        remedy = "reconciler resolve lists them; reconciler apply settles those that it can look up"
        return _warn("state", "DOC04", f"{text}; {len(snapshot.intents)} requests of unknown end", remedy)
    return _ok("state", "DOC04", f"{text}; it can be read and written")


def _key(workspace: Workspace) -> Check:
    stored, known = workspace.stored_key(), workspace.journal.snapshot.key_fingerprint
    declared = workspace.project.backend.key
    lost = "bring it back; if it is lost for good: reconciler state rebuild --lost-key"
    if stored is None and declared is not None:
        text = f"not where it is declared: {declared.source} {declared.name}"
        return _fail("key", "DOC03", text, "put it there; without it nobody can tell who was called")
    if stored is None and known is not None:
        return _fail("key", "DOC03", f"missing; the state was written with {known}", lost)
    if stored is None:
        return _warn("key", "DOC03", "none yet", "the first apply makes one; keep it where secrets are kept")
    found = fingerprint(stored)
    if known is None:
        return _ok("key", "DOC03", f"{found}; no state was written with it yet")
    if found != known:
        return _fail("key", "DOC03", f"{found}, but the state was written with {known}", lost)
    return _ok("key", "DOC03", f"{found}, the one that the state was written with")


# Vendors


@dataclass
class _Clock:
    """What a vendor's clock said last, compared with ours when it was heard."""

    now: Callable[[], dt.datetime]
    apart: float | None = None

    def hear(self, seen: Exchanged) -> None:
        """Compare, if the reply had a date."""
        if seen.date is not None:
            self.apart = apart(seen.date, self.now())


def apart(date: str, now: dt.datetime) -> float | None:
    """Seconds between a date as HTTP spells it and a moment; None when it is no date."""
    try:
        there = parsedate_to_datetime(date)
    except ValueError:
        return None
    return (now - there.replace(tzinfo=there.tzinfo or dt.UTC)).total_seconds()


def _providers(workspace: Workspace) -> Iterator[Check]:
    """All accounts side by side, each by one read."""
    several = tuple(workspace.project.providers.values())
    clocks = {settings.name: _Clock(workspace.now) for settings in several}
    workspace.watchers.append(lambda seen: clocks[seen.provider].hear(seen))
    with ThreadPoolExecutor(max_workers=max(1, len(several)), thread_name_prefix="doctor") as pool:
        yield from pool.map(lambda settings: _provider(workspace, settings), several)
    for name, clock in clocks.items():
        if clock.apart is not None:
            yield _clock(name, clock.apart)


def _provider(workspace: Workspace, settings: ProviderSettings) -> Check:
    try:
        account = workspace.account(settings)
        text = _read(account)
    except CredentialsError as error:
        return _fail(settings.name, "DOC06", error.message, error.help, 77)
    except ReconcilerError as error:
        remedy = "look at the network, a proxy and base_url; then run this again"
        return _fail(settings.name, "DOC05", error.message, remedy, error.exit_code)
    secrets = ", ".join(
        f"{name} from {secret.source} {secret.name}" for name, secret in settings.secrets.items()
    )
    access = "; access: observe, so nothing is written" if settings.is_watched else ""
    return _quota(account, f"{text}; {secrets}{access}")


def _quota(account: Account, text: str) -> Check:
    """The same with what the vendor lets the account ask for, where it tells; a warning where that is little."""
    try:
        quota = account.provider.quota(account.client) if isinstance(account.provider, Metered) else None
    except ReconcilerError:
        quota = None
    if quota is None:
        return _ok(account.name, "DOC06", text)
    if not quota.is_short:
        return _ok(account.name, "DOC06", f"{text}; {quota}")
    return _warn(account.name, "DOC06", f"{text}; {quota}", "wait, or ask the vendor for more")


def _read(account: Account) -> str:
    began = time.monotonic()
    kind = next(iter(account.provider.kinds.values()))
    kind.read(account.client)
    return f"read in {(time.monotonic() - began) * 1000:.0f} ms"


def _clock(name: str, seconds: float) -> Check:
    text = f"{name} is {abs(seconds):.0f} s {'behind' if seconds > 0 else 'ahead'}"
    if abs(seconds) > CLOCKS_APART:
        return _warn("clock", "DOC07", text, "set this machine's clock; plans count time by it")
    return _ok("clock", "DOC07", text)
