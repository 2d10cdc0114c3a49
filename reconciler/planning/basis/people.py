"""Who is to be queued, who is kept out, and who was called before: sets of keyed digests."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from reconciler.model.address import ObjectKey
from reconciler.model.objects import WantedObject
from reconciler.model.state import Operation, Phase, Record
from reconciler.planning.basis.scene import Index, ListedPeople, People, Scene, namesakes, phase_of

EMPTY: People = {}
NOBODY: frozenset[bytes] = frozenset()


class RunPeople(Struct, frozen=True):
    """The people of one run.

    `listed` are in its contact list, `allowed` of them not suppressed, `sent` queued already. `new` are
    allowed, and not queued yet for this campaign's run, wherever. `queued_suppressed` are queued although
    suppressed by now; `vanished` are queued, and in the contact list no more.
    """

    listed: People
    allowed: People
    sent: People
    new: People
    queued_suppressed: frozenset[bytes] = NOBODY
    vanished: frozenset[bytes] = NOBODY
    list_digest: str = ""
    error: str | None = None

    @property
    def kept_out(self) -> int:
        """How many of the list are suppressed."""
        return len(self.listed) - len(self.allowed)


def people_of(
    scene: Scene,
    index: Index,
    suppression: frozenset[bytes],
    wanted: WantedObject,
    record: Record | None,
    barred: frozenset[bytes],
) -> RunPeople:
    """The people of a wanted run; `barred` are those whom its vendor keeps from being called itself.

    Of those who are queued they need not be taken out.
    """
    listed = scene.lists.get(wanted.contacts) if wanted.contacts else None
    everybody = listed.people if listed is not None else EMPTY
    sent = sent_by(scene, index, record) if record is not None else EMPTY
    if not everybody and not sent:
        digest = listed.digest if listed is not None else ""
        return RunPeople(EMPTY, EMPTY, EMPTY, EMPTY, list_digest=digest, error=_error(wanted, listed))
    allowed = _without(everybody, suppression)
    return RunPeople(
        listed=everybody,
        allowed=allowed,
        sent=sent,
        new=_new(allowed, sent, _sent_elsewhere(scene, index, wanted.key)),
        queued_suppressed=suppressed(
            _left(scene, record, sent), suppression - barred if barred else suppression
        ),
        vanished=_beyond(sent, everybody) if everybody else NOBODY,
        list_digest=listed.digest if listed is not None else "",
        error=_error(wanted, listed),
    )


def _left(scene: Scene, record: Record | None, sent: People) -> People:
    """Those of the people queued who were not withdrawn since."""
    if record is None or not record.withdrawn:
        return sent
    gone = merged([scene.sent[ref.digest] for ref in record.withdrawn if ref.digest in scene.sent])
    return {exact: broad for exact, broad in sent.items() if exact not in gone}


def _new(allowed: People, sent: People, elsewhere: frozenset[bytes]) -> People:
    if elsewhere:
        allowed = {exact: broad for exact, broad in allowed.items() if exact not in elsewhere}
    if allowed.keys() <= sent.keys():
        return EMPTY
    if sent.keys().isdisjoint(allowed):
        return allowed
    return {exact: broad for exact, broad in allowed.items() if exact not in sent}


def suppressed(sent: People, suppression: frozenset[bytes]) -> frozenset[bytes]:
    """Those of the people queued who are suppressed."""
    if not sent or suppression.isdisjoint(sent.values()):
        return NOBODY
    return frozenset([exact for exact, broad in sent.items() if broad in suppression])


def _beyond(people: People, others: People) -> frozenset[bytes]:
    return NOBODY if people.keys() <= others.keys() else frozenset(people.keys() - others.keys())


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
        self._remembered = scene.remembered.union(*scene.stored.values())
        self._ours = scene.remembered
        self._stored = scene.stored
        self._general = frozenset([name for name, listed in self._lists.items() if not listed.applies_to])
        self._particular: dict[str, list[str]] = {}
        for name, listed in self._lists.items():
            for campaign in listed.applies_to:
                self._particular.setdefault(campaign, []).append(name)
        self._filters: dict[frozenset[str], frozenset[bytes]] = {}
        self._alone: dict[tuple[str, frozenset[str]], frozenset[bytes]] = {}

    def __call__(self, name: str, excepted: Iterable[str] = ()) -> frozenset[bytes]:
        """Broad digests that a campaign must not reach: blacklists, what is remembered, vendors' own lists."""
        if not (self._lists or self._remembered):
            return NOBODY
        concerned = self._concerned(name, excepted)
        if concerned not in self._filters:
            self._filters[concerned] = self._filter(concerned)
        return self._filters[concerned]

    def barred(self, provider: str, name: str, excepted: Iterable[str] = ()) -> frozenset[bytes]:
        """Whom a provider's own list alone keeps from being called there."""
        stored = self._stored.get(provider, NOBODY)
        if not stored:
            return NOBODY
        concerned = self._concerned(name, excepted)
        if (provider, concerned) not in self._alone:
            others = (broad for other, broad in self._stored.items() if other != provider)
            lists = (self._lists[each].broad for each in concerned)
            self._alone[provider, concerned] = stored.difference(self._ours, *others, *lists)
        return self._alone[provider, concerned]

    def _concerned(self, name: str, excepted: Iterable[str]) -> frozenset[str]:
        """The lists that keep people from being called by a campaign."""
        return self._general.union(self._particular.get(name, ())).difference(excepted)

    def _filter(self, concerned: frozenset[str]) -> frozenset[bytes]:
        return self._remembered.union(*(self._lists[name].broad for name in concerned))


def sent_by(scene: Scene, index: Index, record: Record) -> People:
    """Who was queued there, counting those whose queueing nobody could confirm once phones can ring."""
    blobs = [blob.digest for blob in record.sent]
    if index.unknown and phase_of(index, record) is not Phase.INERT:
        blobs += [
            intent.contacts.digest
            for intent in index.unknown.get(record.key, ())
            if intent.contacts is not None and intent.operation in (Operation.APPEND, Operation.CREATE)
        ]
    return merged([scene.sent[digest] for digest in blobs if digest in scene.sent])


def merged(sets: Iterable[People]) -> People:
    """The union of several sets of people; one set alone is returned as it is."""
    several = [item for item in sets if item]
    if len(several) <= 1:
        return several[0] if several else EMPTY
    union: dict[bytes, bytes] = {}
    for item in several:
        union |= item
    return union


def _sent_elsewhere(scene: Scene, index: Index, key: ObjectKey) -> frozenset[bytes]:
    others = namesakes(index, key)
    return NOBODY.union(*[sent_by(scene, index, record) for record in others]) if others else NOBODY


def twice(sets: Iterable[Iterable[bytes]]) -> frozenset[bytes]:
    """Who is in more than one of the sets."""
    once: set[bytes] = set()
    again: set[bytes] = set()
    for item in sets:
        again |= once.intersection(item)
        once.update(item)
    return frozenset(again)
