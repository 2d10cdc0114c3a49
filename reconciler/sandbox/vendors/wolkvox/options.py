"""What wolkvox's pages leave open, as switches; the A-numbers are listed in the package's docstring.

About what happens to people the default is the answer that hurts a careless client most, so that tests catch
it; about how replies look, the default is the samples'. Options that hold number endings take several separated by
commas.
"""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Options:
    """The switches and their first positions."""

    # How replies look.
    code: Literal["samples", "text", "number", "empty"] = "samples"  # A5: samples: each as it is printed
    http_status: Literal["code", "200"] = "code"  # A5: 200: also where something was created or accepted
    created_id: Literal["id_campaign", "id_campaing", "both"] = "id_campaign"  # A2
    nothing_found: Literal["404", "envelope"] = "404"  # A17
    live_view: Literal["array", "envelope"] = "array"  # A9
    clean: Literal["all", "filtered"] = "all"  # whether the live view's `clean` heeds the filter
    dial: Literal["records", "calls"] = "records"  # what the live view's `dial` counts
    show_skill: bool = True  # the newer list has the skill, the page does not
    description: Literal["blank", "empty"] = "blank"  # how none is shown; the sample has a blank
    # Who may do what.
    access: Literal["manage", "observe"] = "manage"  # observe: the token reads, and each write is refused
    licences: int = 10  # a thousand calls a day for each
    simultaneous: int = 1  # A8: how many requests of one token may be under way
    type_required: bool = False  # A4
    edit_times: Literal["colons", "any"] = "colons"  # A1: what an edit takes; a create takes all three
    opt6_length: int = 100  # A16
    unique_names: bool = False  # whether a name that is taken is refused
    while_started: Literal["allow", "refuse"] = "allow"  # edits, clearing and deleting of a started campaign
    most_records: int = 50_000  # of one campaign; beyond it licences are named, with 404
    # What happens to people.
    created: Literal["Stopped", "Started"] = "Stopped"  # the state of a new campaign
    campaign_status: Literal["starts", "describes"] = "starts"  # A3
    duplicates: Literal["add", "replace", "skip"] = "add"  # a record whose `customer_id` is there already
    dnc_reaches_queued: bool = (
        False  # whether records are barred that were added before the number was listed
    )
    dnc_spelling: Literal["exact", "any"] = "exact"  # exact: the same phone written otherwise is not barred
    timed_blocks_listed: bool = False  # A11
    first_speed: int = 100  # of a new campaign
    calls_per_hour: int = 3600  # at full speed
    zone: str = "America/Bogota"  # A20
    records_lag_reads: int = 0  # how many reads of the records don't show new ones
    # Numbers: how the operation dials, and which end how.
    country_code: str = "57"
    dial_prefix: str = "9"
    national_length: int = 10
    no_answer: str = ""
    busy: str = ""
    answer_machine: str = ""
    failed: str = ""
