"""Secrets at the moment they are needed: from a variable or a file, never from a manifest."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from reconciler.errors import CredentialsError
from reconciler.model.resource import ProviderSettings, Secret

LONGEST = 64 * 1024
"""Bytes of a secret file at most."""


def secrets_of(settings: ProviderSettings, root: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """Every secret of a provider by its name in the project file; raises CredentialsError for one that is not set."""
    return {
        name: read_secret(secret, f"{settings.name}.{name}", root, environment)
        for name, secret in settings.secrets.items()
    }


def read_secret(secret: Secret, what: str, root: Path, environment: Mapping[str, str]) -> str:
    """One secret, without the white space around it."""
    if secret.source == "env":
        value = environment.get(secret.name, "")
        remedy = f"set the environment variable {secret.name}"
    else:
        value = _read_file(root / secret.name)
        remedy = f"put it into the file {secret.name}, readable to you alone"
    if not value.strip():
        raise CredentialsError(f"the secret {what} is not set", remedy)
    return value.strip()


def _read_file(path: Path) -> str:
    try:
        with path.open(encoding="utf-8") as file:
            return file.read(LONGEST)
    except (OSError, UnicodeDecodeError):
        return ""
