"""A stage for the engine: the planner and a vendor in memory, a state in memory, and applies between them."""

from __future__ import annotations

import datetime as dt
import hashlib
import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from reconciler.backends.memory import MemoryBackend
from reconciler.engine.account import Account
from reconciler.engine.apply import Applying
from reconciler.engine.bench import Bench
from reconciler.engine.fresh import Sight
from reconciler.engine.journal import Journal
from reconciler.engine.observe import Observation, observe
from reconciler.engine.recover import Recovery
from reconciler.model.address import Address, ObjectKey
from reconciler.model.marker import marker
from reconciler.model.objects import WantedObject
from reconciler.model.problem import Location
from reconciler.model.report import Step, StepResult
from reconciler.model.resource import Desired, Limits, Project, ProviderSettings
from reconciler.model.state import Intent, Record
from reconciler.model.value import Reference
from reconciler.planning.basis.scene import ListedPeople, People, Scene
from reconciler.planning.planner import Planned, build_plan
from reconciler.state.people import decode_people
from reconciler.testing.fakes import FakeProvider, FakeVendor
from reconciler.transport.client import Account as Settings
from reconciler.transport.client import Circumstances, Client

NOW = dt.datetime(2027, 1, 4, 12, 0, tzinfo=dt.UTC)
HERE = Location("manifests/a.yaml", 1, 1)


@dataclass(frozen=True)
class Person:
    """One row of a contact list."""

    number: str
    reference: str | None = None
    ani: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)


def digest(number: str) -> bytes:
    """The digest by which somebody is known."""
    return hashlib.blake2b(number.encode(), digest_size=12).digest()


class Rows:
    """A contact list in memory."""

    def __init__(self, numbers: Sequence[str]) -> None:
        self.numbers = list(numbers)

    @property
    def people(self) -> People:
        return {digest(number): digest(number) for number in self.numbers}

    def contacts(self, exact: Collection[bytes]) -> Iterator[Person]:
        return (Person(number) for number in self.numbers if digest(number) in exact)


class Stage:
    """A project of some campaigns, each with a schedule and people, at one account or several.

    `fields` and `states` are what the manifests want; `apply` plans on what shows now, and does it.
    """

    def __init__(
        self, *providers: str, latency: float = 0.0, concurrency: int = 2, list_lag: float = 0.02
    ) -> None:
        self.names = providers or ("fake",)
        self.vendors = {name: FakeVendor() for name in self.names}
        self.backend = MemoryBackend(latency)
        self.stop = threading.Event()
        self.concurrency, self.list_lag = concurrency, list_lag
        self.rows = {"people": Rows([f"+1201555010{number}" for number in range(5)])}
        self.campaigns: dict[str, dict[str, Any]] = {"jan": {}}
        self.days = "mon"
        self.allow: tuple[str, ...] = ()
        self.between: Callable[[], None] = lambda: None
        """Called between the plan and what is done about it."""
        self.lease = self.backend.lease("stage")
        self.journal = self._open()

    @property
    def vendor(self) -> FakeVendor:
        """The first account."""
        return self.vendors[self.names[0]]

    def _open(self) -> Journal:
        journal = Journal(self.backend, holder="stage", clock=NOW.isoformat)
        journal.begin("stage001", "key", 1)
        return journal

    # What is wanted

    def wanted(self) -> tuple[WantedObject, ...]:
        """The objects, all at the account that each names."""
        places = {campaign.get("provider", self.names[0]) for campaign in self.campaigns.values()}
        schedules = [
            WantedObject(
                self.schedule(place),
                "schedule",
                {"nickname": "days", "days": self.days},
                HERE,
                natural_key="days",
            )
            for place in sorted(places)
        ]
        return (*schedules, *(self._campaign(name, **parts) for name, parts in self.campaigns.items()))

    def schedule(self, place: str) -> ObjectKey:
        """The schedule's key at an account."""
        return ObjectKey(Address(place, "schedule", "days"))

    def key(self, name: str = "jan") -> ObjectKey:
        """A campaign's key."""
        campaign = self.campaigns[name]
        return ObjectKey(
            Address(campaign.get("provider", self.names[0]), "campaign", name), campaign.get("run", "1")
        )

    def _campaign(
        self,
        name: str,
        *,
        provider: str = "",
        run: str = "1",
        state: Desired = Desired.RUNNING,
        **fields: Any,
    ) -> WantedObject:
        del run
        place = self.schedule(provider or self.names[0])
        known = {"end_date": "2027-01-20", "script": "a", "schedule": Reference(place)}
        return WantedObject(
            self.key(name),
            "campaign",
            known | fields,
            HERE,
            marker=marker("stage001", self.key(name)),
            depends_on=(place,),
            desired=state,
            contacts="people",
            on_queued_suppression="report",
        )

    # What is done

    @property
    def accounts(self) -> dict[str, Account]:
        """The accounts, with clients that nothing is sent by."""
        return {name: self._account(name) for name in self.names}

    def _account(self, name: str) -> Account:
        provider = FakeProvider(self.vendors[name], concurrency=self.concurrency)
        settings = ProviderSettings(name, "fake", HERE, list_lag=self.list_lag)
        client = Client(Settings(provider=name, base_url=provider.base_url, headers={}), Circumstances())
        return Account(name, settings, provider, client)

    @property
    def project(self) -> Project:
        """The project."""
        settings = {name: account.settings for name, account in self.accounts.items()}
        return Project("stage", "stage001", HERE, settings, limits=Limits(10**6, 100, 100, 100))

    def recovery(self) -> Recovery:
        """Recovery at these accounts."""
        return Recovery(self.project, self.accounts, lambda: NOW, self.stop)

    def plan(self, observation: Observation) -> Planned:
        """What the planner makes of it."""
        snapshot = self.journal.snapshot
        refs = {ref for record in snapshot.records.values() for ref in record.sent}
        refs |= {intent.contacts for intent in snapshot.intents.values() if intent.contacts is not None}
        return build_plan(
            Scene(
                self.project,
                self.wanted(),
                snapshot,
                observation.live,
                {name: account.specs for name, account in self.accounts.items()},
                NOW,
                lists={name: ListedPeople(rows.people, "list") for name, rows in self.rows.items()},
                sent={ref.digest: decode_people(self.journal.read_blob(ref)) for ref in refs},
                allow=self.allow,
                failures=observation.failures,
            )
        )

    def apply(self) -> dict[str, str]:
        """Open the state anew, recover, plan, and carry it out; what each change came to, by its id."""
        self.journal = self._open()
        observation = self.recovery().run(self.journal, observe(self.accounts.values()))
        planned = self.plan(observation)
        self.between()
        self.journal.write(*planned.entries)
        return told(self.applying(planned, observation).run(planned.plan.changes))

    def applying(self, planned: Planned, observation: Observation) -> Applying:
        """An apply of a plan."""
        bench = Bench(
            journal=self.journal,
            accounts=self.accounts,
            wanted=planned.wanted,
            queued=planned.queued,
            lists=self.rows,
            holder="stage",
            clock=NOW.isoformat,
            stopping=self.stop.is_set,
            digest=lambda contact: digest(contact.number),
            check=self.lease.check,
        )
        sight = Sight(bench.accounts, bench.wanted, bench.journal.record, self.stop.wait, observation)
        return Applying(bench, self.recovery(), sight, self.stop)

    def changed(self, **fields: Any) -> None:
        """Want something else of the campaign."""
        self.campaigns["jan"] = self.campaigns["jan"] | fields

    # What there is to see

    def record(self, name: str = "jan") -> Record:
        """A campaign's record, as another process reads it."""
        found = self._open().record(self.key(name))
        assert found is not None
        return found

    def open_intents(self) -> list[Intent]:
        """What is open, as another process reads it."""
        return list(self._open().snapshot.intents.values())


def told(steps: Sequence[Step]) -> dict[str, str]:
    """What each change came to, by its object's kind and what was to be done."""
    return {f"{step.change.kind} {step.change.id.partition('#')[2]}": step.result.value for step in steps}


DONE = StepResult.DONE.value
