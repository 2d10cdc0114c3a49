"""Apply: the changes of a plan in three movements, wave by wave, each change once and in its order."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from queue import SimpleQueue

from msgspec.structs import replace

from reconciler.engine.bench import READS_ONLY, Bench
from reconciler.engine.creating import create, create_intent
from reconciler.engine.fresh import Sight
from reconciler.engine.observe import observe
from reconciler.engine.recover import Recovery
from reconciler.engine.replacing import replace_part
from reconciler.engine.sending import NotBound
from reconciler.engine.steps import carry_out, may_wait
from reconciler.errors import Held
from reconciler.model.address import ObjectKey
from reconciler.model.plan import Action, Change, Movement
from reconciler.model.report import Step, StepResult
from reconciler.model.state import Intent, Operation, OutcomeWritten, Result

RESUMES = 3
"""So often an append goes on by itself after a lost reply."""

STOPPED = "stopped before it began"
MADE_NO_REQUEST = (StepResult.SKIPPED, StepResult.HELD)

Finished = Callable[[Step], None]
Started = Callable[[Change], None]


@dataclass
class Applying:
    """One apply at work: what it was given, what it sees, and the steps so far.

    `stop` is set by the first signal, and by any trouble: nothing is begun from then on. `started` is
    called from the threads that do the work.
    """

    bench: Bench
    recovery: Recovery
    sight: Sight
    stop: threading.Event
    started: Started = lambda _change: None
    finished: Finished = lambda _step: None
    refused: Mapping[str, str] = field(default_factory=dict)
    steps: dict[str, Step] = field(default_factory=dict)
    unsure: dict[ObjectKey, str] = field(default_factory=dict)
    """Objects of which nobody knows how a change ended, and which: nothing but what is quieter is done to them."""
    carriers: dict[ObjectKey, Change] = field(default_factory=dict)
    owed: dict[ObjectKey, Step] = field(default_factory=dict)
    """Quieter updates that failed: the carrier, the other update of the object, brings what they set along.

    A vendor may refuse a part that makes sense only with the rest, such as a later first day without the
    later last day; and nothing gets louder without what was to get quieter.
    """
    readers: set[str] = field(default_factory=set)
    """Providers that refused a write of somebody who may read: nothing but what is quieter is tried there again."""
    resumed: Counter[str] = field(default_factory=Counter)
    """Appends that lost a reply, by id, and how often: who arrived was read back, so that the others can follow."""
    _pools: dict[str, ThreadPoolExecutor] = field(default_factory=dict)
    _turns: dict[str, threading.Semaphore] = field(default_factory=dict)

    def run(self, changes: Iterable[Change]) -> tuple[Step, ...]:
        """Carry out the changes, which are in order; returns a step for each.

        Quieter ones depend on nothing; each other one only if all that it comes after is done. What is
        raised is raised when nothing is under way any more.
        """
        several = tuple(changes)
        self.carriers = {item.key: item for item in several if self._is_carrier(item)}
        with ExitStack() as stack:
            self._engage(stack)
            try:
                for movement in Movement:
                    self._movement([item for item in several if item.movement is movement])
            except BaseException:
                self.stop.set()
                raise
        return tuple(self.steps[item.id] for item in several)

    def _engage(self, stack: ExitStack) -> None:
        """Threads for each account, so that a slow one keeps no other waiting."""
        for name, account in self.bench.accounts.items():
            workers = self.bench.journal.together * account.concurrency
            pool = ThreadPoolExecutor(max_workers=workers, thread_name_prefix=f"apply-{name}")
            self._pools[name] = stack.enter_context(pool)
            self._turns[name] = threading.Semaphore(account.concurrency)

    def _is_carrier(self, item: Change) -> bool:
        updates = item.action is Action.UPDATE and item.movement is not Movement.QUIETER
        return updates and not item.held and item.id not in self.refused

    def _movement(self, changes: list[Change]) -> None:
        pending = [item for item in changes if not self._dismissed(item)]
        while pending:
            self._skip_lost(pending)
            pending = self._left(pending)
            ready = self._ready(pending)
            if not ready or self.stop.is_set():
                self._skip(pending, STOPPED if ready else "what it needs was not done")
                return
            self._wave(ready)
            pending = self._left(pending)

    def _left(self, pending: Iterable[Change]) -> list[Change]:
        """What has neither ended nor waits for another change to bring it along."""
        waiting = {step.change.id for step in self.owed.values()}
        return [item for item in pending if item.id not in self.steps and item.id not in waiting]

    def _dismissed(self, item: Change) -> bool:
        """Whether a change is not for this apply: held, or not as it was reviewed."""
        if item.held:
            self._end(Step(item, StepResult.HELD, item.held[0].reason))
        elif item.id in self.refused:
            self._end(Step(item, StepResult.STALE, self.refused[item.id]))
        return item.id in self.steps

    def _ready(self, pending: Iterable[Change]) -> list[Change]:
        """What may be done now; of one object a single change at a time, since each builds on its record."""
        found: dict[ObjectKey, Change] = {}
        for item in pending:
            if all(self._is_done(name) for name in item.after):
                found.setdefault(item.key, item)
        return list(found.values())

    def _is_done(self, name: str) -> bool:
        return name in self.steps and self.steps[name].result is StepResult.DONE

    def _skip_lost(self, changes: Iterable[Change]) -> None:
        """End what comes after something that was not done, or would be loud where something is unknown."""
        for item in changes:
            needed = next((n for n in item.after if n in self.steps and not self._is_done(n)), None)
            if needed is None and item.movement is not Movement.QUIETER:
                needed = self.unsure.get(item.key)
            if needed is not None:
                self._end(Step(item, StepResult.SKIPPED, f"needs {needed}"))

    def _skip(self, changes: Iterable[Change], why: str) -> None:
        for item in changes:
            self._end(Step(item, StepResult.SKIPPED, why))

    def _end(self, step: Step) -> None:
        item, carrier = step.change, self.carriers.get(step.change.key)
        if carrier is not None and step.result is StepResult.FAILED and _is_quieter_update(item):
            self.owed[item.key] = step
            return
        self.steps[item.id] = step
        if step.result is StepResult.UNKNOWN:
            self.unsure[item.key] = item.id
        self.finished(step)
        if carrier is not None and carrier.id == item.id and item.key in self.owed:
            self._end_owed(self.owed.pop(item.key), step)

    def _end_owed(self, owed: Step, brought: Step) -> None:
        """End a quieter update as the one that brought it along did."""
        if brought.result is StepResult.DONE:
            owed = replace(owed, result=StepResult.DONE, detail=f"{owed.detail}; done with the rest")
        self.steps[owed.change.id] = owed
        self.finished(owed)

    def _bringing(self, item: Change) -> Change:
        """A change with what it has to bring along."""
        owed = self.owed.get(item.key)
        if owed is None or self.carriers[item.key].id != item.id:
            return item
        return replace(item, differences=(*owed.change.differences, *item.differences))

    # One wave

    def _wave(self, wave: list[Change]) -> None:
        """Changes that do not depend on each other: looked at again where needed, then all at once."""
        self.sight.look(wave)
        self.bench.notes.extend(self.sight.read_back(wave, self.bench.clock()))
        fitting = [self._bringing(item) for item in wave if self._still_fits(item)]
        intents = self._announce([item for item in fitting if item.action is Action.CREATE])
        futures = {
            self._pools[item.address.provider].submit(self._work, item, intents.get(item.id)): item
            for item in fitting
            if item.id not in self.steps
        }
        lost = self._gather(futures)
        self._withdraw(intents)
        if lost:
            self._settle(lost)

    def _still_fits(self, item: Change) -> bool:
        """Whether an object is still what the change was planned on; where not, the step ends here."""
        misfit = self.sight.misfit(item)
        if misfit is not None:
            result, why = misfit
            self._end(Step(item, result, why, retryable=result is StepResult.FAILED))
        return misfit is None

    def _announce(self, creates: list[Change]) -> dict[str, Intent]:
        """Write the intents of a wave's creates in one go: each can be looked for (law 3)."""
        intents: dict[str, Intent] = {}
        if self.stop.is_set():
            return intents
        for item in creates:
            try:
                intents[item.id] = create_intent(self.bench, item, self.sight.bearing(item))
            except NotBound as missing:
                self._end(Step(item, StepResult.FAILED, f"{missing} does not exist"))
        try:
            self.bench.announce(*intents.values())
        except Held as held:
            for item in creates:
                if item.id in intents:
                    self._end(Step(item, StepResult.HELD, held.message))
            return {}
        return intents

    def _work(self, item: Change, intent: Intent | None) -> Step:
        """Carry out one change, on a thread of its account's."""
        if intent is not None:
            return self._begun(item, lambda: create(self.bench, item, intent))
        carried = replace_part if item.action is Action.REPLACE else carry_out
        if may_wait(self.bench, item):
            return self._begun(item, lambda: carried(self.bench, item))
        with self._turns[item.address.provider]:  # no intent is written before its request may leave at once
            return self._begun(item, lambda: carried(self.bench, item))

    def _begun(self, item: Change, work: Callable[[], Step]) -> Step:
        if self.stop.is_set():
            return Step(item, StepResult.SKIPPED, STOPPED)
        provider = item.address.provider
        if provider in self.readers and item.movement is not Movement.QUIETER:
            return Step(item, StepResult.HELD, READS_ONLY)
        self.started(item)
        try:
            step = work()
        except BaseException:
            self.stop.set()  # here, before this thread or another begins the next change
            raise
        if step.credentials:
            self.readers.add(provider)
        return step

    def _gather(self, futures: Mapping[Future[Step], Change]) -> list[Step]:
        """Take in what ended; returns the steps of which nobody knows how they ended, though it may show.

        A failure of the state itself ends everything, once what is under way is over: intents that nobody
        could settle stay open, and are looked for by the next apply.
        """
        lost: list[Step] = []
        trouble: BaseException | None = None
        ended: SimpleQueue[Future[Step]] = SimpleQueue()
        for work in futures:
            work.add_done_callback(ended.put)
        for _ in futures:
            work = ended.get()
            try:
                step = work.result()
            except BaseException as error:  # noqa: BLE001 - raised again below, when no request is under way
                trouble = trouble or error
                continue
            if step.result not in MADE_NO_REQUEST:
                self.sight.wrote(step.change, step.result)
            if step.result is StepResult.UNKNOWN and step.change.action is not Action.START:
                lost.append(step)
            else:
                self._end(step)
        if trouble is not None:
            raise trouble
        return lost

    def _withdraw(self, intents: Mapping[str, Intent]) -> None:
        """Write down that creates which were announced were not sent after all."""
        skipped = {name for name, step in self.steps.items() if step.result in MADE_NO_REQUEST}
        now, journal = self.bench.clock(), self.bench.journal
        journal.write(
            *(
                OutcomeWritten(intent.id, Result.NOT_SENT, now, evidence=STOPPED)
                for name, intent in intents.items()
                if name in skipped and journal.intent(intent.id) is not None
            )
        )

    # What got no reply

    def _settle(self, lost: list[Step]) -> None:
        """Look for what got no reply, and end its step by what was found; after a signal it stays unknown."""
        if not self.stop.is_set():
            names = sorted({step.change.address.provider for step in lost})
            seen = observe((self.bench.accounts[name] for name in names), lists=False)
            self.sight.saw(self.recovery.run(self.bench.journal, seen))
        open_keys = {intent.key for intent in self.bench.journal.snapshot.intents.values()}
        for step in lost:
            if not self._goes_on(step, still_open=step.change.key in open_keys):
                self._end(self._looked_up(step, still_open=step.change.key in open_keys))

    def _goes_on(self, step: Step, *, still_open: bool) -> bool:
        """Whether an append can go on at once, with those who were not among the people read back."""
        item = step.change
        shown = item.action is Action.APPEND and self.bench.spec(item).operation(Operation.APPEND).shows
        if not shown or still_open or self.stop.is_set() or self.resumed[item.id] >= RESUMES:
            return False
        self.resumed[item.id] += 1
        self.bench.resumed.add(item.id)
        return True

    def _looked_up(self, step: Step, *, still_open: bool) -> Step:
        item = step.change
        record = self.bench.journal.record(item.key)
        if still_open:
            return Step(item, StepResult.UNKNOWN, step.detail, step.seconds, None, step.request_id)
        if item.action is Action.CREATE and record is not None and record.remote_id is not None:
            detail = f"{step.detail}; looked for it, found it, adopted"
            return Step(item, StepResult.DONE, detail, step.seconds, record.remote_id, step.request_id)
        gone = record is None or record.remote_id is None
        if item.action is Action.DELETE and gone:
            return Step(
                item, StepResult.DONE, f"{step.detail}; it is gone", step.seconds, None, step.request_id
            )
        detail = f"{step.detail}; nothing is lost, the next apply does it again"
        return Step(item, StepResult.FAILED, detail, step.seconds, None, step.request_id, retryable=True)


def _is_quieter_update(item: Change) -> bool:
    return item.action is Action.UPDATE and item.movement is Movement.QUIETER
