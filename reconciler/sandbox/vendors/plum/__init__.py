"""Plum Voice's Call Scheduling and Pacing API: 15 operations over schedules, profiles and campaigns.

Written from the vendor's page of that title. Stands for `https://scheduler.plumvoice.com/api`.
"""

from reconciler.sandbox.vendor import World
from reconciler.sandbox.vendors.plum.plum import Plum

__all__ = ["Plum", "create"]


def create(world: World) -> Plum:
    """Make a stand-in with an empty account."""
    return Plum(world)
