"""Plum Voice's Call Scheduling and Pacing API: 15 operations over schedules, profiles and campaigns.

Written from the page of that title and, for contact files, "Contacts CSV Formatting" of the Outbound API.
Stands for `https://scheduler.plumvoice.com/api`. Where the page contradicts itself or is silent, the code
names the place by one of these numbers:

| number | what the page leaves open |
|---|---|
| A1 | whether reading profiles shows their pacing: the text says so, the sample and table do not |
| A2 | a sample reply to a create shows another nickname than the one sent |
| A3 | the table of the schedule update calls the new nickname `name`, all else `nickname` |
| A4 | the table of the campaign create has `schedule`, its sample `schedule_id` |
| A5 | whether the days are required when a schedule is updated |
| A6 | days are an array when read, but text holding JSON in the reply to an update |
| A7 | `response` is called an array and is an object |
| A9 | a schedule nickname made of digits could be an id |
| A10 | what a campaign shows of its schedule: what was entered, or the nickname |
| A11 | whether a blank stands after the semicolon of a phone entry |
| A12 | content types: JSON and XML are named, the samples are forms |
| A15 | whether a campaign that is created with numbers calls before its start |
| A16 | the text says `id` where samples read `schedule_id`, `profile_id`, `campaign_id` |
| A17 | what is shown of an object that was created without a nickname |
| A19 | daylight saving time, and whose midnight the dates mean |
"""

from reconciler.sandbox.vendor import World
from reconciler.sandbox.vendors.plum.plum import Plum

__all__ = ["Plum", "create"]


def create(world: World) -> Plum:
    """Make a stand-in with an empty account."""
    return Plum(world)
