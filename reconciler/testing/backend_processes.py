"""Other processes for the backend contract: writers that race, hold the lease, and are killed in mid-write.

    python -m reconciler.testing.backend_processes JOB COUNT NAME MODULE:CALLABLE [ARGUMENT...]

The callable with its arguments opens the backend. A job that fails says why on stderr and exits with 1.
"""

from __future__ import annotations

import importlib
import os
import random
import signal
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial, reduce

from reconciler.backends.base import Backend
from reconciler.errors import HeadMoved, StateError
from reconciler.state.chain import EMPTY_HEAD, next_head

Opener = Callable[[], Backend]


def opener(source: str, arguments: Sequence[str]) -> Opener:
    """Return what opens the backend, each time anew."""
    module, _, name = source.partition(":")
    factory = getattr(importlib.import_module(module), name)
    return lambda: factory(*arguments)


def append_retrying(backend: Backend, lines: Sequence[bytes]) -> None:
    """Append whatever others append meanwhile."""
    while True:
        try:
            backend.append(lines, backend.load().head)
        except HeadMoved:
            continue
        return


def race(open_backend: Opener, count: int, name: str) -> None:
    """Append so many lines among others who do the same."""
    backend = open_backend()
    for number in range(count):
        append_retrying(backend, [b'{"writer":"%b","number":%d}' % (name.encode("ascii"), number)])


def hold(open_backend: Opener, _count: int, name: str) -> None:
    """Take the lease, say so, and never give it back."""
    with open_backend().lease(name):
        sys.stdout.write("held\n")
        sys.stdout.flush()
        time.sleep(3600)


def contest(open_backend: Opener, count: int, name: str) -> None:
    """Apply so many times among others who do the same: under the lease, an entry when it begins and when it ends."""
    backend = open_backend()
    for number in range(count):
        with backend.lease(name, wait=300.0) as lease:
            for moment in ("begins", "ends"):
                lease.check(0.1)
                line = f'{{"{moment}":{number},"writer":"{name}"}}'
                backend.append([line.encode("ascii")], backend.load().head)


def oversleep(open_backend: Opener, _count: int, name: str) -> None:
    """Take the lease, say so, and write as its holder once a line is read, however late; say how that went."""
    backend = open_backend()
    with backend.lease(name) as lease:
        head = backend.load().head
        sys.stdout.write("held\n")
        sys.stdout.flush()
        sys.stdin.readline()
        for attempt in (lease.check, partial(backend.append, [b"{late}"], head)):
            try:
                attempt()
            except StateError as error:
                sys.stdout.write(f"{type(error).__name__}\n")
            else:
                sys.stdout.write("done\n")


def kills(open_backend: Opener, count: int, name: str) -> None:
    """Kill a writer again and again; after each, everything it had confirmed is there, and nothing is broken."""
    chance = random.Random(name)
    for turn in range(count):
        confirmed = _killed_writer(open_backend, turn, chance.uniform(0.0005, 0.015))
        _apart(partial(_verify, open_backend, turn, confirmed))


def _apart(work: Callable[[], None]) -> None:
    """Do something in a child: a library that has threads of its own must not be used where more children come from."""
    child = os.fork()
    if child == 0:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - told by the parent
            sys.stderr.write(f"{error!r}\n")
            sys.stderr.flush()
            os._exit(1)
        os._exit(0)
    _require(os.waitpid(child, 0)[1] == 0, "what is there after a kill is not as it should be")


def _killed_writer(open_backend: Opener, turn: int, seconds: float) -> int:
    """Let a child write until it is killed; return how many lines it had confirmed."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        _write_for_ever(open_backend, turn, writing)
    os.close(writing)
    os.read(reading, 1)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    confirmed = 1
    while chunk := os.read(reading, 65536):
        confirmed += len(chunk)
    os.close(reading)
    return confirmed


def _write_for_ever(open_backend: Opener, turn: int, confirm: int) -> None:
    """Append, keep blobs and compact; one byte into the pipe for each line that is durable."""
    try:
        backend = open_backend()
        head = backend.load().head
        for number in range(1_000_000):
            head = backend.append([_killed_line(turn, number)], head)
            os.write(confirm, b".")
            backend.put_blob(_killed_line(turn, number % 3))
            if number % 5 == 0:
                backend.compact(head.encode("ascii"), head)
    finally:
        os._exit(1)


def _killed_line(turn: int, number: int) -> bytes:
    return b'{"turn":%d,"number":%d,"filler":"%b"}' % (turn, number, b"x" * 300)


def _verify(open_backend: Opener, turn: int, confirmed: int) -> None:
    backend = open_backend()
    backend.check()
    lines = list(backend.history())
    mine = [line for line in lines if line.startswith(b'{"turn":%d,' % turn)]
    _require(mine == [_killed_line(turn, number) for number in range(len(mine))], "a line is broken")
    _require(confirmed <= len(mine) <= confirmed + 1, f"{confirmed} lines confirmed, {len(mine)} there")
    _require_whole(backend, lines)
    append_retrying(backend, [b'{"after":%d}' % turn])
    _require(backend.get_blob(backend.put_blob(mine[0])) == mine[0], "a blob is broken")


def _require_whole(backend: Backend, lines: Sequence[bytes]) -> None:
    """The snapshot, which says at which head it was made, and the log after it are the whole state."""
    stored = backend.load()
    before = lines[: len(lines) - len(stored.log)]
    _require(stored.log == tuple(lines[len(before) :]), "the log is not the end of history")
    made_at = EMPTY_HEAD if stored.snapshot is None else stored.snapshot.decode("ascii")
    _require(
        made_at == reduce(next_head, before, EMPTY_HEAD), "the snapshot is not of the lines before the log"
    )
    _require(stored.head == reduce(next_head, lines, EMPTY_HEAD), "the head is not of all lines")


def _require(condition: bool, message: str) -> None:
    if not condition:
        raise StateError(message)


JOBS: dict[str, Callable[[Opener, int, str], None]] = {
    "race": race,
    "hold": hold,
    "contest": contest,
    "oversleep": oversleep,
    "kills": kills,
}


def main(arguments: Sequence[str]) -> None:
    """Do one job."""
    job, count, name, source, *rest = arguments
    JOBS[job](opener(source, rest), int(count), name)


if __name__ == "__main__":
    main(sys.argv[1:])
