"""wolkvox's do-not-call list of outbound calls: added to, read back, never shortened by us."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reconciler.errors import CredentialsError, UnreachableError
from reconciler.model.kind import KindSpec, Lookup, OperationSpec
from reconciler.model.outcome import Outcome
from reconciler.model.state import Operation, Result
from reconciler.model.value import Fields
from reconciler.providers.base import SendableContact, Sending
from reconciler.providers.partial import OnlyGrows
from reconciler.providers.wolkvox import client as api
from reconciler.providers.wolkvox import contact as contacts_of
from reconciler.providers.wolkvox import reading, wire
from reconciler.providers.wolkvox.about import BATCH
from reconciler.providers.wolkvox.dialect import list_of, read_write
from reconciler.transport.client import Client

LOAD = BATCH // 2
"""People in one load, each in both spellings: ten thousand numbers, which is what any upload may have."""

SPEC = KindSpec(
    name="blacklist",
    fields=(),
    operations=(
        OperationSpec(
            Operation.APPEND,
            Lookup.NONE,
            repeatable=True,
            undoable=False,
            promise="Adding somebody twice does no harm: sent again until the list shows them all, and nothing is "
            "started there before.",
        ),
    ),
    suppresses=True,
    deletable=False,
    batch=LOAD,
)


class BlacklistKind(OnlyGrows):
    """The verbs of the account's list."""

    spec = SPEC

    def unsendable(self, fields: Fields, contact: SendableContact) -> str | None:
        """Say why somebody cannot be put on the list; they are kept out here all the same."""
        return contacts_of.unsendable(contact, contacts_of.dialling(fields))

    def read(self, client: Client) -> Sequence[Any]:
        """List whom the operation does not call."""
        return reading.items(client, api.list_dnc(), list_of(*reading.NUMBER_NAMES))

    def append(
        self,
        client: Client,
        remote_id: str,  # noqa: ARG002 - the account has one list
        sending: Sending,
        contacts: Sequence[SendableContact],
    ) -> Outcome:
        """Add these people, each in every spelling, and see that they are there."""
        dial = contacts_of.dialling(sending.fields)
        spelled = [dial.spellings(contact.number) for contact in contacts]
        left = sum(not each for each in spelled)
        numbers = [number for each in spelled for number in each]
        remark = f"{left} numbers are of another country; they are kept out here" if left else ""
        if not numbers:
            return Outcome(Result.DONE, remark)
        outcome = client.send(api.add_dnc(numbers), read_write).outcome()
        if not outcome.done:
            return outcome
        lacking = self._lacking(client, numbers)
        if lacking:
            return Outcome(Result.UNKNOWN, lacking, request_id=outcome.request_id)
        return Outcome(Result.DONE, remark, request_id=outcome.request_id)

    def _lacking(self, client: Client, numbers: Sequence[str]) -> str:
        """Say what the list lacks of what was added; nothing where it has all of it."""
        try:
            shown = {wire.text(item.get(name)) for item in self.read(client) for name in reading.NUMBER_NAMES}
        except (UnreachableError, CredentialsError) as error:
            return f"added, but the list could not be read back: {error.message}"
        missing = sum(number not in shown for number in numbers)
        return f"added, but the list lacks {missing} of {len(numbers)} numbers" if missing else ""
