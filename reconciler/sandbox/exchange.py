"""The walk of one request from the wire to the vendor and back, through whatever fault was ordered for it."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from reconciler.sandbox.clock import Clock
from reconciler.sandbox.faults import Fault, FaultBook
from reconciler.sandbox.journal import Entry, Journal
from reconciler.sandbox.messages import Reply, Request
from reconciler.sandbox.parking import LOOK_AGAIN, Parked, Parking
from reconciler.sandbox.traffic import Ticket, Traffic
from reconciler.sandbox.vendor import Vendor

PAGE = b"<!doctype html><html><head><title>Please wait</title></head><body><h1>Please wait</h1></body></html>"


class Connection(Protocol):
    """The client's end, as far as faults need it."""

    number: int
    arrived: float

    def send(self, reply: Reply) -> None:
        """Send a whole reply."""
        ...

    def send_part(self, reply: Reply) -> None:
        """Announce a whole reply, send half of its body and close."""
        ...

    def trickle(self, reply: Reply, delay: float) -> None:
        """Send a reply byte by byte."""
        ...

    def abort(self, *, graceful: bool = False) -> None:
        """Close without a reply, by RST unless graceful."""
        ...

    def is_gone(self) -> bool:
        """Whether the client has closed its end."""
        ...


@dataclass(slots=True)
class Exchange:
    """What every connection shares."""

    vendors: Mapping[str, Vendor]
    clock: Clock
    latency: float = 0.0
    closing: threading.Event = field(default_factory=threading.Event)
    faults: FaultBook = field(default_factory=FaultBook)
    journal: Journal = field(default_factory=Journal)
    parking: Parking = field(init=False)
    traffic: Traffic = field(default_factory=Traffic)

    def __post_init__(self) -> None:
        """Parked requests leave when the sandbox closes."""
        self.parking = Parking(self.closing)

    def answer(self, request: Request, connection: Connection) -> None:
        """Answer a request, or spoil the answer as ordered."""
        vendor = self.vendors[request.vendor]
        ticket = self.traffic.enter((vendor.name, vendor.holder(request)))
        try:
            named = replace(request, operation=vendor.operation(request), under_way=ticket.number)
            entry = self.journal.open(named, self.clock.now(), connection.number)
            self._take(Turn(self, named, connection, entry, ticket), connection.arrived + self.latency)
        finally:
            ticket.end()

    def _take(self, turn: "Turn", due: float) -> None:
        """Answer at a moment, however long the vendor's own work took until then."""
        fault = self.faults.match(turn.request)
        if fault is None:
            reply = turn.process()
            self._wait(due)
            turn.send(reply)
            return
        self._wait(due)
        turn.entry.fault = fault.action
        SPOILED[fault.action](turn, fault)

    def _wait(self, due: float) -> None:
        if self.latency:
            time.sleep(max(0.0, due - time.monotonic()))


@dataclass(slots=True)
class Turn:
    """One request on its way."""

    exchange: Exchange
    request: Request
    connection: Connection
    entry: Entry
    ticket: Ticket

    def process(self, lag: int = 0) -> Reply:
        """Let the vendor act."""
        reply = self.exchange.vendors[self.request.vendor].handle(replace(self.request, lag=lag))
        self.entry.processed = True
        return reply

    def process_if(self, fault: Fault) -> None:
        """Let the vendor act if the fault comes after that."""
        if fault.when == "after":
            self.process(lag=fault.reads or 0)

    def send(self, reply: Reply) -> None:
        """Send a reply, noting its status first: a client that has it must find it in the journal."""
        self._leave(reply)
        self.connection.send(reply)

    def send_part(self, reply: Reply) -> None:
        """Announce a whole reply, send half of its body and close."""
        self._leave(reply)
        self.connection.send_part(reply)

    def trickle(self, reply: Reply, delay: float) -> None:
        """Send a reply byte by byte."""
        self._leave(reply)
        self.connection.trickle(reply, delay)

    def abort(self, *, graceful: bool = False) -> None:
        """Close without a reply."""
        self.ticket.end()
        self.connection.abort(graceful=graceful)

    def _leave(self, reply: Reply) -> None:
        self.entry.status = reply.status
        self.ticket.end()

    def wait_for_client_to_leave(self) -> None:
        """Keep the client waiting until it gives up or the sandbox closes."""
        while not self.connection.is_gone() and not self.exchange.closing.is_set():
            time.sleep(LOOK_AGAIN)

    def park(self, when: str) -> Parked:
        """Make a place in the parking for this request."""
        request = self.request
        return Parked(request.sequence, request.vendor, request.method, request.path, request.operation, when)


def _status(turn: Turn, fault: Fault) -> None:
    turn.process_if(fault)
    turn.send(Reply(fault.status, fault.body.encode(), headers=fault.headers))


def _reset(turn: Turn, fault: Fault) -> None:
    turn.process_if(fault)
    turn.abort(graceful=fault.graceful)


def _timeout(turn: Turn, fault: Fault) -> None:
    turn.process_if(fault)
    turn.wait_for_client_to_leave()
    turn.abort()


def _truncate(turn: Turn, fault: Fault) -> None:
    del fault
    turn.send_part(turn.process())


def _html(turn: Turn, fault: Fault) -> None:
    turn.process_if(fault)
    turn.send(Reply(200, PAGE, "text/html; charset=UTF-8"))


def _empty(turn: Turn, fault: Fault) -> None:
    turn.process_if(fault)
    turn.send(Reply(200, b""))


def _content_type(turn: Turn, fault: Fault) -> None:
    turn.send(replace(turn.process(), content_type=fault.content_type))


def _trickle(turn: Turn, fault: Fault) -> None:
    turn.trickle(turn.process(), fault.delay)


def _redirect(turn: Turn, fault: Fault) -> None:
    turn.process_if(fault)
    turn.send(Reply(fault.status, b"", headers={"Location": fault.location, **fault.headers}))


def _retry_after(turn: Turn, fault: Fault) -> None:
    headers = {} if fault.seconds is None else {"Retry-After": f"{fault.seconds:g}"}
    turn.send(Reply(429, b'{"message":"Too Many Attempts."}', headers=headers))


def _lag(turn: Turn, fault: Fault) -> None:
    turn.send(turn.process(lag=1 if fault.reads is None else fault.reads))


def _hold(turn: Turn, fault: Fault) -> None:
    parked = turn.park(fault.when)
    try:
        held_reply = turn.process() if fault.when == "after" else None
        if not turn.exchange.parking.wait(parked, turn.connection.is_gone):
            turn.abort()
            return
        reply = held_reply or turn.process()
    finally:
        parked.done.set()
    turn.send(reply)


SPOILED: Mapping[str, Callable[[Turn, Fault], None]] = {
    "status": _status,
    "reset": _reset,
    "timeout": _timeout,
    "truncate": _truncate,
    "html": _html,
    "empty": _empty,
    "content_type": _content_type,
    "trickle": _trickle,
    "redirect": _redirect,
    "hold": _hold,
    "retry_after": _retry_after,
    "lag": _lag,
}
