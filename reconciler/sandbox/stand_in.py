"""What all stand-ins do alike: one account behind one lock, its switches, its ids, and the note of each write."""

import threading
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from reconciler.sandbox.ledger import Write
from reconciler.sandbox.messages import Reply, Request
from reconciler.sandbox.switches import turned
from reconciler.sandbox.table import Table
from reconciler.sandbox.vendor import World


class Account(Protocol):
    """What a vendor's account has, whatever else it holds."""

    options: Any  # a frozen dataclass, see `switches`
    campaigns: Table[Any]


AccountType = TypeVar("AccountType", bound=Account)


class StandIn(ABC, Generic[AccountType]):
    """A vendor with one account. What differs is who may ask, what is answered, and what falls due."""

    name: ClassVar[str]
    base_path: ClassVar[str]

    def __init__(self, world: World) -> None:
        self.world = world
        self.token = world.token(self.name)
        self.lock = threading.RLock()
        self.reset()

    def reset(self) -> None:
        """Back to an empty account and default switches."""
        with self.lock:
            self.account = self.new_account()

    def credentials(self) -> dict[str, str]:
        """Return what a client needs besides the address."""
        return {"token": self.token}

    def settings(self) -> dict[str, str]:
        """Return nothing: the vendor's own pages say all there is to know."""
        return {}

    def operation(self, request: Request) -> str:
        """Name no operation: method and path say it all."""
        del request
        return ""

    def holder(self, request: Request) -> str:
        """Tell whose request it is: those of one holder count together where few may be under way at once."""
        del request
        return ""

    def handle(self, request: Request) -> Reply:
        """Act on a request; every write, refused or not, goes into the ledger in the order of acting."""
        with self.lock:
            reply = self.turn_away(request)
            if reply is not None:
                return reply
            reply = self.act(request)
            if self.is_write(request):
                self.world.ledger.record_write(Write.of(request, reply, self.world.clock.now()))
            return reply

    def catch_up(self) -> None:
        """Do what is due by now."""
        with self.lock:
            self.settle_all()

    def options(self) -> dict[str, Any]:
        """Return the switches as they stand."""
        return asdict(self.account.options)

    def change_options(self, changes: Mapping[str, object]) -> None:
        """Turn switches, after what was due as they stood."""
        with self.lock:
            self.settle_all()
            self.account.options = turned(self.account.options, changes)

    def set_next_ids(self, ids: Mapping[str, int]) -> None:
        """Choose the id of the next object of a kind."""
        with self.lock:
            tables = self.tables()
            for kind, chosen in ids.items():
                if kind not in tables:
                    raise ValueError(f"no kind {kind!r}; there are {', '.join(tables)}")
                tables[kind].set_next_id(chosen)

    def state(self) -> dict[str, Any]:
        """Return what the account holds, with what no documented read shows."""
        with self.lock:
            return self.contents()

    def tables(self) -> Mapping[str, Table[Any]]:
        """Name the tables whose ids can be chosen; those of campaigns, unless there are more."""
        return {"campaigns": self.account.campaigns}

    @abstractmethod
    def new_account(self) -> AccountType:
        """Make an empty account."""

    @abstractmethod
    def turn_away(self, request: Request) -> Reply | None:
        """Answer who may not ask, or asks at a place that is not the vendor's; none of this is a write."""

    @abstractmethod
    def act(self, request: Request) -> Reply:
        """Do what is asked."""

    @abstractmethod
    def is_write(self, request: Request) -> bool:
        """Whether it wants to change something."""

    @abstractmethod
    def settle_all(self) -> None:
        """Bring every campaign up to now."""

    @abstractmethod
    def contents(self) -> dict[str, Any]:
        """Describe what the account holds as a JSON value."""
