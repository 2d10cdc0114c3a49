"""Buckets keep the contract on servers that keep conditions, and one that does not is refused.

Of Google's storage there is no stand-in that takes what the library sends: `gcs` shares all but the library's
adapter with these two, and is not tried here.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from reconciler.backends.base import Backend
from reconciler.backends.object_store import ObjectStore, open_bucket
from reconciler.backends.remote import RemoteBackend
from reconciler.errors import StateError
from reconciler.state.chain import EMPTY_HEAD
from reconciler.testing.backend_contract import BackendContract

from .servers import azure_server, free_port, s3_server

pytestmark = pytest.mark.slow

BUCKET = "states"
AZURITE_KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
"""The key of Azurite's only account, the same everywhere, printed in its manual."""

ENVIRONMENT = {
    "s3": {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "y", "AWS_REGION": "us-east-1"},
    "azure": {"AZURE_STORAGE_ACCOUNT_KEY": AZURITE_KEY},
}


def open_object_store(kind: str, port: str, prefix: str, lease_seconds: str = "2") -> Backend:
    """Open the backend at a server on loopback."""
    base = f"http://127.0.0.1:{port}"
    settings = {
        "s3": {"aws_endpoint": base},
        "azure": {
            "azure_storage_account_name": "devstoreaccount1",
            "azure_storage_endpoint": f"{base}/devstoreaccount1",
        },
    }[kind]
    bucket = open_bucket(kind, {"bucket": BUCKET, **settings}, prefix, ENVIRONMENT[kind])
    return RemoteBackend(
        ObjectStore(bucket, f"{kind}://{BUCKET}/{prefix}"), lease_seconds=float(lease_seconds)
    )


class _Buckets(BackendContract):
    """Each test under a prefix of its own."""

    kind = ""
    kills = 6
    races = 10
    patient = ("60",)
    notice = 2.0

    @pytest.fixture(autouse=True)
    def server(self, request: pytest.FixtureRequest) -> None:
        self.port = request.getfixturevalue(f"{self.kind}_port")

    def in_other_process(self, place: Path) -> list[str]:
        source = "tests.backends.test_object_store:open_object_store"
        return [source, self.kind, str(self.port), place.parent.name]

    def make_backend(self, place: Path) -> Backend:
        return open_object_store(*self.in_other_process(place)[1:])


class TestS3(_Buckets):
    kind = "s3"


class TestAzure(_Buckets):
    kind = "azure"


@pytest.fixture(scope="module")
def s3_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Return the port of an S3 server with an empty bucket."""
    with s3_server(tmp_path_factory.mktemp("s3")) as port:
        httpx.put(f"http://127.0.0.1:{port}/{BUCKET}").raise_for_status()
        yield port


@pytest.fixture(scope="module")
def azure_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Return the port of a blob service with an empty container."""
    with azure_server(tmp_path_factory.mktemp("azure")) as port:
        make_container(port)
        yield port


def make_container(port: int) -> None:
    """Make the container, signed as Azure wants it: the library makes none."""
    date = dt.datetime.now(dt.UTC).strftime("%a, %d %b %Y %H:%M:%S GMT")
    path = f"/devstoreaccount1/{BUCKET}"
    headers = f"x-ms-date:{date}\nx-ms-version:2021-08-06\n"
    text = f"PUT\n\n\n\n\n\n\n\n\n\n\n\n{headers}/devstoreaccount1{path}\nrestype:container"
    signed = hmac.new(base64.b64decode(AZURITE_KEY), text.encode(), hashlib.sha256).digest()
    httpx.put(
        f"http://127.0.0.1:{port}{path}?restype=container",
        headers={
            "x-ms-date": date,
            "x-ms-version": "2021-08-06",
            "Authorization": f"SharedKey devstoreaccount1:{base64.b64encode(signed).decode()}",
        },
    ).raise_for_status()


class Careless:
    """A bucket that takes conditions and does not look at them."""

    def __init__(self, bucket: object) -> None:
        self.bucket = bucket

    def put(self, name: str, data: bytes, **_: object) -> object:
        return self.bucket.put(name, data)

    def __getattr__(self, name: str) -> object:
        return getattr(self.bucket, name)


def test_careless_store_is_refused(s3_port):
    """A store that would let two apply at once is found out by the check and by the first write of all."""
    backend = open_object_store("s3", str(s3_port), "careless")
    backend.store._bucket = Careless(backend.store._bucket)
    for attempt in (backend.check, lambda: backend.append([b"{1}"], EMPTY_HEAD)):
        with pytest.raises(StateError) as caught:
            attempt()
        assert caught.value.code == "STA19"
    assert backend.load().head == EMPTY_HEAD


def test_missing_bucket_is_no_empty_state(s3_port):
    """A bucket that is not there is an error, for readers too."""
    bucket = open_bucket(
        "s3", {"bucket": "elsewhere", "aws_endpoint": f"http://127.0.0.1:{s3_port}"}, "p", ENVIRONMENT["s3"]
    )
    backend = RemoteBackend(ObjectStore(bucket, "s3://elsewhere"))
    for attempt in (backend.load, backend.check, lambda: backend.lease("ann")):
        with pytest.raises(StateError) as caught:
            attempt()
        assert caught.value.code == "STA12"


def test_no_answer_is_no_empty_state():
    """A server that is not there is an error."""
    with pytest.raises(StateError) as caught:
        open_object_store("s3", str(free_port()), "p").load()
    assert caught.value.code == "STA13"
    assert "y" not in caught.value.message.split()
