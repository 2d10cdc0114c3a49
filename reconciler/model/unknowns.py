"""Unknowns put before a person: the evidence, the possible answers, and what each would lead to."""

from __future__ import annotations

import enum

from msgspec import Struct

from reconciler.model.state import Intent, Record, Result


class Answer(enum.Enum):
    """What a person says of a request whose end nobody knows."""

    HAPPENED = "happened"
    DID_NOT_HAPPEN = "did-not-happen"
    CANNOT_TELL = "cannot-tell"
    ENDED = "ended"

    @property
    def result(self) -> Result:
        """How the state records it."""
        known = {"happened": Result.HAPPENED, "did-not-happen": Result.DID_NOT_HAPPEN}
        return known.get(self.value, Result.ASSUMED)


class Choice(Struct, frozen=True):
    """One answer and what follows from it. `alarming`: people may be called because of it."""

    answer: Answer
    effect: str
    alarming: bool = False


class Evidence(Struct, frozen=True):
    """What is known of one open request.

    `shows` is what the vendor shows now, `question` what to ask it. `settles_itself`: the next apply looks.
    """

    intent: Intent
    record: Record | None
    choices: tuple[Choice, ...]
    settles_itself: bool
    question: str
    shows: str = ""


class Resolved(Struct, frozen=True):
    """What was settled, by which answer, and how many unknowns are left anywhere."""

    settled: tuple[tuple[Intent, Answer], ...]
    reason: str
    left: int
    serial: int
