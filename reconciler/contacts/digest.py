"""Keyed digests: how a person is known to state and plans, without the number."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b
from typing import ClassVar

SIZE = 12
"""Bytes of a person's digest; among a million people, two share one by chance once in 2^57 lists."""

_TWO_DIGIT_CODES = frozenset(
    "20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58"
    " 60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98".split()
)
_MOBILE_PREFIXES = {"52": (0, "1"), "54": (0, "9"), "55": (2, "9")}
"""Country code to where, in a number of eleven digits, the mobile prefix stands, and what it is."""


def national_form(e164: str) -> str:
    """Return the national significant number without trunk zeros or mobile prefix, which suppression compares.

    The country is left out, so equal national numbers of two countries are suppressed together: the
    safe direction. Text without a plus is taken as a national number already, as vendors' lists hold it.

    >>> national_form("+16175550100"), national_form("+5491123456789"), national_form("+390612345678")
    ('6175550100', '1123456789', '612345678')
    """
    if not e164.startswith("+"):
        return e164.lstrip("0")
    size = _country_code_size(e164)
    return _without_mobile_prefix(e164[1 : 1 + size], e164[1 + size :].lstrip("0"))


def _country_code_size(e164: str) -> int:
    if e164[1:2] in ("1", "7"):
        return 1
    return 2 if e164[1:3] in _TWO_DIGIT_CODES else 3


def _without_mobile_prefix(code: str, national: str) -> str:
    place, prefix = _MOBILE_PREFIXES.get(code, (0, ""))
    if prefix and len(national) == 11 and national[place] == prefix:
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
            exact, broad = copy_exact(), copy_broad()
            exact.update(number.encode())
            broad.update((number[2:] if number.startswith("+1") else national_form(number)).encode())
            pairs.append((exact.digest(), broad.digest()))
        return pairs

    def whole(self) -> blake2b:
        """Return a fresh keyed hash over which a list as a whole is digested."""
        return self._list.copy()


def _finish(state: blake2b, text: str) -> bytes:
    fresh = state.copy()
    fresh.update(text.encode())
    return fresh.digest()
