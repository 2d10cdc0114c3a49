"""Every parameter of Plum's development API, and its place here."""

from __future__ import annotations

from typing import Final

from reconciler.providers.documented import Documented, computed, left_out, placed

ID: Final = "the object's id, out of the state"
PACING: Final = {
    "period": "profile.period",
    "amount_per_period": "profile.amount_per_period",
    "time_between_periods": "profile.time_between_periods",
}
CAMPAIGN: Final = {
    "start_date": "campaign.start_date",
    "end_date": "campaign.end_date",
    "start_url": "campaign.plum.start_url",
    "result_url": "campaign.plum.result_url",
}

DOCUMENTED: Final[tuple[Documented, ...]] = (
    *placed("every request", {"Authorization": "provider.token"}),
    *placed("POST /schedules", {"days": "schedule.days", "nickname": "schedule.nickname"}),
    *computed("PATCH /schedules/{id}", {"id": ID}),
    *placed(
        "PATCH /schedules/{id}",
        {"days": "schedule.days", "name": "schedule.nickname", "nickname": "schedule.nickname"},
    ),
    *computed("DELETE /schedules/{id}", {"id": ID}),
    *placed("POST /profiles", {**PACING, "nickname": "profile.nickname"}),
    *computed("PATCH /profiles/{id}", {"id": ID}),
    *placed("PATCH /profiles/{id}", {**PACING, "nickname": "profile.nickname"}),
    *computed("DELETE /profiles/{id}", {"id": ID}),
    *placed("POST /campaigns", CAMPAIGN),
    *placed("POST /campaigns", {"profiles": "campaign.windows"}),
    *computed("POST /campaigns", {"schedule": "the id of campaign.schedule"}),
    *left_out(
        "POST /campaigns",
        {"phone_numbers": "whether they would be dialled at once is not said; people are added after it"},
    ),
    *computed("PATCH /campaigns/{id}", {"id": ID, "schedule": "the id of campaign.schedule"}),
    *placed("PATCH /campaigns/{id}", {**CAMPAIGN, "profiles": "campaign.windows"}),
    *computed("DELETE /campaigns/{id}", {"id": ID}),
    *computed("POST /campaigns/start", {"campaign_id": ID}),
    *computed("POST /campaigns/stop", {"campaign_id": ID}),
    *computed("POST /campaigns/add-calls", {"campaign_id": ID}),
    *placed("POST /campaigns/add-calls", {"phone_numbers": "campaign.contacts"}),
    *placed(
        "POST /campaigns/add-calls, each number",
        {
            "ani": "campaign.plum.ani, contact_list.columns.ani",
            "message_reference": "contact_list.columns.reference",
        },
    ),
)
