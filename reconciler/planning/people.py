"""Who is to be queued, who is kept out, and who was called before: sets of keyed digests."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from reconciler.model.objects import WantedObject
from reconciler.model.state import Operation, Phase, Record
from reconciler.planning.scene import Index, ListedPeople, People, Scene, namesakes, phase_of

EMPTY: People = {}


@dataclass(frozen=True)
class RunPeople:
    """The people of one run.

    `listed` are in its contact list, `allowed` of them not suppressed, `sent` queued already.
    """

    listed: People
    allowed: People
    sent: People
    suppression: frozenset[bytes]
    list_digest: str = ""
    error: str | None = None
    elsewhere: frozenset[bytes] = field(default=frozenset())
    """Sent under the same campaign name and run by another object or provider."""

    @cached_property
    def new(self) -> People:
        """Allowed, and not queued yet for this campaign's run, wherever."""
        if not self.sent and not self.elsewhere:
            return self.allowed
        return {
            exact: broad
            for exact, broad in self.allowed.items()
            if exact not in self.sent and exact not in self.elsewhere
        }

    @cached_property
    def queued_suppressed(self) -> frozenset[bytes]:
        """Queued although suppressed by now."""
        if not self.suppression:
            return frozenset()
        return frozenset(exact for exact, broad in self.sent.items() if broad in self.suppression)

    @cached_property
    def vanished(self) -> frozenset[bytes]:
        """Queued, and in the contact list no more."""
        return (
            frozenset(exact for exact in self.sent if exact not in self.listed)
            if self.listed
            else frozenset()
        )

    @property
    def kept_out(self) -> int:
        """How many of the list are suppressed."""
        return len(self.listed) - len(self.allowed)


def people_of(
    scene: Scene, index: Index, suppression: frozenset[bytes], wanted: WantedObject, record: Record | None
) -> RunPeople:
    """The people of a wanted run."""
    listed = scene.lists.get(wanted.contacts) if wanted.contacts else None
    everybody = listed.people if listed is not None else EMPTY
    return RunPeople(
        listed=everybody,
        allowed=_without(everybody, suppression),
        sent=sent_by(scene, index, record) if record is not None else EMPTY,
        suppression=suppression,
        list_digest=listed.digest if listed is not None else "",
        error=_error(wanted, listed),
        elsewhere=_sent_elsewhere(scene, index, wanted),
    )


def _error(wanted: WantedObject, listed: ListedPeople | None) -> str | None:
    if wanted.contacts is None:
        return None
    return f"contact list {wanted.contacts} was not read" if listed is None else listed.error


def _without(people: People, suppression: frozenset[bytes]) -> People:
    if not suppression or suppression.isdisjoint(people.values()):
        return people
    return {exact: broad for exact, broad in people.items() if broad not in suppression}


class Suppressions:
    """The filter of each campaign, computed once for every set of lists that concerns one."""

    def __init__(self, scene: Scene) -> None:
        self._lists = scene.blacklists
        self._remembered = scene.remembered
        self._filters: dict[frozenset[str], frozenset[bytes]] = {}

    def __call__(self, wanted: WantedObject) -> frozenset[bytes]:
        """Broad digests that a campaign must not reach: its blacklists, and all that was ever suppressed.

        What only lists that do not concern this campaign hold is left out of what is remembered.
        """
        concerned = frozenset(
            name
            for name, listed in self._lists.items()
            if name not in wanted.except_blacklists
            and (not listed.applies_to or wanted.key.address.name in listed.applies_to)
        )
        if concerned not in self._filters:
            self._filters[concerned] = self._filter(concerned)
        return self._filters[concerned]

    def _filter(self, concerned: frozenset[str]) -> frozenset[bytes]:
        mine = frozenset().union(*(self._lists[name].broad for name in concerned))
        others = frozenset().union(
            *(listed.broad for name, listed in self._lists.items() if name not in concerned)
        )
        return mine | (self._remembered - (others - mine))


def sent_by(scene: Scene, index: Index, record: Record) -> People:
    """Who was queued there, counting those whose queueing nobody could confirm once phones can ring."""
    blobs = [blob.digest for blob in record.sent]
    if phase_of(index, record) is not Phase.INERT:
        blobs += [
            intent.contacts.digest
            for intent in index.unknown.get(record.key, ())
            if intent.contacts is not None and intent.operation in (Operation.APPEND, Operation.CREATE)
        ]
    return merged(scene.sent[digest] for digest in blobs if digest in scene.sent)


def merged(sets: Iterable[People]) -> People:
    """The union of several sets of people; one set alone is returned as it is."""
    several = [item for item in sets if item]
    if len(several) <= 1:
        return several[0] if several else EMPTY
    union: dict[bytes, bytes] = {}
    for item in several:
        union |= item
    return union


def _sent_elsewhere(scene: Scene, index: Index, wanted: WantedObject) -> frozenset[bytes]:
    found: set[bytes] = set()
    for record in namesakes(index, wanted.key):
        found |= sent_by(scene, index, record).keys()
    return frozenset(found)


def calls_per_person(scene: Scene, index: Index) -> Counter[bytes]:
    """In how many runs that were ever armed each person was queued."""
    counts: Counter[bytes] = Counter()
    for record in scene.snapshot.records.values():
        if record.sent and phase_of(index, record) is not Phase.INERT:
            counts.update(sent_by(scene, index, record).keys())
    return counts


def digest_of(people: Iterable[bytes]) -> str:
    """A digest of who is in a set, in no order; the digests in it are keyed, so it tells nothing."""
    digest = hashlib.blake2b(digest_size=16)
    for exact in sorted(people):
        digest.update(exact)
    return digest.hexdigest()
