"""The people of a plan: contact lists and blacklists read, and those whom the state remembers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING

from msgspec import Struct, field

from reconciler.contacts.digest import Digester
from reconciler.engine.journal import Journal
from reconciler.model.address import Address
from reconciler.model.objects import WantedObject
from reconciler.model.problem import Problem
from reconciler.model.resource import Manifests
from reconciler.model.state import REPLACED, BlobRef, LogEntry, Phase, Record, Snapshot, SuppressionRemembered
from reconciler.planning.basis.scene import ListedPeople, ListedSuppression, People
from reconciler.planning.basis.transitions import is_spare
from reconciler.providers.base import NumberAlone, SendableContact
from reconciler.state.people import decode_broad, decode_people, encode_broad
from reconciler.workflow.workspace import Workspace

if TYPE_CHECKING:
    from reconciler.contacts.blacklist import BlacklistFile
    from reconciler.contacts.contact import ContactFile

SHRINK_PERCENT = 1
"""A blacklist that lost more than this is an error (law 8)."""

OTHER_KEY = "the key is not the one that the state was written with"


class SuppressedRows(Struct, frozen=True):
    """A blacklist that can give the numbers of chosen people."""

    file: BlacklistFile
    digester: Digester

    def contacts(self, exact: frozenset[bytes]) -> Iterator[NumberAlone]:
        """The people by their broad digests; the one way in which suppression knows them."""
        return map(NumberAlone, self.file.numbers(self.digester, exact))

    def key(self, contact: SendableContact) -> bytes:
        """How suppression knows a person."""
        return self.digester.broad(contact.number)


class Crowd(Struct, frozen=True):
    """Everybody a plan has to do with, as keyed digests; the files give the rows to send.

    `blacklists` are whom each ever held, `blacklisted` whom its file holds now, `memory` whom state remembers
    of each, `remembered` those of lists that are gone.
    """

    lists: Mapping[str, ListedPeople] = field(default_factory=dict)
    blacklists: Mapping[str, ListedSuppression] = field(default_factory=dict)
    blacklisted: Mapping[str, frozenset[bytes]] = field(default_factory=dict)
    memory: Mapping[str, frozenset[bytes]] = field(default_factory=dict)
    sent: Mapping[str, People] = field(default_factory=dict)
    files: Mapping[str, ContactFile] = field(default_factory=dict)
    suppressions: Mapping[str, SuppressedRows] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    @property
    def remembered(self) -> frozenset[bytes]:
        """Whom blacklists held that the manifests do not have any more: they stay suppressed, for everybody."""
        gone = (broad for name, broad in self.memory.items() if name not in self.blacklists)
        return frozenset().union(*gone)

    @property
    def listed(self) -> frozenset[bytes]:
        """Whom any blacklist of the manifests holds, or ever held."""
        return frozenset().union(*(listed.broad for listed in self.blacklists.values()))

    def earliest(self, name: str, instant: dt.datetime) -> str | None:
        """The earliest `HH:MM` that an instant is for one of a list's people, by number prefix."""
        contacts = self.files.get(name)
        if contacts is None or not contacts.people:
            return None
        from reconciler.contacts.zone import earliest_local, zone_table

        return earliest_local(instant, zone_table(contacts)).isoformat(timespec="minutes")


def gather(workspace: Workspace, wanted: tuple[WantedObject, ...], snapshot: Snapshot) -> Crowd:
    """Read the lists that some run still needs, all blacklists, and what the state remembers."""
    if not workspace.key_fits:
        return _unknown_crowd(workspace.loaded.manifests)
    return gather_anew(workspace, wanted, snapshot)


def gather_anew(workspace: Workspace, wanted: tuple[WantedObject, ...], snapshot: Snapshot) -> Crowd:
    """The same whatever key the state was written with; then what it remembers matches nobody."""
    names = _needed(wanted, snapshot)
    files = {name: _contacts(workspace, name) for name in names}
    blacklists = {name: _blacklist(workspace, name) for name in workspace.loaded.manifests.blacklists}
    problems = [problem for file in files.values() for problem in file.problems]
    problems += [problem for listed in blacklists.values() for problem in listed.problems]
    memory = _memory(workspace.journal, snapshot)
    return Crowd(
        lists={name: _listed(file) for name, file in files.items()},
        blacklists={
            name: _suppression(workspace.loaded.manifests, name, listed, snapshot, memory)
            for name, listed in blacklists.items()
        },
        blacklisted={name: listed.broad for name, listed in blacklists.items()},
        memory=memory,
        sent=_sent(workspace.journal, snapshot),
        files=files,
        suppressions={name: SuppressedRows(file, workspace.digester) for name, file in blacklists.items()},
        problems=tuple(problems),
    )


def _unknown_crowd(manifests: Manifests) -> Crowd:
    """With another key nobody can be told from anybody: nothing is sent, what is quieter still goes on."""
    problem = Problem(
        "STA23",
        OTHER_KEY,
        "bring back the key that the state names; until then nothing that sends is done",
    )
    return Crowd(
        lists={name: ListedPeople({}, "", OTHER_KEY) for name in manifests.contact_lists},
        blacklists={"": ListedSuppression(frozenset(), OTHER_KEY)},
        problems=(problem,),
    )


def _needed(wanted: tuple[WantedObject, ...], snapshot: Snapshot) -> list[str]:
    """The contact lists of runs that are not over; those of others may be gone.

    What was set aside because it never rang says nothing: its run is still to be made.
    """
    runs: dict[tuple[Address, str], list[Record]] = {}
    for key, record in snapshot.records.items():
        if not is_spare(key):
            runs.setdefault((key.address, key.run), []).append(record)
    ended = {run for run, records in runs.items() if _is_over(records)}
    several = ((item.contacts, (item.key.address, item.key.run)) for item in wanted)
    return sorted({name for name, run in several if name is not None and run not in ended})


def _is_over(records: list[Record]) -> bool:
    """Whether all parts of a run are, and the newest was not stopped for another one that takes its rest over."""
    newest = max(records, key=lambda item: item.key.part)
    return newest.ended != REPLACED and all(item.phase is Phase.ENDED for item in records)


def _contacts(workspace: Workspace, name: str) -> ContactFile:
    from reconciler.contacts.contact import read_contacts

    declared = workspace.loaded.manifests.contact_lists[name]
    return read_contacts(
        declared, root=workspace.root, environment=workspace.options.environment, digester=workspace.digester
    )


def _blacklist(workspace: Workspace, name: str) -> BlacklistFile:
    from reconciler.contacts.blacklist import read_blacklist

    declared = workspace.loaded.manifests.blacklists[name]
    return read_blacklist(
        declared, root=workspace.root, environment=workspace.options.environment, digester=workspace.digester
    )


def _listed(file: ContactFile) -> ListedPeople:
    wrong = next((problem.message for problem in file.problems if problem.is_error), None)
    return ListedPeople(file.people if wrong is None else {}, file.digest, wrong)


def _suppression(
    manifests: Manifests,
    name: str,
    file: BlacklistFile,
    snapshot: Snapshot,
    memory: Mapping[str, frozenset[bytes]],
) -> ListedSuppression:
    applies_to, ever = manifests.blacklists[name].applies_to, file.broad | memory.get(name, frozenset())
    wrong = next((problem.message for problem in file.problems if problem.is_error), None)
    if wrong is not None:
        return ListedSuppression(ever, wrong, applies_to=applies_to)
    before = snapshot.blacklists.get(name, 0)
    if (before - len(file.broad)) * 100 > before * SHRINK_PERCENT:
        text = f"it has {len(file.broad)} people, it had {before}; what it lost stays suppressed"
        return ListedSuppression(ever, text, "shrink", applies_to)
    return ListedSuppression(ever, applies_to=applies_to)


def _memory(journal: Journal, snapshot: Snapshot) -> dict[str, frozenset[bytes]]:
    """Whom each blacklist ever held, by what earlier applies have read."""
    return {
        name: frozenset().union(*(decode_broad(journal.read_blob(ref)) for ref in refs))
        for name, refs in snapshot.suppressed.items()
    }


def _sent(journal: Journal, snapshot: Snapshot) -> dict[str, People]:
    """The people behind every set that records and open intents name."""
    refs: set[BlobRef] = {
        ref for record in snapshot.records.values() for ref in (*record.sent, *record.withdrawn)
    }
    refs |= {intent.contacts for intent in snapshot.intents.values() if intent.contacts is not None}
    return {ref.digest: decode_people(journal.read_blob(ref)) for ref in refs}


def remember(workspace: Workspace, crowd: Crowd, consents: Collection[str] = ()) -> tuple[LogEntry, ...]:
    """The entry that keeps newly suppressed people for ever, by list; none when nothing is new.

    A list that shrank is measured anew from there once somebody consented to that; nobody is freed by it.
    """
    held = crowd.blacklisted
    counts = {
        name: len(held[name])
        for name, listed in crowd.blacklists.items()
        if name in held and (listed.error is None or listed.consent in consents)
    }
    fresh = {name: broad - crowd.memory.get(name, frozenset()) for name, broad in held.items()}
    snapshot = workspace.journal.snapshot
    if not any(fresh.values()) and all(
        snapshot.blacklists.get(name) == count for name, count in counts.items()
    ):
        return ()
    write = workspace.journal.write_blob
    added = {name: write(encode_broad(broad), len(broad)) for name, broad in fresh.items() if broad}
    return (SuppressionRemembered(added, {**snapshot.blacklists, **counts}, workspace.stamp()),)
