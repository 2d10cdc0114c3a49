"""Days and dates that a vendor does not know: fields that are kept here, for `reconciler tick` to go by."""

from __future__ import annotations

from typing import Final

from reconciler.model.kind import FieldSpec, other
from reconciler.model.resource import Campaign
from reconciler.model.value import Fields
from reconciler.providers import loudness

REQUEST: Final = "kept"

KEPT: Final = (
    FieldSpec("enforce", other, readable=False, kept=True, request=REQUEST),
    FieldSpec("days", loudness.days, readable=False, kept=True, request=REQUEST),
    FieldSpec("start_date", loudness.more_is_quieter, readable=False, kept=True, request=REQUEST),
    FieldSpec("end_date", loudness.more_is_louder, readable=False, kept=True, request=REQUEST),
    FieldSpec("timezone", other, readable=False, kept=True, request=REQUEST),
)


def kept_fields(campaign: Campaign, days: tuple[str, ...]) -> Fields:
    """Give the calling days and dates of a campaign that asks for them to be kept here; else fields without values.

    `days` are its calling days in week order.
    """
    if campaign.enforce is None:
        return dict.fromkeys(spec.name for spec in KEPT)
    return {
        "enforce": campaign.enforce,
        "days": days,
        "start_date": None if campaign.start_date is None else str(campaign.start_date),
        "end_date": None if campaign.end_date is None else str(campaign.end_date),
        "timezone": campaign.timezone,
    }
