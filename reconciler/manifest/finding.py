"""Findings: problems as the layers here know them, before their places are looked up."""

from __future__ import annotations

import json

from msgspec import Struct

from reconciler.model.address import Address
from reconciler.model.problem import Location, Severity

_LIKENESS = 0.68
"""Below this two words only look alike by chance: new and one have 0.67."""

LONGEST_QUOTE = 60
"""More of a value than this says nothing more to its author."""


class Finding(Struct, frozen=True):
    """What is wrong at a node. `on_key` points at the key rather than the value.

    `also` is a second place; `{also}` in the message and the help becomes its file and line.
    """

    code: str
    message: str
    help: str
    location: Location
    on_key: bool = False
    severity: Severity = Severity.ERROR
    address: Address | None = None
    also: Location | None = None


def quoted(value: object) -> str:
    """A value as a message shows it: one line, in quotes, not longer than a message can bear."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    short = text if len(text) <= LONGEST_QUOTE else text[: LONGEST_QUOTE - 1] + "…"
    safe = "".join(character if character.isprintable() else "?" for character in short)
    return f'"{safe}"' if isinstance(value, str) else safe


def suggestion(word: str, known: list[str]) -> str:
    """The known word that was probably meant, or nothing."""
    import difflib

    close = difflib.get_close_matches(word, known, n=1, cutoff=_LIKENESS)
    folded = {candidate.casefold().replace("_", "-"): candidate for candidate in known}
    return close[0] if close else folded.get(word.casefold().replace("_", "-"), "")


def did_you_mean(word: str, known: list[str], otherwise: str) -> str:
    """The remedy for a word that nothing is called by."""
    meant = suggestion(word, known)
    return f"did you mean {meant}?" if meant else otherwise
