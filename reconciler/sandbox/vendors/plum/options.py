"""What Plum Voice's page leaves open, as switches; the A-numbers are listed in the package's docstring.

Where the page is silent the default is the answer that hurts a careless client most, so that tests catch it.
"""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Options:
    """The switches and their first positions."""

    show_pacing: bool = False  # A1: whether GET profiles shows the pacing; the sample does not
    missing_nickname: Literal["null", "absent", "empty"] = "null"  # A17: how no nickname is shown
    patch_schedule_needs_days: bool = True  # A5: the table marks it required, the text does not
    schedule_nickname: Literal["entered", "current"] = "entered"  # A10: what a campaign shows of its schedule
    dial_on_create: bool = False  # A15: whether a create with phone numbers starts the campaign
    restart_after_stop: Literal["redial", "resume", "refuse"] = (
        "redial"  # redial: the whole queue from its beginning
    )
    start_active: Literal["success", "error", "redial"] = "success"
    stop_inactive: Literal["success", "error"] = "success"
    invalid_numbers: Literal["refuse", "skip"] = (
        "refuse"  # skip: success, and the invalid are lost without a word
    )
    validation_status: int = 422  # the status of the validator's map is not documented
    in_use_status: int = 200  # nor that of "is being used": 200 catches who looks at the status alone
