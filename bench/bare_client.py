"""The least that a client can do: the same creates over bare sockets, remembering nothing.

What it takes beyond requests / concurrency x latency is the stand-in's and the machine's, not ours.
"""

from __future__ import annotations

import socket
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

from bench.projects import CONCURRENCY
from bench.vendor import Vendor

FORM = """\
--b\r
Content-Disposition: form-data; name="nickname"\r
\r
s{number:05}\r
--b\r
Content-Disposition: form-data; name="days"\r
\r
["mon","wed","fri"]\r
--b--\r
"""
REQUEST = """\
POST {path}/schedules HTTP/1.1\r
Host: {host}\r
Authorization: Bearer {token}\r
Connection: close\r
Content-Type: multipart/form-data; boundary=b\r
Content-Length: {length}\r
\r
{form}"""


def seconds(at: Vendor, count: int) -> float:
    """Make so many schedules, as many at once as the tool does, each over a connection of its own."""
    address = urlsplit(at.base_url)
    messages = [_message(at.token, address.path, address.netloc, number) for number in range(count)]
    place = (str(address.hostname), int(address.port or 80))
    begun = time.perf_counter()
    with ThreadPoolExecutor(CONCURRENCY) as threads:
        replies = [*threads.map(lambda message: _sent(place, message), messages)]
    taken = time.perf_counter() - begun
    if not all(reply.startswith(b"HTTP/1.1 200") for reply in replies):
        raise RuntimeError("the stand-in refused a bare create")
    return taken


def _message(token: str, path: str, host: str, number: int) -> bytes:
    form = FORM.format(number=number)
    return REQUEST.format(path=path, host=host, token=token, length=len(form), form=form).encode()


def _sent(place: tuple[str, int], message: bytes) -> bytes:
    with socket.create_connection(place) as connection:
        connection.sendall(message)
        return b"".join(iter(lambda: connection.recv(65536), b""))
