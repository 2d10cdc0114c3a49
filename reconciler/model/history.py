"""History: the log's entries as somebody reads them."""

from __future__ import annotations

from msgspec import Struct

from reconciler.model.address import Address, ObjectKey


class HistoryLine(Struct, frozen=True):
    """One entry: when, by whom, what, and why. `people` is how many it concerns; never who."""

    serial: int
    time: str
    who: str
    what: str
    key: ObjectKey | None = None
    people: int = 0
    reason: str = ""


class Link(Struct, frozen=True):
    """One entry of a run's chain, and the head of the log after it.

    `step`: intent, outcome (of a request), read back (settled by looking, or taken over), answer (a person's), or
    record. `digest`: of the settings or the people that an intent announced, people under the project's key.
    `shown`: of the settings that the vendor showed just before. `unknown`: nobody knew how it had ended.
    """

    line: HistoryLine
    head: str
    step: str = ""
    intent_id: str = ""
    request: str = ""
    digest: str = ""
    shown: str = ""
    marker: str = ""
    unknown: bool = False


class RunProof(Struct, frozen=True):
    """All that was done for one run of an address."""

    address: Address
    run: str
    links: tuple[Link, ...]

    @property
    def open(self) -> tuple[Link, ...]:
        """Intents of which the log has no end."""
        found: dict[str, Link] = {}
        for link in self.links:
            if link.step == "intent":
                found[link.intent_id] = link
            elif not link.unknown:
                found.pop(link.intent_id, None)
        return tuple(found.values())

    @property
    def queued(self) -> int:
        """How many people its requests announced that were carried out."""
        done = {link.intent_id for link in self.links if link.line.what.endswith(": done")}
        return sum(
            link.line.people for link in self.links if link.step == "intent" and link.intent_id in done
        )


class Proof(Struct, frozen=True):
    """The log as a chain. `given` is a head from outside, and `at` the entry after which the log had it."""

    head: str
    entries: int
    runs: tuple[RunProof, ...]
    given: str | None = None
    at: int | None = None
    seal: str = ""
    now: tuple[str, ...] = ()
    """What the vendor shows at this moment, a line for each object; not part of the log."""
