"""`reconciler sandbox`: stand-ins of the vendors on this host."""

from __future__ import annotations

import json
import signal
import threading
from collections.abc import Mapping
from typing import Any

import click

from reconciler.cli import frame
from reconciler.cli.settings import Settings
from reconciler.errors import ReconcilerError, UsageError
from reconciler.render.sheet import Sheet, good, strong


@frame.command(
    examples=(
        "reconciler sandbox",
        "reconciler sandbox --port 8080 --speed 60",
        "reconciler sandbox --option callr.zone=America/New_York",
        "reconciler sandbox --format json",
    )
)
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Where to listen; 0 takes a free one.")
@click.option("--speed", type=float, default=1.0, help="Simulated seconds in a second; 0 stands still.")
@click.option("--start-at", metavar="TIME", help="What its clock shows first: 2027-01-04T08:00:00-05:00.")
@click.option("--latency", type=float, default=0.0, help="Seconds before each reply.")
@click.option(
    "--option",
    "options",
    multiple=True,
    metavar="VENDOR.OPTION=VALUE",
    help="Turn what a vendor's pages leave open, or how its account is set up; may be repeated.",
)
def command(
    settings: Settings,
    port: int,
    speed: float,
    start_at: str | None,
    latency: float,
    options: tuple[str, ...],
) -> None:
    """Serve the vendors over HTTP on loopback until Ctrl-C; no real call can be placed.

    With --format json the first line of stdout says where everything is, with credentials. Below /_sandbox/ it
    takes orders: GET options lists all switches, POST clock turns time, POST faults spoils replies, GET ledger tells
    who was called.
    """
    from reconciler.sandbox import Sandbox, read_options

    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    try:
        chosen = read_options(options)
        sandbox = Sandbox(port, speed=speed, start_at=start_at, latency=latency, options=chosen)
    except ValueError as error:
        raise UsageError(str(error)) from None
    except OSError as error:
        raise ReconcilerError(
            f"cannot listen on port {port}: {error.strerror}", "choose another --port, or 0"
        ) from None
    with sandbox:
        _announce(settings, sandbox.ready())
        ended.wait()


def _announce(settings: Settings, ready: Mapping[str, Any]) -> None:
    console = settings.console
    if settings.format == "json":
        console.print_result(json.dumps(ready) + "\n")
        return
    sheet = console.result_sheet()
    _write(sheet, ready)
    console.print_result(sheet.text())


def _write(sheet: Sheet, ready: Mapping[str, Any]) -> None:
    sheet.line(good("ready"), "  stand-ins of the vendors; nobody's phone rings. Ctrl-C ends them.")
    sheet.line(f"what really happened: {ready['ledger']}")
    sheet.blank()
    sheet.line(strong("for reconciler.yaml"))
    sheet.line("providers:")
    for name, entry in ready["providers"].items():
        fields = _fields(name, {**entry, **ready["settings"].get(name, {})})
        sheet.line(f"{name}: {{type: {name}, {', '.join(fields)}}}", indent=2, hang=4)
    sheet.blank()
    sheet.line(strong("for the shell"), " (credentials of the sandbox alone)")
    for name, entry in ready["providers"].items():
        for key, value in _credentials(entry):
            sheet.line(f"export {_variable(name, key)}={value}", indent=2)


def _fields(name: str, entry: Mapping[str, Any]) -> list[str]:
    """Its base URL and plain settings as they stand, credentials as variables."""
    secret = dict(_credentials(entry))
    return [
        f"{key}: {{env: {_variable(name, key)}}}" if key in secret else f"{key}: {json.dumps(value)}"
        for key, value in entry.items()
    ]


def _credentials(entry: Mapping[str, Any]) -> list[tuple[str, Any]]:
    return [
        (key, value)
        for key, value in entry.items()
        if key in {"token", "login", "password", "api_key", "session"}
    ]


def _variable(provider: str, key: str) -> str:
    return f"{provider}_{key}".upper()
