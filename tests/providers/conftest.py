"""A wire that keeps what is sent and answers as it is told, and the ways to make things for it."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email import message_from_bytes
from typing import Any

import pytest
from reconciler.transport.client import Account, Circumstances, Client
from reconciler.transport.message import Bounds, Message
from reconciler.transport.outcome import Exchange, Reach
from reconciler.transport.request import Effect, Reply


@dataclass(frozen=True)
class Sent:
    """One message with how it was sent."""

    message: Message
    fresh: bool

    @property
    def form(self) -> dict[str, str]:
        """The fields of its multipart body."""
        head = b"\r\n".join(name + b": " + value for name, value in self.message.headers)
        parts = message_from_bytes(head + b"\r\n\r\n" + self.message.body).get_payload()
        named = ((part.get_param("name", header="content-disposition"), part) for part in parts)
        return {name: part.get_payload(decode=True).decode() for name, part in named}


@dataclass
class FakeWire:
    """Keeps every message; answers with the next reply, the last one again and again."""

    replies: list[tuple[int, Any]] = field(default_factory=lambda: [(200, {"status": "success"})])
    sent: list[Sent] = field(default_factory=list)

    def exchange(self, message: Message, bounds: Bounds, *, fresh: bool) -> Exchange:  # noqa: ARG002 - the shape
        """Keep it and answer."""
        self.sent.append(Sent(message, fresh))
        status, body = self.replies[min(len(self.sent), len(self.replies)) - 1]
        return Exchange(Reach.REPLIED, reply=Reply(status, json.dumps(body).encode()))

    def close(self) -> None:
        """Do nothing."""


@dataclass(frozen=True)
class Person:
    """A contact."""

    number: str = "+16175550123"
    reference: str | None = None
    ani: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)


@pytest.fixture
def person() -> Callable[..., Person]:
    """Make a contact."""
    return Person


@pytest.fixture
def wire() -> FakeWire:
    """The wire of the test's client."""
    return FakeWire()


@pytest.fixture
def client(wire: FakeWire) -> Client:
    """A client that may do everything and sends nowhere."""
    account = Account(provider="plum", base_url="https://vendor.invalid/api", headers={})
    return Client(account, Circumstances(allowed=frozenset(Effect), backoff=0.0), wire)
