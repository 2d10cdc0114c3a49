"""Apply: the changes of a plan in three movements, wave by wave, each change once and in its order."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field

from reconciler.engine.observe import Observation, observe
from reconciler.engine.recover import READS, Recovery
from reconciler.engine.sending import NotBound
from reconciler.engine.steps import Bench, carry_out, create, create_intent
from reconciler.errors import Held
from reconciler.model.address import ObjectKey
from reconciler.model.objects import LiveObject
from reconciler.model.plan import Action, Change, Movement
from reconciler.model.report import Step, StepResult
from reconciler.model.state import Intent, Record
from reconciler.planning.decision import live_digest

FRESH = 5.0
"""Seconds for which what was read of a vendor is fresh enough to write upon (law 11)."""

Finished = Callable[[Step], None]
Started = Callable[[Change], None]


@dataclass
class Applying:
    """One apply at work: what it was given, what it has seen last, and the steps so far.

    `touched` are objects that it wrote to, `unread` those of them that it has not read since.
    """

    bench: Bench
    recovery: Recovery
    observation: Observation
    stop: threading.Event
    started: Started = lambda _change: None
    finished: Finished = lambda _step: None
    refused: Mapping[str, str] = field(default_factory=dict)
    steps: dict[str, Step] = field(default_factory=dict)
    touched: set[ObjectKey] = field(default_factory=set)
    unread: set[ObjectKey] = field(default_factory=set)
    read_at: float = field(default_factory=time.monotonic)

    def run(self, changes: Iterable[Change]) -> tuple[Step, ...]:
        """Carry out the changes, which are in order; returns a step for each.

        Quieter ones depend on nothing; each other one only if all that it comes after is done.
        """
        several = tuple(changes)
        workers = max(1, sum(account.concurrency for account in self.bench.accounts.values()))
        with ThreadPoolExecutor(max_workers=workers, thread_name_prefix="apply") as pool:
            for movement in Movement:
                self._movement(pool, [item for item in several if item.movement is movement])
        return tuple(self.steps[item.id] for item in several)

    def _movement(self, pool: ThreadPoolExecutor, changes: list[Change]) -> None:
        pending = [item for item in changes if not self._dismissed(item)]
        while pending:
            ready = [item for item in pending if self._is_ready(item)]
            if not ready:
                self._skip(pending, "what it needs was not done")
                return
            if self.stop.is_set():
                self._skip(pending, "stopped before it began")
                return
            self._wave(pool, ready)
            self._skip([item for item in pending if self._is_lost(item)], "")
            pending = [item for item in pending if item.id not in self.steps]

    def _dismissed(self, item: Change) -> bool:
        """Whether a change is not for this apply: held, or not as it was reviewed."""
        if item.held:
            self._end(Step(item, StepResult.HELD, item.held[0].reason))
        elif item.id in self.refused:
            self._end(Step(item, StepResult.STALE, self.refused[item.id]))
        return item.id in self.steps

    def _is_ready(self, item: Change) -> bool:
        return all(self._is_done(name) for name in item.after)

    def _is_done(self, name: str) -> bool:
        return name in self.steps and self.steps[name].result is StepResult.DONE

    def _is_lost(self, item: Change) -> bool:
        return any(name in self.steps and not self._is_done(name) for name in item.after)

    def _skip(self, changes: Iterable[Change], why: str) -> None:
        for item in changes:
            if item.id in self.steps:
                continue
            failed = next(
                (name for name in item.after if name in self.steps and not self._is_done(name)), None
            )
            text = f"needs {failed}" if failed is not None else why
            self._end(Step(item, StepResult.SKIPPED, text))

    def _end(self, step: Step) -> None:
        self.steps[step.change.id] = step
        self.finished(step)

    def _wave(self, pool: ThreadPoolExecutor, wave: list[Change]) -> None:
        """Changes that do not depend on each other: read again where needed, then all at once."""
        wave = [item for item in wave if self._still_fits(item)] if self._look_again(wave) else wave
        creates = [item for item in wave if item.action is Action.CREATE]
        intents = self._announce(creates)
        futures: dict[Future[Step], Change] = {}
        for item in wave:
            if item.id in self.steps:
                continue
            self.started(item)
            intent = intents.get(item.id)
            work = (
                pool.submit(create, self.bench, item, intent)
                if intent
                else pool.submit(carry_out, self.bench, item)
            )
            futures[work] = item
        self._gather(futures)

    def _announce(self, creates: list[Change]) -> dict[str, Intent]:
        """Write the intents of a wave's creates in one go: each can be looked for (law 3)."""
        intents: dict[str, Intent] = {}
        for item in creates:
            try:
                intents[item.id] = create_intent(self.bench, item, self._bearing(item))
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

    def _bearing(self, item: Change) -> tuple[str, ...]:
        wanted = self.bench.wanted[item.key]
        return self.observation.bearing(item.address.provider, item.kind, wanted.marker, wanted.natural_key)

    def _gather(self, futures: Mapping[Future[Step], Change]) -> None:
        """Take in what ended; a failure of the state itself ends everything once what is under way is over."""
        lost: list[Step] = []
        trouble: BaseException | None = None
        for work in as_completed(futures):
            try:
                step = work.result()
            except BaseException as error:  # noqa: BLE001 - raised again below, when no request is under way
                trouble = trouble or error
                self.stop.set()
                continue
            self.touched.add(step.change.key)
            self.unread.add(step.change.key)
            if step.result is StepResult.UNKNOWN and step.change.action is not Action.START:
                lost.append(step)
            else:
                self._end(step)
        if trouble is not None:
            raise trouble
        if lost:
            self._settle(lost)

    def _settle(self, lost: list[Step]) -> None:
        """Look for what got no reply, and end its step by what was found."""
        seen = self.recovery.run(self.bench.journal, observe(self.bench.accounts.values()))
        self.observation, self.read_at = seen, time.monotonic()
        open_keys = {intent.key for intent in self.bench.journal.snapshot.intents.values()}
        for step in lost:
            self._end(self._looked_up(step, still_open=step.change.key in open_keys))

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
        return Step(item, StepResult.FAILED, detail, step.seconds, None, step.request_id)

    # Law 11: what differs just before the write is left alone

    def _look_again(self, wave: list[Change]) -> bool:
        """Read the vendors once for a wave that writes upon what exists; False where nothing needs it.

        What is about to be armed must show; lists that lag are read again, as recovery does.
        """
        if all(item.action is Action.CREATE for item in wave):
            return False
        arming = [item for item in wave if item.action is Action.START]
        written = any(item.key in self.unread for item in wave)
        if not arming and not written and time.monotonic() - self.read_at < FRESH:
            return True
        for read in range(1, READS + 1):
            self._read({item.address.provider for item in wave})
            hidden = [item for item in arming if not self._shows(item)]
            if not hidden or read == READS:
                break
            self.stop.wait(self._lag(hidden) / (READS - 1))
        return True

    def _read(self, names: set[str]) -> None:
        seen = observe(account for account in self.bench.accounts.values() if account.name in names)
        self.observation = Observation({**self.observation.live, **seen.live}, seen.failures)
        self.read_at = time.monotonic()
        self.unread.clear()

    def _shows(self, item: Change) -> bool:
        record = self.bench.journal.record(item.key)
        return record is None or item.key not in self.touched or self._live(record) is not None

    def _lag(self, changes: list[Change]) -> float:
        return max(self.bench.account(item).settings.list_lag for item in changes)

    def _still_fits(self, item: Change) -> bool:
        """Whether an object is still what the change was planned on; where not, the step ends here.

        What is quieter goes on whatever was read, or could not be read.
        """
        if item.movement is Movement.QUIETER or item.action is Action.CREATE:
            return True
        misfit = self._misfit(item)
        if misfit is not None:
            self._end(Step(item, *misfit))
        return misfit is None

    def _misfit(self, item: Change) -> tuple[StepResult, str] | None:
        record = self.bench.journal.record(item.key)
        if record is None or record.remote_id is None:
            return StepResult.STALE, "it does not exist"
        if any(failure.provider == item.address.provider for failure in self.observation.failures):
            return StepResult.FAILED, "the vendor could not be read just before the write; run apply again"
        live = self._live(record)
        if live is None:
            return self._hidden(item)
        if item.action is Action.START and (doubt := self._doubtful(record)):
            return StepResult.STALE, doubt
        if item.key in self.touched or item.remote_id is None:
            fits = _as_applied(record, live)
        else:
            fits = self._as_planned(item)
        return None if fits else (StepResult.STALE, "it was changed outside since it was planned")

    def _hidden(self, item: Change) -> tuple[StepResult, str] | None:
        """An object of this apply may not show yet; it can be filled, but must show before it is armed."""
        if item.key not in self.touched:
            return StepResult.STALE, "it is not there any more"
        if item.action is not Action.START:
            return None
        return StepResult.FAILED, "made, but the vendor's list does not show it yet; run apply again"

    def _live(self, record: Record) -> LiveObject | None:
        return self.observation.find(record.key.address.provider, record.kind, str(record.remote_id))

    def _doubtful(self, record: Record) -> str | None:
        """Before arming: exactly one object bears the marker, and it is the recorded one (law 2)."""
        if record.marker is None:
            return None
        bearers = self.observation.bearing(record.key.address.provider, record.kind, record.marker, None)
        if bearers == (record.remote_id,):
            return None
        return f"{len(bearers)} objects bear its marker, not one; nothing is started"

    def _as_planned(self, item: Change) -> bool:
        wanted = self.bench.wanted.get(item.key)
        keys = (item.key, *(wanted.depends_on if wanted is not None else ()))
        if any(key in self.touched for key in keys):
            return True
        records = [record for key in keys if (record := self.bench.journal.record(key)) is not None]
        return live_digest([self._live(record) for record in records]) == item.live_digest


def _as_applied(record: Record, live: LiveObject) -> bool:
    """Whether all that shows of an object is as we left it."""
    return all(record.fields.get(name, value) == value for name, value in live.fields.items())
