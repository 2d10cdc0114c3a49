"""Where the project's key comes from."""

from __future__ import annotations

import base64
import stat
import threading
from pathlib import Path

import pytest
from reconciler.backends.keys import load_key, make_key
from reconciler.errors import StateError
from reconciler.model.resource import Secret

KEY = bytes(range(32))
VARIABLE = Secret("env", "RECONCILER_KEY")


def test_made_key_is_private_and_loaded_again(tmp_path: Path) -> None:
    """A key is made once, readable by its user alone, out of Git's sight, and is the key from then on."""
    folder = tmp_path / ".reconciler"
    key = make_key(folder)
    assert load_key(folder, None, {}) == key
    assert stat.S_IMODE((folder / "key").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert sorted(path.name for path in folder.iterdir()) == [".gitignore", "key"]


def test_key_is_never_overwritten(tmp_path: Path) -> None:
    """A second key would make everybody who was called a stranger, so the first one stays."""
    key = make_key(tmp_path)
    with pytest.raises(StateError, match="exists already"):
        make_key(tmp_path)
    assert load_key(tmp_path, None, {}) == key


def test_of_two_who_make_a_key_one_does(tmp_path: Path) -> None:
    """However many begin at once, there is one key, and it is the one that the winner was given."""
    made: list[bytes] = []
    start = threading.Barrier(4)

    def make() -> None:
        start.wait()
        try:
            made.append(make_key(tmp_path))
        except StateError:
            return

    threads = [threading.Thread(target=make) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [load_key(tmp_path, None, {})] == made


def test_no_key_is_none(tmp_path: Path) -> None:
    """Where there is none, that is said, and nothing is made up: stopping needs no key."""
    assert load_key(tmp_path, None, {}) is None
    assert load_key(None, None, {"RECONCILER_KEY": KEY.hex()}) is None
    assert load_key(tmp_path, VARIABLE, {}) is None
    assert load_key(tmp_path, VARIABLE, {"RECONCILER_KEY": " "}) is None
    assert load_key(tmp_path, Secret("file", str(tmp_path / "none")), {}) is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("text", [KEY.hex(), KEY.hex().upper(), base64.b64encode(KEY).decode() + "\n"])
def test_key_of_a_variable_or_a_file(tmp_path: Path, text: str) -> None:
    """A declared key is read from its variable or its file, as hex or base64."""
    path = tmp_path / "secret"
    path.write_text(text)
    path.chmod(0o600)
    assert load_key(None, VARIABLE, {"RECONCILER_KEY": text}) == KEY
    assert load_key(None, Secret("file", str(path)), {}) == KEY


def test_declared_key_is_the_only_one(tmp_path: Path) -> None:
    """With a key declared, the file beside the state is not looked at: which key counts is never a guess."""
    make_key(tmp_path)
    assert load_key(tmp_path, VARIABLE, {}) is None
    assert load_key(tmp_path, VARIABLE, {"RECONCILER_KEY": KEY.hex()}) == KEY


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o601])
def test_key_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    """A key file with wider permissions is an error with the command that mends it."""
    make_key(tmp_path)
    (tmp_path / "key").chmod(mode)
    for declared in (None, Secret("file", str(tmp_path / "key"))):
        with pytest.raises(StateError, match="others can read") as caught:
            load_key(tmp_path, declared, {})
        assert caught.value.help == f"chmod 600 {tmp_path / 'key'}"


@pytest.mark.parametrize("content", [b"", b"0123", b"\xff" * 32, b"secret-but-wrong"])
def test_what_is_no_key_is_refused_without_showing_it(tmp_path: Path, content: bytes) -> None:
    """A broken key names its place, never its content."""
    (tmp_path / "key").write_bytes(content)
    (tmp_path / "key").chmod(0o600)
    with pytest.raises(StateError, match=r"key is not a key") as caught:
        load_key(tmp_path, None, {})
    assert "secret" not in caught.value.message + caught.value.help
    with pytest.raises(StateError, match="the variable RECONCILER_KEY is not a key"):
        load_key(None, VARIABLE, {"RECONCILER_KEY": "secret"})


def test_key_behind_a_link(tmp_path: Path) -> None:
    """A declared file may be a link, as mounted secrets are; in the place of the state's own key it is refused."""
    key = make_key(tmp_path / "elsewhere")
    (tmp_path / "key").symlink_to(tmp_path / "elsewhere" / "key")
    with pytest.raises(StateError) as caught:
        load_key(tmp_path, None, {})
    assert "symbolic link" in caught.value.help
    assert load_key(tmp_path, Secret("file", str(tmp_path / "key")), {}) == key
