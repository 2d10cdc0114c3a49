"""The log of all requests that reached a vendor's address, without tokens, values or bodies."""

import threading
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from reconciler.sandbox.bodies import listed_items
from reconciler.sandbox.messages import Request


@dataclass(slots=True)
class Entry:
    """One request as the sandbox met it."""

    sequence: int
    vendor: str
    method: str
    path: str
    query_keys: tuple[str, ...]
    at: str
    status: int | None = None  # what was sent; None while waiting, and where no reply was sent
    processed: bool = False  # whether the vendor acted on it, whatever the client was told
    fault: str | None = None
    operation: str = ""  # as the vendor names it, where method and path don't say it
    connection: int = 0  # which connection it came on, counted from 1
    items: int | None = None  # how many items its body lists; None where that is no JSON array


class Journal:
    """All requests in the order in which they were read."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entries: list[Entry] = []
        self._last = 0

    def next_sequence(self) -> int:
        """Take a number for a request that has just been read."""
        with self._lock:
            self._last += 1
            return self._last

    def open(self, request: Request, at: datetime, connection: int) -> Entry:
        """Note a request before anything is done about it."""
        entry = Entry(
            request.sequence,
            request.vendor,
            request.method,
            request.path,
            tuple(key for key, _ in parse_qsl(request.query, keep_blank_values=True)),
            at.isoformat(),
            operation=request.operation,
            connection=connection,
            items=listed_items(request.body),
        )
        with self._lock:
            self._entries.append(entry)
        return entry

    def listing(self) -> list[dict[str, Any]]:
        """All entries as JSON values."""
        with self._lock:
            return [asdict(entry) for entry in self._entries]

    def clear(self) -> None:
        """Forget the entries; numbers go on, so that none is given twice."""
        with self._lock:
            self._entries.clear()
