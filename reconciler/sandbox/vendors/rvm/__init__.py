"""Just Deliver It API 2.2 (RVMpro), ringless voicemail: 15 operations over campaigns, blacklist, reports.

Written from the page "Just Deliver It API 2.2 Documentation". Stands for `https://api.22.rvmpro.com`. Where
the page contradicts itself or is silent, the code names the place by one of these numbers:

| number | what the page leaves open |
|---|---|
| A1 | `c_start` is required and yet has a default |
| A2 | the text names the overview's `api` value `list`; the samples send `overview` |
| A3 | pausing answers `PAUSE` and an id of nine digits in the sample, `PAUSED` in the text |
| A4 | which order of the two dates of a report is the error |
| A5 | whether the number of rows is that of all or of the page |
| A6 | the flag is called a Boolean, and is the text `"false"` on success, `true` on failure |
| A7 | failures of the blacklist have the campaigns' prefix; the reputation's flag has two names |
| A8 | keys are spelled differently in samples and text |
| A9 | samples have ids as numbers with leading zeros, and commas after the last item: no valid JSON |
| A11 | the fields of blacklist add and load are swapped in the text, and in a sample of load |
| A12 | `c_delivered` stands in the text alone, `c_max_throttle` in the sample alone |
| A13 | the sample of `c_numbers` has a number that is too short |
| A14 | the throttle is text in the reply to create, a number elsewhere |
| A16 | dates grow a time when read, and times grow seconds in some replies |
| A17 | the zone of timestamps |
| A18 | whether names are unique |
| A19 | HTTP status and media type |
| A20 | whether a number with and without its country code is the same |
| A21 | an empty field takes the default; PHP sends false as an empty field |
| A22 | samples of reports send page fields that their tables lack |
"""

from reconciler.sandbox.vendor import World
from reconciler.sandbox.vendors.rvm.rvm import Rvm

__all__ = ["Rvm", "create"]


def create(world: World) -> Rvm:
    """Make a stand-in with an empty account."""
    return Rvm(world)
