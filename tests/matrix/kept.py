"""A prepared site, kept: what is the same for every case of a scenario is made once, and each case gets a copy."""

from __future__ import annotations

import copy
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .peace import Site
from .spoil import Clock, stand_in

LEDGER = ("_calls", "_queued", "_armed", "_writes")
"""What the ledger holds; its lines are never changed."""


@dataclass(frozen=True)
class Kept:
    """A site's files, and all that the vendors, the ledger and the clock held when it was ready."""

    site: Site
    files: dict[str, tuple[int, bytes]]
    account: Any
    ledger: dict[str, list[Any]]
    now: str

    @classmethod
    def of(cls, site: Site) -> Kept:
        """Keep it as it is."""
        ledger = site.sandbox.ledger
        return cls(
            site,
            dict(_files(site.root)),
            _copied(stand_in(site.sandbox, site.vendor).account),
            {name: [*getattr(ledger, name)] for name in LEDGER},
            site.sandbox.clock()["now"],
        )

    def restored(self, root: Path, timeout: float) -> Site:
        """The same site once more, in another folder: the vendors forget everything else."""
        sandbox = self.site.sandbox
        sandbox.reset()
        stand_in(sandbox, self.site.vendor).account = _copied(self.account)
        for name in LEDGER:
            getattr(sandbox.ledger, name).extend(self.ledger[name])
        sandbox.clock(set=self.now)
        for name, (mode, data) in self.files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            path.chmod(mode)
        made = copy.copy(self.site)
        made.root, made.timeout, made.clock = root, timeout, Clock(sandbox)
        made.folder = copy.copy(self.site.folder)
        made.folder.root = root
        if timeout != self.site.timeout:
            made.folder.wait_for(timeout)
        return made


def _files(root: Path) -> list[tuple[str, tuple[int, bytes]]]:
    found = [Path(folder, name) for folder, _, names in os.walk(root) for name in names]
    return [(str(path.relative_to(root)), (path.stat().st_mode & 0o777, path.read_bytes())) for path in found]


def _copied(account: Any) -> Any:
    """An account with a life of its own, in the same world."""
    world = account.world
    return copy.deepcopy(account, {id(world): world})
