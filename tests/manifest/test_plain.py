"""The quick reader: whatever it reads, it reads as the parser does."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from reconciler.manifest.check import manifest_checker
from reconciler.manifest.document import Unreadable, documents
from reconciler.manifest.plain import read_plain
from reconciler.manifest.values import Reading

from .conftest import VENDORS

SHAPE = manifest_checker(VENDORS).shape
CASES = [path.read_bytes() for path in sorted((Path(__file__).parent / "cases").glob("*.yaml"))]
PLAIN = b"""\
# Plain throughout.
campaigns:
  a:
    provider: plum
    windows:
    - start_time: 08:00
      end_time: "11:00"
    - {start_time: '12:00', end_time: 13:00}
    labels: {team: a b, url: "https://x.example/z?a=1&b", path: https://x.example/z, n: 5}
    title: January, reminders (2027) = ok?
    protect: true
    dialer: {options: {books: [1, 22, -3]}, check: false}
schedules:
  s:
    days:
      - mon
      - tue   # twice a week
    nickname:
  t: {days: []}
"""
NOISE = b" \n:-#{}[],&*!|>'\"%@`?~ab0.=/()+\\\t<"
TEMPLATES = [
    "title: {}{}", "labels: {{a: {}, b: {}}}", "consents: [{},{}]", "days:\n  - {}\n  - b{}", "a:{}\n{}b: c",
    "labels:\n  {}: a\n  {}: b", "campaigns:\n  a:\n    protect: {}\n    title: a{}", "a: b\n{}{}",
]  # fmt: skip


def by_parser(data: bytes) -> object:
    """What the parser makes of a text; None if it is not one flawless document."""
    try:
        roots = list(documents("x.yaml", data))
    except Unreadable:
        return None
    reading = Reading("x.yaml")
    values = [reading.value(root, SHAPE) for root in roots]
    return values[0] if len(values) == 1 and not reading.findings else None


def agrees(data: bytes) -> None:
    """Check that the quick reader gives the parser's value, types included, or nothing."""
    quick = read_plain(data, SHAPE)
    if quick is not None:
        assert repr(quick) == repr(by_parser(data))


def test_plain_text_is_read():
    """Plain manifests do take the quick way, or it would be for nothing."""
    assert repr(read_plain(PLAIN, SHAPE)) == repr(by_parser(PLAIN))
    assert read_plain(b"---\nschedules: {}\n", SHAPE) == {"schedules": {}}


@pytest.mark.parametrize(
    "text",
    [
        "a: &b c", "a: *b", "a: !b c", "a: |\n  b", "a: b\n  c", 'a: "b\\n"', "a: 'it''s'", "a: b\na: c", "\ta: b",
        "a: b: c", "a: [b", "a: {b}", "a: {b: c, b: d}", "a: é", "a: b\r\nc: d", "x-a: b", "? a\n: b", "- a", "a",
        "a: b\n---\nc: d", "<<: {a: b}", "a: [b: c]", 'a: {"b": c}', "a:\n  b: c\n d: e", "a:\n    b: c\n  d: e", "",
        "%YAML 1.1", "a: - b", "- a: b", "a: #b", "a:b", "a: {b: }", "a: [b, ]", "a: [,]", "a: 'b' c", "a: ]",
    ],
)  # fmt: skip
def test_other_text_is_left_to_the_parser(text):
    """What is not plain is either left alone or read as the parser does."""
    agrees(text.encode())


def mutated(seed: int) -> bytes:
    """A few lines of some case with a few bytes changed."""
    chance = random.Random(seed)
    lines = chance.choice([*CASES, PLAIN, PLAIN]).split(b"\n")
    start = chance.choice([0, chance.randrange(len(lines))])
    data = bytearray(b"\n".join(lines[start : start + chance.choice([3, 10, 100])]))
    for _ in range(chance.randint(0, 3)):
        at = chance.randrange(len(data) + 1)
        data[at : at + chance.randint(0, 2)] = bytes([chance.choice(NOISE)])
    return bytes(data)


@settings(max_examples=10 * settings.default.max_examples)
@given(seed=st.integers(0, 2**32))
def test_mutations(seed):
    """However a manifest is bent, both readers agree, or only the parser reads it."""
    agrees(mutated(seed))


@settings(max_examples=10 * settings.default.max_examples)
@given(st.sampled_from(TEMPLATES), *[st.text("ab01 -:.=/~+,?()&%;@_#'\"[]{}", max_size=8)] * 2)
@example("a: {}{}", "...", "")
def test_small_texts(template, first, second):
    """Values made of all the signs that mean something to YAML are read alike, or left alone."""
    agrees(template.format(first, second).encode())
