"""What every account has, whatever its vendor keeps in it: a clock, and an order of all that happens."""

from dataclasses import dataclass, field
from datetime import datetime
from itertools import count

from reconciler.sandbox.vendor import World


@dataclass(slots=True)
class Holdings:
    """One account of one vendor."""

    world: World
    _order: "count[int]" = field(default_factory=count, init=False)

    def now(self) -> datetime:
        """Tell what the clock shows."""
        return self.world.clock.now()

    def next_order(self) -> int:
        """Take the next place among all that happens; a clock may stand still."""
        return next(self._order)
