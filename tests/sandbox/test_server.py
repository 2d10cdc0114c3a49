"""The server itself: threads, sizes, the process, and what it may import."""

import ast
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
import reconciler.sandbox
from reconciler.sandbox import Sandbox

PACKAGE = Path(reconciler.sandbox.__file__).parent


@pytest.mark.slow
def test_creates_at_once_get_ids_of_their_own(sandbox: Sandbox, plum: Any) -> None:
    """Requests at the same time are served by several threads and never share an id."""
    plum.ready_campaign()
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: plum.campaign(), range(80)))
    assert sorted(made) == list(range(2, 82))
    assert len({request["connection"] for request in sandbox.requests()}) > 1


def test_adds_at_once_lose_nothing(sandbox: Sandbox, plum: Any) -> None:
    """Numbers added at the same time are all queued, each once."""
    campaign = plum.ready_campaign()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda block: plum.add_calls(campaign, 50, first=block * 50), range(40)))
    assert len(sandbox.ledger.queued) == len({entry.number for entry in sandbox.ledger.queued}) == 2000


@pytest.mark.slow
def test_long_lists_are_rendered_once(plum: Any) -> None:
    """Listing many campaigns again after a change renders only what changed."""
    plum.ready_campaign()
    for _ in range(200):
        plum.campaign()
    for _ in range(3):
        began = time.perf_counter()
        plum.campaign()
        assert len(plum.http.get("/campaigns").content) > 40_000
        took = time.perf_counter() - began
    assert took < 0.1


def test_one_connection_serves_many_requests(sandbox: Sandbox, plum: Any) -> None:
    """Connections are kept alive."""
    for _ in range(5):
        plum.listed("schedules")
    assert len({request["connection"] for request in sandbox.requests()}) == 1


def test_a_burst_of_connections_is_accepted(sandbox: Sandbox) -> None:
    """Many clients may connect at once."""
    host, port = sandbox.base_url("plum").removeprefix("http://").split("/")[0].split(":")
    clients = [socket.create_connection((host, int(port)), timeout=5) for _ in range(200)]
    for client in clients:
        client.sendall(b"GET /nowhere HTTP/1.0\r\n\r\n")
    answers = [client.makefile("rb").readline() for client in clients]
    for client in clients:
        client.close()
    assert answers == [b"HTTP/1.1 404 Not Found\r\n"] * 200


def test_a_failed_accept_is_not_the_end(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that leaves before it is accepted keeps nobody after it from being served."""
    accept, failures = sandbox._server.get_request, [ConnectionAbortedError(), OSError()]

    def failing() -> Any:
        connection = accept()
        if failures:
            connection[0].close()
            raise failures.pop()
        return connection

    spoken(sandbox, b"hello\r\n\r\n")  # after it, the sandbox waits in the accept that it had
    monkeypatch.setattr(sandbox._server, "get_request", failing)
    host, port = sandbox._server.address.removeprefix("http://").split(":")
    for _ in range(3):
        socket.create_connection((host, int(port)), timeout=5).close()
    assert spoken(sandbox, b"hello\r\n\r\n").startswith(b"HTTP/1.1 400 ")
    assert not failures


def spoken(sandbox: Sandbox, message: bytes) -> bytes:
    """Everything that comes back for some bytes, until the sandbox closes."""
    host, port = sandbox.base_url("plum").removeprefix("http://").split("/")[0].split(":")
    with socket.create_connection((host, int(port)), timeout=5) as client:
        client.sendall(message)
        return client.makefile("rb").read()


@pytest.mark.parametrize(
    "message",
    [
        b"hello\r\n\r\n",
        b"GET /\r\n\r\n",
        b"GET / with blanks HTTP/1.1\r\n\r\n",
        b"GET / HTTP/2\r\n\r\n",
        b"GET / HTTP/1.1\r\nno colon\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 300,
    ],
)
def test_what_is_no_request_is_refused(sandbox: Sandbox, message: bytes) -> None:
    """What is no HTTP gets a plain refusal, and its connection ends."""
    assert spoken(sandbox, message).startswith(b"HTTP/1.1 400 Bad Request\r\n")


def test_a_large_body_is_asked_for(sandbox: Sandbox) -> None:
    """A client that waits to be told before it sends its body, as curl does, is told."""
    request = (
        b"POST /nowhere HTTP/1.1\r\nExpect: 100-continue\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}"
    )
    answer = spoken(sandbox, request)
    assert answer.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 404 Not Found\r\n")
    assert b"Connection: close\r\n" in answer


def test_latency() -> None:
    """Every vendor request takes at least the latency that was chosen."""
    with Sandbox(speed=0, latency=0.05) as sandbox:
        began = time.perf_counter()
        httpx.get(sandbox.base_url("plum") + "/schedules")
        assert time.perf_counter() - began >= 0.05


def test_closing_is_final() -> None:
    """A closed sandbox answers nobody and leaves no thread behind; closing again is harmless."""
    before = set(threading.enumerate())
    sandbox = Sandbox(speed=0)
    address = sandbox.base_url("plum")
    with httpx.Client() as client:
        client.get(address + "/schedules")
        sandbox.close()
        sandbox.close()
        with pytest.raises(httpx.TransportError):
            client.get(address + "/schedules")
    deadline = time.monotonic() + 5
    while set(threading.enumerate()) - before and time.monotonic() < deadline:
        time.sleep(0.005)
    assert not set(threading.enumerate()) - before


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_process(number: signal.Signals) -> None:
    """As a process it says on its first line where everything is, and ends by either signal with success."""
    command = [
        sys.executable,
        "-m",
        "reconciler.sandbox",
        "--speed",
        "0",
        "--start-at",
        "2027-01-04T07:00:00-05:00",
    ]
    environment = os.environ | {"PYTHONPATH": str(PACKAGE.parent.parent)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        plum = json.loads(process.stdout.readline())["providers"]["plum"]
        headers = {"Authorization": f"Bearer {plum['token']}"}
        assert httpx.get(plum["base_url"] + "/campaigns", headers=headers).json() == []
        process.send_signal(number)
        assert process.wait(timeout=5) == 0


@pytest.mark.slow
def test_stands_alone() -> None:
    """The sandbox imports the standard library and itself: no client's mistake can hide in it."""
    for module in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(module.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or "."] if isinstance(node, ast.ImportFrom) else []
            for name in names:
                own = name == "reconciler.sandbox" or name.startswith("reconciler.sandbox.")
                assert own or name.split(".")[0] in sys.stdlib_module_names, f"{module.name} imports {name}"
