"""The errors that all backends share, so that the same thing has the same words everywhere."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.errors import HeadMoved, StateError, StateLocked, StateRefused


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


def lease_too_short(holder: str, length: float, needed: float) -> StateLocked:
    """Make the error of a lease that could not be renewed, or not for as long as a request may take."""
    message = f"the lock of {holder} could not be renewed for {needed:.0f} s more; nothing further is sent"
    help_text = (
        "look at the connection to the backend, then run again to find out how what was under way ended"
    )
    if needed >= length:
        help_text = (
            f"a request may take {needed:.0f} s, the lock lasts {length:.0f}: raise backend.lease_seconds"
        )
    return StateLocked(message, help_text, "STA07")


def busy(where: str) -> StateError:
    """Make the error of a writer that others, who change nothing that matters to it, never let through."""
    return StateError(f"too many are writing the state in {where}", "run the command again", "STA08")


def cannot_reach(where: str, said: str) -> StateError:
    """Make the error of a place that gives no answer, or one that makes no sense."""
    help_text = "look at the network and at backend:, then run again"
    return StateError(f"cannot reach {where}: {said}", help_text, "STA13")


def refused(where: str, said: str, help_text: str) -> StateRefused:
    """Make the error of a place that does not let us."""
    return StateRefused(f"cannot use {where}: {said}", help_text, "STA12")


def extra_missing(kind: str) -> StateError:
    """Make the error of a backend whose library is not installed."""
    help_text = f"pip install 'campaign-reconciler[{kind}]'"
    return StateError(f"the library of backend {kind} is not installed", help_text, "STA18")


def seal_unknown(what: str, name: str, ours: str | None) -> StateError:
    """Make the error of a state or a plan under another encryption key, or that is, or is not, encrypted at all."""
    if not name:
        message = f"{what} is not encrypted, though backend.encryption_key says so"
        return StateError(
            message, "pull it without the setting, and restore it into a place of its own", "STA26"
        )
    known = f"this is {ours}" if ours else "backend.encryption_key is not set"
    message = f"{what} is encrypted under the key {name}; {known}"
    return StateError(message, "set that key, as encryption_key or old_encryption_key", "STA26")


def seal_broken(what: str) -> StateError:
    """Make the error of content that was changed after it was encrypted, or put under another name."""
    message = f"content of {what} was changed after it was encrypted"
    return StateError(
        message, "put back what was there: reconciler state restore, or make the plan again", "STA02"
    )


def log_damaged(where: str) -> StateError:
    """Make the error of a log that is not what its root vouches for."""
    message = f"the state in {where} is damaged: its lines are not those that were written"
    return StateError(message, "put it back: reconciler state restore", "STA02")


def blob_missing(digest: str, where: str) -> StateError:
    """Make the error of a blob that is not there, or not what its name says."""
    message = f"the stored set {digest[:12]} is missing or damaged in {where}"
    return StateError(message, "put it back from a backup of the state", "STA09")


def whole_lines(lines: Sequence[bytes]) -> None:
    """Refuse what would be read back as something else: a line that ends in the middle, or none at all."""
    for line in lines:
        if not line or b"\n" in line:
            raise StateError("a log line must be one line, and not empty", code="STA05")
