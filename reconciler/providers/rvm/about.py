"""What is known of RVMpro before anything is asked: its host, its base address, its limits."""

from __future__ import annotations

from typing import Final

TYPE: Final = "rvm"
BASE_URL: Final = "https://api.22.rvmpro.com"
HOSTS: Final = ("api.22.rvmpro.com",)

TITLE_LENGTH: Final = 16
"""Names have up to 25 characters (`c_name`); a blank and a marker of eight are ours."""

FEWEST_DIGITS: Final = 10
MOST_DIGITS: Final = 13

USUAL_THROTTLE: Final = 600
HIGHEST_THROTTLE: Final = 18_000
"""Drops an hour: what the vendor does where nothing is said, and the most it does (`c_throttle`)."""

FIRST_MINUTE: Final = "00:00"
LAST_MINUTE: Final = "23:59"

PAGE: Final = 500
"""Rows asked for at once of a report; the page names no limit."""

LOAD: Final = 1000
"""Numbers in one blacklist load, each in both spellings. The page names no limit."""

CHECK_PRICE: Final = 20
"""Credits that one look at a number's reputation costs (`/repcheck`)."""

LAST_ZONE: Final = "Etc/GMT+12"
"""Campaigns have clocks of their own; a day is over in all of them once it is over here."""

CONCURRENCY: Final = 1
"""Nothing is said of parallel requests, so there are none."""

POLLING: Final = 60.0
"""Seconds between two looks at the counters; the page recommends nothing."""
