"""What each of the five types of campaign says and may be told: the reference's objects, as shapes."""

from collections.abc import Mapping
from functools import cache

from reconciler.sandbox.vendors.callr.options import Options
from reconciler.sandbox.vendors.callr.records import VOICE_TYPES
from reconciler.sandbox.vendors.callr.shapes import (
    E164,
    EMAIL,
    SENDER,
    Choice,
    Fields,
    Flag,
    Items,
    Shape,
    ShownNumber,
    Sound,
    Sounds,
    Text,
    Whole,
    Word,
    object_of,
)

MANY = 1_000_000
KEYS = tuple(f"key_{digit}" for digit in range(10))
EMAILS = Items(Text(EMAIL, required=True))
SENDER_TEXT = Text(SENDER)
NATURE = Word(("ALERTING", "MARKETING"))
SUB_EMAIL = Fields({"enabled": Flag(), "emails": EMAILS, "template": Text()})
VOICEMAIL: Mapping[str, Shape] = {
    "voicemail_broadcast": Sounds(),
    "voicemail_detect_media": Sounds(),
    "voicemail_detect_method": Word(("NO", "AUTO", "DIRECT", "DTMF")),
}
ANSWER = Fields({"broadcast": Sound(), "key": Text(), "text": Text()})
QUESTION = Fields({"answers": Items(ANSWER), "broadcast": Sounds(), "text": Text()})
SEND_REPORT = Fields({"enabled": Flag(), "emails": EMAILS, "phones": Items(Text(E164, required=True))})
AUTO_STOP = Fields(
    {
        "enabled": Flag(),
        "per_answer_count": Fields({"enabled": Flag(), "count": Whole(0, MANY, 0)}),
        "per_key": Fields({"enabled": Flag(), **dict.fromkeys(KEYS, Whole(0, MANY, 0))}),
    }
)
FOLLOWUP = Fields(
    {
        "enabled": Flag(),
        "actions": Fields(
            {
                "callback": Fields(
                    {"enabled": Flag(), "count": Whole(1, 5, 1), "delay_minutes": Whole(5, 240, 5)}
                ),
                "sms": Fields({"enabled": Flag(), "sender": SENDER_TEXT, "text": Text()}),
            }
        ),
        "conditions": Fields(
            {
                "no_response": Flag(),
                "short_call": Flag(),
                "short_call_duration": Whole(1, 60, 1),
                "voicemail_detected": Flag(),
            }
        ),
    }
)
SMS_OPTIONS = Fields({"nature": NATURE, "send_report": SEND_REPORT})
SMS_SIMPLE = Fields(
    {
        "text": Text(required=True),
        "sender": SENDER_TEXT,
        "encoding": Word(("GSM", "UNICODE")),
        "optout_suffix": Text(),
        "optout_confirmed": Text(),
    }
)
SMS_SURVEY = Fields(
    {"texts": Items(Text(required=True), required=True), "final_text": Text(), "sender": SENDER_TEXT}
)
VOICE_SIMPLE = Fields(
    {"broadcast": Sounds(required=True), "prompt": Sounds(), "goodbye": Sounds(), **VOICEMAIL}
)
VOICE_SURVEY = Fields(
    {
        "broadcast": Sounds(),
        "goodbye": Sounds(),
        "key_error": Sounds(),
        "key_valid": Sounds(),
        "questions": Items(QUESTION, required=True),
        **VOICEMAIL,
    }
)


@cache
def actions(options: Options) -> Mapping[str, Shape]:
    """What a key can do (A9, A11)."""
    email = {"email": SUB_EMAIL} if options.bridge_email == "email" else {}
    target = Fields({"number": Text(E164, required=True), "timeout": Whole(5, 300, 30)})
    return {
        "NONE": Fields({}),
        "BRIDGE": Fields(
            {
                "broadcast": Sounds(),
                **email,
                "noanswer": Flag() if options.noanswer == "flag" else Sounds(),
                "ringtone": Sounds(),
                "targets": Items(target, required=True),
                "voicemail": SUB_EMAIL,
                "whisper": Sounds(),
            }
        ),
        "BROADCAST": Fields({"broadcast": Sounds(), "goodbye": Sounds(), "prompt": Sounds()}),
        "CALLBACK": Fields({"broadcast": Sounds(), "delay": Whole(5, 240, 5)}),
        "EMAIL": Fields({"broadcast": Sounds(), "emails": EMAILS, "template": Text()}),
        "RECORD": Fields(
            {
                "broadcast": Sounds(),
                "emails": EMAILS,
                "goodbye": Sounds(),
                "prompt": Sounds(),
                "record_max_duration": Whole(10, 120, 60),
                "template": Text(),
            }
        ),
    }


@cache
def ivr(kind: str, options: Options) -> Fields:
    """What a campaign of a type says."""
    keys = object_of(KEYS, Choice(actions(options), "NONE"))
    voice_ivr = Fields({"broadcast": Sounds(required=True), "keys": keys, "prompt": Sounds(), **VOICEMAIL})
    return {
        "SMS_SIMPLE": SMS_SIMPLE,
        "SMS_SURVEY": SMS_SURVEY,
        "VOICE_IVR": voice_ivr,
        "VOICE_SIMPLE": VOICE_SIMPLE,
        "VOICE_SURVEY": VOICE_SURVEY,
    }[kind]


@cache
def settings(kind: str, options: Options) -> Fields:
    """How a campaign of a type goes about it."""
    if kind not in VOICE_TYPES:
        return SMS_OPTIONS
    return Fields(
        {
            "auto_stop": AUTO_STOP,
            "call_recording": Flag(),
            "ccl": Whole(1, options.most_calls_at_once, min(5, options.most_calls_at_once)),
            "cli": ShownNumber(),
            "followup": FOLLOWUP,
            "nature": NATURE,
            "send_report": SEND_REPORT,
        }
    )
