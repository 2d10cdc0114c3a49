"""Every test runs in the same surroundings: no settings of the machine, no network but loopback, an odd time zone."""

from __future__ import annotations

import errno
import ipaddress
import os
import socket
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

OURS = ("RECONCILER_", "PLUM_", "RVM_", "CALLR_", "WOLKVOX_")
KEPT = ("RECONCILER_EVERY_CASE", "RECONCILER_LIVES", "RECONCILER_ROUNDS")
"""How long chance and contest are let try: of these tests, not of the tool."""

COLOURS = ("CLICOLOR", "CLICOLOR_FORCE", "FORCE_COLOR", "NO_COLOR", "COLUMNS", "LINES")
PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "ssl_cert_file", "ssl_cert_dir")
TRACERS = ("GITHUB_", "GITLAB_", "CI_")

BYTE_CODE = Path(__file__).parent.parent / "build" / "byte-code"

EXAMPLES = 60
"""So many examples a property is tested with, where it does not say another number."""

ODD_ZONE = "Asia/Kathmandu"
"""+05:45 the year round: whoever takes the reader's zone for the customers' is found out at once."""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors: every other slow test waits for somebody, and its processor with it."""
    return (os.cpu_count() or 1) + 1


def pytest_configure(config: pytest.Config) -> None:
    """Clear the environment before any test module is imported; child processes inherit what is left."""
    for name in {*os.environ} - {*KEPT}:
        if name.startswith((*OURS, *TRACERS)) or name in COLOURS or name.lower() in PROXIES or name == "CI":
            del os.environ[name]
    _keep_byte_code()
    few = "not slow" in str(config.getoption("markexpr"))
    _choose_examples(explore=os.environ.pop("EXPLORE", "") == "1", few=few)
    os.environ["TZ"] = ODD_ZONE
    os.environ["TERM"] = "xterm"
    time.tzset()


def _keep_byte_code() -> None:
    """Commands are begun hundreds of times: where the machine keeps no byte code, it is kept aside."""
    if sys.dont_write_bytecode:
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix = str(BYTE_CODE)
        sys.dont_write_bytecode = False


def _choose_examples(*, explore: bool, few: bool) -> None:
    """The same code is tested with the same examples: a failure is the change's own. EXPLORE=1 draws new ones.

    The quick tests draw a quarter of them.
    """
    count = EXAMPLES // 4 if few else EXAMPLES
    settings.register_profile("same", derandomize=True, deadline=None, print_blob=True, max_examples=count)
    settings.register_profile("explore", deadline=None, print_blob=True, max_examples=count)
    settings.load_profile("explore" if explore else "same")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Of a test marked `one_in(N)` run each N-th case, the same ones each time; all under RECONCILER_EVERY_CASE=1."""
    if os.environ.get("RECONCILER_EVERY_CASE") == "1":
        return
    seen: Counter[str] = Counter()
    left = []
    for item in items:
        share = item.get_closest_marker("one_in")
        name = item.nodeid.partition("[")[0]
        if share is not None and seen[name] % share.args[0]:
            left.append(item)
        seen[name] += 1
    if left:
        config.hook.pytest_deselected(items=left)
        dropped = set(left)
        items[:] = [item for item in items if item not in dropped]


@pytest.fixture(autouse=True)
def loopback_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine looks unplugged: whatever is not loopback cannot be resolved or reached."""
    connect, connect_ex, resolve = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def guarded_connect(self: socket.socket, address: Any) -> None:
        if not _is_near(self, address):
            raise OSError(errno.ENETUNREACH, "tests reach nothing but loopback")
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        return connect_ex(self, address) if _is_near(self, address) else errno.ENETUNREACH

    def guarded_resolve(host: Any, *arguments: Any, **named: Any) -> Any:
        if not _is_loopback(host):
            raise socket.gaierror(socket.EAI_NONAME, "tests resolve nothing but loopback")
        return resolve(host, *arguments, **named)

    monkeypatch.setattr(socket.socket, "connect", guarded_connect)
    monkeypatch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
    monkeypatch.setattr(socket, "getaddrinfo", guarded_resolve)


def _is_near(connection: socket.socket, address: Any) -> bool:
    return connection.family == socket.AF_UNIX or _is_loopback(address[0])


def _is_loopback(host: Any) -> bool:
    name = host.decode("ascii") if isinstance(host, bytes) else host
    if name in {None, "", "localhost"}:
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
