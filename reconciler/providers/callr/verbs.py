"""What the kinds share: looking an object up after a refusal, and refusing what an object cannot do."""

from __future__ import annotations

from reconciler.errors import CredentialsError, UnreachableError
from reconciler.model.outcome import Outcome
from reconciler.model.state import Result


def gone_already(outcome: Outcome, is_there: bool | None) -> Outcome:
    """What a refused delete came to, by a look afterwards: CALLR does not say what it answers to a second one."""
    if outcome.done or outcome.result is not Result.REFUSED or is_there is not False:
        return outcome
    return Outcome(Result.DONE, "it was gone already", request_id=outcome.request_id)


UNREAD = (UnreachableError, CredentialsError)
"""What a look raises that found nothing out."""
