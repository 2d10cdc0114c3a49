"""What the kinds share: looking an object up after a refusal, and refusing what an object cannot do."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.errors import CredentialsError, UnreachableError
from reconciler.model.outcome import Outcome
from reconciler.model.state import Operation, Result
from reconciler.model.value import Fields
from reconciler.providers.base import SendableContact, Sending
from reconciler.transport.client import Client


def gone_already(outcome: Outcome, is_there: bool | None) -> Outcome:
    """What a refused delete came to, by a look afterwards: CALLR does not say what it answers to a second one."""
    if outcome.done or outcome.result is not Result.REFUSED or is_there is not False:
        return outcome
    return Outcome(Result.DONE, "it was gone already", request_id=outcome.request_id)


UNREAD = (UnreachableError, CredentialsError)
"""What a look raises that found nothing out."""


class WithoutCalls:
    """A kind that does not run, and whose people are none of its own."""

    def unsendable(self, fields: Fields, contact: SendableContact) -> str | None:  # noqa: ARG002 - the interface
        """Refuse everybody: people are added through a campaign."""
        return "nobody is called by this kind"

    def append(
        self, client: Client, remote_id: str, sending: Sending, contacts: Sequence[SendableContact]
    ) -> Outcome:
        """Refuse."""
        raise NotImplementedError("people are added through a campaign")

    def set_phase(
        self, client: Client, remote_id: str, operation: Operation, sending: Sending | None = None
    ) -> Outcome:
        """Refuse: it does not run."""
        raise NotImplementedError("this kind does not run")
