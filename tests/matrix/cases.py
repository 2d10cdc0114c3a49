"""Which cases there are: every request and state write of every scenario, times every fault that can befall it."""

from __future__ import annotations

import json
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
LASTING = ", lasting"


@dataclass(frozen=True)
class Fault:
    """One line of `faults.json`."""

    name: str
    outcome: str | None
    timeout: float
    lasting: bool
    reads: bool
    creates: bool
    sandbox: dict[str, Any] | None = None
    wire: str | None = None
    seconds: float = 0.0
    state: str | None = None
    process: str | None = None
    reply: str | None = None

    @property
    def of_writes_to_state(self) -> bool:
        """Whether it befalls the n-th append to the log, and no request."""
        return self.state is not None or (self.process or "").endswith("write")


def _fault(item: dict[str, Any]) -> Fault:
    known = {"outcome": None, "timeout": 5.0, "lasting": False, "reads": False, "creates": False}
    return Fault(**(known | item))


FAULTS = {item["name"]: _fault(item) for item in json.loads((FOLDER / "faults.json").read_text())}
"""By name, in the order of the file."""


@dataclass(frozen=True)
class Case:
    """One fault at one place of one apply. Its name says all of it, and what is chosen by chance follows from it."""

    vendor: str
    scenario: str
    target: str
    number: int
    fault: str
    lasting: bool = False

    @classmethod
    def named(cls, name: str) -> Case:
        """The case of a name; ValueError where it has not the form of one, or there is no such fault."""
        place, _, rest = name.rpartition(" / ")
        vendor, scenario, request = place.split(" / ", 2)
        target, _, number = request.rpartition(" #")
        fault = rest.removesuffix(LASTING)
        if fault not in FAULTS:
            raise ValueError(f"there is no fault {fault!r}")
        return cls(vendor, scenario, target, int(number), fault, lasting=rest.endswith(LASTING))

    @property
    def name(self) -> str:
        """`plum / growth / POST /campaigns/add-calls #1 / reset after processing`."""
        tail = LASTING if self.lasting else ""
        return f"{self.vendor} / {self.scenario} / {self.target} #{self.number} / {self.fault}{tail}"

    @property
    def seed(self) -> int:
        """What is by chance in it."""
        return zlib.crc32(self.name.encode())


@dataclass(frozen=True)
class Traffic:
    """What an apply does in peace: the names of its requests in order, those that write, and its state writes."""

    requests: tuple[str, ...]
    writes: frozenset[str]
    creates: frozenset[str]
    appends: int
    announcements: int


def cases(vendor: str, scenario: str, traffic: Traffic) -> Iterator[Case]:
    """Every case of one scenario."""
    places = [
        (name, number) for name, count in Counter(traffic.requests).items() for number in range(1, count + 1)
    ]
    for fault in FAULTS.values():
        if fault.of_writes_to_state:
            count = traffic.announcements if fault.state == "lease" else traffic.appends
            for number in range(1, count + 1):
                yield Case(vendor, scenario, "state", number, fault.name)
            continue
        for name, number in places:
            if _befalls(fault, name, traffic):
                yield Case(vendor, scenario, name, number, fault.name)
                if fault.lasting and number == 1:
                    yield Case(vendor, scenario, name, number, fault.name, lasting=True)


def _befalls(fault: Fault, request: str, traffic: Traffic) -> bool:
    if fault.creates:
        return request in traffic.creates
    return fault.reads or request in traffic.writes


def slice_of(every: Iterable[Case], count: int) -> list[Case]:
    """So many of them, spread evenly over everything."""
    return sorted(every, key=_by_chance)[:count]


def each_fault_once(every: Iterable[Case]) -> list[Case]:
    """One case of each fault that befalls any, wherever chance has it."""
    return [*{case.fault: case for case in sorted(every, key=_by_chance, reverse=True)}.values()]


def _by_chance(case: Case) -> tuple[int, str]:
    return case.seed, case.name
