"""The errors that all backends share, so that the same thing has the same words everywhere."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.errors import HeadMoved, StateError, StateLocked


def head_moved() -> HeadMoved:
    """Make the error of a writer that came second."""
    return HeadMoved("somebody else wrote the state since it was read", "run the command again", "STA06")


def locked(owner: str) -> StateLocked:
    """Make the error of a lease that somebody has; the owner says who and since when."""
    help_text = f"held by {owner}. Wait for it; if it no longer runs: reconciler state unlock"
    return StateLocked("somebody else is applying to this state", help_text, "STA07")


def lease_lost(holder: str) -> StateLocked:
    """Make the error of a lease that was taken away while we worked."""
    help_text = "somebody ran `reconciler state unlock`; run again to find out how what was under way ended"
    return StateLocked(f"the lock of {holder} was taken away; nothing further is sent", help_text, "STA07")


def blob_missing(digest: str, where: str) -> StateError:
    """Make the error of a blob that is not there, or not what its name says."""
    message = f"the stored set {digest[:12]} is missing or damaged in {where}"
    return StateError(message, "put it back from a backup of the state", "STA09")


def whole_lines(lines: Sequence[bytes]) -> None:
    """Refuse what would be read back as something else: a line that ends in the middle, or none at all."""
    for line in lines:
        if not line or b"\n" in line:
            raise StateError("a log line must be one line, and not empty", code="STA05")
