"""Who we are to CALLR: login and password, an API key or a session; maybe as somebody else."""

from __future__ import annotations

import base64
from collections.abc import Mapping

from reconciler.errors import CredentialsError
from reconciler.model.resource import ProviderSettings

LOGIN_AS = {"user": "User.login", "account": "Account.hash"}
"""What `login_as:` names, and how the header says it."""

SCHEMES = (("login", "password"), ("api_key",), ("session",))


def scheme(settings: ProviderSettings) -> tuple[str, ...] | None:
    """Find the one scheme that is declared, whole; None where there is none, or more than one."""
    begun = [names for names in SCHEMES if any(name in settings.secrets for name in names)]
    whole = [names for names in begun if all(name in settings.secrets for name in names)]
    return whole[0] if len(begun) == 1 and whole else None


def headers(settings: ProviderSettings, secrets: Mapping[str, str]) -> dict[str, str]:
    """Write the headers of every request; raises CredentialsError where the credentials are not of one scheme."""
    named = scheme(settings)
    if named is None:
        message = f"provider {settings.name} has no credentials of one scheme"
        raise CredentialsError(message, "declare login: and password:, or api_key:, or session:")
    found = {"Authorization": _authorization(named, secrets)}
    login_as = settings.settings.get("login_as")
    if isinstance(login_as, Mapping):
        ((what, name),) = login_as.items()
        found["CALLR-Login-As"] = f"{LOGIN_AS[str(what)]} {name}"
    return found


def _authorization(named: tuple[str, ...], secrets: Mapping[str, str]) -> str:
    if named == ("api_key",):
        return f"Api-Key {secrets['api_key']}"
    if named == ("session",):
        return f"Session {secrets['session']}"
    return f"Basic {_basic(secrets)}"


def _basic(secrets: Mapping[str, str]) -> str:
    return base64.b64encode(f"{secrets['login']}:{secrets['password']}".encode()).decode("ascii")


def tokens(secrets: Mapping[str, str]) -> tuple[str, ...]:
    """List what must be masked wherever the vendor repeats it; a login alone is no secret, but declared as one."""
    pair = {"login", "password"} <= secrets.keys()
    return (*secrets.values(), *((_basic(secrets),) if pair else ()))
