"""Real servers on loopback for shared state: each started for a module, or a reason why it is not to be had here."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import importlib.util
import json
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
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

ROOT = Path(__file__).parents[2]
BUCKET = "states"
AZURITE_KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
"""The key of Azurite's only account, the same everywhere, printed in its manual."""

_PATIENCE = 120.0


def bucket_environment(kind: str, port: int) -> dict[str, str]:
    """Return credentials for a bucket of a kind at a server of ours; for Google's, also where it is."""
    stand_in = {
        "gcs_base_url": f"http://127.0.0.1:{port}",
        "disable_oauth": True,
        "client_email": "",
        "private_key": "",
        "private_key_id": "",
    }
    return {
        "s3": {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "y", "AWS_REGION": "us-east-1"},
        "gcs": {"GOOGLE_SERVICE_ACCOUNT_KEY": json.dumps(stand_in)},
        "azure": {"AZURE_STORAGE_ACCOUNT_KEY": AZURITE_KEY},
    }[kind]


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


@contextmanager
def running(
    command: Sequence[str], port: int, log: Path, ending: signal.Signals = signal.SIGINT, **options: Any
) -> Iterator[None]:
    """Run a server for the length of a block, from when it takes connections.

    SIGINT ends each; a database that is asked to terminate waits for its guests.
    """
    with (
        log.open("wb") as output,
        subprocess.Popen(command, stdout=output, stderr=output, **options) as process,
    ):
        try:
            _await(process, port, log)
            yield
        finally:
            process.send_signal(ending)
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
    """Run SeaweedFS where it is installed, which many use for real, else moto; gives the port."""
    need("obstore")
    found = shutil.which("weed", path=f"{ROOT}/build/seaweedfs/bin:{os.environ['PATH']}")
    with _moto(folder) if found is None else _seaweedfs(found, folder) as port:
        httpx.put(f"http://127.0.0.1:{port}/{BUCKET}").raise_for_status()
        yield port


@contextmanager
def _moto(folder: Path) -> Iterator[int]:
    need("moto", "flask", "flask_cors")
    port = free_port()
    command = [sys.executable, str(Path(__file__).with_name("moto_s3.py")), str(port)]
    with running(command, port, folder / "moto.log"):
        yield port


@contextmanager
def _seaweedfs(program: str, folder: Path) -> Iterator[int]:
    """Its four servers, each of which wants two ports."""
    ports = {
        f"-{name}": str(free_port())
        for server in ("master", "volume", "filer", "s3")
        for name in (f"{server}.port", f"{server}.port.grpc")
    }
    data = folder / "seaweedfs"
    data.mkdir()
    options = [f"{name}={port}" for name, port in ports.items()]
    place = [f"-dir={data}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", f"-s3.localSocket={data}/s3.sock"]
    few = ["-volume.max=2", "-master.volumeSizeLimitMB=64", "-s3.port.iceberg=0", "-s3.port.lance=0"]
    few += ["-master.telemetry=false", f"-filer.localSocket={data}/filer.sock"]
    port = int(ports["-s3.port"])
    command = [program, "server", "-filer", "-s3", *place, *few, *options]
    with running(command, port, folder / "seaweedfs.log", ending=signal.SIGKILL, cwd=folder):
        _await_answer(port)
        yield port


def _await_answer(port: int) -> None:
    """It listens before it can keep anything."""
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        with suppress(httpx.HTTPError):
            if httpx.put(f"http://127.0.0.1:{port}/ready").is_success:
                return
        time.sleep(0.1)
    raise AssertionError("SeaweedFS keeps nothing")


@contextmanager
def gcs_server(folder: Path, pause: float = 0.0) -> Iterator[int]:
    """Run our stand-in of Google's storage, which takes a write of one name in so many seconds; gives the port."""
    need("obstore")
    port = free_port()
    command = [sys.executable, str(Path(__file__).with_name("gcs_server.py")), str(port), BUCKET, str(pause)]
    with running(command, port, folder / "gcs.log"):
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
        _make_container(port)
        yield port


def _make_container(port: int) -> None:
    """Make the container, signed as Azure wants it: the library makes none."""
    date = dt.datetime.now(dt.UTC).strftime("%a, %d %b %Y %H:%M:%S GMT")
    path = f"/devstoreaccount1/{BUCKET}"
    headers = f"x-ms-date:{date}\nx-ms-version:2021-08-06\n"
    text = f"PUT\n\n\n\n\n\n\n\n\n\n\n\n{headers}/devstoreaccount1{path}\nrestype:container"
    signed = hmac.new(base64.b64decode(AZURITE_KEY), text.encode(), hashlib.sha256).digest()
    httpx.put(
        f"http://127.0.0.1:{port}{path}?restype=container",
        headers={
            "x-ms-date": date,
            "x-ms-version": "2021-08-06",
            "Authorization": f"SharedKey devstoreaccount1:{base64.b64encode(signed).decode()}",
        },
    ).raise_for_status()


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
