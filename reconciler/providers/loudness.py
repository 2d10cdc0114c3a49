"""What a change of a field means for people, where no vendor has its own idea of it: more, sooner, faster."""

from __future__ import annotations

from reconciler.model.kind import Loudness
from reconciler.model.value import Value


def days(before: Value, after: Value) -> Loudness:
    """Grade a change of calling days."""
    return of_sets(_texts(before), _texts(after))


def more_is_louder(before: Value, after: Value) -> Loudness:
    """Grade a number or date that lets more calls through when it grows: calls of a period, the last day."""
    return _graded(before, after, Loudness.LOUDER)


def more_is_quieter(before: Value, after: Value) -> Loudness:
    """Grade one that lets fewer through when it grows: minutes of period and rest, the first day."""
    return _graded(before, after, Loudness.QUIETER)


def _graded(before: Value, after: Value, growth: Loudness) -> Loudness:
    if before == after:
        return Loudness.SAME
    if not _comparable(before, after):
        return Loudness.OTHER
    shrinking = Loudness.QUIETER if growth is Loudness.LOUDER else Loudness.LOUDER
    return growth if before < after else shrinking  # type: ignore[operator]


def _comparable(before: Value, after: Value) -> bool:
    numbers = isinstance(before, int | float) and isinstance(after, int | float)
    return numbers or (isinstance(before, str) and isinstance(after, str))


def of_sets(before: frozenset[object] | None, after: frozenset[object] | None) -> Loudness:
    """Grade a change of what is let through: more of it, less, or something else."""
    if before is None or after is None:
        return Loudness.OTHER
    if before == after:
        return Loudness.SAME
    if before < after:
        return Loudness.LOUDER
    return Loudness.QUIETER if after < before else Loudness.OTHER


def _texts(value: Value) -> frozenset[object] | None:
    return frozenset(value) if isinstance(value, tuple) else None
