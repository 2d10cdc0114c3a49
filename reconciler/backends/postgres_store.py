"""State in PostgreSQL: content in one table, roots in another, each change one transaction.

The root's row carries a number that every swap raises; who knows an older one changes nothing. Rows of several
projects stand side by side, told apart by the state's name.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from reconciler.backends.failures import cannot_reach, extra_missing, refused
from reconciler.backends.root import Step, decode_root
from reconciler.backends.store import Lost, Seen
from reconciler.errors import StateError

if TYPE_CHECKING:
    from psycopg import Connection

TABLES = """
CREATE TABLE IF NOT EXISTS reconciler_root (
    state text PRIMARY KEY, version bigint NOT NULL, root bytea NOT NULL);
CREATE TABLE IF NOT EXISTS reconciler_content (
    state text NOT NULL, name text NOT NULL, data bytea NOT NULL, PRIMARY KEY (state, name));
"""
_MAKING = 7_302_118_464
"""An advisory lock under which the tables are made, since two who make them at once collide."""

_ADD = "INSERT INTO reconciler_content VALUES (%s, %s, %s) ON CONFLICT DO NOTHING"
_BEGIN = "INSERT INTO reconciler_root (root, version, state) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING"
_SWAP = "UPDATE reconciler_root SET root = %s, version = %s WHERE state = %s AND version = %s"
_REMOVE = "DELETE FROM reconciler_content WHERE state = %s AND name = ANY(%s)"
_MAY_MAKE = "SELECT has_schema_privilege(current_schema(), 'CREATE')"
_MAY_WRITE = """
SELECT bool_and(has_table_privilege(relation, privilege)) FROM (VALUES
    ('reconciler_root', 'SELECT'), ('reconciler_root', 'INSERT'), ('reconciler_root', 'UPDATE'),
    ('reconciler_content', 'SELECT'), ('reconciler_content', 'INSERT'), ('reconciler_content', 'DELETE')
) AS needed (relation, privilege)
"""
_OPTIONS = "-c statement_timeout=60000 -c lock_timeout=30000 -c idle_in_transaction_session_timeout=60000"
_NO_TABLE = "42P01"
_RIGHTS = "let this user create the tables reconciler_root and reconciler_content, or read and write them"


class PostgresStore:
    """One state in a database. `url`: a libpq address, which may hold a password and is never shown."""

    def __init__(self, url: str, name: str) -> None:
        self._connection: Connection | None = None
        self.where = f"the database's state {name!r}"
        self._url = url
        self._name = name

    def read(self) -> Seen:
        """Return the root; none where there is no table or no row."""
        row = self._row("SELECT root, version FROM reconciler_root WHERE state = %s", (self._name,))
        return Seen() if row is None else Seen(decode_root(bytes(row[0]), self.where), str(row[1]))

    def get(self, name: str) -> bytes | None:
        """Return content."""
        row = self._row(
            "SELECT data FROM reconciler_content WHERE state = %s AND name = %s", (self._name, name)
        )
        return None if row is None else bytes(row[0])

    def _row(self, query: str, values: tuple[str, ...]) -> tuple[Any, ...] | None:
        with self._transaction() as connection:
            if connection.execute("SELECT to_regclass('reconciler_content')").fetchone() == (None,):
                return None
            return connection.execute(query, values).fetchone()

    def swap(self, version: str | None, step: Step) -> str:
        """Add the content and swap the root in one transaction; raises Lost, having changed nothing."""
        new = int(version or 0) + 1
        with self._transaction() as connection:
            if version is None:
                connection.execute("SELECT pg_advisory_xact_lock(%s)", (_MAKING,))
                connection.execute(TABLES)
            with connection.cursor() as cursor:
                cursor.executemany(_ADD, [(self._name, name, data) for name, data in step.add.items()])
                if version is None:
                    cursor.execute(_BEGIN, (step.root.encode(), new, self._name))
                else:
                    cursor.execute(_SWAP, (step.root.encode(), new, self._name, int(version)))
                if cursor.rowcount != 1:
                    raise Lost
                cursor.execute(_REMOVE, (self._name, list(step.superseded)))
        return str(new)

    def check(self) -> None:
        """See that this is a database that can be written, without writing."""
        with self._transaction() as connection:
            tables = connection.execute("SELECT to_regclass('reconciler_content')").fetchone()
            right = _MAY_MAKE if tables == (None,) else _MAY_WRITE
            if connection.execute(right).fetchone() != (True,):
                raise refused(self.where, "this user may not write there", _RIGHTS)

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        """One transaction on a connection that is kept; a broken one is made anew by the next."""
        try:
            import psycopg
        except ImportError:
            raise extra_missing("postgres") from None
        try:
            connection = self._connected()
            with connection.transaction():
                yield connection
        except psycopg.Error as error:
            self._forget()
            raise self._failed(error) from None

    def _connected(self) -> Connection:
        import psycopg

        if self._connection is None or self._connection.closed:
            self._connection = psycopg.connect(
                self._url,
                autocommit=True,
                connect_timeout=10,
                application_name="reconciler",
                options=_OPTIONS,
                target_session_attrs="read-write",
                keepalives_idle=30,
            )
            self._connection.execute("SET synchronous_commit = on")
        return self._connection

    def _forget(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def __del__(self) -> None:
        """End the connection with the backend that it served."""
        self._forget()

    def _failed(self, error: Exception) -> StateError:
        """An error in words of ours: the library's own may hold the address."""
        state = str(getattr(error, "sqlstate", None) or "")
        said = {"28": "it refused the user or the password", "42501": "this user may not write there"}
        for start, words in said.items():
            if state.startswith(start) or (not state and "authentication failed" in str(error)):
                return refused(self.where, words, _RIGHTS)
        return cannot_reach(self.where, f"{type(error).__name__} {state}".strip())
