"""What RVMpro's page leaves open, as switches; the A-numbers are listed in the package's docstring.

About what happens to people the default is the answer that hurts a careless client most, so that tests catch
it; about how replies look, the default is the samples', made readable. Options that hold number endings take
several separated by commas: `"99,0155"` means all numbers that end in 99 or 0155.
"""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Options:
    """The switches and their first positions."""

    # How replies look.
    ids: Literal["text", "numbers", "zero_padded"] = "text"  # A9; zero_padded: as printed, which is no JSON
    trailing_commas: bool = False  # A9: overview and stop end in a comma, as printed
    spelling: Literal["samples", "text"] = "samples"  # A3, A7, A8, A12: whose keys and words
    success_flag: Literal["text", "boolean"] = "text"  # A6: "false" or false
    failure_flag: Literal["boolean", "text"] = "boolean"  # A6: true or "true"
    blacklist_failure: Literal["c_", "b_"] = "c_"  # A7: the prefix
    rows: Literal["total", "page"] = "total"  # A5
    timestamps: Literal["America/New_York", "UTC"] = "America/New_York"  # A17
    media_type: Literal["application/json", "text/html; charset=UTF-8", "text/plain"] = "application/json"
    byte_order_mark: bool = False
    failure_status: int = 200  # A19: the HTTP status of failures
    token_status: int = 401  # A19: of failures for the token or the address
    # Who may do what.
    address_allowed: bool = True  # false: the token is good, but not from this address
    unique_names: bool = False  # A18: whether a name of a campaign that has not ended is refused
    max_throttle: int = 18000  # the base maximum; the vendor raises it
    start_active: Literal["error", "success"] = "error"  # a start of what is active already
    stop_paused: Literal["success", "error"] = "success"
    stop_ended: Literal["error", "success"] = "error"  # a stop of what is stopped or completed
    load_takes_b_number: bool = False  # A11: as one sample of load sends it
    blacklist_again: Literal["success", "error"] = "success"  # adding a number that is there already
    blacklist_invalid: Literal["skip", "refuse"] = "skip"  # load: success, and the invalid are lost silently
    no_numbers: Literal["refuse", "accept"] = "refuse"  # a create without a single valid mobile
    # What happens to people.
    country_code: Literal["matters", "ignored"] = "matters"  # A20: matters: the same phone may ring twice
    blacklist_reaches_queued: bool = False  # whether numbers queued before they were added are filtered
    after_stop_date: Literal["stays", "completes", "stops"] = "stays"  # with numbers left
    drop_seconds: int = 30  # how long a delivery is in progress
    details_lag_reads: int = 0  # how many reads of the details don't show a number just tried
    details_lag_seconds: int = 0  # how long they don't
    # Numbers, by their endings.
    landlines: str = ""
    failing: str = ""  # the delivery fails
    in_house: str = ""  # on the vendor's own list, which `c_performance` filters by
    spam: str = ""  # of bad reputation
    # Money.
    credits: int = 1000  # what the account has to spend on reputation checks
