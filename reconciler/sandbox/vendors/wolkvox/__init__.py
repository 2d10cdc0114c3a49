"""wolkvox Manager API v2: campaigns, their records, do-not-call lists, and what can be asked about them.

Written from the vendor's page "APIs Information, 4. Campaigns", its pages on campaigns and configuration, its
page of response codes, and the collection it publishes for Postman. Stands for
`https://wv<server>.wolkvox.com/api/v2/`. Where these contradict each other or are silent, the code names the
place by one of these numbers:

| number | what is left open |
|---|---|
| A1 | times of day: `hhiiss`, `YYYYmmddhhiiss`, or, where they are edited, `HH:mm:ss` |
| A2 | the created campaign's id is `id_campaign` in the sample, `id_campaing` in the table |
| A3 | whether `campaign_status=start` of an upload says that the campaign runs, or makes it run |
| A4 | whether start, stop, speed and recall need `type_campaign` |
| A5 | `code` is a number, a text, or empty; whether the HTTP status equals it |
| A7 | `Started` in the list, `started` in the live view |
| A8 | one request at a time for a token, or two |
| A9 | the live view is a bare array in the sample |
| A11 | the direction of a timed block, and whether the list shows it |
| A12 | `date_delete` of the do-not-call list is the day of entry |
| A14 | one address of the collection has a blank before `campaign_id` |
| A15 | ids to delete stand in the query, in the body, or in both |
| A16 | `opt6` may have 100 characters, or 200 |
| A17 | nothing found is a 404, or an envelope that says 0 |
| A18 | what `records` counts |
| A20 | the zone of times |

The vendor's ten reports (`reports_manager.php?api=campaign_1` to `campaign_10`) and the list that a Colombian law
asks for (`block_law2300`, `free_law2300`, `law2300_info`) are not here: their fields are described nowhere we
could read. They answer as a call that does not exist.
"""

from reconciler.sandbox.vendor import World
from reconciler.sandbox.vendors.wolkvox.wolkvox import Wolkvox

__all__ = ["Wolkvox", "create"]


def create(world: World) -> Wolkvox:
    """Make a stand-in with an empty account."""
    return Wolkvox(world)
