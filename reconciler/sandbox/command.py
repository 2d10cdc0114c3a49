"""Running the sandbox until somebody ends it; its first line on stdout says where everything is."""

import argparse
import json
import signal
import sys
import threading
from collections.abc import Mapping, Sequence

from reconciler.sandbox.sandbox import Sandbox
from reconciler.sandbox.switches import read


def serve(
    port: int = 0,
    speed: float = 1.0,
    start_at: str | None = None,
    latency: float = 0.0,
    options: Mapping[str, Mapping[str, object]] | None = None,
) -> None:
    """Serve until SIGINT or SIGTERM; to be called from the main thread, which receives signals."""
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    with Sandbox(port, speed=speed, start_at=start_at, latency=latency, options=options) as sandbox:
        sys.stdout.write(json.dumps(sandbox.ready()) + "\n")
        sys.stdout.flush()
        ended.wait()


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the command line and serve."""
    chosen = _parser().parse_args(arguments)
    serve(chosen.port, chosen.speed, chosen.start_at, chosen.latency, read(chosen.option))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m reconciler.sandbox", description="Vendors on loopback.")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument(
        "--speed", type=float, default=1.0, help="simulated seconds per second; 0 freezes time"
    )
    parser.add_argument("--start-at", help="what the clock shows first, ISO 8601 with offset; default: now")
    parser.add_argument("--latency", type=float, default=0.0, help="seconds from a request to its reply")
    parser.add_argument(
        "--option", action="append", default=[], metavar="VENDOR.OPTION=VALUE", help="turn a vendor's switch"
    )
    return parser
