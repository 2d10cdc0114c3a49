"""What a stand-in of a vendor must offer, and how the folder of vendors is found.

A new vendor is one module or package below `vendors/` with a function `create(world)`; no list to edit.
"""

import random
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, Protocol

from reconciler.sandbox import vendors
from reconciler.sandbox.clock import Clock
from reconciler.sandbox.ledger import Armed, Ledger
from reconciler.sandbox.messages import Reply, Request


class Vendor(Protocol):
    """One vendor with one account. Each method is safe to call from several threads."""

    name: str
    base_path: str  # what stands for the vendor's documented base; ends in a slash where that does

    def credentials(self) -> dict[str, str]:
        """Return what a client needs besides the address."""
        ...

    def settings(self) -> dict[str, str]:
        """Return what else a client must know of the account, such as the zone of its clock."""
        ...

    def operation(self, request: Request) -> str:
        """Name what is asked for where method and path don't; never a word the client made up."""
        ...

    def holder(self, request: Request) -> str:
        """Tell whose request it is, for a vendor that lets one holder ask little at once; else empty."""
        ...

    def handle(self, request: Request) -> Reply:
        """Act on a request as the vendor would."""
        ...

    def catch_up(self) -> None:
        """Place the calls that are due by now."""
        ...

    def options(self) -> dict[str, Any]:
        """Return the switches for what the vendor leaves open, as they stand."""
        ...

    def change_options(self, changes: Mapping[str, object]) -> None:
        """Turn switches; ValueError names the first that is not known or has no such position."""
        ...

    def set_next_ids(self, ids: Mapping[str, int]) -> None:
        """Choose the id that the next object of a kind gets."""
        ...

    def state(self) -> dict[str, Any]:
        """Return what the vendor holds, for a look inside; no documented call shows as much."""
        ...

    def reset(self) -> None:
        """Back to an empty account and default switches."""
        ...


@dataclass(slots=True)
class World:
    """What all vendors of a sandbox share."""

    clock: Clock
    ledger: Ledger
    first_id: int = 1
    seed: int | None = None
    tokens: Mapping[str, str] = field(default_factory=dict)

    def arm(self, vendor: str, account: str, campaign_id: int) -> None:
        """Note in the ledger that a campaign may call from now on."""
        self.ledger.record_armed(Armed(vendor, account, campaign_id, self.clock.now()))

    def token(self, vendor: str) -> str:
        """Return the vendor's secret: the one given, else one shaped like a UUID, equal for equal seeds."""
        if vendor in self.tokens:
            return self.tokens[vendor]
        source = random.Random(None if self.seed is None else f"{vendor} {self.seed}")
        return str(uuid.UUID(int=source.getrandbits(128), version=4))


def create_vendors(world: World) -> Iterator[Vendor]:
    """One stand-in of each vendor in the folder."""
    for found in iter_modules(vendors.__path__, f"{vendors.__name__}."):
        vendor: Vendor = import_module(found.name).create(world)
        yield vendor
