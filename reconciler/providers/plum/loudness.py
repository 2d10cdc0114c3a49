"""What a change of a field means for people: more of them, sooner, faster; or the opposite."""

from __future__ import annotations

from reconciler.model.kind import Loudness
from reconciler.model.value import Value

MINUTES_OF_A_DAY = 24 * 60


def days(before: Value, after: Value) -> Loudness:
    """Grade a change of calling days."""
    return _of_sets(_texts(before), _texts(after))


def windows(before: Value, after: Value) -> Loudness:
    """Grade a change of windows by the minutes they cover; another pace in a minute has no grade."""
    return _of_sets(_minutes(before), _minutes(after))


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


def _of_sets(before: frozenset[object] | None, after: frozenset[object] | None) -> Loudness:
    if before is None or after is None:
        return Loudness.OTHER
    if before == after:
        return Loudness.SAME
    if before < after:
        return Loudness.LOUDER
    return Loudness.QUIETER if after < before else Loudness.OTHER


def _texts(value: Value) -> frozenset[object] | None:
    return frozenset(value) if isinstance(value, tuple) else None


def _minutes(value: Value) -> frozenset[object] | None:
    """List every covered minute with the profile that paces it; None where a window is not readable."""
    if not isinstance(value, tuple):
        return None
    covered: set[object] = set()
    for window in value:
        if not isinstance(window, tuple) or len(window) != 3:  # noqa: PLR2004 - start, end, profile
            return None
        start, end = _minute(window[0]), _minute(window[1])
        if start is None or end is None:
            return None
        covered.update((minute, window[2]) for minute in range(start, end))
    return frozenset(covered)


def _minute(clock: Value) -> int | None:
    if not isinstance(clock, str):
        return None
    hours, _, minutes = clock.partition(":")
    if not (hours.isdigit() and minutes.isdigit()):
        return None
    return min(int(hours) * 60 + int(minutes), MINUTES_OF_A_DAY)
