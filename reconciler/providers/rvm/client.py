"""RVMpro's operations as requests: always POST with a form, so that neither token nor number stands in a URL.

The connector adds the token to every form. Booleans are the words `true` and `false`: the empty text that PHP
makes of false means the default, which is true for `c_state_check` (A21).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from reconciler.transport.request import Effect, Request

Fields = tuple[tuple[str, str], ...]


def list_campaigns() -> Request:
    """List the active and paused ones; ended ones do not show."""
    return _read("/campaigns", "list", "list the campaigns")


def overview(remote_id: str) -> Request:
    """Show one campaign in whatever state (A2)."""
    return _read("/campaigns", "overview", "look at a campaign", (("c_campaign_id", remote_id),))


def channels(remote_id: str) -> Request:
    """Count the deliveries in progress, which go on after a pause."""
    return _read("/campaigns", "channels", "count deliveries in progress", (("c_campaign_id", remote_id),))


def report_campaigns(size: int, offset: int, days: Fields = ()) -> Request:
    """List a page of the campaigns of all four states; size and offset go together."""
    return _read("/reports", "campaigns", "list the campaigns that ended", (*_page(size, offset), *days))


def report_details(remote_id: str, size: int, offset: int) -> Request:
    """List a page of the numbers that a campaign tried; what was filtered when it was made is not among them."""
    fields = (("r_campaign_id", remote_id), *_page(size, offset))
    return _read("/reports", "details", "list what a campaign tried", fields)


def report(operation: str, days: Fields) -> Request:
    """Read one of the reports that the page shows without pages (A22)."""
    return _read("/reports", operation, f"read the report of {operation}", days)


def days(since: dt.date | None, until: dt.date | None) -> Fields:
    """Write the days of a report; each may be left out."""
    named = (("r_from_date", since), ("r_to_date", until))
    return tuple((name, day.isoformat()) for name, day in named if day is not None)


def reputation_history() -> Request:
    """List the reputations that were looked up; costs nothing."""
    return _read("/repcheck", "history", "list past looks at reputations")


def check_reputation(number: str) -> Request:
    """Look a number's reputation up; costs credits each time, so it counts as a write."""
    return _write("/repcheck", "check", "look a reputation up", (("rc_number", number),))


def create_campaign(settings: Fields, numbers: Sequence[str]) -> Request:
    """Make a campaign with its numbers, never started: `c_start` is always said (A1)."""
    fields = (*settings, ("c_numbers", ",".join(numbers)), ("c_start", word(value=False)))
    return _write("/campaigns", "create", "create a campaign", fields)


def check_campaign(settings: Fields, numbers: Sequence[str]) -> Request:
    """Ask whether it could be made: with `c_debug` nothing is, and the reply's id is all zeros."""
    asked = (("c_numbers", ",".join(numbers)), ("c_start", word(value=False)), ("c_debug", word(value=True)))
    form = (("api", "create"), *settings, *asked)
    return Request("POST", "/campaigns", "check a campaign", Effect.CHECK, form=form)


def start_campaign(remote_id: str) -> Request:
    """Start it, or let it go on: from here on voicemails are dropped."""
    return _write("/campaigns", "start", "start a campaign", (("c_campaign_id", remote_id),))


def pause_campaign(remote_id: str) -> Request:
    """Pause an active campaign; what is under way is delivered."""
    return _write("/campaigns", "pause", "pause a campaign", (("c_campaign_id", remote_id),))


def stop_campaign(remote_id: str) -> Request:
    """Stop it for good; what is left of its numbers is removed."""
    return _write("/campaigns", "stop", "stop a campaign", (("c_campaign_id", remote_id),))


def load_blacklist(numbers: Sequence[str]) -> Request:
    """Add numbers to the account's own list (A11); it is a set, so doing it twice does no harm."""
    fields = (("b_numbers", ",".join(numbers)),)
    return _write("/blacklist", "load", "load the blacklist", fields, repeatable=True)


def word(*, value: bool) -> str:
    """Write a boolean."""
    return "true" if value else "false"


def _page(size: int, offset: int) -> Fields:
    return ("r_page_size", str(size)), ("r_offset", str(offset))


def _read(path: str, operation: str, what: str, fields: Fields = ()) -> Request:
    return Request("POST", path, what, Effect.READ, form=(("api", operation), *fields))


def _write(path: str, operation: str, what: str, fields: Fields, *, repeatable: bool = False) -> Request:
    form = (("api", operation), *fields)
    return Request("POST", path, what, Effect.WRITE, form=form, repeatable=repeatable)
