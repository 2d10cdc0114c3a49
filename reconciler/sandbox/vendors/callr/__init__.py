"""CALLR JSON-RPC API 1.1: SENDR 1.0 campaigns by voice and text, address books, media, and the jobs that fill them.

Written from the vendor's reference of objects, its guides to SENDR, and what its own samples and libraries send and
read. Stands for `https://api.callr.com/json-rpc/v1.1/`. No list of methods is public; only those that the vendor's
samples or guides name are here. Where sources contradict each other or are silent, the code names the place by
one of these numbers:

| number | what is left open |
|---|---|
| A2 | whether `campaign.save` with a hash is an update, and in which states |
| A3 | `addressbook` and `schedule` stand in no table of the campaign, but in the samples |
| A4 | where a campaign's choice of black lists stands |
| A5 | the zone of a schedule's hours |
| A6 | `SELECT` with no list selected means all of them |
| A7 | which status a failed job has |
| A8 | `percent` is a number in a status, a text in a job |
| A9 | `noanswer` is a flag by its type, a media by its text |
| A11 | one of two e-mail blocks of a bridge has lost its name |
| A13 | what `actions` of an IVR's counters holds |
| A14 | a description may be null |
| A15 | the column of telephone numbers counts from 0 |
| A16 | a zero date stands for never |
| A17 | the list of media is an array or a map |
| A18 | methods without a result answer true, as one client rejects null |
| A19 | the dates of a history may run backwards |

Nothing leaves this host: a file to be fetched from an address ends as a failed job, and webhooks are noted and not
called. Test calls and reports have objects and no known methods, so they are not here; the black lists' methods
are an extension of ours that an option turns on.
"""

from reconciler.sandbox.vendor import World
from reconciler.sandbox.vendors.callr.callr import Callr

__all__ = ["Callr", "create"]


def create(world: World) -> Callr:
    """Make a stand-in with an empty account."""
    return Callr(world)
