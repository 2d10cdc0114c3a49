"""State in a bucket: content that is put once, and a root that is replaced only while it is the one we know.

    <prefix>/root.json  <prefix>/log/…  <prefix>/snapshot/…  <prefix>/blobs/…  <prefix>/past/…

A store that takes a condition and does not keep it would let two apply at once; `check`, and the first write of
all, try it out and refuse such a store. The library is never let repeat a conditional write by itself: its second
try would be refused for the sake of its first.
"""

from __future__ import annotations

import random
import secrets
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Literal

from reconciler.backends.failures import cannot_reach, extra_missing, refused
from reconciler.backends.root import Step, decode_root
from reconciler.backends.store import Lost, Seen
from reconciler.errors import StateError

if TYPE_CHECKING:
    from obstore import UpdateVersion
    from obstore.store import ObjectStore as Bucket

ROOT = "root.json"
_CLIENT = {"timeout": "30s", "connect_timeout": "10s", "allow_http": True}
_NO_RETRY = {"max_retries": 0}
_PAUSE = 1.0
"""Seconds between two writes of one object, once a store has said that there were too many: what Google takes."""

_TRIES = 10
_RIGHTS = "let these credentials read, write and delete objects there"


class Again(Lost):
    """The store did not do it this time: another write was under way, or there were too many."""


class ObjectStore:
    """One prefix of a bucket."""

    def __init__(self, bucket: Bucket, where: str) -> None:
        self.where = where
        self._bucket = bucket
        self._pause = 0.0
        self._written = 0.0

    def read(self) -> Seen:
        """Return the root; none where nothing was ever written."""
        found = self._fetch(ROOT)
        if found is None:
            return Seen()
        data, version = found
        return Seen(decode_root(data, self.where), version)

    def get(self, name: str) -> bytes | None:
        """Return content."""
        found = self._fetch(name)
        return None if found is None else found[0]

    def _fetch(self, name: str) -> tuple[bytes, str] | None:
        from obstore.exceptions import BaseError, NotFoundError

        try:
            result = self._bucket.get(name)
            return bytes(result.bytes()), _version(result.meta["e_tag"], result.meta["version"])
        except (FileNotFoundError, NotFoundError) as error:
            if _is_no_bucket(str(error)):
                raise refused(self.where, "there is no such bucket", "make it, or name another") from None
            return None
        except BaseError as error:
            raise self._failed(error) from None

    def swap(self, version: str | None, step: Step) -> str:
        """Put the content, then the root in place of the version; what is superseded goes when that is done."""
        if version is None:
            self.check()
        for name, data in step.add.items():
            self._put_once(name, data)
        time.sleep(max(0.0, self._written + self._pause - time.monotonic()))
        new = self._put(ROOT, step.root.encode(), version)
        self._written = time.monotonic()
        for name in step.superseded:
            with suppress(Exception):  # it is only in the way
                self._bucket.delete(name)
        return new

    def _put_once(self, name: str, data: bytes) -> None:
        """Put content that is named by what it is: if it is there, it is the same."""
        with suppress(Lost):
            self._put_patiently(name, data, None)

    def _put_patiently(self, name: str, data: bytes, version: str | None) -> str:
        """Put what no other writer changes; raises Lost where that version is not what is there."""
        for _ in range(_TRIES):
            with suppress(Again):
                return self._put(name, data, version)
            time.sleep(random.uniform(0.5, 1.0) * max(self._pause, 0.1))
        raise cannot_reach(self.where, "it takes no more writes at present")

    def _put(self, name: str, data: bytes, version: str | None) -> str:
        """Put an object where there is none, or in place of a version; raises Lost where that is not what is there.

        Raises Again, which is a Lost, where the store did nothing this time.
        """
        from obstore.exceptions import AlreadyExistsError, BaseError, NotFoundError, PreconditionError

        try:
            result = self._bucket.put(name, data, mode=_mode(version), use_multipart=False)
        except (AlreadyExistsError, PreconditionError, FileNotFoundError, NotFoundError) as error:
            if _is_no_bucket(str(error)):
                raise refused(self.where, "there is no such bucket", "make it, or name another") from None
            raise Lost from None
        except BaseError as error:
            if _is_too_many(str(error)):
                self._pause, self._written = _PAUSE, time.monotonic()
                raise Again from None
            if _is_conflict(str(error)):
                raise Again from None
            raise self._failed(error) from None
        return _version(result["e_tag"], result["version"])

    def _failed(self, error: Exception) -> StateError:
        from obstore.exceptions import PermissionDeniedError, UnauthenticatedError

        said = _said(error)
        if isinstance(error, PermissionDeniedError | UnauthenticatedError):
            return refused(self.where, said, _RIGHTS)
        return cannot_reach(self.where, said)

    def check(self) -> None:
        """Write, see that conditions are kept, and take it away again."""
        from obstore.exceptions import BaseError

        name = f"check-{secrets.token_hex(8)}"
        first = self._put_patiently(name, b"1", None)
        try:
            second = self._put_patiently(name, b"2", first)
            if not (self._is_refused(name, None) and self._is_refused(name, first) and second != first):
                message = f"{self.where} does not keep conditions: two could apply at once"
                help_text = (
                    "use a store with conditional writes (If-Match, If-None-Match), or backend: {type: git}"
                )
                raise StateError(message, help_text, "STA19")
        finally:
            try:
                self._bucket.delete(name)
            except BaseError as error:
                raise self._failed(error) from None

    def _is_refused(self, name: str, version: str | None) -> bool:
        try:
            self._put_patiently(name, b"3", version)
        except Lost:
            return True
        return False


def open_bucket(
    kind: str, settings: Mapping[str, str], prefix: str, environment: Mapping[str, str]
) -> Bucket:
    """Open a bucket of a kind (`s3`, `gcs`, `azure`), with credentials from the environment."""
    try:
        from obstore import store
    except ImportError:
        raise extra_missing(kind) from None
    openers: dict[str, Callable[..., Bucket]] = {
        "s3": store.S3Store,
        "gcs": store.GCSStore,
        "azure": store.AzureStore,
    }
    families = {"s3": "AWS_", "gcs": "GOOGLE_", "azure": "AZURE_"}
    given = {name.lower(): value for name, value in environment.items() if name.startswith(families[kind])}
    config = {name: value for name, value in given.items() if name in _KNOWN[kind]} | dict(settings)
    bucket = config.pop("bucket")
    return openers[kind](bucket, prefix=prefix, config=config, client_options=_CLIENT, retry_config=_NO_RETRY)


_KNOWN = {
    "s3": frozenset(
        f"aws_{name}"
        for name in (
            "access_key_id", "secret_access_key", "session_token", "region", "default_region", "endpoint",
            "endpoint_url", "web_identity_token_file", "role_arn", "role_session_name",
            "container_credentials_relative_uri", "container_credentials_full_uri",
            "container_authorization_token_file",
        )
    ),
    "gcs": frozenset(
        f"google_{name}"
        for name in (
            "service_account", "service_account_path", "service_account_key", "application_credentials", "base_url",
            "skip_signature",
        )
    ),
    "azure": frozenset(
        f"azure_{name}"
        for name in (
            "storage_account_name", "storage_account_key", "storage_client_id", "storage_client_secret",
            "storage_tenant_id", "storage_sas_key", "client_id", "client_secret", "tenant_id",
            "federated_token_file", "authority_host", "storage_token", "use_azure_cli",
        )
    ),
}  # fmt: skip
"""What the library takes from the environment, so that a variable meant for another tool does no harm."""


def _version(e_tag: str | None, version: str | None) -> str:
    """One text for what a store calls a version."""
    return f"{e_tag or ''} {version or ''}"


def _mode(version: str | None) -> Literal["create"] | UpdateVersion:
    if version is None:
        return "create"
    e_tag, _, number = version.partition(" ")
    known: UpdateVersion = {}
    if e_tag:
        known["e_tag"] = e_tag
    if number:
        known["version"] = number
    return known


def _is_no_bucket(said: str) -> bool:
    return any(name in said for name in ("NoSuchBucket", "ContainerNotFound", "bucket does not exist"))


def _is_conflict(said: str) -> bool:
    """Whether the store says that another write was under way at the same time, so that ours was not done."""
    return "ConditionalRequestConflict" in said or "409 Conflict" in said


def _is_too_many(said: str) -> bool:
    """Whether the store refused for load, and so did nothing: Google takes one write of an object a second."""
    return "429 Too Many Requests" in said or "<Code>SlowDown</Code>" in said


def _said(error: Exception) -> str:
    """The first line of what the library says, which has no credentials in it."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[0][:300] if lines else type(error).__name__
