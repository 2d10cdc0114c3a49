"""The surroundings that conftest.py promises."""

from __future__ import annotations

import datetime as dt
import os
import socket

import pytest


def test_nothing_but_loopback_is_reached():
    """A test that tries to leave the machine fails as if the cable were pulled."""
    with pytest.raises(socket.gaierror):
        socket.getaddrinfo("scheduler.plumvoice.com", 443)
    with socket.socket() as outside, pytest.raises(OSError, match="loopback"):
        outside.connect(("192.0.2.1", 443))


def test_loopback_is_reached():
    """Servers on this machine can be talked to."""
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()):
        pass


def test_environment_is_clean():
    """No setting of the machine takes part in a test."""
    assert not [name for name in os.environ if name.startswith(("RECONCILER_", "PLUM_", "GITHUB_"))]
    assert not [name for name in os.environ if name.lower().endswith("_proxy")]


def test_local_zone_is_nobodys():
    """The local zone is one that no campaign has, so that a reader's clock in a plan shows."""
    assert dt.datetime(2027, 1, 4, tzinfo=dt.UTC).astimezone().utcoffset() == dt.timedelta(
        hours=5, minutes=45
    )
