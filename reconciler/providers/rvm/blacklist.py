"""RVM's blacklist: the account's own do-not-call list, which is added to and never read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reconciler.model.kind import KindSpec, Lookup, OperationSpec
from reconciler.model.outcome import Outcome
from reconciler.model.state import Operation, Result
from reconciler.model.value import Fields
from reconciler.providers.base import SendableContact, Sending
from reconciler.providers.partial import OnlyGrows
from reconciler.providers.rvm import client as api
from reconciler.providers.rvm import contact as contacts_of
from reconciler.providers.rvm.about import LOAD
from reconciler.providers.rvm.dialect import read_reply
from reconciler.transport.client import Client

SPEC = KindSpec(
    name="blacklist",
    fields=(),
    operations=(
        OperationSpec(
            Operation.APPEND,
            Lookup.NONE,
            repeatable=True,
            undoable=False,
            promise="Nothing shows the list, and adding somebody twice does no harm: sent again until it is "
            "confirmed, and nothing is started there before.",
        ),
    ),
    suppresses=True,
    deletable=False,
    batch=LOAD,
    hidden=("who is on it",),
)


class BlacklistKind(OnlyGrows):
    """The one verb of the account's list."""

    spec = SPEC

    def unsendable(self, fields: Fields, contact: SendableContact) -> str | None:  # noqa: ARG002 - the interface
        """Say why somebody cannot be put on the list; they are kept out here all the same."""
        return contacts_of.unsendable(contact)

    def read(self, client: Client) -> Sequence[Any]:  # noqa: ARG002 - the interface
        """Show nothing: there is no such request."""
        return ()

    def append(
        self,
        client: Client,
        remote_id: str,  # noqa: ARG002 - the account has one list
        sending: Sending,  # noqa: ARG002 - it has no settings
        contacts: Sequence[SendableContact],
    ) -> Outcome:
        """Load these people, each in every spelling; one that the vendor cannot store is left out."""
        spelled = [contacts_of.spellings(contact.number) for contact in contacts]
        left = sum(not each for each in spelled)
        numbers = [number for each in spelled for number in each]
        remark = f"{left} numbers have no form that RVM stores; they are kept out here" if left else ""
        if not numbers:
            return Outcome(Result.DONE, remark)
        outcome = client.send(api.load_blacklist(numbers), read_reply).outcome()
        return Outcome(outcome.result, outcome.reason or remark, request_id=outcome.request_id)
