"""A stand-in of Google's storage on loopback: the requests of its XML API that keep state, written from its pages.

python gcs_server.py PORT BUCKET [SECONDS]

cloud.google.com/storage/docs/xml-api: PUT, GET, HEAD and DELETE of an object, and a listing; an object has a
generation, new with every write; `x-goog-if-generation-match` compares with it, 0 standing for no object, and
what does not match is refused with 412. One name takes one write in so many seconds (a second there), and what
comes sooner is refused with 429. No emulator that could be had keeps these conditions for the requests that the
library sends: fake-gcs-server refuses its PUT, gcp-storage-emulator has the JSON API alone.
"""

from __future__ import annotations

import hashlib
import sys
import threading
import time
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

Answer = tuple[int, dict[str, str], bytes]


@dataclass
class Kept:
    """An object as it is."""

    data: bytes
    generation: int
    written: float

    @property
    def headers(self) -> dict[str, str]:
        """What is told of it."""
        return {
            "ETag": f'"{hashlib.md5(self.data).hexdigest()}"',  # noqa: S324 - what the API gives
            "x-goog-generation": str(self.generation),
            "x-goog-metageneration": "1",
            "x-goog-stored-content-length": str(len(self.data)),
            "Last-Modified": formatdate(self.written, usegmt=True),
        }


@dataclass
class Bucket:
    """One bucket. `pause`: seconds between two writes of one name."""

    name: str
    pause: float = 0.0
    objects: dict[str, Kept] = field(default_factory=dict)
    changed: dict[str, float] = field(default_factory=dict)
    generation: int = 1_700_000_000_000_000
    turn: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, method: str, path: str, query: str, headers: dict[str, str], data: bytes) -> Answer:
        """One request, alone: what is compared is what is replaced."""
        bucket, _, name = path.lstrip("/").partition("/")
        name = unquote(name)
        with self.turn:
            if unquote(bucket) != self.name:
                return refusal(404, "NoSuchBucket", "The specified bucket does not exist.")
            if not name:
                return self._listing(parse_qs(query).get("prefix", [""])[0])
            kept = self.objects.get(name)
            wanted = headers.get("x-goog-if-generation-match")
            if wanted is not None and int(wanted) != (kept.generation if kept else 0):
                return refusal(
                    412,
                    "PreconditionFailed",
                    "At least one of the pre-conditions you specified did not hold.",
                )
            return self._done(method, name, kept, headers, data)

    def _done(
        self, method: str, name: str, kept: Kept | None, headers: dict[str, str], data: bytes
    ) -> Answer:
        if method == "PUT":
            return self._put(name, data)
        if kept is None:
            return refusal(404, "NoSuchKey", "The specified key does not exist.")
        if method == "DELETE":
            del self.objects[name]
            return 204, {}, b""
        if headers.get("if-none-match") == kept.headers["ETag"]:
            return 304, kept.headers, b""
        return 200, {**kept.headers, "Content-Type": "application/octet-stream"}, kept.data

    def _put(self, name: str, data: bytes) -> Answer:
        now = time.monotonic()
        if now - self.changed.get(name, -self.pause) < self.pause:
            return refusal(
                429, "SlowDown", "The object exceeded the rate limit for object mutation operations."
            )
        self.changed[name] = now
        self.generation += 1
        self.objects[name] = Kept(data, self.generation, time.time())
        return 200, self.objects[name].headers, b""

    def _listing(self, prefix: str) -> Answer:
        parts = "".join(
            f"<Contents><Key>{escape(name)}</Key><Generation>{kept.generation}</Generation>"
            f"<LastModified>{time.strftime('%Y-%m-%dT%H:%M:%S.000Z', time.gmtime(kept.written))}</LastModified>"
            f"<ETag>{escape(kept.headers['ETag'])}</ETag><Size>{len(kept.data)}</Size></Contents>"
            for name, kept in sorted(self.objects.items())
            if name.startswith(prefix)
        )
        head = f"<Name>{escape(self.name)}</Name><IsTruncated>false</IsTruncated>"
        text = f"<ListBucketResult>{head}{parts}</ListBucketResult>"
        return 200, {"Content-Type": "application/xml"}, text.encode()


def refusal(status: int, code: str, message: str) -> Answer:
    """An error as the API writes it."""
    text = f"<?xml version='1.0' encoding='UTF-8'?><Error><Code>{code}</Code><Message>{message}</Message></Error>"
    return status, {"Content-Type": "application/xml; charset=UTF-8"}, text.encode()


class Handler(BaseHTTPRequestHandler):
    """HTTP around a bucket."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # a reply in one piece: in two, the second waits for the client's word on the first
    bucket: Bucket

    def handle_any(self) -> None:
        """Read a request whole before anything of it is done: one that is cut off changes nothing."""
        length = int(self.headers.get("Content-Length") or 0)
        data = self.rfile.read(length)
        if len(data) < length:
            self.close_connection = True
            return
        parts = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        status, said, body = self.bucket.answer(self.command, parts.path, parts.query, headers, data)
        self.send_response(status)
        for name, value in said.items():
            self.send_header(name, value)
        if status not in {204, 304}:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD" and status not in {204, 304}:
            self.wfile.write(body)

    do_GET = do_HEAD = do_PUT = do_DELETE = handle_any  # noqa: N815 - the names that the base class calls

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Server(ThreadingHTTPServer):
    """Says nothing of clients that were killed."""

    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, *_: object) -> None:
        """A client that is gone is no error of the server's."""


if __name__ == "__main__":
    Handler.bucket = Bucket(sys.argv[2], float(sys.argv[3]) if len(sys.argv) > 3 else 0.0)
    Server(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
