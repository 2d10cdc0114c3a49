"""How many requests are under way, by whose they are: some vendors refuse a second one at once."""

import threading
from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class Ticket:
    """One request's place among those under way."""

    traffic: "Traffic"
    holder: tuple[str, str]
    number: int  # how many there were when it came, itself included
    ended: bool = False

    def end(self) -> None:
        """Leave, once."""
        if not self.ended:
            self.ended = True
            self.traffic.leave(self.holder)


@dataclass(slots=True)
class Traffic:
    """All requests under way: from the moment they are read until their reply begins to leave."""

    _lock: threading.Lock = field(default_factory=threading.Lock)
    _under_way: "Counter[tuple[str, str]]" = field(default_factory=Counter)

    def enter(self, holder: tuple[str, str]) -> Ticket:
        """Count one more request of a holder, which is a vendor and whoever asks it."""
        with self._lock:
            self._under_way[holder] += 1
            return Ticket(self, holder, self._under_way[holder])

    def leave(self, holder: tuple[str, str]) -> None:
        """Count one less."""
        with self._lock:
            self._under_way[holder] -= 1
