"""What is known of Plum before anything is asked: its hosts, its base address, its clock."""

from __future__ import annotations

from typing import Final

TYPE: Final = "plum"
BASE_URL: Final = "https://scheduler.plumvoice.com/api"
HOSTS: Final = ("scheduler.plumvoice.com",)
ZONE: Final = "America/New_York"
"""Times of profiles are Eastern; dates are read as Eastern days, which the page leaves open (A19)."""

NICKNAME_LENGTH: Final = 64
NUMBER_DIGITS: Final = 11
BATCH: Final = 5000
"""People in one add-calls. The page names no limit; this keeps a request near 300 kB."""

CONCURRENCY: Final = 2
