"""Buckets keep the contract on servers that keep conditions, and one that does not is refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from reconciler.backends.base import Backend
from reconciler.backends.object_store import ObjectStore, open_bucket
from reconciler.backends.remote import RemoteBackend
from reconciler.errors import StateError
from reconciler.state.chain import EMPTY_HEAD
from reconciler.testing.backend_contract import BackendContract
from reconciler.testing.backend_processes import append_retrying

from .servers import BUCKET, azure_server, bucket_environment, free_port, gcs_server, s3_server

pytestmark = pytest.mark.slow


def open_object_store(kind: str, port: str, prefix: str, lease_seconds: str = "2") -> Backend:
    """Open the backend at a server on loopback."""
    base = f"http://127.0.0.1:{port}"
    settings = {
        "s3": {"aws_endpoint": base},
        "gcs": {},
        "azure": {
            "azure_storage_account_name": "devstoreaccount1",
            "azure_storage_endpoint": f"{base}/devstoreaccount1",
        },
    }[kind]
    environment = bucket_environment(kind, int(port))
    bucket = open_bucket(kind, {"bucket": BUCKET, **settings}, prefix, environment)
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


class TestGoogle(_Buckets):
    kind = "gcs"


class TestAzure(_Buckets):
    kind = "azure"


@pytest.fixture(scope="module")
def s3_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Return the port of an S3 server with an empty bucket."""
    with s3_server(tmp_path_factory.mktemp("s3")) as port:
        yield port


@pytest.fixture(scope="module")
def gcs_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Return the port of our stand-in of Google's storage, with an empty bucket."""
    with gcs_server(tmp_path_factory.mktemp("gcs")) as port:
        yield port


@pytest.fixture(scope="module")
def azure_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Return the port of a blob service with an empty container."""
    with azure_server(tmp_path_factory.mktemp("azure")) as port:
        yield port


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


@pytest.mark.parametrize("kind", ["s3", "gcs"])
def test_missing_bucket_is_no_empty_state(request, kind):
    """A bucket that is not there is an error, for readers too."""
    port = request.getfixturevalue(f"{kind}_port")
    where = {"aws_endpoint": f"http://127.0.0.1:{port}"} if kind == "s3" else {}
    bucket = open_bucket(kind, {"bucket": "elsewhere", **where}, "p", bucket_environment(kind, port))
    backend = RemoteBackend(ObjectStore(bucket, f"{kind}://elsewhere"))
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


def test_store_that_takes_few_writes_is_waited_for(tmp_path):
    """Google takes one write of an object a second and refuses more: that costs time, and neither entry nor order."""
    with gcs_server(tmp_path, pause=0.6) as port:
        handles = [open_object_store("gcs", str(port), "p", "60") for _ in range(2)]
        handles[0].check()
        for number, backend in enumerate([*handles, *handles]):
            append_retrying(backend, [b'{"n":%d}' % number])
        assert [*handles[0].history()] == [b'{"n":%d}' % number for number in range(4)]
