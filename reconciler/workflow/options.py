"""What a command was given; apart from the workspace, since `validate` opens none and need not load it."""

from __future__ import annotations

import datetime as dt
import os
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

from msgspec import Struct, field


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class Options(Struct, frozen=True):
    """What a command was given: where, with which environment, at what time, and where to log.

    `stop` is set by the first signal. `project_only`: the manifests are not needed, and may be broken.
    `max_people` lowers the project's own limit, and never raises it.
    `backoff` scales our own pauses between attempts, not those that a vendor asks for.
    """

    directory: Path | None = None
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    now: Callable[[], dt.datetime] = _now
    verbosity: int = 0
    log: Callable[[str], None] = lambda _text: None
    stop: threading.Event = field(default_factory=threading.Event)
    project_only: bool = False
    backoff: float = 1.0
    max_people: int | None = None
