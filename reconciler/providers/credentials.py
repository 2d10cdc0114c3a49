"""The one secret that most vendors ask for: a token of the account."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.errors import CredentialsError
from reconciler.model.resource import ProviderSettings


def token_of(settings: ProviderSettings, secrets: Mapping[str, str]) -> str:
    """Read the account's token, without blanks around it; raises CredentialsError where there is none."""
    token = secrets.get("token", "").strip()
    if not token:
        message = f"provider {settings.name} has no token"
        raise CredentialsError(message, "set the variable that token: names")
    return token
