"""How lines, sets of people and snapshots lie in a store, and the steps by which a root names them. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from functools import reduce

from msgspec.structs import replace

from reconciler.backends.root import Root, Step, join_lines
from reconciler.state.chain import next_head

CHUNK = 32 * 1024
"""Bytes up to which the last chunk is written again with the lines that come; then a new one begins."""


def named(folder: str, data: bytes) -> str:
    """The name of content: its folder and its digest."""
    return f"{folder}/{hashlib.sha256(data).hexdigest()}"


def blobs_of(several: Sequence[bytes]) -> dict[str, bytes]:
    """Sets of people, by name."""
    return {named("blobs", data): bytes(data) for data in several}


def extended(root: Root, lines: Sequence[bytes], last: Sequence[bytes], blobs: Sequence[bytes]) -> Step:
    """Add lines: to the last chunk while it is small, which is written again under another name."""
    if not lines:
        return Step(root, blobs_of(blobs))
    grows = bool(root.log) and sum(map(len, last)) < CHUNK
    kept = root.log[:-1] if grows else root.log
    head = reduce(next_head, lines, root.head)
    start = root.log[-1].split("/")[1].split("-")[0] if grows else root.head[:24]
    name = f"log/{start}-{head[:24]}"
    add = {name: join_lines([*(last if grows else ()), *lines]), **blobs_of(blobs)}
    return Step(replace(root, head=head, log=(*kept, name)), add, superseded=root.log[-1:] if grows else ())


def compacted(root: Root, snapshot: bytes) -> Step:
    """Let a snapshot stand for the log before it, which is shelved and can be read on."""
    name = named("snapshot", snapshot)
    older = () if root.snapshot in (None, name) else (str(root.snapshot),)
    if not root.log:
        return Step(replace(root, snapshot=name), {name: snapshot}, shelved=older)
    past = json.dumps({"log": root.log, "past": root.past, "until": root.head}).encode("ascii")
    after = replace(root, base=root.head, snapshot=name, log=(), past=named("past", past))
    shelved = (*older, *root.log, *((root.past,) if root.past is not None else ()))
    return Step(after, {name: snapshot, named("past", past): past}, shelved=shelved)
