"""Every parameter of RVMpro's API 2.2, and its place here."""

from __future__ import annotations

from typing import Final

from reconciler.providers.documented import Documented, computed, left_out, placed

ID: Final = {"c_campaign_id": "the campaign's id, out of the state"}
PACE: Final = "profile.amount_per_period, profile.period, profile.time_between_periods"
PAGES: Final = {"r_page_size": "a size of ours", "r_offset": "page after page"}
REPORT: Final = "an option of reconciler report"
ACT: Final = "a look-up that costs credits, and no state; reconciler report asks for it"

DOCUMENTED: Final[tuple[Documented, ...]] = (
    *placed("every request", {"token": "provider.token"}),
    *computed("every request", {"api": "the operation"}),
    *placed(
        "/campaigns create",
        {
            "c_name": "campaign.title",
            "c_callback": "campaign.rvm.callback",
            "c_wav": "campaign.rvm.wav",
            "c_numbers": "campaign.contacts",
            "c_start_time": "campaign.windows",
            "c_stop_time": "campaign.windows",
            "c_start_date": "campaign.start_date",
            "c_stop_date": "campaign.end_date",
            "c_run_days": "schedule.days",
            "c_throttle": f"{PACE}, campaign.rvm.throttle",
            "c_timezone": "campaign.timezone",
            "c_state_check": "campaign.rvm.state_check",
            "c_performance": "campaign.rvm.performance",
        },
    ),
    *computed(
        "/campaigns create",
        {
            "c_start": "always false: a campaign is started after it was read back",
            "c_debug": "true under plan --online-check alone",
        },
    ),
    *left_out("/campaigns list", {"": "no parameter; read by every plan"}),
    *computed("/campaigns overview", ID),
    *computed("/campaigns channels", ID),
    *computed("/campaigns start", ID),
    *computed("/campaigns pause", ID),
    *computed("/campaigns stop", ID),
    *left_out("/blacklist add", {"b_number": "load adds several at once"}),
    *placed("/blacklist load", {"b_numbers": "blacklist.file"}),
    *computed("/reports campaigns", {**PAGES, "r_from_date": REPORT, "r_to_date": REPORT}),
    *computed("/reports details", {**PAGES, "r_campaign_id": "the campaign's id, out of the state"}),
    *computed("/reports transactions", {**PAGES, "r_from_date": REPORT, "r_to_date": REPORT}),
    *computed("/reports agents", {"r_from_date": REPORT, "r_to_date": REPORT}),
    *left_out("/repcheck check", {"rc_number": ACT}),
    *left_out("/repcheck history", {"": "no parameter; " + REPORT}),
)
