"""Where the project's key comes from: a variable, a file that is named, or the file beside a local state.

A key is 32 random bytes. It is made once, never overwritten, and never in the state itself.
"""

from __future__ import annotations

import stat
from collections.abc import Mapping
from pathlib import Path

from reconciler.backends.files import (
    explained,
    keep_out_of_git,
    make_folder,
    read_from,
    sync_folder,
    write_temporary,
)
from reconciler.errors import StateError
from reconciler.model.resource import Secret
from reconciler.state.key import new_key, parse_key

NAME = "key"
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def load_key(folder: Path | None, declared: Secret | None, environment: Mapping[str, str]) -> bytes | None:
    """Return the key; None when there is none where it would be.

    What is declared (`key: {env: …}` or `{file: …}`) is the only place looked at; a relative path counts from
    the working folder. Without a declaration it is the file `key` in the folder. StateError when something
    is there that is not a key, or that others could read.
    """
    if declared is None:
        return None if folder is None else _read_key_file(folder / NAME)
    if declared.source == "env":
        return _read_variable(declared.name, environment)
    return _read_key_file(Path(declared.name), follow=True)


def make_key(folder: Path) -> bytes:
    """Make a key file that only this user can read; StateError when one is there already."""
    path = folder / NAME
    key = new_key()
    with explained("write", path, "STA10"):
        make_folder(folder)
        keep_out_of_git(folder)
        _place(path, key.hex().encode("ascii") + b"\n")
    return key


def _place(path: Path, content: bytes) -> None:
    """Put a whole file in place by a link, which fails where a name exists, so that two cannot both win."""
    temporary = write_temporary(path, content)
    try:
        path.hardlink_to(temporary)
        sync_folder(path.parent)
    except FileExistsError:
        message = f"{path} exists already, and is not overwritten"
        help_text = "without the old key nobody can tell who was called already"
        raise StateError(message, help_text, "STA10") from None
    finally:
        temporary.unlink(missing_ok=True)


def _read_variable(name: str, environment: Mapping[str, str]) -> bytes | None:
    text = environment.get(name, "").strip()
    return _parse(text, f"the variable {name}") if text else None


def _read_key_file(path: Path, *, follow: bool = False) -> bytes | None:
    """Read a key; a declared one may be a link, as mounted secrets are."""
    with explained("read", path, "STA10"):
        data = read_from(path, follow=follow)
        if data is None:
            return None
        _refuse_shared(path)
    return _parse(data.decode("ascii", "replace"), str(path))


def _parse(text: str, where: str) -> bytes:
    try:
        return parse_key(text)
    except StateError as error:
        raise StateError(f"what is in {where} is not a key", error.help, "STA10") from error


def _refuse_shared(path: Path) -> None:
    """Refuse a key file that others can read or write: it must be taken for known."""
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & _OTHERS:
        raise StateError(f"others can read {path} (mode {mode:03o})", f"chmod 600 {path}", "STA10")
