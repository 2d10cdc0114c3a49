"""The use case of silence without any file: an account straight from its vendor's type and a token."""

from __future__ import annotations

import time
from pathlib import Path
from urllib.parse import urlsplit

from reconciler.engine.account import Account
from reconciler.engine.silence import silence_all
from reconciler.errors import UsageError
from reconciler.model.problem import Location
from reconciler.model.resource import ProviderSettings, Secret
from reconciler.model.silence import Silence
from reconciler.providers import registry
from reconciler.state.fold import NOTHING
from reconciler.transport.client import Circumstances
from reconciler.transport.connector import Connector
from reconciler.workflow.options import Options
from reconciler.workflow.secrets import read_secret
from reconciler.workflow.workspace import WRITING

LOOPBACK = ("127.0.0.1", "::1", "localhost")


def stop_account(
    options: Options, *, type_name: str, token_env: str, base_url: str | None, reason: str
) -> Silence:
    """Silence everything that can call in one account. No project is known, so none is put on hold."""
    began = time.monotonic()
    account = _account(options, type_name, token_env, base_url)
    try:
        objects, failures = silence_all([account], NOTHING, ours=False, wait=options.stop.wait)
    finally:
        account.client.close()
    return Silence(
        reason=reason,
        everything=True,
        accounts=(account.name,),
        objects=objects,
        failures=failures,
        remarks=("no hold was set: an apply of a project can start again what it owns",),
        seconds=time.monotonic() - began,
    )


def _account(options: Options, type_name: str, token_env: str, base_url: str | None) -> Account:
    if base_url is not None:
        _refuse_clear_text(base_url)
    secret = Secret("env", token_env)
    settings = ProviderSettings(
        type_name, type_name, Location("--type"), secrets={"token": secret}, base_url=base_url
    )
    provider = registry.get(type_name)
    secrets = {"token": read_secret(secret, f"{type_name}.token", Path(), options.environment)}
    client = provider.connect(settings, secrets, Connector(_circumstances(options)))
    return Account(type_name, settings, provider, client)


def _circumstances(options: Options) -> Circumstances:
    return Circumstances(allowed=WRITING, stopping=options.stop, backoff=options.backoff)


def _refuse_clear_text(base_url: str) -> None:
    """A token travels encrypted, unless it stays on this host."""
    parts = urlsplit(base_url)
    if parts.scheme != "https" and parts.hostname not in LOOPBACK:
        raise UsageError("--base-url would send the token in clear", "write https://")
