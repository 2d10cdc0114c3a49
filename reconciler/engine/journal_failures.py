"""The errors of writing and reading a state that goes on, with what to do about each."""

from __future__ import annotations

from reconciler.errors import Held, StateError
from reconciler.model.state import Hold

_RUN_AGAIN = "run the command again: it finds out how what was under way has ended"


def held(hold: Hold) -> Held:
    """Make the error of what a hold forbids."""
    message = f"a hold was set by {hold.who} at {hold.time}: {hold.reason}"
    return Held(message, "nothing arms, sends or resumes until: reconciler hold release --reason TEXT")


def broken() -> StateError:
    """Make the error of a write after one that failed."""
    message = "a write to the state failed before; nothing more is written, so nothing more is sent"
    return StateError(message, _RUN_AGAIN, "STA08")


def interrupted() -> StateError:
    """Make the error of those for whom somebody wrote who was interrupted."""
    return StateError("a write to the state was interrupted", _RUN_AGAIN, "STA08")


def replaced() -> StateError:
    """Make the error of a state that does not go on where it was read."""
    message = "the stored state does not continue the one that was read: it was restored, or made anew"
    return StateError(message, _RUN_AGAIN, "STA06")


def of_another_project(found: str, wanted: str) -> StateError:
    """Make the error of a state that another project began, by their project_ids."""
    message = f"the state belongs to project_id {found!r}, not {wanted!r}"
    help_text = "correct project_id in reconciler.yaml, or give this project its own backend"
    return StateError(message, help_text, "STA04")
