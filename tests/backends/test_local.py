"""What the local backend promises beyond the contract: its files, and what happens when they are harmed."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import resource
import stat
from collections.abc import Callable, Iterator
from itertools import accumulate
from pathlib import Path

import pytest
from reconciler.backends import files, local_lease, snapshot_file
from reconciler.backends.local import LocalBackend
from reconciler.errors import HeadMoved, StateError
from reconciler.state.chain import EMPTY_HEAD, next_head

LINES = [b'{"n":1}', b'{"n":22}', b'{"n":333}']
HEADS = list(accumulate(LINES, next_head, initial=EMPTY_HEAD))
LOG = "log-000001.jsonl"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with three lines in its log."""
    LocalBackend(tmp_path / ".reconciler").append(LINES, EMPTY_HEAD)
    return tmp_path / ".reconciler"


@pytest.fixture
def compacted(folder: Path) -> Path:
    """Return a folder with two snapshots, a line after each."""
    backend = LocalBackend(folder)
    backend.compact(b'{"first":1}', HEADS[3])
    head = backend.append([b"{4}"], HEADS[3])
    backend.compact(b'{"second":2}', head)
    backend.append([b"{5}"], head)
    return folder


def all_lines(folder: Path) -> list[bytes]:
    """Return every line that a fresh reader finds, whatever the snapshot stands for."""
    return list(LocalBackend(folder).history())


# The files


def test_everything_is_private_and_out_of_git(compacted: Path) -> None:
    """Nobody else can read the state, and Git never sees it."""
    backend = LocalBackend(compacted)
    backend.put_blob(b"people")
    with backend.lease("ann"):
        for path in [compacted, *compacted.rglob("*")]:
            assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path
    assert (compacted / ".gitignore").read_text() == "*\n"


def test_reading_makes_nothing(tmp_path: Path) -> None:
    """A plan in a fresh project leaves no folder behind."""
    backend = LocalBackend(tmp_path / ".reconciler")
    backend.load()
    backend.check()
    assert list(backend.history()) == []
    assert backend.break_lease() is None
    assert list(tmp_path.iterdir()) == []


def test_log_can_be_checked_without_us(folder: Path) -> None:
    """A line is the head after it, a space and the entry: `sha256sum` and `cut` can verify a log."""
    expected = b"".join(
        b"%b %b\n" % (head.encode(), line) for head, line in zip(HEADS[1:], LINES, strict=True)
    )
    assert (folder / LOG).read_bytes() == expected


def test_snapshot_file_is_json(compacted: Path) -> None:
    """`state.json` is one JSON object that names its head and its log beside the snapshot."""
    document = json.loads((compacted / "state.json").read_bytes())
    assert document["snapshot"] == {"second": 2}
    assert document["log"] == 3
    assert document["head"] == next_head(HEADS[3], b"{4}")
    assert json.loads((compacted / "state.json.bak").read_bytes())["snapshot"] == {"first": 1}


def test_leftovers_of_the_dead_are_removed(folder: Path) -> None:
    """What a killed process left half-written is gone after the next write."""
    digest = LocalBackend(folder).put_blob(b"people")
    leftovers = [folder / ".state.json.0a.tmp", folder / "blobs" / digest[:2] / ".0b.tmp"]
    for path in leftovers:
        path.write_bytes(b"half")
    LocalBackend(folder).append([b"{4}"], HEADS[3])
    assert not [path for path in leftovers if path.exists()]


def test_append_adds_to_one_file_alone(compacted: Path) -> None:
    """An append writes its own line and nothing else: no cost grows with the state."""
    before = {path: path.stat().st_mtime_ns for path in compacted.glob("*.json*")}
    backend = LocalBackend(compacted)
    head = backend.load().head
    size = (compacted / "log-000003.jsonl").stat().st_size
    backend.append([b"{6}"], head)
    changed = {path.name for path in before if path.stat().st_mtime_ns != before[path]}
    assert changed == {"log-000003.jsonl"}
    assert (compacted / "log-000003.jsonl").stat().st_size == size + 64 + 1 + 3 + 1


# The order of things


def recorded(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> list[str]:
    """Return what was written, synced and put in place, in order, while something is done."""
    events: list[str] = []

    def note(name: str) -> None:
        real = getattr(os, name)

        def noted(target: int | Path, *rest: object) -> object:
            path = Path(f"/proc/self/fd/{target}").readlink() if isinstance(target, int) else rest[0]
            events.append(f"{name} {Path(str(path)).name}")
            return real(target, *rest)

        monkeypatch.setattr(os, name, noted)

    for name in ("write", "fdatasync", "fsync", "replace"):
        note(name)
    act()
    monkeypatch.undo()
    return events


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="names of open files are read from /proc")
def test_append_is_on_the_disk_when_it_returns(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One write and one sync, in this order, is all that an append of any number of lines costs."""
    backend = LocalBackend(folder)
    head = backend.append([b"{4}"], HEADS[3])
    events = recorded(monkeypatch, lambda: backend.append([b"{5}", b"{6}"], head))
    assert events == [f"write {LOG}", f"fdatasync {LOG}"]


def test_first_log_is_named_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder and the first log's name are synced before the first append returns."""
    synced: list[Path] = []
    real = files.sync_folder
    for module in ("files", "log", "local"):
        monkeypatch.setattr(
            f"reconciler.backends.{module}.sync_folder", lambda path: (synced.append(path), real(path))
        )
    LocalBackend(tmp_path / ".reconciler").append([b"{1}"], EMPTY_HEAD)
    assert synced[0] == tmp_path
    assert synced[-1] == tmp_path / ".reconciler"


# Cuts and flips


@pytest.mark.slow
def test_log_cut_anywhere_is_read_to_the_last_whole_line(folder: Path) -> None:
    """A log cut at any byte gives the lines before the cut, and the next append follows them."""
    data = (folder / LOG).read_bytes()
    for cut in range(len(data)):
        (folder / LOG).write_bytes(data[:cut])
        whole = data[:cut].count(b"\n")
        backend = LocalBackend(folder)
        stored = backend.load()
        assert (stored.log, stored.head) == (tuple(LINES[:whole]), HEADS[whole]), cut
        if cut % 5 in {0, len(data) % 5}:
            backend.append([b"{new}"], HEADS[whole])
            assert all_lines(folder) == [*LINES[:whole], b"{new}"], cut
            assert list(backend.load().log) == all_lines(folder)


@pytest.mark.slow
@pytest.mark.parametrize("flip", [0x01, 0x80, 0x0A ^ 0x20])
def test_log_with_any_byte_flipped_is_refused(folder: Path, flip: int) -> None:
    """No changed byte is ever read: the error names file and line, and where a copy may be."""
    data = (folder / LOG).read_bytes()
    for place in range(len(data)):
        (folder / LOG).write_bytes(data[:place] + bytes([data[place] ^ flip]) + data[place + 1 :])
        line = data[:place].count(b"\n") + 1
        with pytest.raises(StateError, match=rf"{LOG}, line {line}\b") as caught:
            LocalBackend(folder).load()
        assert caught.value.code == "STA02"
        assert "state.json" in caught.value.help
        if place % 10 == 0:
            with pytest.raises(StateError):
                LocalBackend(folder).append([b"{}"], HEADS[3])


def test_lines_that_change_places_are_refused(folder: Path) -> None:
    """Whole lines removed, repeated or swapped break the chain."""
    lines = (folder / LOG).read_bytes().splitlines(keepends=True)
    for order in ([1, 0, 2], [0, 2], [1, 2], [0, 0, 1, 2], [0, 1, 1, 2]):
        (folder / LOG).write_bytes(b"".join(lines[number] for number in order))
        with pytest.raises(StateError):
            LocalBackend(folder).load()


def test_unfinished_line_is_cut_off_not_glued_to(folder: Path) -> None:
    """What a dead writer left is removed by the next writer, also if that one has read before it died."""
    backend = LocalBackend(folder)
    backend.load()
    with (folder / LOG).open("ab") as log:
        log.write(b"0123456789 {half")
    assert backend.load().log == tuple(LINES)
    backend.append([b"{4}"], HEADS[3])
    assert all_lines(folder) == [*LINES, b"{4}"]


def test_unfinished_line_before_a_snapshot_is_harmless(folder: Path) -> None:
    """A compaction cuts it off too, since the log goes on in another file."""
    with (folder / LOG).open("ab") as log:
        log.write(b"0123456789 {half")
    LocalBackend(folder).compact(b"{}", HEADS[3])
    assert all_lines(folder) == LINES


@pytest.mark.slow
def test_log_cut_short_before_a_later_file_is_refused(compacted: Path) -> None:
    """A log that goes on in another file has no unfinished end, so a cut there is damage."""
    (compacted / "state.json").unlink()
    (compacted / "state.json.bak").unlink()
    data = (compacted / LOG).read_bytes()
    for cut in range(len(data)):
        (compacted / LOG).write_bytes(data[:cut])
        with pytest.raises(StateError):
            LocalBackend(compacted).load()


def test_rubbish_at_the_end_of_an_older_log_is_refused(compacted: Path) -> None:
    """Bytes added to a log that goes on in another file are damage, though all its lines are whole."""
    (compacted / "state.json").unlink()
    (compacted / "state.json.bak").unlink()
    with (compacted / LOG).open("ab") as log:
        log.write(b"rubbish")
    with pytest.raises(StateError, match=LOG):
        LocalBackend(compacted).load()


def test_rubbish_in_history_is_refused(compacted: Path) -> None:
    """History is verified to its first line, also where the state no longer needs it."""
    with (compacted / LOG).open("ab") as log:
        log.write(b"rubbish")
    LocalBackend(compacted).load()
    with pytest.raises(StateError, match=LOG):
        all_lines(compacted)


def test_reader_that_goes_on_notices_damage(folder: Path) -> None:
    """A process that has read the log already refuses what is added to it wrongly."""
    backend = LocalBackend(folder)
    backend.load()
    with (folder / LOG).open("ab") as log:
        log.write(b"f" * 64 + b" {foreign}\n")
    with pytest.raises(StateError, match="line 4"):
        backend.load()


@pytest.mark.parametrize("other", [b"{b}", b"{}", b'{"longer":"than before"}'])
def test_line_that_was_taken_back_is_forgotten(folder: Path, other: bytes) -> None:
    """Who read a line that its writer could not make durable does not build on it."""
    data = (folder / LOG).read_bytes()
    reader = LocalBackend(folder)
    head = LocalBackend(folder).append([b"{a}"], HEADS[3])
    assert reader.load().head == head
    (folder / LOG).write_bytes(data)
    LocalBackend(folder).append([other], HEADS[3])
    with pytest.raises(HeadMoved):
        reader.append([b"{c}"], head)
    assert reader.load().log == (*LINES, other)


# Snapshots


@pytest.mark.slow
def test_snapshot_with_any_byte_flipped_is_refused(compacted: Path) -> None:
    """A damaged snapshot never counts as none: the error says how to restore, and restoring loses nothing."""
    expected = LocalBackend(compacted).load()
    path = compacted / "state.json"
    data = path.read_bytes()
    for place in range(len(data)):
        path.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
        with pytest.raises(StateError) as caught:
            LocalBackend(compacted).load()
    assert caught.value.code == "STA03"
    assert f"cp {path}.bak {path}" in caught.value.help
    path.write_bytes((compacted / "state.json.bak").read_bytes())
    restored = LocalBackend(compacted).load()
    assert (restored.snapshot, restored.log) == (b'{"first":1}', (b"{4}", b"{5}"))
    assert restored.head == expected.head


@pytest.mark.slow
def test_snapshot_cut_anywhere_is_refused(compacted: Path) -> None:
    """A snapshot that is not whole is damage, even when nothing is left of it."""
    data = (compacted / "state.json").read_bytes()
    for cut in range(len(data)):
        (compacted / "state.json").write_bytes(data[:cut])
        with pytest.raises(StateError):
            LocalBackend(compacted).load()


def test_lost_snapshot_is_not_an_empty_state(compacted: Path) -> None:
    """A state.json that was there once is missed."""
    (compacted / "state.json").unlink()
    with pytest.raises(StateError, match="gone"):
        LocalBackend(compacted).load()


def test_without_any_snapshot_the_logs_are_the_state(compacted: Path) -> None:
    """Every line is kept, so a state without its snapshots is slower to read and otherwise the same."""
    expected = LocalBackend(compacted).load().head
    (compacted / "state.json").unlink()
    (compacted / "state.json.bak").unlink()
    stored = LocalBackend(compacted).load()
    assert (stored.snapshot, stored.log, stored.head) == (None, (*LINES, b"{4}", b"{5}"), expected)


@pytest.mark.parametrize("number", [1, 2, 3])
def test_missing_log_is_refused(compacted: Path, number: int) -> None:
    """A log file that was removed is missed: its lines, or what it tells of the past, are needed."""
    (compacted / f"log-00000{number}.jsonl").unlink()
    with pytest.raises(StateError, match=f"log-00000{number}.jsonl is missing"):
        all_lines(compacted)


def test_newer_layout_is_refused_by_name(compacted: Path) -> None:
    """A folder that a newer tool keeps otherwise is not read in part."""
    path = compacted / "state.json"
    path.write_bytes(path.read_bytes().replace(b'"layout": 1', b'"layout": 2'))
    with pytest.raises(StateError, match="layout 2, this tool knows 1") as caught:
        LocalBackend(compacted).load()
    assert caught.value.code == "STA01"


@pytest.mark.parametrize("step", ["begin_next", "write_last_good", "write_snapshot", "before_replace"])
def test_compaction_cut_short_is_harmless(
    compacted: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """Wherever a compaction ends early, the state is the same, and appends and compactions go on."""
    backend = LocalBackend(compacted)
    before = backend.load()
    with monkeypatch.context() as patch:
        _fail_at(patch, step)
        with pytest.raises(ZeroDivisionError):
            backend.compact(b"third", before.head)
    for handle in (backend, LocalBackend(compacted)):
        assert handle.load() == before
    head = LocalBackend(compacted).append([b"{6}"], before.head)
    assert backend.load().log == (b"{5}", b"{6}")
    backend.compact(b"fourth", head)
    stored = LocalBackend(compacted).load()
    assert (stored.snapshot, stored.log, stored.head) == (b"fourth", (), head)
    assert all_lines(compacted) == [*LINES, b"{4}", b"{5}", b"{6}"]


def _fail_at(patch: pytest.MonkeyPatch, step: str) -> None:
    real = snapshot_file.write_whole

    def write_whole(path: Path, data: bytes) -> None:
        if (path.name, step) in {("state.json.bak", "write_last_good"), ("state.json", "write_snapshot")}:
            raise ZeroDivisionError
        real(path, data)

    def fail(*_: object) -> None:
        raise ZeroDivisionError

    patch.setattr(snapshot_file, "write_whole", write_whole)
    if step == "begin_next":
        patch.setattr("reconciler.backends.local.write_snapshot", fail)
    if step == "before_replace":
        patch.setattr(Path, "replace", fail)


# Places that cannot be written


@contextlib.contextmanager
def file_size_limit(size: int) -> Iterator[None]:
    """Let no file grow beyond a size, as a full disk would, for the length of a block."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("room", [0, 1, 30, 64, 65, 70, 72, 80])
def test_full_disk_leaves_no_half_line(folder: Path, room: int) -> None:
    """A write that finds no room fails, says so, and leaves the log as it was; with room it goes on."""
    data = (folder / LOG).read_bytes()
    backend = LocalBackend(folder)
    backend.load()
    with file_size_limit(len(data) + room), pytest.raises(StateError) as caught:
        backend.append([b'{"long":"enough"}'], HEADS[3])
    assert caught.value.code == "STA08"
    assert str(folder / LOG) in caught.value.message
    assert caught.value.help
    assert (folder / LOG).read_bytes() == data
    for handle in (backend, LocalBackend(folder)):
        assert handle.load().log == tuple(LINES)
    backend.append([b"{4}"], HEADS[3])
    assert all_lines(folder) == [*LINES, b"{4}"]


def test_full_disk_that_keeps_the_half_line(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the half line cannot even be taken back, it is not read, and the next append removes it."""
    backend = LocalBackend(folder)
    backend.load()
    size = (folder / LOG).stat().st_size
    with monkeypatch.context() as patch:
        patch.setattr(os, "ftruncate", _no_room)
        with file_size_limit(size + 40), pytest.raises(StateError):
            backend.append([b'{"long":"enough"}'], HEADS[3])
    assert (folder / LOG).stat().st_size == size + 40
    for handle in (backend, LocalBackend(folder)):
        assert handle.load().log == tuple(LINES)
    backend.append([b"{4}"], HEADS[3])
    assert all_lines(folder) == [*LINES, b"{4}"]


def _no_room(*_: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_failed_sync_is_a_failed_write(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bytes that may not be on the disk are reported as not written, with what to do."""
    backend = LocalBackend(folder)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fdatasync", _no_room)
        with pytest.raises(StateError, match="No space left") as caught:
            backend.append([b"{4}"], HEADS[3])
    assert "make room" in caught.value.help
    assert LocalBackend(folder).load().log == tuple(LINES)
    assert list(folder.glob(".*.tmp")) == []


def test_full_disk_leaves_the_old_snapshot(compacted: Path) -> None:
    """A snapshot or blob that finds no room leaves what was there, and no rubbish."""
    backend = LocalBackend(compacted)
    before = backend.load()
    with file_size_limit(1000):
        with pytest.raises(StateError):
            backend.compact(b"x" * 5000, before.head)
        with pytest.raises(StateError):
            backend.put_blob(b"x" * 5000)
    assert LocalBackend(compacted).load() == before
    assert list(compacted.rglob(".*.tmp")) == []


@contextlib.contextmanager
def ordinary_user(*owned: Path) -> Iterator[None]:
    """Be nobody in particular for the length of a block, since root may write everything."""
    if os.geteuid():
        yield
        return
    for path in owned:
        os.chown(path, 65534, 65534)
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def open_place(folder: Path, tmp_path: Path) -> Path:
    """Return the folder, with every folder above it passable for an ordinary user."""
    for parent in [tmp_path, *tmp_path.parents]:
        if parent.stat().st_uid == os.geteuid():
            parent.chmod(parent.stat().st_mode | 0o011)
    return folder


def test_read_only_folder_can_be_read_and_says_why_not_written(open_place: Path) -> None:
    """Planning needs no right to write; applying without it fails before anything is sent."""
    paths = [open_place, *open_place.iterdir()]
    for path in paths:
        path.chmod(0o500 if path.is_dir() else 0o400)
    backend = LocalBackend(open_place)
    with ordinary_user(*paths):
        assert backend.load().log == tuple(LINES)
        for act in (
            lambda: backend.append([b"{}"], HEADS[3]),
            lambda: backend.put_blob(b""),
            lambda: backend.compact(b"", HEADS[3]),
            lambda: backend.lease("ann"),
            backend.check,
        ):
            with pytest.raises(StateError, match="Permission denied") as caught:
                act()
            assert "let this user" in caught.value.help
    open_place.chmod(0o700)
    assert all_lines(open_place) == LINES


def test_unreadable_folder_is_not_an_empty_state(open_place: Path) -> None:
    """What may not be read is an error, not a project that begins anew."""
    with ordinary_user():
        if os.geteuid() == open_place.stat().st_uid:
            open_place.chmod(0)
        with pytest.raises(StateError, match="Permission denied"):
            LocalBackend(open_place).load()
    open_place.chmod(0o700)


def test_folder_that_cannot_be_made(tmp_path: Path) -> None:
    """`doctor` and the first write say that the folder cannot be made."""
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "file", tmp_path / "file" / ".reconciler"):
        with pytest.raises(StateError):
            LocalBackend(path).append([b"{}"], EMPTY_HEAD)
        with pytest.raises(StateError):
            LocalBackend(path).check()


def test_symbolic_links_are_refused(folder: Path, tmp_path: Path) -> None:
    """A link in the place of the folder, or of a file in it, could lead a branch's state anywhere."""
    (tmp_path / "link").symlink_to(folder)
    for act in (LocalBackend.load, LocalBackend.check, lambda backend: backend.append([b"{}"], HEADS[3])):
        with pytest.raises(StateError, match="symbolic link"):
            act(LocalBackend(tmp_path / "link"))
    (folder / LOG).rename(tmp_path / LOG)
    (folder / LOG).symlink_to(tmp_path / LOG)
    with pytest.raises(StateError):
        LocalBackend(folder).load()


def test_project_behind_a_link_is_an_ordinary_project(tmp_path: Path) -> None:
    """Only the state's own folder must be no link; how the project is reached does not matter."""
    (tmp_path / "project").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "project")
    LocalBackend(tmp_path / "link" / ".reconciler").append(LINES, EMPTY_HEAD)
    assert all_lines(tmp_path / "project" / ".reconciler") == LINES


def test_folder_may_be_named_from_the_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A relative path works, also where folders above it have to be made."""
    monkeypatch.chdir(tmp_path)
    for name in (".reconciler", "deep/down/state"):
        LocalBackend(name).check()
        LocalBackend(name).append(LINES, EMPTY_HEAD)
        assert all_lines(tmp_path / name) == LINES


def test_damaged_blob_is_refused_and_can_be_put_again(folder: Path) -> None:
    """A set of people that was changed is never used; putting the true bytes mends it."""
    backend = LocalBackend(folder)
    digest = backend.put_blob(b"people")
    path = folder / "blobs" / digest[:2] / digest
    path.write_bytes(b"peoplf")
    with pytest.raises(StateError, match="damaged"):
        backend.get_blob(digest)
    assert backend.put_blob(b"people") == digest
    assert backend.get_blob(digest) == b"people"


@pytest.mark.parametrize("digest", ["", "..", "../../key", "/etc/passwd", "a" * 63, "A" * 64])
def test_digest_leads_nowhere_else(folder: Path, digest: str) -> None:
    """What is not a digest is not taken for a path."""
    with pytest.raises(StateError) as caught:
        LocalBackend(folder).get_blob(digest)
    assert caught.value.code == "STA09"


def test_owner_file_of_the_dead_is_overwritten(folder: Path) -> None:
    """What a killed holder left in lock.json, even rubbish, keeps nobody out."""
    (folder / "lock.json").write_bytes(b"\xff{")
    backend = LocalBackend(folder)
    with backend.lease("ann") as lease:
        lease.check()
        assert json.loads((folder / "lock.json").read_bytes())["pid"] == os.getpid()
    assert not (folder / "lock.json").exists()


def test_owner_without_a_name_is_still_an_owner(folder: Path) -> None:
    """If lock.json is gone or broken the lock holds all the same."""
    backend = LocalBackend(folder)
    with backend.lease("ann"):
        (folder / "lock.json").write_bytes(b"[]")
        with pytest.raises(StateError, match="applying") as caught:
            backend.lease("bob")
        assert "did not say who" in caught.value.help


def test_lost_lease_leaves_the_new_owner_alone(folder: Path) -> None:
    """The old holder's end does not remove what says who holds the lease now."""
    backend = LocalBackend(folder)
    with backend.lease("ann"):
        backend.break_lease()
        new = backend.lease("bob")
    assert json.loads((folder / "lock.json").read_bytes())["holder"] == "bob"
    new.__exit__(None, None, None)


def test_lock_that_is_replaced_while_it_is_taken(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who locks a file that was just removed has locked nothing, and tries again."""
    real, removed = local_lease.try_lock, []

    def try_lock(descriptor: int) -> bool:
        if not removed:
            removed.append((folder / "lock").unlink())
        return real(descriptor)

    monkeypatch.setattr(local_lease, "try_lock", try_lock)
    with LocalBackend(folder).lease("ann", 5) as lease:
        lease.check()


def test_lease_of_a_removed_folder_is_lost(folder: Path) -> None:
    """Who deletes the folder deletes the lease."""
    lease = LocalBackend(folder).lease("ann")
    (folder / "lock").unlink()
    with pytest.raises(StateError):
        lease.check()


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="names of open files are read from /proc")
def test_snapshot_is_on_the_disk_before_it_counts(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The log that goes on is there first, then the snapshot whole and synced, and only then its name."""
    backend = LocalBackend(folder)
    backend.load()
    events = recorded(monkeypatch, lambda: backend.compact(b"{}", HEADS[3]))
    begun = events.index("fdatasync log-000002.jsonl")
    written = next(place for place, event in enumerate(events) if event.startswith("write .state.json."))
    synced = next(place for place, event in enumerate(events) if event.startswith("fdatasync .state.json."))
    assert begun < written < synced < len(events) - 1
    assert events[-1] == f"fsync {folder.name}"
