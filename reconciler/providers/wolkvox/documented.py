"""Every parameter of wolkvox's Manager API that has to do with campaigns, and its place here."""

from __future__ import annotations

from typing import Final

from reconciler.providers.documented import Documented, computed, left_out, placed
from reconciler.providers.wolkvox.about import NUMBER_FIELDS, OPTIONS, TEXT_FIELDS

ID: Final = {"campaign_id": "the campaign's id, out of the state"}
TYPE: Final = {"type_campaign": "campaign.wolkvox.type"}
BLOCK: Final = "campaign.wolkvox."
PEOPLE: Final = "it rings people again, or keeps an agent off them: an act of somebody, and no state"
EARLIER: Final = "people who were queued stay queued; what never rang is deleted whole"
RINGS: Final = "it would ring a number that no blacklist has filtered"
LAW: Final = "a list that a Colombian law asks for; its fields are described nowhere"
REPORTS: Final = "their fields are described nowhere"
SETTINGS: Final = {
    "campaign_name": "campaign.title",
    "campaign_description": f"{BLOCK}description",
    "start_time": "campaign.windows",
    "end_time": "campaign.windows",
    "skill_id": f"{BLOCK}skill_id, {BLOCK}skill",
    "enable_edition": f"{BLOCK}enable_edition",
}

DOCUMENTED: Final[tuple[Documented, ...]] = (
    *placed("every request", {"wolkvox-token": "provider.token", "host": "provider.server"}),
    *computed("every request", {"api": "the operation"}),
    *left_out("every request", {"wolkvox_server": "a header of the collection, of no known effect"}),
    *placed("POST campaign.php create_campaign", {**TYPE, **SETTINGS}),
    *placed("POST campaign.php create_campaign", dict.fromkeys(OPTIONS, f"{BLOCK}optional_labels")),
    *left_out(
        "POST campaign.php create_campaign",
        {"amd": "edit_campaign sets it right after, which also knows default and none"},
    ),
    *computed("PUT campaign.php edit_campaign", ID),
    *placed(
        "PUT campaign.php edit_campaign",
        {
            **SETTINGS,
            "type_camp": f"{BLOCK}type",
            "amd_conf": f"{BLOCK}amd",
            "turbo_dial": f"{BLOCK}turbo_dial",
            "routing_recall": f"{BLOCK}routing_recall",
            "camp_dial_order": f"{BLOCK}camp_dial_order",
            "optional_labels": f"{BLOCK}optional_labels",
        },
    ),
    *(
        each
        for name in ("start", "stop")
        for each in (
            *placed(f"PUT campaign.php {name}", TYPE),
            *computed(f"PUT campaign.php {name}", ID),
        )
    ),
    *placed("PUT campaign.php speed", {**TYPE, "speed": "profile.wolkvox.speed, campaign.wolkvox.speed"}),
    *computed("PUT campaign.php speed", ID),
    *placed("DELETE campaign.php delete_campaign", TYPE),
    *computed("DELETE campaign.php delete_campaign", ID),
    *left_out(
        "DELETE campaign.php delete_campaign", {"campaign_ids": "the query names the one that is meant"}
    ),
    *placed("PUT campaign.php campaign_filter", TYPE),
    *computed(
        "PUT campaign.php campaign_filter", {**ID, "filter_active": "yes where the manifest has a filter"}
    ),
    *placed(
        "PUT campaign.php campaign_filter",
        {
            "connector": f"{BLOCK}filter.connector",
            "filters": f"{BLOCK}filter.filters",
            "field": f"{BLOCK}filter.filters.field",
            "operator": f"{BLOCK}filter.filters.operator",
            "value": f"{BLOCK}filter.filters.value",
        },
    ),
    *placed("POST campaign.php add_record", TYPE),
    *computed(
        "POST campaign.php add_record",
        {**ID, "campaign_status": "always stop: people are added while it rests"},
    ),
    *placed(
        "POST campaign.php add_record, each record",
        {
            "customer_id": "contact_list.columns.reference",
            "tel1": "contact_list.columns.phone",
            **dict.fromkeys((*TEXT_FIELDS, "email", "agent_id"), "contact_list.columns.fields"),
        },
    ),
    *left_out(
        "POST campaign.php add_record, each record", dict.fromkeys(sorted(NUMBER_FIELDS - {"tel1"}), RINGS)
    ),
    *left_out("DELETE campaign.php clear_campaign", {"": EARLIER}),
    *placed("DELETE campaign.php remove_record", TYPE),
    *computed(
        "DELETE campaign.php remove_record",
        {**ID, "customer_id": "who of the queued of a preview campaign a blacklist suppresses by now"},
    ),
    *left_out(
        "DELETE campaign.php remove_record", {"result": "who is suppressed goes, whatever came of a call"}
    ),
    *left_out("PUT campaign.php codify", {"": PEOPLE}),
    *left_out("PUT campaign.php recall", {"": PEOPLE}),
    *left_out("PUT campaign.php recall_records", {"": PEOPLE}),
    *left_out("POST campaign.php add_dnc", {"": "a block for some days; blacklists hold for ever"}),
    *computed("GET campaign.php campaign_15", ID),
    *left_out(
        "GET campaign.php find_record",
        {
            "": "it takes somebody's number in the address, which servers log; campaign_15 reads all back without"
        },
    ),
    *left_out("GET campaign.php detail", {"": "a report of what was handled, and no state"}),
    *placed("POST configuration.php add_dnc", {"telephones": "blacklist.file"}),
    *computed("POST configuration.php add_dnc", {"type_call": "always outbound"}),
    *left_out("DELETE configuration.php remove_dnc", {"": "whoever is suppressed stays suppressed"}),
    *computed(
        "PUT configuration.php block_predictive_dnc",
        {"id_campaing": ID["campaign_id"], "id_cliente": "who of the queued a blacklist suppresses by now"},
    ),
    *left_out("PUT configuration.php block_law2300, free_law2300", {"": LAW}),
    *computed("GET information.php campaigns", {"campaign": "the campaign's id, where one is looked at"}),
    *left_out("GET information.php skills", {"skill": "all are read, and compared by name or id"}),
    *left_out("GET information.php token_info", {"": "no parameter; proves the token, and tells its quota"}),
    *computed("GET information.php get_dnc", {"type": "always outbound"}),
    *left_out("GET information.php law2300_info", {"": LAW}),
    *left_out("GET real_time.php campaigns", {"": "no parameter; read by status"}),
    *left_out("GET real_time.php recall", {"": PEOPLE}),
    *left_out("GET reports_manager.php campaign_1 to campaign_10", {"": REPORTS}),
)
