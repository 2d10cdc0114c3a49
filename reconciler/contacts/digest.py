"""Keyed digests: how a person is known to state and plans, without the number."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b
from typing import ClassVar

SIZE = 12
"""Bytes of a person's digest; among a million people, two share one by chance once in 2^57 lists."""

_RANGES_OF_CODES = (range(30, 35), range(43, 50), range(51, 59), range(60, 67), range(90, 96))
_TWO_DIGIT_CODES = frozenset(
    str(code) for codes in ((20, 27, 36, 39, 40, 41, 81, 82, 84, 86, 98), *_RANGES_OF_CODES) for code in codes
)
_MOBILE_PREFIXES = {"52": (0, "1"), "54": (0, "9"), "55": (2, "9")}
"""Mexico, Argentina, Brazil: where in a long national number the mobile prefix stands, and what it is."""

_LONG = 11
"""Digits of a national number in those countries once a mobile prefix stands in it."""


def national_form(e164: str) -> str:
    """Return the national number without trunk zeros or mobile prefix, which suppression compares.

    The country is left out, so equal national numbers of two countries are suppressed together: the
    safe direction. Text without a plus is taken as a national number already, as vendors' lists hold it.

    >>> national_form("+16175550100"), national_form("+5491123456789"), national_form("+390612345678")
    ('6175550100', '1123456789', '612345678')
    """
    if not e164.startswith("+"):
        return e164.lstrip("0")
    size = country_code_size(e164)
    return _without_mobile_prefix(e164[1 : 1 + size], e164[1 + size :].lstrip("0"))


def country_code_size(e164: str) -> int:
    """Return how many digits after the plus are the country code."""
    if e164[1:2] in ("1", "7"):
        return 1
    return 2 if e164[1:3] in _TWO_DIGIT_CODES else 3


def _without_mobile_prefix(code: str, national: str) -> str:
    place, prefix = _MOBILE_PREFIXES.get(code, (0, ""))
    if prefix and len(national) == _LONG and national[place] == prefix:
        return national[:place] + national[place + 1 :]
    return national


class Digester:
    """Makes the digests of people, under one key.

    `exact` is over the E.164 text: sending matches numbers exactly. `broad` is over the national form:
    suppressing matches broadly. `NORMALISER_VERSION` rises whenever a text would get another digest.
    """

    NORMALISER_VERSION: ClassVar[int] = 1

    __slots__ = ("_broad", "_exact", "_list")

    def __init__(self, key: bytes) -> None:
        if not 0 < len(key) <= blake2b.MAX_KEY_SIZE:
            raise ValueError(f"a key has 1 to {blake2b.MAX_KEY_SIZE} bytes, this one has {len(key)}")
        # The purpose is part of each digest, so an exact one never equals a broad one by chance of text.
        self._exact = blake2b(digest_size=SIZE, key=key, person=b"reconciler-exact")
        self._broad = blake2b(digest_size=SIZE, key=key, person=b"reconciler-broad")
        self._list = blake2b(digest_size=16, key=key, person=b"reconciler-list")

    def __repr__(self) -> str:
        return "Digester()"

    def exact(self, e164: str) -> bytes:
        """Return the digest by which a number is known when it is sent to."""
        return _finish(self._exact, e164)

    def broad(self, e164: str) -> bytes:
        """Return the digest by which a number is suppressed, whatever country it is written for."""
        return _finish(self._broad, national_form(e164))

    def pairs(self, numbers: Iterable[str | None]) -> list[tuple[bytes, bytes] | None]:
        """Return `(exact, broad)` of each number, None for None: `exact` and `broad` for a million rows."""
        copy_exact, copy_broad = self._exact.copy, self._broad.copy
        pairs: list[tuple[bytes, bytes] | None] = []
        for number in numbers:
            if number is None:
                pairs.append(None)
                continue
            text = number.encode()
            exact, broad = copy_exact(), copy_broad()
            exact.update(text)
            broad.update(text[2:] if text[:2] == b"+1" else national_form(number).encode())
            pairs.append((exact.digest(), broad.digest()))
        return pairs

    def whole(self) -> blake2b:
        """Return a fresh keyed hash over which a list as a whole is digested."""
        return self._list.copy()


def _finish(state: blake2b, text: str) -> bytes:
    fresh = state.copy()
    fresh.update(text.encode())
    return fresh.digest()
