"""The client against servers that misbehave: what it sends, how often, and what it makes of the answer."""

import contextlib
import socket
import ssl
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from reconciler.errors import CredentialsError, ReconcilerError, UnreachableError
from reconciler.model.state import Result
from reconciler.transport import client as client_module
from reconciler.transport import wire as wire_module
from reconciler.transport.client import Account, Circumstances, Client, WriteForbidden, known_secrets
from reconciler.transport.request import Effect, Request

from .conftest import stop_listening

READ = Request("GET", "/things", "list the things", Effect.READ)
ONCE = Request("POST", "/things", "make a thing", Effect.WRITE, form=(("name", "x"),))
REPEATABLE = Request(
    "PATCH", "/things/1", "set a thing", Effect.WRITE, query=(("name", "x"),), repeatable=True
)
CHECK = Request("POST", "/things/check", "check a thing", Effect.CHECK, form=(("name", "x"),))


def once_then(first, status=200, body=None):
    """Behave badly towards the first call, and well afterwards."""

    def behave(call):
        if call.number == 0:
            first(call)
        else:
            call.reply(status, {"ok": call.number} if body is None else body)

    return behave


def until(holds):
    """Wait for something to hold; False when it does not within seconds."""
    deadline = time.monotonic() + 5
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.002)
    return holds()


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
FAULTS = {
    "reset": lambda call: call.hang_up(reset=True),
    "closed without a reply": lambda call: call.hang_up(),
    "500": lambda call: call.reply(500, b"<html>"),
    "502": lambda call: call.reply(502, b"<html>"),
    "503": lambda call: call.reply(503, b""),
    "504": lambda call: call.reply(504, b""),
    "408": lambda call: call.reply(408, b""),
    "a page": lambda call: call.reply(200, b"<html>Welcome"),
    "an empty body": lambda call: call.reply(200, b""),
    "cut JSON": lambda call: call.reply(200, b'{"ok": '),
    "a body shorter than announced": lambda call: (call.reply(200, b'{"ok": 1}', length=99), call.hang_up()),
    "a length that is none": lambda call: call.reply(200, {"ok": 1}, length="many"),
    "a cut chunk": lambda call: (call.raw(CHUNKED + b'9\r\n{"ok"'), call.hang_up()),
    "a chunk of no length": lambda call: (call.raw(CHUNKED + b'zz\r\n{"ok": 1}'), call.hang_up()),
    "headers without end": lambda call: (
        call.raw(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200),
        call.hang_up(),
    ),
    "an endless header": lambda call: (call.raw(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000), call.hang_up()),
    "no HTTP": lambda call: (call.raw(b"SSH-2.0-OpenSSH\r\n\r\n"), call.hang_up()),
    "a redirect": lambda call: call.reply(307, b"", "Location: http://127.0.0.1:1/elsewhere"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_write_that_may_have_happened_is_not_repeated(serve, connect, read_dialect, fault):
    """Whatever happens to the reply, a write that must not happen twice is sent once and ends unknown."""
    server = serve(once_then(FAULTS[fault]))
    answer = connect(server.url).send(ONCE, read_dialect)
    assert answer.result is Result.UNKNOWN
    assert len(server.calls) == 1


@pytest.mark.parametrize("fault", FAULTS)
def test_reads_and_repeatable_writes_get_over_a_fault(serve, connect, read_dialect, fault):
    """What can be repeated is repeated, and then done."""
    for request in (READ, REPEATABLE):
        server = serve(once_then(FAULTS[fault]))
        answer = connect(server.url).send(request, read_dialect)
        assert (answer.result, answer.value, answer.attempts) == (Result.DONE, 1, 2)


def test_no_redirect_is_followed(serve, connect, read_dialect):
    """A redirect is an answer without meaning; nobody else ever gets the request or the token."""
    elsewhere = serve(lambda call: call.reply(200, {"ok": 1}))
    server = serve(lambda call: call.reply(302, b"", f"Location: {elsewhere.url}"))
    for request in (READ, REPEATABLE, ONCE):
        assert connect(server.url).send(request, read_dialect).result is Result.UNKNOWN
    assert elsewhere.connections == 0


def test_a_refused_connection_is_not_sent(connect, read_dialect):
    """Where nobody listens, nothing was sent, and that is known."""
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    answer = connect(f"http://127.0.0.1:{port}").send(ONCE, read_dialect)
    assert (answer.result, answer.reason) == (Result.NOT_SENT, "the connection was refused")
    assert answer.attempts == 4


@pytest.mark.parametrize("host", ["nobody.invalid", "a" * 64 + ".invalid"])
def test_an_unknown_name_is_not_sent(connect, read_dialect, host):
    """Where the name leads nowhere, or is no name, nothing was sent."""
    assert connect(f"http://{host}").send(ONCE, read_dialect).result is Result.NOT_SENT


@pytest.mark.slow
def test_a_failed_handshake_is_not_sent(serve, connect, read_dialect):
    """Where the other side speaks no TLS, nothing was sent."""
    server = serve(lambda call: call.hang_up())
    server_of_nonsense = serve(lambda call: call.raw(b"no tls here"))
    for each in (server, server_of_nonsense):
        url = each.url.replace("http:", "https:")
        assert connect(url, timeout=0.1).send(ONCE, read_dialect).result is Result.NOT_SENT


@pytest.fixture
def certified(tmp_path):
    """A server's side of TLS, and its certificate, which nobody has signed."""
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
            *("-nodes", "-days", "2", "-keyout", key, "-out", certificate),
            *("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"),
        ],
        check=True,
        capture_output=True,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context, certificate


@pytest.fixture
def https_port(certified):
    """A server whose certificate nobody has signed."""
    context, certificate = certified
    listening = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=answer_over_tls, args=(listening, context), daemon=True).start()
    yield listening.getsockname()[1], certificate
    stop_listening(listening)


def answer_over_tls(listening, context):
    """Serve until the listening socket is closed."""
    while True:
        try:
            connection, _ = listening.accept()
        except OSError:
            return
        try:
            with context.wrap_socket(connection, server_side=True) as safe:
                safe.recv(65536)
                safe.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"ok": 1}')
        except OSError:
            connection.close()


def test_an_unknown_certificate_is_not_sent_and_not_tried_again(
    connect, read_dialect, https_port, monkeypatch
):
    """Verification is always on: to a server that cannot prove itself nothing is sent, however often asked."""
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    answer = connect(f"https://localhost:{https_port[0]}").send(ONCE, read_dialect)
    assert (answer.result, answer.attempts) == (Result.NOT_SENT, 1)
    assert "certificate was not accepted" in answer.reason


def test_ssl_cert_file_says_whom_to_trust(connect, read_dialect, https_port, monkeypatch):
    """A private authority is believed where SSL_CERT_FILE names it, and names still have to match."""
    monkeypatch.setenv("SSL_CERT_FILE", str(https_port[1]))
    assert connect(f"https://localhost:{https_port[0]}").send(READ, read_dialect).done
    other_name = connect(f"https://127.0.0.1:{https_port[0]}").send(READ, read_dialect)
    assert other_name.result is Result.NOT_SENT


def test_an_unreadable_ssl_cert_file_is_named(connect, read_dialect, monkeypatch):
    """A wrong SSL_CERT_FILE is said, not passed over."""
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere/at/all.pem")
    with pytest.raises(ReconcilerError, match="SSL_CERT_FILE"):
        connect("https://127.0.0.1:1").send(ONCE, read_dialect)


def test_silence_ends(serve, connect, read_dialect):
    """A server that never answers is given up after the time-out, as unknown."""
    server = serve(lambda _: time.sleep(5))
    begun = time.monotonic()
    answer = connect(server.url, timeout=0.2).send(ONCE, read_dialect)
    assert answer.result is Result.UNKNOWN
    assert time.monotonic() - begun < 2


@pytest.mark.slow
@pytest.mark.parametrize("head", [b"", b'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{"ok":'])
def test_a_trickle_ends(serve, connect, read_dialect, head):
    """A byte now and then, in the headers or in the body, does not hold a request beyond its whole time."""

    def trickle(call):
        call.raw(head)
        for _ in range(100):
            call.raw(b" " if head else b"H")
            time.sleep(0.05)

    server = serve(trickle)
    begun = time.monotonic()
    assert connect(server.url, timeout=0.2).send(ONCE, read_dialect).result is Result.UNKNOWN
    assert time.monotonic() - begun < 2


def test_an_endless_reply_ends(serve, connect, read_dialect, monkeypatch):
    """A reply larger than the bound is not taken in, and a read of it is not tried again."""
    monkeypatch.setattr(client_module, "READ_BYTES", 100_000)
    server = serve(lambda call: call.reply(200, b" " * 200_000))
    answer = connect(server.url).send(READ, read_dialect)
    assert (answer.result, answer.attempts) == (Result.UNKNOWN, 1)
    assert "larger than" in answer.reason


@pytest.mark.parametrize(
    "head", ["Content-Length: 1000000000000000", "Transfer-Encoding: chunked\r\n\r\nffffffffffffff"]
)
def test_no_room_is_made_for_what_was_only_announced(serve, connect, read_dialect, head):
    """A vendor that announces more than any memory holds gets no memory for it."""
    server = serve(lambda call: (call.raw(f"HTTP/1.1 200 OK\r\n{head}\r\n\r\n".encode()), call.hang_up()))
    answer = connect(server.url).send(ONCE, read_dialect)
    assert (answer.result, len(server.calls)) == (Result.UNKNOWN, 1)


def test_replies_in_chunks_are_read_whole(serve, connect, read_dialect):
    """A reply in chunks is one reply, and its connection is used again."""
    server = serve(lambda call: call.raw(CHUNKED + b'4\r\n{"ok\r\n5\r\n": 1}\r\n0\r\n\r\n'))
    client = connect(server.url)
    assert [client.send(READ, read_dialect).value for _ in range(2)] == [1, 1]
    assert server.connections == 1


def test_a_reply_that_ends_with_its_connection_is_read_whole(serve, connect, read_dialect):
    """A server that announces no length and closes is understood, and costs a connection for each reply."""
    server = serve(lambda call: (call.raw(b'HTTP/1.0 200 OK\r\n\r\n{"ok": 1}'), call.hang_up()))
    client = connect(server.url)
    assert [client.send(READ, read_dialect).value for _ in range(2)] == [1, 1]
    assert server.connections == 2


def test_what_is_no_request_is_not_sent(serve, connect, read_dialect):
    """A path with a line break would be two requests: nothing leaves."""
    server = serve(lambda call: call.reply(200, {"ok": 1}))
    request = Request("POST", "/things HTTP/1.1\r\nX: y", "make a thing", Effect.WRITE)
    assert connect(server.url).send(request, read_dialect).result is Result.NOT_SENT
    assert server.connections == 0


def test_busy_is_tried_again_even_for_what_must_not_happen_twice(serve, connect, read_dialect):
    """A refusal for load alone is waited out, as long as the vendor asks."""
    server = serve(once_then(lambda call: call.reply(429, b"", "Retry-After: 0.2")))
    begun = time.monotonic()
    answer = connect(server.url).send(ONCE, read_dialect)
    assert (answer.result, answer.attempts) == (Result.DONE, 2)
    assert time.monotonic() - begun >= 0.2


def test_too_long_a_wish_is_not_waited_for(serve, connect, read_dialect):
    """A vendor that asks for more than a minute gets no further attempt, and is said to be busy."""
    server = serve(lambda call: call.reply(429, b"", "Retry-After: 3600"))
    answer = connect(server.url).send(READ, read_dialect)
    assert (answer.busy, answer.attempts) == (True, 1)


def test_doubt_outlives_a_later_refusal(serve, connect, read_dialect):
    """A repeatable write that got no answer first, and a refusal then, is unknown."""
    server = serve(once_then(FAULTS["reset"], 422, {"error": "no"}))
    answer = connect(server.url).send(REPEATABLE, read_dialect)
    assert (answer.result, answer.attempts) == (Result.UNKNOWN, 2)


def test_writes_that_cannot_be_repeated_use_a_fresh_connection(serve, connect, read_dialect):
    """Such a write never shares a connection, before or after; all else does."""
    server = serve(lambda call: call.reply(200, {"ok": 1}))
    client = connect(server.url)
    for request in (READ, REPEATABLE, READ):
        client.send(request, read_dialect)
    assert server.connections == 1
    for _ in range(3):
        client.send(ONCE, read_dialect)
    assert server.connections == 4
    assert all("connection: close" in call.head.lower() for call in server.calls[3:])


def test_a_dropped_connection_costs_a_read_nothing(serve, connect, read_dialect):
    """A reused connection that the server has dropped meanwhile is replaced."""

    def drop_after_reply(call):
        call.reply(200, {"ok": call.number})
        call.hang_up()

    server = serve(drop_after_reply)
    client = connect(server.url)
    assert [client.send(READ, read_dialect).result for _ in range(3)] == [Result.DONE] * 3


@pytest.mark.parametrize(
    ("allowed", "forbidden"),
    [
        (frozenset({Effect.READ}), (ONCE, REPEATABLE, CHECK)),
        (frozenset({Effect.READ, Effect.CHECK}), (ONCE, REPEATABLE)),
    ],
)
def test_a_command_that_looks_cannot_write(serve, connect, read_dialect, allowed, forbidden):
    """Under plan, drift and status no write leaves, and a check only where it was asked for."""
    server = serve(lambda call: call.reply(200, {"ok": 1}))
    client = connect(server.url, allowed=allowed)
    for request in forbidden:
        with pytest.raises(WriteForbidden):
            client.send(request, read_dialect)
    assert server.connections == 0


def test_what_is_logged_holds_nothing_personal(serve, connect, read_dialect):
    """A log line has method, path and outcome: no query, no body, no header, no token, no number."""
    seen = []
    server = serve(lambda call: call.reply(200, {"error": "bad +16175550123 for secret-token"}))
    client = connect(
        server.url,
        headers={"Authorization": "Bearer secret-token"},
        secrets=known_secrets(["secret-token"]),
        watch=seen.append,
    )
    request = Request(
        "POST", "/things/6175550123", "make", Effect.WRITE, (("who", "+16175550123"),), (("name", "Jo"),)
    )
    answer = client.send(request, read_dialect)
    assert answer.reason == "bad [number] for [secret]"
    assert "6175550123" in server.calls[0].head
    text = f"{seen} {answer.reason}"
    assert not any(word in text for word in ("6175550123", "secret-token", "Jo", "who"))
    assert (seen[0].method, seen[0].status, seen[0].attempt) == ("POST", 200, 1)
    assert len(answer.request_id) == 8


def test_the_list_that_cannot_be_read_ends_the_command(serve, connect, read_dialect):
    """What cannot be read raises, with vendor, purpose, path and request id in the message."""
    server = serve(lambda call: call.reply(500, b"<html>"))
    with pytest.raises(
        UnreachableError, match=r"acme: list the things: .* 500 .*GET /things, request [0-9a-f]{8}"
    ):
        connect(server.url).fetch(READ, read_dialect)


def test_refused_credentials_end_the_command(serve, connect, read_dialect):
    """A vendor that does not know us is told apart from one that is not there."""
    server = serve(lambda call: call.reply(401, {"message": "Unauthenticated."}))
    with pytest.raises(CredentialsError):
        connect(server.url).fetch(READ, read_dialect)
    assert len(server.calls) == 1


@pytest.mark.parametrize("token", ["a\nb", "a\r\nX-Evil: 1", "pässword", "a ", "\x00"])
def test_a_token_that_no_header_can_carry_is_not_shown(token):
    """A token with a line break or an accent is an error that does not repeat it."""
    account = Account(provider="acme", base_url="http://127.0.0.1", headers={"Authorization": token})
    with pytest.raises(CredentialsError) as caught:
        Client(account, Circumstances())
    assert token not in str(caught.value)


def test_a_signal_ends_waiting(serve, connect, read_dialect):
    """Once asked to stop, no further attempt is made, and the answer so far stands."""
    stopping = threading.Event()

    def behave(call):
        stopping.set()
        call.reply(429, b"", "Retry-After: 30")

    server = serve(behave)
    begun = time.monotonic()
    answer = connect(server.url, stopping=stopping).send(ONCE, read_dialect)
    assert answer.busy
    assert (len(server.calls), time.monotonic() - begun < 2) == (1, True)


def test_a_signal_while_waiting_for_the_turn_is_not_sent(serve, connect, read_dialect):
    """A request that still waits for its slot when we are asked to stop was not sent, and that is known."""
    stopping = threading.Event()
    server = serve(lambda call: call.reply(200, {"ok": 1}))
    client = connect(server.url, rate=0.1, stopping=stopping)
    client.send(READ, read_dialect)
    threading.Timer(0.1, stopping.set).start()
    answer = client.send(ONCE, read_dialect)
    assert (answer.result, len(server.calls)) == (Result.NOT_SENT, 1)


@pytest.mark.slow
def test_requests_keep_their_pace(serve, connect, read_dialect):
    """No more requests leave in a second than the account stands, whatever the number of threads."""
    server = serve(lambda call: call.reply(200, {"ok": 1}))
    client = connect(server.url, rate=50)
    begun = time.monotonic()
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: client.send(READ, read_dialect), range(16)))
    assert time.monotonic() - begun >= 15 / 50


def test_requests_keep_their_number(serve, connect, read_dialect):
    """No more requests are under way at once than the account stands."""
    under_way, most, lock = 0, 0, threading.Lock()

    def behave(call):
        nonlocal under_way, most
        with lock:
            under_way += 1
            most = max(most, under_way)
        time.sleep(0.01)
        with lock:
            under_way -= 1
        call.reply(200, {"ok": 1})

    client = connect(serve(behave).url, concurrency=2)
    with ThreadPoolExecutor(8) as threads:
        answers = list(
            threads.map(lambda number: client.send((READ, ONCE)[number % 2], read_dialect), range(20))
        )
    assert (most, {answer.result for answer in answers}) == (2, {Result.DONE})


@contextlib.contextmanager
def two_at_once(client, dialect, go):
    """Two writes for one place: the block sees the second wait, then the first may end, and both are done."""
    with ThreadPoolExecutor(2) as threads:
        answers = [threads.submit(client.send, ONCE, dialect) for _ in range(2)]
        try:
            yield
        finally:
            go.set()
        assert [answer.result().result for answer in answers] == [Result.DONE] * 2


def test_who_waits_for_a_place_connects_meanwhile(serve, connect, read_dialect):
    """While one request is under way, the next has its connection opened, and sends nothing over it."""
    seen, go = [], threading.Event()

    def behave(call):
        if call.number == 0:
            go.wait(5)
        seen.append(call.number)
        call.reply(200, {"ok": 1})

    server = serve(behave)
    client = connect(server.url, concurrency=1)
    with two_at_once(client, read_dialect, go):
        assert until(lambda: server.connections == 2 and server.calls)
        assert (len(server.calls), seen) == (1, [])
    assert (server.connections, seen) == (2, [0, 1])


def test_a_connection_over_tls_is_opened_ahead_and_used(connect, read_dialect, certified, monkeypatch):
    """What TLS says to itself after a handshake is not taken for the connection's end."""
    context, certificate = certified
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    accepted, go = [], threading.Event()

    def serve_one(connection):
        with context.wrap_socket(connection, server_side=True) as safe:
            safe.recv(65536)
            go.wait(5)
            safe.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"ok": 1}')

    def accept(listening):
        with contextlib.suppress(OSError):
            while True:
                accepted.append(listening.accept()[0])
                threading.Thread(target=serve_one, args=(accepted[-1],), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=accept, args=(listening,), daemon=True).start()
        client = connect(f"https://localhost:{listening.getsockname()[1]}", concurrency=1)
        with two_at_once(client, read_dialect, go):
            assert until(lambda: client._wire is not None and client._wire._unused)
        stop_listening(listening)
    assert len(accepted) == 2


@pytest.mark.parametrize("why", ["closed", "old"])
def test_a_connection_opened_ahead_that_is_no_longer_good_is_not_used(
    serve, connect, read_dialect, why, monkeypatch
):
    """A write does not leave over a connection that was dropped or grew old while it waited for its place."""
    if why == "old":
        monkeypatch.setattr(wire_module, "UNUSED", 0.0)
    go = threading.Event()

    def behave(call):
        if call.number == 0:
            go.wait(5)
        call.reply(200, {"ok": 1})

    server = serve(behave)
    client = connect(server.url, concurrency=1)
    with two_at_once(client, read_dialect, go):
        assert until(lambda: server.connections == 2 and server.calls)
        if why == "closed":
            server.drop_silent()
    assert (server.connections, len(server.calls)) == (3, 2)


def test_a_server_that_serves_one_connection_after_the_other_is_not_kept_waiting(connect, read_dialect):
    """Connections opened ahead are used in their order, so that a server without threads never waits for one."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            body = b'{"ok": 1}'
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        client = connect(f"http://127.0.0.1:{server.server_port}", concurrency=3)
        with ThreadPoolExecutor(9) as threads:
            answers = list(threads.map(lambda _: client.send(ONCE, read_dialect).result, range(90)))
        server.shutdown()
    assert answers == [Result.DONE] * 90


def test_a_wave_of_requests_from_eight_threads_is_answered(serve, connect, read_dialect):
    """A hundred writes from eight threads each get their own answer."""
    server = serve(lambda call: call.reply(200, {"ok": call.body.decode()}))
    client = connect(server.url)

    def send(number):
        request = Request(
            "POST", "/things", "make", Effect.WRITE, json={"n": number}, repeatable=number % 4 > 0
        )
        return client.send(request, read_dialect).value

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(send, range(120))) == [f'{{"n":{number}}}' for number in range(120)]


def test_headers_are_complete_and_ours(serve, connect, read_dialect):
    """A request says who we are and for whom it is, and no cookie of the vendor ever comes back."""
    server = serve(lambda call: call.reply(200, {"ok": 1}, "Set-Cookie: a=b"))
    client = connect(server.url, headers={"Authorization": "Bearer t"})
    for _ in range(2):
        client.send(REPEATABLE, read_dialect)
    head = server.calls[1].head
    assert head.startswith("PATCH /api/things/1?name=x HTTP/1.1")
    assert f"Host: 127.0.0.1:{server.port}" in head
    assert "User-Agent: campaign-reconciler/" in head
    assert "Authorization: Bearer t" in head
    assert "cookie" not in head.lower()


def test_what_is_withheld_does_not_leave(serve, connect, read_dialect):
    """A request that writes and is withheld was not sent, and says why; reading is not asked about."""
    asked = []
    server = serve(lambda call: call.reply(200, {"ok": 1}))
    client = connect(server.url, timeout=7.0, withhold=lambda seconds: asked.append(seconds) or "no lease")
    answer = client.send(ONCE, read_dialect)
    assert (answer.result, answer.reason) == (Result.NOT_SENT, "no lease")
    assert not server.calls
    assert set(asked) == {14.0}
    assert client.send(READ, read_dialect).result is Result.DONE
