"""Each fault as a bare socket sees it, and whether the vendor acted meanwhile."""

import contextlib
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from reconciler.sandbox import Sandbox

BODY = b"days=%5B%22mon%22%5D"


class Wire:
    """A client that knows bytes alone."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.base_url = sandbox.base_url("plum")
        self.token = sandbox.ready()["providers"]["plum"]["token"]
        host, port = self.base_url.removeprefix("http://").split("/")[0].split(":")
        self.socket = socket.create_connection((host, int(port)), timeout=5)

    def create_schedule(self) -> None:
        self._send("POST", "/schedules", BODY)

    def list_schedules(self) -> None:
        self._send("GET", "/schedules", b"")

    def _send(self, method: str, path: str, body: bytes) -> None:
        lines = [
            f"{method} /plum/api{path} HTTP/1.1",
            "Host: x",
            f"Authorization: Bearer {self.token}",
            "Content-Type: application/x-www-form-urlencoded",
            f"Content-Length: {len(body)}",
        ]
        self.socket.sendall("\r\n".join([*lines, "", ""]).encode() + body)

    def read_all(self) -> bytes:
        """Everything until the other side closes."""
        return b"".join(iter(lambda: self.socket.recv(65536), b""))

    def read_reply(self) -> tuple[bytes, bytes]:
        """The head and body of one whole reply on a connection that stays open."""
        received = b""
        while b"\r\n\r\n" not in received:
            received += self.socket.recv(65536)
        head, _, body = received.partition(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        while len(body) < length:
            body += self.socket.recv(65536)
        return head, body


@pytest.fixture
def wire(sandbox: Sandbox) -> Iterator[Wire]:
    """A connection to the sandbox."""
    client = Wire(sandbox)
    with client.socket:
        yield client


def _made(sandbox: Sandbox) -> int:
    return len(sandbox.state()["plum"]["schedules"])


@pytest.mark.parametrize(("when", "made"), [("before", 0), ("after", 1)])
def test_status(sandbox: Sandbox, wire: Wire, when: str, made: int) -> None:
    """`status` replaces the reply by any other, before or after the vendor acted."""
    sandbox.faults(
        {"action": "status", "status": 503, "body": "busy", "headers": {"X-Why": "test"}, "when": when}
    )
    wire.create_schedule()
    head, body = wire.read_reply()
    assert head.startswith(b"HTTP/1.1 503 Service Unavailable\r\n")
    assert b"X-Why: test" in head
    assert body == b"busy"
    assert _made(sandbox) == made


@pytest.mark.parametrize(("when", "made"), [("before", 0), ("after", 1)])
def test_reset(sandbox: Sandbox, wire: Wire, when: str, made: int) -> None:
    """`reset` answers with RST, before or after the vendor acted."""
    sandbox.faults({"action": "reset", "when": when})
    wire.create_schedule()
    with pytest.raises(ConnectionResetError):
        wire.read_all()
    assert _made(sandbox) == made


def test_reset_gracefully(sandbox: Sandbox, wire: Wire) -> None:
    """`reset` can close in the ordinary way, still without a byte of reply."""
    sandbox.faults({"action": "reset", "graceful": True})
    wire.create_schedule()
    assert wire.read_all() == b""


@pytest.mark.parametrize(("when", "made"), [("before", 0), ("after", 1)])
def test_timeout(sandbox: Sandbox, wire: Wire, when: str, made: int) -> None:
    """`timeout` never answers, before or after the vendor acted."""
    sandbox.faults({"action": "timeout", "when": when})
    wire.socket.settimeout(0.1)
    wire.create_schedule()
    with pytest.raises(TimeoutError):
        wire.read_all()
    assert _made(sandbox) == made
    assert sandbox.requests()[0]["status"] is None


def test_closing_ends_a_timeout() -> None:
    """Closing the sandbox lets go of clients that wait."""
    with Sandbox(speed=0) as sandbox:
        sandbox.faults({"action": "timeout"})
        wire = Wire(sandbox)
        wire.create_schedule()
        while not sandbox.requests():
            time.sleep(0.001)
    with wire.socket, contextlib.suppress(ConnectionResetError):
        assert wire.read_all() == b""


def test_truncate(sandbox: Sandbox, wire: Wire) -> None:
    """`truncate` announces the whole reply and sends half of the body; the vendor acted."""
    sandbox.faults({"action": "truncate"})
    wire.create_schedule()
    head, _, body = wire.read_all().partition(b"\r\n\r\n")
    whole = b'{"status":"success","response":{"id":1,"nickname":null}}'
    assert b"Content-Length: %d" % len(whole) in head
    assert body == whole[: len(whole) // 2]
    assert _made(sandbox) == 1


@pytest.mark.parametrize(("when", "made"), [("before", 0), ("after", 1)])
def test_html(sandbox: Sandbox, wire: Wire, when: str, made: int) -> None:
    """`html` is a page with status 200, as from a proxy."""
    sandbox.faults({"action": "html", "when": when})
    wire.create_schedule()
    head, body = wire.read_reply()
    assert head.startswith(b"HTTP/1.1 200 OK\r\nContent-Type: text/html")
    assert body.startswith(b"<!doctype html>")
    assert _made(sandbox) == made


def test_empty(sandbox: Sandbox, wire: Wire) -> None:
    """`empty` is status 200 without a body."""
    sandbox.faults({"action": "empty", "when": "after"})
    wire.create_schedule()
    head, body = wire.read_reply()
    assert (head.splitlines()[0], body) == (b"HTTP/1.1 200 OK", b"")
    assert _made(sandbox) == 1


def test_content_type(sandbox: Sandbox, wire: Wire) -> None:
    """`content_type` sends the real body under a wrong type."""
    sandbox.faults({"action": "content_type", "content_type": "text/plain"})
    wire.create_schedule()
    head, body = wire.read_reply()
    assert b"Content-Type: text/plain" in head
    assert body.startswith(b'{"status":"success"')


def test_trickle(sandbox: Sandbox, wire: Wire) -> None:
    """`trickle` sends a whole reply, a byte at a time."""
    sandbox.faults({"action": "trickle", "delay": 0.0005})
    began = time.perf_counter()
    wire.create_schedule()
    assert wire.read_reply()[1].endswith(b'"nickname":null}}')
    assert time.perf_counter() - began > 0.05


def test_redirect(sandbox: Sandbox, wire: Wire) -> None:
    """`redirect` points elsewhere, by default with 302."""
    sandbox.faults({"action": "redirect", "location": "http://127.0.0.1:9/there", "count": 1})
    sandbox.faults({"action": "redirect", "location": "/here", "status": 307})
    for line, place in ((b"302 Found", b"http://127.0.0.1:9/there"), (b"307 Temporary Redirect", b"/here")):
        wire.create_schedule()
        head, _ = wire.read_reply()
        assert head.startswith(b"HTTP/1.1 " + line)
        assert b"Location: " + place in head
    assert _made(sandbox) == 0


@pytest.mark.parametrize(("seconds", "header"), [(None, None), (7, "7"), (0.5, "0.5")])
def test_retry_after(sandbox: Sandbox, plum: Any, seconds: float | None, header: str | None) -> None:
    """`retry_after` is a 429 with or without the time to wait."""
    sandbox.faults({"action": "retry_after", "seconds": seconds})
    reply = plum.http.post("/schedules", data={"days": '["mon"]'})
    assert (reply.status_code, reply.headers.get("retry-after")) == (429, header)
    assert _made(sandbox) == 0


def test_lag(sandbox: Sandbox, plum: Any) -> None:
    """`lag` keeps a new object out of list reads for a while, though it exists and its nickname is taken."""
    plum.schedule("seen")
    sandbox.faults({"action": "lag", "reads": 2, "method": "POST", "path": "^/schedules$", "count": 1})
    plum.schedule("late")
    assert plum.send("POST", "/schedules", days='["mon"]', nickname="late").status_code == 422
    assert [len(plum.listed("schedules")) for _ in range(4)] == [1, 1, 2, 2]


def test_lag_of_campaigns_and_profiles(sandbox: Sandbox, plum: Any) -> None:
    """`lag` works for every kind."""
    sandbox.faults({"action": "lag", "method": "POST"})
    plum.ready_campaign()
    for kind in ("profiles", "campaigns"):
        assert [len(plum.listed(kind)) for _ in range(2)] == [0, 1]


def test_drop_reused(sandbox: Sandbox, wire: Wire) -> None:
    """`drop_reused` closes a kept-alive connection when a second request comes, without reading it."""
    sandbox.faults({"action": "drop_reused", "count": 1})
    wire.list_schedules()
    wire.read_reply()
    wire.create_schedule()
    with pytest.raises(ConnectionResetError):
        wire.read_all()
    assert [request["method"] for request in sandbox.requests()] == ["GET"]
    assert _made(sandbox) == 0


def test_new_connections_are_not_dropped(sandbox: Sandbox, plum: Any) -> None:
    """`drop_reused` leaves the first request of a connection alone."""
    sandbox.faults({"action": "drop_reused"})
    for _ in range(2):
        with Wire(sandbox).socket as client:
            assert client is not None
    assert plum.listed("schedules") == []
    with pytest.raises(httpx.TransportError):
        plum.listed("schedules")


def test_nth_and_count(sandbox: Sandbox, plum: Any) -> None:
    """A fault fires on the nth request that fits and as many from there as it says; others don't count."""
    sandbox.faults({"action": "status", "method": "GET", "path": "^/profiles$", "nth": 2, "count": 2})
    plum.listed("schedules")
    plum.send("POST", "/profiles")
    assert [plum.http.get("/profiles").status_code for _ in range(5)] == [200, 500, 500, 200, 200]
    fault = sandbox.faults()[0]
    assert (fault["seen"], fault["hits"]) == (5, 2)


def test_nth_alone_fires_once(sandbox: Sandbox, plum: Any) -> None:
    """With `nth` and no `count` a fault fires once, with neither it fires each time."""
    sandbox.faults({"action": "status", "vendor": "plum", "nth": 2})
    assert [plum.http.get("/profiles").status_code for _ in range(3)] == [200, 500, 200]
    sandbox.clear_faults()
    sandbox.faults({"action": "status"})
    assert [plum.http.get("/profiles").status_code for _ in range(3)] == [500] * 3
    sandbox.clear_faults()
    sandbox.faults({"action": "status", "vendor": "another"})
    assert plum.http.get("/profiles").status_code == 200


@pytest.mark.parametrize(
    "fault",
    [
        {},
        {"action": "explode"},
        {"action": "reset", "when": "later"},
        {"action": "status", "status": "500"},
        {"action": "reset", "pth": "x"},
        {"action": "reset", "path": "("},
        {"action": "reset", "hits": 1},
    ],
)
def test_faults_that_make_no_sense(sandbox: Sandbox, fault: dict[str, Any]) -> None:
    """A fault that could never fire as meant is refused when it is added."""
    with pytest.raises((ValueError, TypeError)):
        sandbox.faults(fault)
    assert sandbox.faults() == []


@pytest.mark.parametrize("when", ["before", "after"])
def test_hold_and_release(sandbox: Sandbox, wire: Wire, when: str) -> None:
    """`hold` parks a request before or after the vendor acts; released, it ends as if nothing had been."""
    sandbox.faults({"action": "hold", "when": when, "count": 1})
    wire.create_schedule()
    held = sandbox.held(wait=5)
    asked = {"vendor": "plum", "method": "POST", "path": "/schedules", "operation": ""}
    assert held == {"sequence": 1, **asked, "when": when}
    assert _made(sandbox) == (when == "after")
    assert sandbox.release() == 1
    assert wire.read_reply()[0].startswith(b"HTTP/1.1 200 OK")
    assert (_made(sandbox), sandbox.held()) == (1, None)


@pytest.mark.parametrize(("when", "made"), [("before", 0), ("after", 1)])
def test_hold_of_a_client_that_dies(sandbox: Sandbox, when: str, made: int) -> None:
    """A client that goes while held `before` has never reached the vendor; while held `after`, it has."""
    sandbox.faults({"action": "hold", "when": when, "count": 1})
    wire = Wire(sandbox)
    wire.create_schedule()
    assert sandbox.held(wait=5)
    wire.socket.close()
    sandbox.release()
    assert _made(sandbox) == made
    assert (sandbox.requests()[0]["processed"], sandbox.requests()[0]["status"]) == (bool(made), None)


def test_killing_a_client_exactly_before_or_after(sandbox: Sandbox) -> None:
    """A client process killed while held `before` has done nothing; killed while held `after`, it has."""
    for when, made in (("before", 0), ("after", 1)):
        sandbox.faults({"action": "hold", "when": when, "count": 1})
        token = sandbox.ready()["providers"]["plum"]["token"]
        line = ["curl", "-s", "-H", f"Authorization: Bearer {token}", "-d", BODY.decode()]
        with subprocess.Popen([*line, sandbox.base_url("plum") + "/schedules"]) as client:
            assert sandbox.held(wait=5)
            client.kill()
        sandbox.release()
        assert _made(sandbox) == made


def test_a_held_client_may_leave_unreleased(sandbox: Sandbox) -> None:
    """A parked request whose client is gone does not stay parked."""
    sandbox.faults({"action": "hold"})
    wire = Wire(sandbox)
    wire.create_schedule()
    assert sandbox.held(wait=5)
    wire.socket.close()
    deadline = time.monotonic() + 5
    while sandbox.held() and time.monotonic() < deadline:
        time.sleep(0.005)
    assert (sandbox.held(), sandbox.release(), _made(sandbox)) == (None, 0, 0)


def test_held_waits_for_a_request_to_come(sandbox: Sandbox, wire: Wire) -> None:
    """`held` answers as soon as something is parked, and with nothing when its patience ends."""
    assert sandbox.held(wait=0.01) is None
    sandbox.faults({"action": "hold"})
    threading.Timer(0.05, wire.create_schedule).start()
    assert sandbox.held(wait=5)


def test_a_held_request_holds_up_nobody(sandbox: Sandbox, wire: Wire, plum: Any) -> None:
    """While one request is parked, others are answered."""
    sandbox.faults({"action": "hold", "method": "POST", "when": "after"})
    wire.create_schedule()
    assert sandbox.held(wait=5)
    with ThreadPoolExecutor(4) as pool:
        assert [len(shown) for shown in pool.map(plum.listed, ["schedules"] * 8)] == [1] * 8
