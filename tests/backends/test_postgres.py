"""PostgreSQL keeps the contract, in a database that these tests start themselves."""

from __future__ import annotations

import gc
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from reconciler.backends.base import Backend
from reconciler.backends.postgres_store import PostgresStore
from reconciler.backends.remote import RemoteBackend
from reconciler.errors import StateError
from reconciler.state.chain import EMPTY_HEAD
from reconciler.testing.backend_contract import BackendContract

from .servers import postgres_server

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    """Return the address of an empty database."""
    with postgres_server() as url:
        yield url


@pytest.fixture(autouse=True)
def no_connection_is_left() -> Iterator[None]:
    """Connections of stores that a failure kept alive end here: in a later test they would be that one's warning."""
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


def open_postgres(url: str, name: str, lease_seconds: str = "2") -> Backend:
    """Open one state in a database."""
    return RemoteBackend(PostgresStore(url, name), lease_seconds=float(lease_seconds))


class TestPostgres(BackendContract):
    kills = 10
    races = 20
    patient = ("60",)
    notice = 2.0

    @pytest.fixture(autouse=True)
    def server(self, database: str) -> None:
        self.url = database

    def in_other_process(self, place: Path) -> list[str]:
        return ["tests.backends.test_postgres:open_postgres", self.url, place.parent.name]

    def make_backend(self, place: Path) -> Backend:
        return open_postgres(self.url, place.parent.name)


def test_states_stand_side_by_side(database):
    """Two projects in one database do not see each other."""
    one, two = open_postgres(database, "one"), open_postgres(database, "two")
    head = one.append([b"{1}"], EMPTY_HEAD)
    assert two.load().head == EMPTY_HEAD
    two.append([b"{2}"], EMPTY_HEAD)
    assert one.load().head == head


@pytest.mark.parametrize(
    ("change", "code"),
    [("/postgres", "/nothing-here"), ("127.0.0.1:", "127.0.0.1:1"), ("tester@", "nobody@")],
    ids=["no database", "no server", "no user"],
)
def test_what_is_wrong_is_said_without_the_address(database, change, code):
    """A database that cannot be used is an error without user, password or host in it."""
    url = database.replace(change, code).replace("@", ":hunter2@")
    with pytest.raises(StateError) as caught:
        open_postgres(url, "one").load()
    assert caught.value.code in {"STA12", "STA13"}
    assert "hunter2" not in f"{caught.value.message} {caught.value.help} {caught.value.__cause__}"


def test_reader_is_told_that_they_may_not_write(database):
    """A user who may only read passes no check."""
    import psycopg

    open_postgres(database, "rights").append([b"{1}"], EMPTY_HEAD)
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("CREATE ROLE reader LOGIN")
        connection.execute("GRANT SELECT ON reconciler_root, reconciler_content TO reader")
    reader = open_postgres(database.replace("tester@", "reader@"), "rights")
    assert reader.load().log == (b"{1}",)
    for attempt in (reader.check, lambda: reader.append([b"{2}"], reader.load().head)):
        with pytest.raises(StateError) as caught:
            attempt()
        assert (caught.value.code, caught.value.exit_code) == ("STA12", 77)


def test_cut_connection_is_made_anew(database):
    """A database that ends the connection, as it does when it is restarted, costs one write at most."""
    import psycopg

    backend = open_postgres(database, "cut")
    head = backend.append([b"{1}"], EMPTY_HEAD)
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'reconciler' AND pid <> pg_backend_pid()"
        )
    with pytest.raises(StateError):
        backend.append([b"{2}"], head)
    assert backend.load().log == (b"{1}",)
    assert backend.append([b"{2}"], head) == backend.load().head
