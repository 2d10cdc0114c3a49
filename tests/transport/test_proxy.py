"""Proxies are honoured on purpose: from the environment, never for this machine."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reconciler.errors import ReconcilerError
from reconciler.model.state import Result
from reconciler.transport.proxy import is_loopback, proxy_for
from reconciler.transport.request import Effect, Request

ONCE = Request("POST", "/things", "make a thing", Effect.WRITE, form=(("name", "x"),))


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch):
    """No proxy but the test's own."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.mark.parametrize(
    ("environment", "scheme", "host", "proxy"),
    [
        ({}, "https", "vendor.example", None),
        ({"HTTPS_PROXY": "http://proxy:3128"}, "https", "vendor.example", "http://proxy:3128"),
        ({"HTTPS_PROXY": "proxy:3128"}, "https", "vendor.example", "http://proxy:3128"),
        ({"HTTPS_PROXY": "http://proxy:3128"}, "http", "vendor.example", None),
        ({"ALL_PROXY": "http://proxy:3128"}, "https", "vendor.example", "http://proxy:3128"),
        ({"HTTPS_PROXY": "http://proxy:3128", "NO_PROXY": "vendor.example"}, "https", "vendor.example", None),
        ({"HTTPS_PROXY": "http://proxy:3128", "NO_PROXY": "*"}, "https", "vendor.example", None),
        ({"HTTPS_PROXY": "http://proxy:3128"}, "https", "127.0.0.1", None),
        ({"HTTPS_PROXY": "http://proxy:3128"}, "https", "localhost", None),
        ({"HTTPS_PROXY": "http://proxy:3128"}, "https", "::1", None),
    ],
)
def test_the_environment_says_which_proxy(monkeypatch, environment, scheme, host, proxy):
    """HTTPS_PROXY, HTTP_PROXY and ALL_PROXY hold unless NO_PROXY or loopback forbids them."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert proxy_for(scheme, host) == proxy


@given(st.ip_addresses(network="127.0.0.0/8"))
def test_all_of_loopback_is_this_machine(address):
    """Every address of 127.0.0.0/8 is this machine."""
    assert is_loopback(str(address))


@pytest.mark.parametrize("host", ["", "vendor.example", "10.0.0.1", "localhost.example", "127.0.0.1.example"])
def test_nothing_else_is_this_machine(host):
    """A name that only looks like loopback is somebody else."""
    assert not is_loopback(host)


def test_a_request_goes_through_the_proxy(serve, connect, read_dialect, monkeypatch):
    """With a proxy named, the vendor's own name is asked of the proxy alone, with its credentials."""
    proxy = serve(lambda call: call.reply(200, {"ok": 1}))
    monkeypatch.setenv("HTTP_PROXY", f"http://jo:p%40ss@127.0.0.1:{proxy.port}")
    assert connect("http://vendor.invalid/api").send(ONCE, read_dialect).done
    head = proxy.calls[0].head
    assert head.startswith("POST http://vendor.invalid/api/things HTTP/1.1")
    assert "Proxy-Authorization: Basic am86cEBzcw==" in head


def test_a_proxy_that_refuses_means_not_sent(serve, connect, read_dialect, monkeypatch):
    """A tunnel that the proxy does not open has carried nothing."""
    proxy = serve(lambda call: call.reply(403, b""))
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy.port}")
    answer = connect("https://vendor.invalid/api").send(ONCE, read_dialect)
    assert (answer.result, answer.reason) == (Result.NOT_SENT, "the proxy refused to connect to the vendor")


@pytest.mark.slow
def test_a_tunnel_is_asked_for_with_credentials_and_carries_no_request(
    serve, connect, read_dialect, monkeypatch
):
    """A proxy is told host and port alone; what it then hears is TLS, and a trickle there ends."""
    proxy = serve(lambda call: call.reply(200, b""))
    monkeypatch.setenv("HTTPS_PROXY", f"http://jo:p%40ss@127.0.0.1:{proxy.port}")
    answer = connect("https://vendor.invalid/api", timeout=0.2).send(ONCE, read_dialect)
    assert answer.result is Result.NOT_SENT
    head = proxy.calls[0].head
    assert head.startswith("CONNECT vendor.invalid:443 HTTP/1.1")
    assert "Proxy-Authorization: Basic am86cEBzcw==" in head
    assert not any("things" in call.head for call in proxy.calls)


@pytest.mark.parametrize("kind", ["socks5", "https"])
def test_a_kind_of_proxy_that_we_cannot_use_is_named(connect, read_dialect, monkeypatch, kind):
    """A SOCKS proxy, or one behind TLS, is an error that says so, not a direct connection."""
    monkeypatch.setenv("HTTPS_PROXY", f"{kind}://127.0.0.1:1080")
    with pytest.raises(ReconcilerError, match=kind):
        connect("https://vendor.invalid/api").send(ONCE, read_dialect)
