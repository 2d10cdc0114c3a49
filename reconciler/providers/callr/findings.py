"""What lowering to CALLR can find wrong: every sentence and its remedy in one place. Codes: `codes.json`."""

from __future__ import annotations

import datetime as dt

from reconciler.model.address import Address
from reconciler.model.problem import Location, Problem
from reconciler.providers.callr.about import TYPE


def missing(location: Location, address: Address, name: str, example: str) -> Problem:
    """CAL01."""
    message = f"CALLR cannot make a campaign without {name}"
    return Problem("CAL01", message, f"add {name}: {example}", location=location, address=address)


def not_of_type(location: Location, address: Address, name: str, type_name: str) -> Problem:
    """CAL02."""
    message = f"{name} is nothing that a campaign of type {type_name} has"
    return Problem(
        "CAL02", message, "take it out, or choose another type:", location=location, address=address
    )


def not_of_action(location: Location, address: Address, name: str, action: str) -> Problem:
    """CAL03."""
    message = f"{name} does not belong to the action {action}"
    remedy = "take it out, or choose another action:"
    return Problem("CAL03", message, remedy, location=location, address=address)


def dated(location: Location, address: Address, name: str) -> Problem:
    """CAL04."""
    message = f"CALLR's clock knows days of the week and hours, and no {name}"
    remedy = "leave it out, or add enforce: reconciler and let reconciler tick run every day"
    return Problem("CAL04", message, remedy, location=location, address=address)


def zone_unknown(location: Location, address: Address, provider: str) -> Problem:
    """CAL05 (A5)."""
    message = "CALLR's hours are in the account's zone, which its API does not tell"
    remedy = f"say it in reconciler.yaml: providers: {{{provider}: {{account_timezone: Europe/Paris}}}}"
    return Problem("CAL05", message, remedy, location=location, address=address)


def inconvertible(
    location: Location, address: Address, zones: tuple[str, str], day: dt.date, reason: str
) -> Problem:
    """CAL06."""
    here, there = zones
    message = f"hours in {here} cannot be said in {there}, the account's zone: on {day} {reason}"
    remedy = (
        f"give its hours with timezone: {there}, or end it before that day (end_date and enforce: reconciler)"
    )
    return Problem("CAL06", message, remedy, location=location, address=address)


def window_turned_round(location: Location, address: Address, start: str, end: str) -> Problem:
    """CAL07."""
    message = f"window {start}-{end} does not end after it begins on the same day"
    return Problem("CAL07", message, "split it at midnight", location=location, address=address)


def paced(location: Location, address: Address, profile: str) -> Problem:
    """CAL08."""
    message = f"profile {profile} paces by calls in a period, and CALLR only by calls at once"
    remedy = f"add callr: {{ccl: 5}} to the profile, or take profile: out and say options: {{ccl: 5}} under {TYPE}:"
    return Problem("CAL08", message, remedy, location=location, address=address)


def paces_differ(location: Location, address: Address) -> Problem:
    """CAL09."""
    message = "CALLR has one limit of calls at once for all hours, and more than one is wanted here"
    remedy = "say the same ccl everywhere, or make a campaign of each"
    return Problem("CAL09", message, remedy, location=location, address=address)


def queued_suppression_undecided(location: Location, address: Address) -> Problem:
    """CAL10."""
    message = (
        "CALLR takes nobody out of an addressbook; what to do if somebody queued is suppressed is not said"
    )
    remedy = "add on_queued_suppression: stop (ends the run) or report, here or under defaults:"
    return Problem("CAL10", message, remedy, location=location, address=address)


def stores_no_blacklist(location: Location, provider: str) -> Problem:
    """CAL11."""
    message = f"provider {provider} cannot store a blacklist: no public source names a method of CALLR for it"
    remedy = f"take {provider} out of providers: (its campaigns are filtered by this list all the same)"
    return Problem("CAL11", message, remedy, location=location)


def credentials(location: Location, provider: str) -> Problem:
    """CAL12."""
    message = f"provider {provider} has not the credentials of one scheme"
    remedy = "declare login: and password:, or api_key:, or session:, and only one of these"
    return Problem("CAL12", message, remedy, location=location)


def nothing_to_enforce(location: Location, address: Address) -> Problem:
    """CAL13."""
    message = "CALLR keeps days and hours itself, and no dates are given; there is nothing to enforce"
    return Problem(
        "CAL13",
        message,
        "remove enforce:, or give start_date: or end_date:",
        location=location,
        address=address,
    )


def dates_turned_round(location: Location, address: Address) -> Problem:
    """CAL14."""
    message = "end_date comes before start_date"
    return Problem("CAL14", message, "correct one of them", location=location, address=address)


def already_over(location: Location, address: Address, end_date: dt.date, today: dt.date) -> Problem:
    """CAL15."""
    message = f"end_date {end_date} is over: on the campaign's clock it is {today}"
    return Problem("CAL15", message, "choose a later end_date", location=location, address=address)


def unknown_medium(location: Location, address: Address, name: str) -> Problem:
    """CAL16."""
    message = f"{name} is neither the id of a medium, a number, nor a name under media:"
    return Problem(
        "CAL16", message, "correct it, or declare it under media:", location=location, address=address
    )


def marked_title(location: Location, address: Address) -> Problem:
    """CAL17."""
    message = "the title ends with eight characters in brackets, which is where this tool puts its marker"
    return Problem("CAL17", message, "write the end of it in another way", location=location, address=address)


def enforced_without_hours(location: Location, address: Address) -> Problem:
    """CAL18."""
    message = "enforce: reconciler needs hours that CALLR keeps, so that a missed tick rings at no odd hour"
    return Problem("CAL18", message, "give windows:, or remove enforce:", location=location, address=address)
