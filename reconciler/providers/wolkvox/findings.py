"""What lowering to wolkvox can find wrong: every sentence and its remedy in one place. Codes: `codes.json`."""

from __future__ import annotations

from reconciler.model.address import Address
from reconciler.model.problem import Location, Problem
from reconciler.providers.zones import Inconvertible


def missing(location: Location, address: Address, name: str, example: str) -> Problem:
    """WOL01."""
    message = f"a wolkvox campaign that can run needs {name}"
    return Problem("WOL01", message, f"add {name}: {example}", location=location, address=address)


def skill(location: Location, address: Address) -> Problem:
    """WOL02."""
    message = "a wolkvox campaign has one skill, named in one way"
    remedy = 'give skill_id: "4069" or skill: NAME under wolkvox:, and not both'
    return Problem("WOL02", message, remedy, location=location, address=address)


def several_windows(location: Location, address: Address, count: int) -> Problem:
    """WOL03."""
    message = f"wolkvox has one window a day, and there are {count}"
    remedy = "keep one, or make a campaign of each"
    return Problem("WOL03", message, remedy, location=location, address=address)


def window_turned_round(location: Location, address: Address, start: str, end: str) -> Problem:
    """WOL04."""
    message = f"window {start}-{end} does not end after it begins on the same day"
    return Problem("WOL04", message, "let it end on the day it begins", location=location, address=address)


def days_unknown(location: Location, address: Address, name: str) -> Problem:
    """WOL05."""
    message = f"{name}: wolkvox knows neither days nor dates"
    remedy = f"add enforce: reconciler and run `reconciler tick` from a scheduler, or remove {name}"
    return Problem("WOL05", message, remedy, location=location, address=address)


def nothing_to_enforce(location: Location, address: Address) -> Problem:
    """WOL06."""
    message = "enforce: reconciler keeps days and dates, and the campaign has neither"
    remedy = "add schedule:, start_date: or end_date:, or remove enforce:"
    return Problem("WOL06", message, remedy, location=location, address=address)


def enforced_without_hours(location: Location, address: Address) -> Problem:
    """WOL07."""
    message = "enforce: reconciler needs hours that wolkvox keeps, so that a missed tick rings at no odd hour"
    remedy = 'add windows: [{start_time: "08:00", end_time: "11:00"}]'
    return Problem("WOL07", message, remedy, location=location, address=address)


def pace(location: Location, address: Address, profile: str) -> Problem:
    """WOL08."""
    message = f"profile {profile} has no speed for wolkvox, which knows no other pace"
    remedy = "add wolkvox: {speed: 40} to the profile or the campaign, or leave the profile out"
    return Problem("WOL08", message, remedy, location=location, address=address)


def hours_of_preview(location: Location, address: Address) -> Problem:
    """WOL09."""
    message = "hours have no effect on a preview campaign: agents dial when they choose to"
    return Problem("WOL09", message, "write windows: any_hour", location=location, address=address)


def inconvertible(
    location: Location, address: Address, zone: str, target: str, found: Inconvertible
) -> Problem:
    """WOL10."""
    message = (
        f"hours in {zone} cannot be said in {target}, the account's clock: on {found.day} {found.reason}"
    )
    remedy = f"end the campaign before that day, or give its hours with timezone: {target}"
    return Problem("WOL10", message, remedy, location=location, address=address)


def dates_turned_round(location: Location, address: Address) -> Problem:
    """WOL11."""
    message = "end_date comes before start_date"
    return Problem("WOL11", message, "correct one of them", location=location, address=address)


def no_record_field(location: Location, address: Address, name: str, *, rings: bool) -> Problem:
    """WOL12."""
    why = "rings a number that no blacklist has filtered" if rings else "is no field of a wolkvox record"
    remedy = "take it out" if rings else "use customer_name, email, opt1 … opt12 or another field of the page"
    return Problem("WOL12", f"{name!r} {why}", remedy, location=location, address=address)


def predictive_only(location: Location, address: Address, name: str) -> Problem:
    """WOL13."""
    message = f"{name} has no effect on a preview campaign"
    return Problem("WOL13", message, f"remove {name}", location=location, address=address)


def marker_in_text(location: Location, address: Address) -> Problem:
    """WOL14."""
    message = "description holds reconciler:, which is where this tool puts its marker"
    return Problem("WOL14", message, "word it otherwise", location=location, address=address)


def suppresses_everywhere(location: Location, provider: str) -> Problem:
    """WOL15."""
    message = f"a list for some campaigns would hold for all of provider {provider}"
    remedy = f"take {provider} out of providers:, or remove applies_to:"
    return Problem("WOL15", message, remedy, location=location)


def suppressed_there(location: Location, address: Address, name: str) -> Problem:
    """WOL16."""
    message = f"blacklist {name} is stored at wolkvox, too, where it holds for every campaign"
    remedy = "take the provider out of the blacklist's providers:, or remove the exception"
    return Problem("WOL16", message, remedy, location=location, address=address)


def one_at_a_time(location: Location, provider: str) -> Problem:
    """WOL17."""
    message = f"provider {provider}: wolkvox refuses a token that asks twice at once"
    return Problem("WOL17", message, "remove max_concurrency", location=location)


def no_region(location: Location, region: str) -> Problem:
    """WOL18."""
    message = f"there is no region {region!r} with a numbering plan"
    return Problem("WOL18", message, "write two capital letters: CO", location=location)
