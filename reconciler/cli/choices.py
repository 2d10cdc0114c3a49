"""Options and argument types that several commands share: addresses, consents, moments."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import click

from reconciler.cli import frame


class AddressType(frame.ParameterType):
    """`provider/kind/name`, kept as text."""

    name = "address"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Check the shape; whether it exists is for the workflow to say."""
        from reconciler.model.address import Address

        try:
            return str(Address.parse(str(value)))
        except ValueError as error:
            return self.fail(str(error), param, ctx)


class ConsentType(frame.ParameterType):
    """`ACTION` or `ACTION:ADDRESS`, kept as text."""

    name = "consent"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Check the action and the address's shape."""
        from reconciler.planning.basis.consent import ACTIONS

        action, separator, address = str(value).partition(":")
        if action not in ACTIONS:
            known = f"; there are {', '.join(ACTIONS)}"
            self.fail(f"no action {action!r}{frame.meant(action, ACTIONS) or known}", param, ctx)
        return f"{action}:{AddressType().convert(address, param, ctx)}" if separator else action


class MomentType(frame.ParameterType):
    """An ISO 8601 moment with an offset."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.datetime:
        """Read it; without an offset nobody knows when it is."""
        if isinstance(value, dt.datetime):
            return value
        try:
            moment = dt.datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a moment like 2027-01-04T08:00:00-05:00", param, ctx)
        if moment.tzinfo is None:
            self.fail(f"{value!r} has no offset; write it as in 2027-01-04T08:00:00-05:00", param, ctx)
        return moment


class DayType(frame.ParameterType):
    """A day, YYYY-MM-DD."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        """Read it."""
        if isinstance(value, dt.date):
            return value
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a day like 2027-01-04", param, ctx)


Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

only: Decorator = click.option(
    "--only",
    type=AddressType(),
    multiple=True,
    metavar="ADDRESS",
    help="Limit louder and neutral changes to it and what it needs. Repeatable.",
)
allow: Decorator = click.option(
    "--allow",
    type=ConsentType(),
    multiple=True,
    metavar="ACTION[:ADDRESS]",
    help="Consent to what is held. Repeatable; never read from the environment.",
)
max_people: Decorator = click.option(
    "--max-people",
    type=click.IntRange(min=0),
    metavar="NUMBER",
    help="Hold what would reach more people; may only lower the project's own limit.",
)
