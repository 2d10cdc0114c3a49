"""What a change of a field means for people at Plum: the common grades, and that of windows."""

from __future__ import annotations

from reconciler.model.kind import Loudness
from reconciler.model.value import Value
from reconciler.providers.loudness import days, more_is_louder, more_is_quieter, of_sets

__all__ = ["days", "more_is_louder", "more_is_quieter", "windows"]

MINUTES_OF_A_DAY = 24 * 60


def windows(before: Value, after: Value) -> Loudness:
    """Grade a change of windows by the minutes they cover; another pace in a minute has no grade."""
    return of_sets(_minutes(before), _minutes(after))


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
