"""Real servers on loopback for shared state: each started for a module, or a reason why it is not to be had here."""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
_PATIENCE = 120.0


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


@contextmanager
def running(command: Sequence[str], port: int, log: Path, **options: Any) -> Iterator[None]:
    """Run a server for the length of a block, from when it takes connections."""
    with (
        log.open("wb") as output,
        subprocess.Popen(command, stdout=output, stderr=output, **options) as process,
    ):
        try:
            _await(process, port, log)
            yield
        finally:
            process.send_signal(signal.SIGINT)  # a database that is asked to terminate waits for its guests
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()


def _await(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until and process.poll() is None:
        with socket.socket() as trying:
            if trying.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError(f"{process.args} does not listen:\n{log.read_text(errors='replace')[-2000:]}")


def need(*modules: str) -> None:
    """Skip, saying why, where a package for these tests is not installed."""
    for module in modules:
        if importlib.util.find_spec(module) is None:
            pytest.skip(f"{module} is not installed: pip install -e '.[test]'")


@contextmanager
def s3_server(folder: Path) -> Iterator[int]:
    """Run moto; gives the port."""
    need("obstore", "moto", "flask", "flask_cors")
    port = free_port()
    command = [sys.executable, str(Path(__file__).with_name("moto_s3.py")), str(port)]
    with running(command, port, folder / "moto.log"):
        yield port


@contextmanager
def azure_server(folder: Path) -> Iterator[int]:
    """Run Azurite's blob service; gives the port."""
    need("obstore")
    found = shutil.which("azurite-blob", path=f"{ROOT}/build/azurite/node_modules/.bin:{os.environ['PATH']}")
    if found is None:
        pytest.skip("Azurite is not installed: npm install --prefix build/azurite azurite")
    port = free_port()
    place = ["--blobHost", "127.0.0.1", "--blobPort", str(port), "--location", str(folder / "azurite")]
    options = ["--silent", "--skipApiVersionCheck", "--inMemoryPersistence", "--disableTelemetry"]
    with running([found, *place[:4], *options], port, folder / "azurite.log"):
        yield port


@contextmanager
def postgres_server() -> Iterator[str]:
    """Run a database of our own; gives its address. As root it runs as the system's user for it, which refuses root."""
    need("psycopg")
    tools = [*Path("/usr/lib/postgresql").glob("*/bin"), *map(Path, os.environ["PATH"].split(":"))]
    found = next(
        (each for each in tools if (each / "initdb").exists() and (each / "postgres").exists()), None
    )
    if found is None:
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
    with tempfile.TemporaryDirectory(prefix="reconciler-postgres-") as name:
        folder, port = Path(name), free_port()
        demoted = _other_user(folder) if os.geteuid() == 0 else {}
        data = ["-D", str(folder / "data")]
        begin = [str(found / "initdb"), *data, "-U", "tester", "--auth=trust", "--no-sync", "-E", "UTF8"]
        made = subprocess.run(begin, capture_output=True, text=True, check=False, cwd=folder, **demoted)
        assert made.returncode == 0, made.stderr
        place = ["-h", "127.0.0.1", "-p", str(port), "-k", str(folder)]
        with running([str(found / "postgres"), *data, *place], port, folder / "log", **demoted):
            yield f"postgresql://tester@127.0.0.1:{port}/postgres"


def _other_user(folder: Path) -> dict[str, object]:
    """Who runs the database instead of root, and owns its folder."""
    try:
        user = pwd.getpwnam("postgres")
    except KeyError:
        pytest.skip("PostgreSQL does not run as root, and there is no user postgres")
    os.chown(folder, user.pw_uid, user.pw_gid)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
