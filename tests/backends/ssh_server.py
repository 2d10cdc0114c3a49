"""Git over SSH on loopback: a real server with keys of its own where one is installed, else Git's transport alone."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .servers import free_port, running


@dataclass(frozen=True)
class Ssh:
    """`real`: whether there is a server; `command`: what GIT_SSH_COMMAND has to be."""

    real: bool
    port: int
    command: str

    def address(self, repository: Path) -> str:
        """Return where a clone finds a bare repository."""
        return f"ssh://127.0.0.1:{self.port}{repository}"


@contextmanager
def serving(folder: Path) -> Iterator[Ssh]:
    """Run a server that lets one key in, or stand in for the way to it."""
    folder.mkdir(parents=True, exist_ok=True)
    program = shutil.which("sshd", path=f"/usr/sbin:/usr/local/sbin:{os.environ['PATH']}")
    if program is None or shutil.which("ssh") is None:
        yield Ssh(real=False, port=22, command=shlex.quote(str(_without_a_server(folder))))
        return
    port = free_port()
    for name in ("host", "user"):
        make = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)]
        subprocess.run(make, check=True)
    host = (folder / "host.pub").read_text().split()[:2]
    (folder / "known").write_text(f"[127.0.0.1]:{port} {' '.join(host)}\n")
    (folder / "config").write_text(_settings(folder, port))
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
    options = {"UserKnownHostsFile": folder / "known", "StrictHostKeyChecking": "yes", "BatchMode": "yes"}
    chosen = " ".join(f"-o {name}={value}" for name, value in options.items())
    with running([program, "-D", "-e", "-f", str(folder / "config")], port, folder / "sshd.log"):
        yield Ssh(real=True, port=port, command=f"ssh -F /dev/null -i {folder / 'user'} {chosen}")


def _settings(folder: Path, port: int) -> str:
    return f"""
Port {port}
ListenAddress 127.0.0.1
HostKey {folder / "host"}
AuthorizedKeysFile {folder / "user.pub"}
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
StrictModes no
UsePAM no
PidFile none
MaxStartups 100
"""


def _without_a_server(folder: Path) -> Path:
    """A command in place of ssh that runs what the server would: the transport's own protocol, on this machine."""
    script = folder / "ssh.sh"
    script.write_text('#!/bin/sh\nfor last; do :; done\nexec sh -c "$last"\n')
    script.chmod(0o755)
    return script
