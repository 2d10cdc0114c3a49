"""Input made to break the reader: each gives a problem or just works, at once."""

from __future__ import annotations

import os
import random
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reconciler.manifest import document

CLEAN = (Path(__file__).parent / "cases" / "clean.yaml").read_bytes()
CAMPAIGN = b"campaigns: {c: {provider: dialer, title: %s}}"
PATIENCE = 3.0


def bomb(levels: int, width: int) -> bytes:
    """Aliases of aliases: few bytes, width ** levels values."""
    first, last = b"x-0: &a0 [x]", b"schedules: {s: {days: *a%d}}" % (levels - 1)
    between = [b"x-%d: &a%d [%s]" % (n, n, b",".join([b"*a%d" % (n - 1)] * width)) for n in range(1, levels)]
    return b"\n".join([first, *between, last])


HOSTILE: dict[str, tuple[bytes, list[str]]] = {
    "empty": (b"", []),
    "blanks": (b"  \n\n \n", []),
    "comment": (b"# nothing", []),
    "document marks alone": (b"---\n---\n...\n", []),
    "byte order mark": (b"\xef\xbb\xbfschedules: {s: {days: [mon]}}", []),
    "carriage returns": (b"schedules:\r\n  s:\r\n    days: [mon]\r\n", []),
    "no newline at the end": (b"schedules: {s: {days: [mon]}}", []),
    "utf-16": ("schedules: {}".encode("utf-16"), ["FIL04"]),
    "utf-32": ("schedules: {}".encode("utf-32"), ["FIL04"]),
    "latin-1": (b"x-note: caf\xe9", ["FIL04"]),
    "cut utf-8": (b"x-note: \xe2\x82", ["FIL04"]),
    "overlong utf-8": (b"x-note: \xc0\xaf", ["FIL04"]),
    "surrogate in utf-8": (b"x-note: \xed\xa0\x80", ["FIL04"]),
    "nul": (b"x-note: a\x00b", ["TXT01"]),
    "escape character": (b"x-note: \x1b[31mred", ["TXT01"]),
    "nul escaped": (CAMPAIGN % rb'"a\0b"', ["TXT01"]),
    "terminal escape escaped": (CAMPAIGN % rb'"\e[2J"', ["TXT01"]),
    "reversed reading order": (CAMPAIGN % '"a\u202eb"'.encode(), ["TXT01"]),
    "lone surrogate escaped": (CAMPAIGN % rb'"\ud800"', ["YML01"]),
    "pair of surrogates escaped": (CAMPAIGN % rb'"\ud83d\ude00"', ["YML01"]),
    "beyond unicode": (CAMPAIGN % rb'"\U00110000"', ["YML01"]),
    "unknown escape": (CAMPAIGN % rb'"\q"', ["YML01"]),
    "unclosed quote": (CAMPAIGN % b'"abc', ["YML01"]),
    "tab as indentation": (b"schedules:\n\ts: {days: [mon]}", ["YML02"]),
    "top-level list": (b"- a\n- b", ["YML08"]),
    "top-level text": (b"just text", ["YML08"]),
    "top-level null": (b"~", ["YML08"]),
    "list as key": (b"? [a, b]\n: c", ["YML06"]),
    "map as key": (b"{a: b}: c", ["YML06"]),
    "empty key": (b"? \n: c", ["KEY01"]),
    "number as key": (b"1: c", ["KEY01"]),
    "python tag": (b"schedules: !!python/object/apply:os.system ['touch /tmp/broken']", ["TYP01", "YML03"]),
    "own tag": (b"schedules: !include other.yaml", ["TYP01", "YML03"]),
    "binary tag": (CAMPAIGN % b"!!binary aGVsbG8=", ["YML03"]),
    "undefined tag handle": (b"schedules: !e!x {}", ["YML01"]),
    "undefined alias": (b"schedules: *nowhere", ["YML01"]),
    "alias of itself": (b"schedules: &a {s: *a}", ["YML04"]),
    "merge of itself": (b"schedules: &a\n  <<: *a", ["YML04"]),
    "circle of merges": (b"x-a: &a {b: &b {<<: *a}}\nschedules: *b", ["YML04"]),
    "merge of text": (b"schedules: {<<: text}", ["YML07"]),
    "alias bomb": (bomb(9, 10), ["YML04"]),
    "alias bomb by merges": (
        b"x-0: &a0 {k: v}\n"
        + b"".join(
            b"x-%d: &a%d {<<: [%s]}\n" % (n, n, b",".join([b"*a%d" % (n - 1)] * 9)) for n in range(1, 9)
        )
        + b"schedules: {s: {<<: *a8}}",
        ["YML04"],
    ),
    "many aliases of little": (
        b"x-a: &a [mon]\nschedules:\n" + b"".join(b"  s%d: {days: *a}\n" % n for n in range(2000)),
        [],
    ),
    "deep brackets": (b"x-a: " + b"[" * 100_000, ["YML05"]),
    "deep braces": (b"{a: " * 100_000, ["YML05"]),
    "deep blocks": (b"\n".join(b" " * n + b"a:" for n in range(400)), ["YML05"]),
    "deep list marks": (b"x-a:\n  " + b"- " * 20_000, ["YML05"]),
    "deep question marks": (b"? " * 20_000, ["YML05"]),
    "nested as deep as allowed": (b"x-a: " + b"[" * 48 + b"]" * 48, []),
    "million digits": (
        b"profiles: {p: {period: %s, amount_per_period: 1, time_between_periods: 1}}" % (b"9" * 1_000_000),
        ["TYP01"],
    ),
    "million digits of text": (CAMPAIGN % (b"9" * 1_000_000), ["VAL03"]),
    "very long line": (b"x-a: [" + b"abc, " * 200_000 + b"]\nschedules: {s: {days: [mon]}}", []),
    "very long key": (b"? " + b"k" * 100_000 + b"\n: v", ["KEY01"]),
    "larger than allowed": (b"# " + b"x" * (9 * 1024 * 1024), ["FIL03"]),
    "directive": (b"%YAML 1.1\n---\nschedules: {s: {days: [mon]}}", []),
    "unknown directive": (b"%FOO bar\n---\nschedules: {s: {days: [mon]}}", ["YML01"]),
    "second version directive": (b"%YAML 9.9\n---\nschedules: {}", ["YML01"]),
    "block text": (CAMPAIGN.replace(b"%s", b"x") + b"\n---\nx-a: |\n  a\n  b\n", []),
    "not a number": (b"contact_lists: {l: {invalid_percent: .nan}}", ["TYP01"]),
    "infinite": (b"contact_lists: {l: {invalid_percent: .inf}}", ["TYP01"]),
    "octal": (b"profiles: {p: {period: 0o17, amount_per_period: 1, time_between_periods: 1}}", ["TYP01"]),
    "anchor twice": (b"x-a: &a 1\nx-b: &a 2", ["YML01"]),
    "format string in a value": (CAMPAIGN % b'"{0.__class__} %s {value}"', []),
    "format string in a day": (b"schedules: {s: {days: ['{value.__class__}']}}", ["TIM05"]),
    "path as time zone": (b"campaigns: {c: {provider: dialer, timezone: ../../../../etc/passwd}}", ["TIM06"]),
    "folder as time zone": (b"campaigns: {c: {provider: dialer, timezone: America}}", ["TIM06"]),
    "nul in a path": (rb'contact_lists: {l: {file: "a\0.csv"}}', ["TXT01"]),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text(name, folder):
    """No text makes the reader crash, hang or swallow the memory; what is wrong has a code and a place."""
    content, codes = HOSTILE[name]
    began = time.monotonic()
    problems = folder.load(content).problems
    assert [problem.code for problem in problems] == codes
    assert all(problem.location and problem.location.line for problem in problems)
    assert all(len(problem.message) < 200 and problem.message.isprintable() for problem in problems)
    assert time.monotonic() - began < PATIENCE


SMALL = [name for name, (content, _) in HOSTILE.items() if len(content) < 20_000]
DIRECTIVE = "unknown directive"
"""The one text that PyYAML's own parser lets pass."""


@pytest.mark.parametrize("name", SMALL)
@pytest.mark.usefixtures("pure_parser")
def test_hostile_text_without_libyaml(name, folder):
    """Where libyaml is missing, the pure parser refuses the same texts."""
    content, codes = HOSTILE[name]
    assert bool(folder.load(content).problems) is (bool(codes) and name != DIRECTIVE)


@pytest.mark.parametrize(
    "name", ["utf-16", "deep brackets", "nul", "top-level list", "alias bomb", "python tag"]
)
def test_hostile_project_file(name, folder):
    """The project file is read with the same care."""
    folder.write("reconciler.yaml", HOSTILE[name][0])
    loaded = folder.load()
    assert loaded.project is None
    assert loaded.problems


def test_too_many_values(folder, monkeypatch):
    """A file with more values than memory should hold is refused while it is read."""
    monkeypatch.setattr(document, "MOST_NODES", 1000)
    assert folder.codes(b"x-a: [" + b"[]," * 1000 + b"]") == ["YML05"]


def test_pipe(folder):
    """A pipe with a manifest's name does not hold us up."""
    os.mkfifo(folder.root / "manifests" / "pipe.yaml")
    assert folder.codes() == ["FIL02"]


def test_folder_with_a_manifests_name(folder):
    """A folder called x.yaml is told, and its files are read all the same."""
    folder.write("manifests/x.yaml/inner.yaml", "schedules: {s: {days: [mon]}}")
    loaded = folder.load()
    assert [problem.code for problem in loaded.problems] == ["FIL02"]
    assert "s" in loaded.manifests.schedules


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_unreadable_file(folder):
    """A file without permission is a problem with its name."""
    folder.write("manifests/one.yaml", CLEAN).chmod(0)
    assert folder.codes() == ["FIL01"]


def test_broken_link(folder):
    """A link to nothing is told as a file that cannot be read."""
    (folder.root / "manifests" / "gone.yaml").symlink_to("nowhere.yaml")
    assert folder.codes() == ["FIL01"]


def test_link_out_of_the_project(folder, tmp_path_factory):
    """A link that leads outside is refused, to a file as to a folder."""
    outside = tmp_path_factory.mktemp("outside")
    (outside / "x.yaml").write_text("schedules: {}")
    (folder.root / "manifests" / "file.yaml").symlink_to(outside / "x.yaml")
    (folder.root / "manifests" / "folder").symlink_to(outside)
    assert folder.codes() == ["FIL05", "FIL05"]


def test_link_in_a_circle(folder):
    """Folders that contain themselves by a link are walked once."""
    (folder.root / "manifests" / "again").symlink_to(folder.root / "manifests")
    folder.write("manifests/one.yaml", "schedules: {s: {days: [mon]}}")
    assert folder.codes() == []


def test_hidden_files_are_left_alone(folder):
    """Files and folders with a dot in front are not manifests."""
    folder.write("manifests/.hidden.yaml", "- broken")
    folder.write("manifests/.git/x.yaml", "- broken")
    folder.write("manifests/notes.txt", "- broken")
    assert folder.codes() == []


def mutated(seed: int) -> bytes:
    """A clean manifest with a few bytes changed, moved, doubled or dropped."""
    chance = random.Random(seed)
    data = bytearray(CLEAN)
    for _ in range(chance.randint(1, 8)):
        start, length = chance.randrange(len(data)), chance.randint(1, 20)
        piece = bytes(data[start : start + length])
        replacement = chance.choice(
            [b"", piece * 2, bytes([chance.randrange(256)]), b"\t", b"&a ", b"*hours", b": ", b"["]
        )
        data[start : start + chance.choice([0, length])] = replacement
    return bytes(data)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32))
def test_mutated_manifest(seed, folder):
    """Whatever happens to a manifest's bytes, loading ends with resources and problems, never an exception."""
    loaded = folder.load(mutated(seed))
    assert all(problem.location and problem.location.line for problem in loaded.problems)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.binary(max_size=200) | st.text("ab:- \n\t[]{}#&*!|>'\"%@`?,<x0", max_size=60).map(str.encode)
)
def test_any_bytes(content, folder):
    """Bytes of any kind are read or refused."""
    folder.load(content)
