"""What is known of CALLR before anything is asked: its host, its base address, its types, its limits."""

from __future__ import annotations

from typing import Final

TYPE: Final = "callr"
BASE_URL: Final = "https://api.callr.com/json-rpc/v1.1/"
HOSTS: Final = ("api.callr.com",)

AUTHENTICATION_FAILURE: Final = 22
"""The one error code that is documented."""
INTERNAL_ERROR: Final = -32603
"""Of JSON-RPC 2.0: something broke, maybe after it had acted."""

VOICE: Final = ("VOICE_SIMPLE", "VOICE_IVR", "VOICE_SURVEY")
IVR: Final = "VOICE_IVR"
SMS: Final = ("SMS_SIMPLE", "SMS_SURVEY")

PAGE: Final = 100
"""Hits asked for at once of a search; the page names no limit."""

BATCH: Final = 25_000
"""People in one import."""
FILE_BYTES: Final = 10_000_000
"""The largest file that is taken in."""

PHONE_COLUMN: Final = 0
POLL: Final = 1.0
"""Seconds between two looks at a job, as the vendor's own programs do it."""

FIRST_MINUTE: Final = "00:00"
LAST_MINUTE: Final = "23:59"
MARGIN: Final = 2
"""Minutes before the end of a window in which nothing is set going by hand any more."""

CONCURRENCY: Final = 2
