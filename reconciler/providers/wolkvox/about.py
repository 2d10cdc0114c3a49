"""What is known of wolkvox before anything is asked: its hosts, its addresses, its limits."""

from __future__ import annotations

from typing import Final

TYPE: Final = "wolkvox"
HOSTS: Final = ("*.wolkvox.com",)
BASE_URL: Final = "https://wv{server}.wolkvox.com/api/v2"

CONCURRENCY: Final = 1
"""The page speaks of two requests at once, and of none while another is under way (A8): so one at a time."""

BATCH: Final = 10_000
"""Records in one `add_record`."""

TYPES: Final = ("predictive", "preview")
COUNTRIES: Final = (
    "ARG", "CHL", "COL", "CRI", "ECU", "ESP", "GTM", "HND", "ITA", "MEX", "NIC", "PAN", "PER",
)  # fmt: skip
"""Countries whose answering machines the vendor can tell (`amd`)."""

MOST_SPEED: Final = 100

FIRST_MINUTE: Final = "00:00"
LAST_MINUTE: Final = "23:59"

OPTIONS: Final = tuple(f"opt{number}" for number in range(1, 13))
SHORT_OPTIONS: Final = frozenset(OPTIONS[:6])
"""opt6 stands in both rows of the page, so the shorter length holds for it (A16)."""
SHORT_OPTION: Final = 100
LONG_OPTION: Final = 200

TEXT_FIELDS: Final = (
    "customer_name", "customer_last_name", "id_type", "age", "gender", "country", "state", "city", "zone", "address",
    *OPTIONS,
)  # fmt: skip
"""What a record has to say of a person, beside the number and the id."""

PREDICTIVE_FIELDS: Final = ("email",)
PREVIEW_FIELDS: Final = ("agent_id",)

NUMBER_FIELDS: Final = frozenset(
    (*(f"tel{number}" for number in range(1, 11)), "tel_extra", "recall_date", "recall_telephone")
)
"""What makes the vendor ring, or ring again: only `tel1` is ours to send, for blacklists filter nothing else."""

POLLING: Final = 300.0
"""Seconds between two looks at the counters, as the page recommends."""
