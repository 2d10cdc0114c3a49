"""A stand-in of the few requests to GitHub that the action makes, which refuses what GitHub refuses.

Written from docs.github.com, REST API 2022-11-28; shares nothing with what it tests.
"""

from __future__ import annotations

import base64
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

LONGEST_BODY = 65_536
BOT = "github-actions[bot]"
Answer = tuple[int, Any]


@dataclass
class Forge:
    """One repository. `read_only`: the token of a fork's run. `files`: by branch and path."""

    repository: str = "clinic/outreach"
    token: str = "ghs_standin"
    read_only: bool = False
    comments: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    issues: list[dict[str, Any]] = field(default_factory=list)
    pulls: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    files: dict[tuple[str, str], bytes] = field(default_factory=dict)
    requests: list[tuple[str, str]] = field(default_factory=list)
    url: str = ""
    next_id: int = 1000
    lock: threading.Lock = field(default_factory=threading.Lock)

    def say(self, number: int, body: str, author: str = "mallory") -> dict[str, Any]:
        """Somebody else writes a comment."""
        return self._comment(number, body, author)

    def merge(self, number: int, sha: str, head: str = "b" * 40, base: str = "main") -> None:
        """A pull request is merged by a commit."""
        part = {
            "number": number,
            "merged_at": "2027-01-02T10:00:00Z",
            "base": {"ref": base},
            "head": {"sha": head},
        }
        self.pulls.setdefault(sha, []).append(part)

    def plans(self, number: int) -> list[str]:
        """The texts of the comments that the action wrote."""
        return [each["body"] for each in self.comments.get(number, ()) if each["user"]["login"] == BOT]

    def answer(self, method: str, path: str, query: dict[str, str], body: dict[str, Any]) -> Answer:
        """One request."""
        prefix = f"/repos/{self.repository}"
        if path == "/user":
            return 403, {"message": "Resource not accessible by integration"}
        if not path.startswith(prefix):
            return 404, {"message": "Not Found"}
        path = path.removeprefix(prefix)
        if method != "GET" and self.read_only:
            return 403, {"message": "Resource not accessible by integration"}
        if len(str(body.get("body") or "")) > LONGEST_BODY:
            message = f"Body is too long (maximum is {LONGEST_BODY} characters)"
            return 422, {"message": "Validation Failed", "errors": [{"message": message}]}
        for verb, pattern, handler in ROUTES:
            found = re.fullmatch(pattern, path)
            if verb == method and found:
                return handler(self, *found.groups(), query=query, body=body)
        return 404, {"message": "Not Found"}

    def _comment(self, number: int, body: str, author: str) -> dict[str, Any]:
        self.next_id += 1
        made = {"id": self.next_id, "body": body, "user": {"login": author}}
        self.comments.setdefault(number, []).append(made)
        return made

    def list_comments(self, number: str, *, query: dict[str, str], body: Any) -> Answer:
        del body
        return 200, paged(self.comments.get(int(number), []), query)

    def make_comment(self, number: str, *, query: Any, body: dict[str, Any]) -> Answer:
        del query
        return 201, self._comment(int(number), body["body"], BOT)

    def change_comment(self, number: str, *, query: Any, body: dict[str, Any]) -> Answer:
        del query
        for each in [each for series in self.comments.values() for each in series]:
            if each["id"] == int(number):
                each["body"] = body["body"]
                return 200, each
        return 404, {"message": "Not Found"}

    def list_issues(self, *, query: dict[str, str], body: Any) -> Answer:
        del body
        return 200, paged(
            [each for each in self.issues if each["state"] == query.get("state", "open")], query
        )

    def make_issue(self, *, query: Any, body: dict[str, Any]) -> Answer:
        del query
        number = len(self.issues) + 1
        made = {"number": number, "id": number + 500, "state": "open", "user": {"login": BOT}, **body}
        self.issues.append(made)
        return 201, made

    def change_issue(self, number: str, *, query: Any, body: dict[str, Any]) -> Answer:
        del query
        issue = self.issues[int(number) - 1]
        issue.update(body)
        return 200, issue

    def pulls_of(self, sha: str, *, query: dict[str, str], body: Any) -> Answer:
        del body
        return 200, paged(self.pulls.get(sha, []), query)

    def content(self, path: str, *, query: dict[str, str], body: Any) -> Answer:
        del body
        data = self.files.get((query.get("ref", "main"), unquote(path)))
        if data is None:
            return 404, {"message": "Not Found"}
        return 200, {"type": "file", "encoding": "base64", "content": base64.encodebytes(data).decode()}


ROUTES = (
    ("GET", r"/issues/(\d+)/comments", Forge.list_comments),
    ("POST", r"/issues/(\d+)/comments", Forge.make_comment),
    ("PATCH", r"/issues/comments/(\d+)", Forge.change_comment),
    ("GET", r"/issues", Forge.list_issues),
    ("POST", r"/issues", Forge.make_issue),
    ("PATCH", r"/issues/(\d+)", Forge.change_issue),
    ("GET", r"/commits/([0-9a-f]{40})/pulls", Forge.pulls_of),
    ("GET", r"/contents/(.+)", Forge.content),
)


def paged(series: list[dict[str, Any]], query: dict[str, str]) -> list[dict[str, Any]]:
    """One page of a list, of thirty entries unless the query says otherwise."""
    size = min(int(query.get("per_page", "30")), 100)
    first = (int(query.get("page", "1")) - 1) * size
    return series[first : first + size]


@contextmanager
def serving(forge: Forge) -> Iterator[Forge]:
    """The stand-in, on loopback."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self) -> None:
            parts = urlsplit(self.path)
            length = int(self.headers.get("Content-Length") or 0)
            sent = self.rfile.read(length)
            with forge.lock:
                forge.requests.append((self.command, self.path))
                if self.headers.get("Authorization") != f"Bearer {forge.token}":
                    status, found = 401, {"message": "Bad credentials"}
                else:
                    body = json.loads(sent) if sent else {}
                    status, found = forge.answer(self.command, parts.path, dict(parse_qsl(parts.query)), body)
            data = json.dumps(found).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json; charset=utf-8")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PATCH = handle_any  # noqa: N815 - the names that the base class calls

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    forge.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield forge
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
