"""What lowering to RVM can find wrong: every sentence and its remedy in one place. Codes: `codes.json`."""

from __future__ import annotations

import datetime as dt

from reconciler.model.address import Address
from reconciler.model.problem import Location, Problem
from reconciler.providers.rvm.about import HIGHEST_THROTTLE, LAST_MINUTE, TITLE_LENGTH


def missing(location: Location, address: Address, name: str, example: str) -> Problem:
    """RVM01."""
    message = f"RVM cannot make a campaign without {name}"
    return Problem("RVM01", message, f"add {name}: {example}", location=location, address=address)


def wrong_title(location: Location, address: Address, title: str) -> Problem:
    """RVM02."""
    message = f"title {title!r} is no name that RVM takes with our marker behind it"
    remedy = f"use letters, digits and blanks, {TITLE_LENGTH} at most"
    return Problem("RVM02", message, remedy, location=location, address=address)


def wrong_callback(location: Location, address: Address) -> Problem:
    """RVM03."""
    message = "callback has not 10 to 13 digits, and is not Unknown"
    return Problem("RVM03", message, 'write it as "617-555-0100"', location=location, address=address)


def several_windows(location: Location, address: Address, count: int) -> Problem:
    """RVM04."""
    message = f"RVM has one window a day, and there are {count}"
    remedy = "keep one, or make a campaign of each"
    return Problem("RVM04", message, remedy, location=location, address=address)


def window_turned_round(location: Location, address: Address, start: str, end: str) -> Problem:
    """RVM05."""
    message = f"window {start}-{end} does not end after it begins on the same day"
    remedy = f"let it end on the day it begins; the last minute that RVM knows is {LAST_MINUTE}"
    return Problem("RVM05", message, remedy, location=location, address=address)


def wrong_throttle(location: Location, address: Address, throttle: int) -> Problem:
    """RVM06."""
    message = f"the pace comes to {throttle} drops an hour, and RVM takes 1 to {HIGHEST_THROTTLE}"
    remedy = "change the profile, or say rvm: {throttle: …}"
    return Problem("RVM06", message, remedy, location=location, address=address)


def enforced_there(location: Location, address: Address) -> Problem:
    """RVM07."""
    message = "RVM keeps days, dates and hours itself; there is nothing for enforce: reconciler to do"
    return Problem("RVM07", message, "remove enforce:", location=location, address=address)


def queued_suppression_undecided(location: Location, address: Address) -> Problem:
    """RVM08."""
    message = "RVM cannot take back a queued drop; what to do if somebody queued is suppressed is not said"
    remedy = "add on_queued_suppression: stop (ends the run) or report, here or under defaults:"
    return Problem("RVM08", message, remedy, location=location, address=address)


def already_over(location: Location, address: Address, end_date: dt.date, today: dt.date) -> Problem:
    """RVM09."""
    message = f"end_date {end_date} is over: on the campaign's clock it is {today}"
    return Problem("RVM09", message, "choose a later end_date", location=location, address=address)


def dates_turned_round(location: Location, address: Address) -> Problem:
    """RVM10."""
    message = "end_date comes before start_date"
    return Problem("RVM10", message, "correct one of them", location=location, address=address)


def only_day_is_off(location: Location, address: Address, day: dt.date) -> Problem:
    """RVM11 (A10)."""
    message = f"{day} is the campaign's only day, and its schedule leaves that day out"
    remedy = "choose another day, or another schedule"
    return Problem("RVM11", message, remedy, location=location, address=address)


def suppresses_everywhere(location: Location, provider: str) -> Problem:
    """RVM12."""
    message = f"provider {provider} would keep this list from every campaign of the account, and applies_to: says which"
    remedy = f"take {provider} out of providers: (its campaigns are filtered here all the same), or remove applies_to:"
    return Problem("RVM12", message, remedy, location=location)


def suppressed_there(location: Location, address: Address, blacklist: str) -> Problem:
    """RVM13."""
    message = f"blacklist {blacklist} is stored at RVM, which filters every campaign of the account by it"
    remedy = f"take the provider out of the providers: of {blacklist}, or the exception out of the campaign"
    return Problem("RVM13", message, remedy, location=location, address=address)


def wrong_address(location: Location, address: Address) -> Problem:
    """RVM14."""
    message = "wav is not the web address of a file"
    remedy = "write it as https://media.example/promo.wav"
    return Problem("RVM14", message, remedy, location=location, address=address)
