"""What lowering to Plum can find wrong: every sentence and its remedy in one place. Codes: `codes.json`."""

from __future__ import annotations

import datetime as dt

from reconciler.model.address import Address
from reconciler.model.problem import Location, Problem
from reconciler.providers.plum.about import NICKNAME_LENGTH, NUMBER_DIGITS, ZONE


def numeric_nickname(location: Location, nickname: str) -> Problem:
    """PLU01 (A9)."""
    message = f"{nickname!r} consists of digits, and Plum takes it for an id"
    return Problem("PLU01", message, "give it a nickname: with a letter in it", location=location)


def long_nickname(location: Location, nickname: str) -> Problem:
    """PLU02."""
    message = f"the name has {len(nickname)} characters, and Plum takes {NICKNAME_LENGTH}"
    return Problem("PLU02", message, "give it a shorter nickname:", location=location)


def nickname_twice(location: Location, nickname: str, first: str) -> Problem:
    """PLU03."""
    message = f"{first} is called {nickname!r} at Plum too, where the name must be unique"
    return Problem("PLU03", message, "give one of them another nickname:", location=location)


def pace_out_of_range(location: Location, name: str, least: int) -> Problem:
    """PLU04."""
    message = f"{name} must be at least {least} and have at most {NUMBER_DIGITS} digits"
    return Problem("PLU04", message, "correct the number", location=location)


def missing(location: Location, address: Address, name: str, example: str) -> Problem:
    """PLU05."""
    message = f"Plum cannot make a campaign without {name}"
    return Problem("PLU05", message, f"add {name}: {example}", location=location, address=address)


def window_without_profile(location: Location, address: Address) -> Problem:
    """PLU06."""
    message = "a window has no profile, and Plum paces every window by one"
    remedy = "name one: profile: NAME, declared under profiles:"
    return Problem("PLU06", message, remedy, location=location, address=address)


def any_hour(location: Location, address: Address) -> Problem:
    """PLU07."""
    message = "Plum has no campaign without windows, so any_hour cannot be said"
    remedy = 'write the day out: windows: [{start_time: "00:00", end_time: "23:59", profile: NAME}]'
    return Problem("PLU07", message, remedy, location=location, address=address)


def paused(location: Location, address: Address) -> Problem:
    """PLU08."""
    message = "Plum cannot pause a campaign"
    remedy = "say state: stopped, which ends the run, or narrow the days of its schedule"
    return Problem("PLU08", message, remedy, location=location, address=address)


def enforced_there(location: Location, address: Address) -> Problem:
    """PLU09."""
    message = "Plum keeps days, dates and hours itself; there is nothing for enforce: reconciler to do"
    return Problem("PLU09", message, "remove enforce:", location=location, address=address)


def stores_no_blacklist(location: Location, provider: str) -> Problem:
    """PLU10."""
    message = f"provider {provider} cannot store a blacklist: Plum has none for outbound calls"
    remedy = f"take {provider} out of providers: (its campaigns are filtered by this list all the same)"
    return Problem("PLU10", message, remedy, location=location)


def no_caller_id(location: Location, address: Address) -> Problem:
    """PLU11."""
    message = "no caller ID: Plum expects one with every call"
    remedy = 'add plum: {ani: "+1…"}, a number of the account, or columns: {ani: …} to the contact list'
    return Problem("PLU11", message, remedy, location=location, address=address)


def foreign_caller_id(location: Location, address: Address) -> Problem:
    """PLU12."""
    message = "ani is not a North American number, and Plum takes no other"
    return Problem("PLU12", message, 'write it as "+1" and ten digits', location=location, address=address)


def queued_suppression_undecided(location: Location, address: Address) -> Problem:
    """PLU13."""
    message = "Plum cannot take back a queued call; what to do if somebody queued is suppressed is not said"
    remedy = "add on_queued_suppression: stop (ends the run) or report, here or under defaults:"
    return Problem("PLU13", message, remedy, location=location, address=address)


def already_over(location: Location, address: Address, end_date: dt.date, today: dt.date) -> Problem:
    """PLU14."""
    message = f"end_date {end_date} is over: in {ZONE}, Plum's clock, it is {today}"
    return Problem("PLU14", message, "choose a later end_date", location=location, address=address)


def window_turned_round(location: Location, address: Address, start: str, end: str) -> Problem:
    """PLU15."""
    message = f"window {start}-{end} does not end after it begins on the same day"
    remedy = "split it at midnight; the last minute that Plum knows is 23:59"
    return Problem("PLU15", message, remedy, location=location, address=address)


def windows_overlap(location: Location, address: Address, start: str, earlier_end: str) -> Problem:
    """PLU16."""
    message = f"a window begins at {start}, before another ends at {earlier_end}"
    remedy = "let them follow each other: Plum does not say which pace holds in both"
    return Problem("PLU16", message, remedy, location=location, address=address)


def inconvertible(location: Location, address: Address, zone: str, day: dt.date, reason: str) -> Problem:
    """PLU17."""
    message = f"hours in {zone} cannot be said in {ZONE}, Plum's clock: on {day} {reason}"
    remedy = f"end the campaign before that day, or give its hours with timezone: {ZONE}"
    return Problem("PLU17", message, remedy, location=location, address=address)


def marker_in_url(location: Location, address: Address, name: str) -> Problem:
    """PLU18."""
    message = f"{name} has a parameter reconciler=, which is where this tool puts its marker"
    return Problem("PLU18", message, "rename that parameter", location=location, address=address)
