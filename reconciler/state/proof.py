"""What was done for a run, link by link, each with the head of the log after it. Pure.

A head vouches for every line before it. Who was told a head, by an apply that printed it or a job that kept it,
can tell whether the log still is the one that it was: the chain passes that head, or something was changed.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass, field

from msgspec.structs import replace

from reconciler.model.address import Address, ObjectKey
from reconciler.model.history import Link, Proof, RunProof
from reconciler.model.state import (
    IntentWritten,
    JobTaken,
    LogEntry,
    ObjectShown,
    Operation,
    OutcomeWritten,
    RecordMoved,
    RecordWritten,
    Result,
)
from reconciler.state.chain import EMPTY_HEAD, next_head
from reconciler.state.codec import decode_entry
from reconciler.state.history import Historian

SEAL_LENGTH = 32
"""Hex digits of a seal: 128 bits."""


def seal(key: bytes, head: str) -> str:
    """A head under the project's key: whoever can write the log but lacks the key cannot make it."""
    return hmac.new(key, b"log head " + head.encode("ascii"), hashlib.sha256).hexdigest()[:SEAL_LENGTH]


def prove(lines: Iterable[bytes], given: str | None = None) -> Proof:
    """Every run's chain, from the lines of a whole log; `given` is a head from outside, which is looked for.

    Raises StateError for a line that is none.
    """
    chains, head, serial, at = _Chains(), EMPTY_HEAD, 0, 0 if given == EMPTY_HEAD else None
    for serial, line in enumerate(lines, 1):
        head = next_head(head, line)
        if head == given:
            at = serial
        chains.add(decode_entry(line), head)
    return Proof(head, serial, chains.runs(), given, at)


@dataclass
class _Chains:
    """The links of each run, while the log is read. What moved takes its links along."""

    historian: Historian = field(default_factory=Historian)
    links: dict[ObjectKey, list[Link]] = field(default_factory=dict)

    def add(self, entry: LogEntry, head: str) -> None:
        """Take in the next entry of the log."""
        line = self.historian.line(entry)
        if line.key is not None:
            link = _link(Link(line, head), entry)
            self.links.setdefault(line.key, []).append(link)
        if isinstance(entry, RecordMoved):
            self._move(entry.source, entry.target)

    def _move(self, source: ObjectKey, target: ObjectKey) -> None:
        """Let what was done under another address, or run, count for the one that it has now."""
        named: dict[ObjectKey, ObjectKey] = {}
        for key in [*self.links]:
            if key == source and source.run:
                named[key] = target
            elif not source.run and key.address == source.address:
                named[key] = replace(key, address=target.address)
        for old, new in named.items():
            self.links[new] = [*self.links.pop(old), *self.links.get(new, [])]
        intents = self.historian.intents
        for name, intent in intents.items():
            intents[name] = replace(intent, key=named.get(intent.key, intent.key))

    def runs(self) -> tuple[RunProof, ...]:
        """What was done for each run, and for each object that has none, by address."""
        grouped: dict[tuple[Address, str], list[Link]] = {}
        for key in sorted(self.links):
            grouped.setdefault((key.address, key.run), []).extend(self.links[key])
        return tuple(
            RunProof(address, run, tuple(sorted(links, key=lambda link: link.line.serial)))
            for (address, run), links in grouped.items()
        )


def _link(link: Link, entry: LogEntry) -> Link:
    """A link with what its entry says beyond its words."""
    match entry:
        case IntentWritten(intent):
            shown = "" if intent.operation in (Operation.CREATE, Operation.APPEND) else intent.digest
            return replace(
                link, step="intent", intent_id=intent.id, marker=intent.marker or "", shown=shown,
                digest=intent.contacts.digest if intent.contacts is not None else intent.digest,
            )  # fmt: skip
        case JobTaken():
            return replace(link, step="outcome", intent_id=entry.intent_id, unknown=True)
        case OutcomeWritten():
            request = _request_id(entry.evidence)
            sent = request or entry.result in (Result.NOT_SENT, Result.REFUSED)
            step = "answer" if entry.who else "outcome" if sent else "read back"
            unknown = entry.result is Result.UNKNOWN
            return replace(link, step=step, intent_id=entry.intent_id, request=request, unknown=unknown)
        case ObjectShown():
            return replace(link, step="read back", digest=entry.digest)
        case RecordWritten():
            return replace(link, step="read back")
        case _:
            return replace(link, step="record")


def _request_id(evidence: str) -> str:
    """The id under which the request of an outcome was logged, if it was one."""
    _, found, rest = evidence.rpartition("(request ")
    if found:
        return rest.rstrip(")")
    return evidence if evidence and " " not in evidence else ""
