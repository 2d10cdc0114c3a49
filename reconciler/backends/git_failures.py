"""What keeps a Git remote from keeping state, and what to do about each."""

from __future__ import annotations

import re

from reconciler.errors import StateError, StateRefused

_RIGHTS = re.compile(
    r"\b40[13]\b|permission denied|denied to|not granted|not allowed|access denied|authentication failed"
    r"|could not read (username|password)|protected|hook declined|prohibited|read-only",
    re.IGNORECASE,
)
_NO_RIGHTS = (
    "let this user or token write to the repository (in GitHub Actions: permissions: contents: write), and let no"
    " rule protect the ref"
)


def cannot_reach(where: str, said: str) -> StateError:
    """Make the error of a remote that gives no answer, or refuses us."""
    if _RIGHTS.search(said):
        return StateRefused(f"the remote lets us not at {where}: {said}", _NO_RIGHTS, "STA12")
    return StateError(
        f"cannot reach {where}: {said}", "look at the network and the remote, then run again", "STA13"
    )


def cannot_write(where: str, said: str) -> StateError:
    """Make the error of a push that was refused, though nobody else was quicker."""
    shown = " ".join(said.split())
    if _RIGHTS.search(shown):
        return StateRefused(f"no right to write {where}: {shown}", _NO_RIGHTS, "STA12")
    return StateError(f"cannot write {where}: {shown}", "see the remote's message, then run again", "STA08")


def deleted(where: str, commit: str, restoring: str) -> StateError:
    """Make the error of a ref that was there and is no more."""
    message = f"{where} was deleted; this clone saw it last at {commit[:12]}"
    return StateError(message, f"it holds who was called; put it back: {restoring}", "STA14")


def rewritten(where: str, seen: str, found: str, restoring: str) -> StateError:
    """Make the error of a ref that does not continue what was seen."""
    message = f"{where} was rewritten: {found[:12]} does not continue {seen[:12]}, which this clone saw"
    return StateError(
        message, f"find out who forced it; to put the old one back: {restoring} --force", "STA14"
    )
