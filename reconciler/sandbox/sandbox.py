"""The sandbox as one object: start it, point a client at it, then ask what really happened."""

from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

from reconciler.sandbox import control
from reconciler.sandbox.clock import Clock, instant
from reconciler.sandbox.exchange import Exchange
from reconciler.sandbox.ledger import Ledger
from reconciler.sandbox.messages import Reply
from reconciler.sandbox.server import Server
from reconciler.sandbox.vendor import Vendor, World, create_vendors


class Sandbox:
    """All vendors on one loopback port, served by a daemon thread until it is closed.

    Every control endpoint below `/_sandbox/` has a method of the same name here. `options` says which switches
    of vendors stand otherwise from the beginning, and after a reset again.
    """

    def __init__(
        self,
        port: int = 0,
        *,
        speed: float = 1.0,
        start_at: str | None = None,
        latency: float = 0.0,
        seed: int | None = None,
        tokens: Mapping[str, str] | None = None,
        first_id: int = 1,
        options: Mapping[str, Mapping[str, object]] | None = None,
    ) -> None:
        self._clock = Clock(start_at, speed)
        self._ledger = Ledger(self._catch_up)
        world = World(self._clock, self._ledger, first_id, seed, tokens or {})
        self._vendors = {vendor.name: vendor for vendor in create_vendors(world)}
        self._first_options = options or {}
        self.options(self._first_options)
        self._exchange = Exchange(self._vendors, self._clock, latency)
        self._server = Server(port, self._exchange, self._control)
        self._server.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop serving and cut every connection."""
        self._server.close()

    def base_url(self, vendor: str) -> str:
        """Return the address that stands for the vendor's documented base, exactly."""
        return self._server.address + self._vendors[vendor].base_path

    def ready(self) -> dict[str, Any]:
        """Where everything is, the credentials for it, and what else a project says about the accounts."""
        providers = {
            name: {"base_url": self.base_url(name), **vendor.credentials()}
            for name, vendor in self._vendors.items()
        }
        settings = {
            name: settings for name, vendor in self._vendors.items() if (settings := vendor.settings())
        }
        return {
            "ready": True,
            "providers": providers,
            "settings": settings,
            "ledger": f"{self._server.address}/_sandbox/ledger",
        }

    @property
    def ledger(self) -> Ledger:
        """What really happened."""
        return self._ledger

    def clock(
        self,
        *,
        advance: float | None = None,
        set: str | None = None,  # noqa: A002 - the name of the order
        speed: float | None = None,
    ) -> dict[str, Any]:
        """Turn the clock, and say what it shows."""
        if set is not None:
            self._clock.move_to(instant(set))
        if advance is not None:
            self._clock.advance(advance)
        if speed is not None:
            self._clock.run_at(speed)
        return {"now": self._clock.now().isoformat(), "speed": self._clock.speed}

    def faults(self, fault: Mapping[str, object] | None = None) -> list[dict[str, Any]]:
        """Add a fault if one is given, and list all with their hits."""
        if fault is not None:
            self._exchange.faults.add(fault)
        return self._exchange.faults.listing()

    def clear_faults(self) -> None:
        """Take all faults away."""
        self._exchange.faults.clear()

    def held(self, wait: float = 0.0) -> dict[str, Any] | None:
        """Return the request that a `hold` fault has parked longest, waiting up to `wait` seconds for one."""
        return self._exchange.parking.held(wait)

    def release(self) -> int:
        """Let all parked requests go on; how many there were."""
        return self._exchange.parking.release()

    def requests(self) -> list[dict[str, Any]]:
        """Every request that reached a vendor's address."""
        return self._exchange.journal.listing()

    def options(self, changes: Mapping[str, Mapping[str, object]] | None = None) -> dict[str, dict[str, Any]]:
        """Turn switches of vendors if changes are given, and list all."""
        for name, turned in (changes or {}).items():
            self._vendor(name).change_options(turned)
        return {name: vendor.options() for name, vendor in self._vendors.items()}

    def next_ids(self, ids: Mapping[str, Mapping[str, int]]) -> dict[str, Any]:
        """Choose which id the next object of a kind gets, as `{"plum": {"campaigns": 77}}`."""
        for name, chosen in ids.items():
            self._vendor(name).set_next_ids(chosen)
        return dict(ids)

    def state(self) -> dict[str, Any]:
        """Return what the vendors hold."""
        self._catch_up()
        return {name: vendor.state() for name, vendor in self._vendors.items()}

    def reset(self) -> None:
        """Back to how it was made: empty accounts, no faults, first time. Address and tokens stay."""
        self._exchange.faults.clear()
        self._exchange.parking.release()
        for vendor in self._vendors.values():
            vendor.reset()
        self.options(self._first_options)
        self._exchange.journal.clear()
        self._ledger.clear()
        self._clock.reset()

    def _vendor(self, name: str) -> Vendor:
        if name not in self._vendors:
            raise ValueError(f"no vendor {name!r}; there are {', '.join(self._vendors)}")
        return self._vendors[name]

    def _catch_up(self) -> None:
        for vendor in self._vendors.values():
            vendor.catch_up()

    def _control(self, method: str, name: str, query: str, body: bytes) -> Reply:
        return control.answer(self._doors(), method, name, query, body)

    def _doors(self) -> control.Doors:
        return {
            ("GET", "ready"): lambda _: self.ready(),
            ("GET", "ledger"): lambda order: (
                self.ledger.summary() if order.get("summary") else self.ledger.as_json()
            ),
            ("POST", "ledger"): lambda order: {"calls": self.ledger.called_from(order["numbers"])},
            ("GET", "clock"): lambda _: self.clock(),
            ("POST", "clock"): lambda order: self.clock(**order),
            ("GET", "faults"): lambda _: self.faults(),
            ("POST", "faults"): self.faults,
            ("DELETE", "faults"): self._no_faults,
            ("GET", "held"): lambda order: self.held(float(order.get("wait", 0))),
            ("POST", "release"): lambda _: {"released": self.release()},
            ("GET", "requests"): lambda _: self.requests(),
            ("GET", "options"): lambda _: self.options(),
            ("POST", "options"): self.options,
            ("POST", "next-ids"): self.next_ids,
            ("GET", "state"): lambda _: self.state(),
            ("POST", "reset"): self._as_new,
        }

    def _no_faults(self, order: control.Order) -> list[object]:
        del order
        self.clear_faults()
        return []

    def _as_new(self, order: control.Order) -> dict[str, Any]:
        del order
        self.reset()
        return self.ready()
