"""Who is queued, read back from a vendor that shows it: where a reply was lost, or where counts differ.

What is read are numbers; they are compared as keyed digests and go no further than here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from msgspec import Struct

from reconciler.engine.account import Account
from reconciler.errors import CredentialsError, UnreachableError
from reconciler.model.address import ObjectKey
from reconciler.model.objects import LiveObject, Strays
from reconciler.model.state import BlobRef, Intent, Operation, Phase, Record, Snapshot
from reconciler.planning.basis.scene import People
from reconciler.providers.base import Showing
from reconciler.state.people import decode_people, encode_people

Live = Mapping[str, tuple[LiveObject, ...]]


class ReadBack(Struct, frozen=True):
    """What comparing takes: how a number is known to state, and where sets of people are kept."""

    exact: Callable[[str], bytes]
    read: Callable[[BlobRef], bytes]
    write: Callable[[bytes, int], BlobRef]

    def people(self, refs: Iterable[BlobRef]) -> People:
        """Everybody in some stored sets."""
        found: dict[bytes, bytes] = {}
        for ref in refs:
            found |= decode_people(self.read(ref))
        return found

    def queued(self, account: Account, record: Record) -> frozenset[bytes] | None:
        """Whom the vendor shows in an object of ours; None where it does not show it, or could not be read."""
        kind = account.kind(record.kind)
        if not isinstance(kind, Showing) or record.remote_id is None:
            return None
        try:
            numbers = kind.queued(account.client, record.remote_id, record.fields)
        except (UnreachableError, CredentialsError):
            return None
        return frozenset(map(self.exact, numbers))

    def compared(self, account: Account, record: Record) -> Strays | None:
        """How an object differs from what was queued there; None where its vendor does not show it."""
        there = self.queued(account, record)
        if there is None:
            return None
        sent, withdrawn = self.people(record.sent).keys(), self.people(record.withdrawn).keys()
        return Strays(missing=len(sent - withdrawn - there), strangers=len(there - sent))

    def strays(
        self, accounts: Mapping[str, Account], snapshot: Snapshot, live: Live
    ) -> dict[ObjectKey, Strays]:
        """The runs whose vendor shows another number than we queued, and other people, too."""
        shown = {
            (name, item.kind, item.remote_id): item.people for name, items in live.items() for item in items
        }
        open_keys = {intent.key for intent in snapshot.intents.values()}
        found: dict[ObjectKey, Strays] = {}
        for key, record in snapshot.records.items():
            count = shown.get((key.address.provider, record.kind, record.remote_id or ""))
            if record.phase is Phase.ENDED or key in open_keys or count in (None, queued_count(record)):
                continue
            strays = self.compared(accounts[key.address.provider], record)
            if strays is not None and strays != Strays():
                found[key] = strays
        return found

    def arrived(self, accounts: Mapping[str, Account], snapshot: Snapshot, live: Live) -> dict[str, BlobRef]:
        """By open intent, those of its people who show; nothing about intents whose object cannot be read."""
        seen: dict[tuple[str, str], frozenset[bytes] | None] = {}
        found: dict[str, BlobRef] = {}
        for intent in snapshot.intents.values():
            record = snapshot.records.get(intent.key)
            if record is None or not _is_shown(intent, record, accounts, live):
                continue
            slot = intent.key.address.provider, str(record.remote_id)
            if slot not in seen:
                seen[slot] = self.queued(accounts[slot[0]], record)
            there, meant = seen[slot], self.people([intent.contacts] if intent.contacts is not None else [])
            if there is not None:
                present = {exact: broad for exact, broad in meant.items() if exact in there}
                found[intent.id] = self.write(encode_people(present), len(present))
        return found


def queued_count(record: Record) -> int:
    """How many people were queued in an object."""
    return sum(ref.count for ref in record.sent)


def _is_shown(intent: Intent, record: Record, accounts: Mapping[str, Account], live: Live) -> bool:
    """Whether it queued people in an object that was seen just now."""
    provider = intent.key.address.provider
    if intent.operation is not Operation.APPEND or intent.handle or provider not in accounts:
        return False
    return any(
        item.kind == record.kind and item.remote_id == record.remote_id for item in live.get(provider, ())
    )
