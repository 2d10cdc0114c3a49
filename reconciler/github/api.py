"""The few requests to GitHub: comments of a pull request, issues, one file, and what a commit was merged by.

Paths and fields: docs.github.com, REST API 2022-11-28, "Issues", "Issue comments", "Commits", "Contents".
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlsplit

from msgspec import Struct

from reconciler.errors import CredentialsError, UnreachableError, UsageError
from reconciler.transport.client import Account, Circumstances, Client, known_secrets
from reconciler.transport.outcome import Success, VendorError
from reconciler.transport.request import Effect, Request

PAGE = 100
MOST_PAGES = 30
VERSION = "2022-11-28"
ACTIONS = "github-actions[bot]"
"""Who the token of a workflow is."""


class Remark(Struct, frozen=True):
    """A comment or an issue: its id (of an issue the number), its text, and who wrote it."""

    id: int
    body: str
    author: str


class Merged(Struct, frozen=True):
    """A pull request by which a commit came."""

    number: int
    base: str
    head: str


class GitHub:
    """One repository, by its API. Requests that fail raise CredentialsError or UnreachableError."""

    def __init__(self, api_url: str, repository: str, token: str, *, backoff: float = 1.0) -> None:
        parts = urlsplit(api_url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise UsageError("GITHUB_API_URL is no web address", "leave it as the runner sets it")
        owner, _, name = repository.partition("/")
        self._root = f"/repos/{quote(owner, safe='')}/{quote(name, safe='')}"
        account = Account(
            provider="github",
            base_url=api_url,
            headers={
                "Accept": "application/vnd.github+json",
                "X-GitHub-Api-Version": VERSION,
                **({"Authorization": f"Bearer {token}"} if token else {}),
            },
            secrets=known_secrets([token]),
            concurrency=1,
        )
        allowed = frozenset({Effect.READ, Effect.WRITE})
        self._client = Client(account, Circumstances(allowed=allowed, backoff=backoff))

    def close(self) -> None:
        """Let go of all connections."""
        self._client.close()

    def author(self) -> str:
        """Who the token is; a workflow's own may not ask, and is known without."""
        answer = self._client.send(Request("GET", "/user", "ask who the token is", Effect.READ), _dialect)
        return str(answer.value.get("login") or ACTIONS) if answer.done else ACTIONS

    def comments(self, number: int) -> Iterator[Remark]:
        """The comments of a pull request, the oldest first."""
        yield from map(_remark, self._pages(f"/issues/{number}/comments", "list comments"))

    def comment(self, number: int, body: str) -> None:
        """Write a comment."""
        self._write("POST", f"/issues/{number}/comments", "write a comment", {"body": body})

    def change_comment(self, comment: int, body: str) -> None:
        """Write a comment anew."""
        self._write("PATCH", f"/issues/comments/{comment}", "change a comment", {"body": body}, again=True)

    def issues(self) -> Iterator[Remark]:
        """The open issues, without pull requests."""
        for each in self._pages("/issues", "list issues", ("state", "open")):
            if "pull_request" not in each:
                yield _remark(each, "number")

    def open_issue(self, title: str, body: str) -> int:
        """Open an issue; its number."""
        made = self._write("POST", "/issues", "open an issue", {"title": title, "body": body})
        return int(made.get("number") or 0)

    def change_issue(self, number: int, **fields: str) -> None:
        """Write title, text or state of an issue anew."""
        self._write("PATCH", f"/issues/{number}", "change an issue", fields, again=True)

    def merged_by(self, commit: str) -> Iterator[Merged]:
        """The merged pull requests that brought a commit."""
        path = f"/commits/{quote(commit, safe='')}/pulls"
        for each in self._pages(path, "list the pull requests of a commit"):
            if each.get("merged_at"):
                yield Merged(int(each["number"]), _ref(each, "base", "ref"), _ref(each, "head", "sha"))

    def file(self, path: str, ref: str) -> bytes | None:
        """A file of a branch; None where it has none."""
        request = Request(
            "GET", f"{self._root}/contents/{quote(path)}", f"read {path}", Effect.READ, query=(("ref", ref),)
        )
        answer = self._client.send(request, _dialect)
        if answer.missing:
            return None
        if not answer.done:
            refused = CredentialsError if answer.credentials else UnreachableError
            raise refused(f"github: read {path}: {answer.reason}", "may the token read contents?")
        try:
            found = answer.value
            return base64.b64decode(found["content"]) if found.get("type") == "file" else None
        except (KeyError, TypeError, AttributeError, binascii.Error):
            return None

    def _pages(self, path: str, what: str, *query: tuple[str, str]) -> Iterator[Mapping[str, Any]]:
        for page in range(1, MOST_PAGES + 1):
            parameters = (*query, ("per_page", str(PAGE)), ("page", str(page)))
            request = Request("GET", f"{self._root}{path}", what, Effect.READ, query=parameters)
            found = self._client.fetch(request, _listed)
            yield from (each for each in found if isinstance(each, dict))
            if len(found) < PAGE:
                return

    def _write(
        self, method: str, path: str, what: str, fields: Mapping[str, str], *, again: bool = False
    ) -> Mapping[str, Any]:
        request = Request(
            method, f"{self._root}{path}", what, Effect.WRITE, json=dict(fields), repeatable=again
        )
        found: Mapping[str, Any] = self._client.fetch(request, _dialect)
        return found


def _remark(each: Mapping[str, Any], name: str = "id") -> Remark:
    return Remark(int(each[name]), str(each.get("body") or ""), _ref(each, "user", "login"))


def _ref(each: Mapping[str, Any], *names: str) -> str:
    found: Any = each
    for name in names:
        found = found.get(name) if isinstance(found, dict) else None
    return str(found or "")


def _dialect(status: int, body: Any) -> Success | VendorError | None:
    """How GitHub answers: the thing itself, or an object with a message."""
    if status in range(200, 300) and isinstance(body, dict):
        return Success(body)
    return _refusal(status, body)


def _listed(status: int, body: Any) -> Success | VendorError | None:
    """The same for lists."""
    if status in range(200, 300) and isinstance(body, list):
        return Success(body)
    return _refusal(status, body)


def _refusal(status: int, body: Any) -> VendorError | None:
    if status not in range(400, 500) or not isinstance(body, dict):
        return None
    message = str(body.get("message") or "")
    busy = "rate limit" in message.lower()
    return VendorError(message, busy=busy, credentials=not busy and status in {401, 403})
