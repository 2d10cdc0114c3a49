"""What CALLR's sources leave open, as switches; the A-numbers are listed in the package's docstring.

About what happens to people the default is the answer that hurts a careless client most, so that tests catch
it. Options that hold number endings take several separated by commas.
"""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Options:
    """The switches and their first positions."""

    # How replies look.
    media_ids: Literal["text", "number"] = "text"  # as the samples send them; the library's are numbers
    null_description: Literal["empty", "null"] = "empty"  # A14
    noanswer: Literal["flag", "media"] = "flag"  # A9
    bridge_email: Literal["email", "absent"] = "email"  # A11
    blacklist_place: Literal["absent", "campaign", "addressbook"] = "absent"  # A4
    media_list: Literal["array", "map"] = "array"  # A17
    void_result: Literal["true", "null"] = "true"  # A18
    history_dates: Literal["right", "swapped"] = "right"  # A19
    hours: Literal["HH:MM", "HH:MM:SS"] = "HH:MM"  # how a schedule's hours are shown
    days: Literal["as saved", "all"] = "as saved"  # whether days without hours are shown
    items_total: Literal["now", "outset"] = "now"  # whether people who came after the start count
    page_size: int = 20  # how many hits a search has that doesn't say
    name_filter: Literal["contains", "equals"] = "contains"
    order: Literal["oldest first", "newest first"] = "oldest first"
    # Who may do what.
    access: Literal["manage", "observe"] = "manage"  # observe: each write is refused
    api_key: str = ""  # taken beside login and password, if set
    session: str = ""
    sub_accounts: str = ""  # logins or hashes, separated by commas, that `CALLR-Login-As` may name
    error_code: int = 115  # of refusals; only 22 is documented, for credentials
    own_numbers: str = ""  # numbers that a campaign may show, separated by commas; empty: any
    most_calls_at_once: int = 100
    unique_names: bool = False
    save_started: Literal["refuse", "allow"] = "refuse"  # A2
    absent_on_update: Literal["template", "kept"] = (
        "template"  # A2: what becomes of what an update leaves out
    )
    pause_twice: Literal["refuse", "success"] = "refuse"  # a pause of what does not run
    start_started: Literal["success", "refuse"] = "success"
    stop_created: Literal["refuse", "success"] = "refuse"
    delete_running: Literal["refuse", "success"] = "refuse"
    media_must_be_ready: bool = True
    empty_book: Literal["allow", "refuse"] = "allow"  # by a check, and so by a save
    extensions: bool = False  # methods for black lists, whose names are our own
    # Jobs.
    job_looks: int = 2  # after so many looks a job is done, or, if that is sooner,
    job_seconds: float = 2.0  # after so many seconds
    import_in_parts: bool = True  # whether a book shows the first half of an import before the rest
    import_fails: Literal["no", "done", "canceled", "running"] = "no"  # A7: with an error, in which status
    # What happens to people.
    duplicates: Literal["keep", "drop"] = "keep"  # the same number twice in a book
    append_while_running: Literal["calls", "ignored", "refused"] = "calls"
    enabled_inside_window: Literal["starts", "waits"] = "starts"  # waits: for the next listed hour
    start_ended: Literal["again", "refuse"] = "again"  # `run_id` hints at it: everybody is called once more
    zone: str = "Europe/Paris"  # A5
    call_seconds: int = 30
    texts_per_hour: int = 3600
    # Numbers, by their endings.
    no_answer: str = ""
    busy: str = ""
    voicemail: str = ""
    short: str = ""  # hangs up at once
    unallocated: str = ""
    presses: str = ""  # `1:99,2:0155`: whose number ends in 99 presses 1
