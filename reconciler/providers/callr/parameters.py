"""Every setting of a campaign by its path in CALLR's object: which types have it, how it is read and written.

Settings are compared one by one, those alone that a manifest names: whatever else the object has is the
vendor's own, from its template, and no difference.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any, Final

from msgspec import Struct

from reconciler.model.kind import Loudness, other, same
from reconciler.model.value import Value
from reconciler.providers import loudness
from reconciler.providers.base import Bound, Sendable
from reconciler.providers.callr import wire
from reconciler.providers.callr.about import SMS, VOICE

Path = tuple[str, ...]
Grade = Callable[[Value, Value], Loudness]

KEYS: Final = tuple(f"key_{digit}" for digit in range(10))
ACTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "BRIDGE": ("broadcast", "ringtone", "whisper", "noanswer", "targets", "voicemail", "email"),
    "BROADCAST": ("broadcast", "prompt", "goodbye"),
    "CALLBACK": ("broadcast", "delay"),
    "EMAIL": ("broadcast", "emails", "template"),
    "NONE": (),
    "RECORD": ("broadcast", "prompt", "goodbye", "emails", "template", "record_max_duration"),
}
"""The parameters of each action behind a key."""


class Sort(Struct, frozen=True):
    """A sort of value: from the wire (None where unreadable), to the wire, and from a manifest."""

    read: Callable[[Any], Value]
    write: Callable[[Sendable], Any]
    canonical: Callable[[Value], Value]


class Parameter(Struct, frozen=True):
    """One setting: where it stands, its sort, the types of campaign that have it, and what a change of it means."""

    path: Path
    sort: Sort
    types: tuple[str, ...]
    loudness: Grade = other

    @property
    def name(self) -> str:
        """What plans call it."""
        return ".".join(self.path)

    @property
    def action(self) -> str:
        """The name of the action of which it is a parameter; empty for one of none."""
        above, _, _ = self.name.partition(".params.")
        return f"{above}.action" if above != self.name else ""


def _listed(value: Sendable) -> list[Any]:
    return [_plain(item) for item in value] if isinstance(value, tuple) else []


def _plain(value: Sendable) -> Any:
    """Write anything as JSON has it; a reference is the id of what it refers to, as the text that samples send."""
    if isinstance(value, Bound):
        return value.remote_id
    if isinstance(value, tuple):
        return _listed(value)
    if isinstance(value, Mapping):
        return {name: _plain(item) for name, item in value.items()}
    return value


def _as_is(value: Value) -> Value:
    return value


def _sorted(value: Value) -> Value:
    return tuple(sorted(str(item) for item in value)) if isinstance(value, tuple) else value


def _no_answer(value: Any) -> Value:
    """Read what is a switch by its type and media by its text (A9)."""
    return value if isinstance(value, bool) else wire.texts(value)


def _targets(value: Any) -> Value:
    if value is None:
        return ()
    items = value if isinstance(value, list) else None
    if items is None or not all(isinstance(item, dict) for item in items):
        return None
    return tuple(
        {"number": wire.text(item.get("number")), "timeout": wire.number(item.get("timeout"))}
        for item in items
    )


def _questions(value: Any) -> Value:
    if value is None:
        return ()
    items = value if isinstance(value, list) else None
    if items is None or not all(isinstance(item, dict) for item in items):
        return None
    return tuple(_question(item) for item in items)


def _question(item: Mapping[str, Any]) -> Value:
    answers = item.get("answers")
    several = [each for each in answers if isinstance(each, dict)] if isinstance(answers, list) else []
    return {
        "text": wire.text(item.get("text")),
        "broadcast": wire.texts(item.get("broadcast")),
        "answers": tuple(_answer(each) for each in several),
    }


def _answer(item: Mapping[str, Any]) -> Value:
    """Read an answer; its medium is a single one, not a list (A10)."""
    return {name: wire.text(item.get(name)) for name in ("key", "text", "broadcast")}


def _whole_questions(value: Value) -> Value:
    """Fill in what a manifest leaves out of questions and answers, so that equal ones are equal."""
    several = value if isinstance(value, tuple) else ()
    return tuple(_whole_question(item) for item in several if isinstance(item, Mapping))


def _whole_question(item: Mapping[str, Value]) -> Value:
    answers = item.get("answers", ())
    several = answers if isinstance(answers, tuple) else ()
    whole = [
        {"key": "", "text": "", "broadcast": "", **each} for each in several if isinstance(each, Mapping)
    ]
    return {"text": item.get("text", ""), "broadcast": item.get("broadcast", ()), "answers": tuple(whole)}


TEXT: Final = Sort(wire.text, _plain, _as_is)
NUMBER: Final = Sort(wire.number, _plain, _as_is)
SWITCH: Final = Sort(wire.switch, _plain, _as_is)
MEDIA: Final = Sort(wire.texts, _listed, _as_is)
TEXTS: Final = Sort(wire.texts, _listed, _as_is)
SET: Final = Sort(wire.unordered, _listed, _sorted)
NO_ANSWER: Final = Sort(_no_answer, _plain, _as_is)
TARGETS: Final = Sort(_targets, _listed, _as_is)
QUESTIONS: Final = Sort(_questions, _listed, _whole_questions)

_MAIL = {"enabled": SWITCH, "emails": SET, "template": TEXT}
_KEY = {
    "broadcast": MEDIA, "prompt": MEDIA, "goodbye": MEDIA, "ringtone": MEDIA, "whisper": MEDIA,
    "noanswer": NO_ANSWER, "targets": TARGETS, "delay": NUMBER, "emails": SET, "template": TEXT,
    "record_max_duration": NUMBER,
    **{f"{part}.{name}": sort for part in ("voicemail", "email") for name, sort in _MAIL.items()},
}  # fmt: skip


def _ivr() -> list[Parameter]:
    simple, ivr, survey = ((name,) for name in VOICE)
    sms, sms_survey = ((name,) for name in SMS)
    return [
        Parameter(("ivr", "broadcast"), MEDIA, VOICE),
        Parameter(("ivr", "prompt"), MEDIA, (*simple, *ivr)),
        Parameter(("ivr", "goodbye"), MEDIA, (*simple, *survey)),
        Parameter(("ivr", "voicemail_broadcast"), MEDIA, VOICE),
        Parameter(("ivr", "voicemail_detect_media"), MEDIA, VOICE),
        Parameter(("ivr", "voicemail_detect_method"), TEXT, VOICE),
        Parameter(("ivr", "key_error"), MEDIA, survey),
        Parameter(("ivr", "key_valid"), MEDIA, survey),
        Parameter(("ivr", "questions"), QUESTIONS, survey),
        *(Parameter(("ivr", "keys", key, "action"), TEXT, ivr) for key in KEYS),
        *(
            Parameter(("ivr", "keys", key, "params", *name.split(".")), sort, ivr)
            for key in KEYS
            for name, sort in _KEY.items()
        ),
        Parameter(("ivr", "text"), TEXT, sms),
        Parameter(("ivr", "sender"), TEXT, SMS),
        Parameter(("ivr", "encoding"), TEXT, sms),
        Parameter(("ivr", "optout_suffix"), TEXT, sms),
        Parameter(("ivr", "optout_confirmed"), TEXT, sms),
        Parameter(("ivr", "texts"), TEXTS, sms_survey),
        Parameter(("ivr", "final_text"), TEXT, sms_survey),
    ]


def _options() -> list[Parameter]:
    def voice(sort: Sort, *path: str, grade: Grade = other) -> Parameter:
        return Parameter(("options", *path), sort, VOICE, grade)

    stop, followup = "auto_stop", "followup"
    return [
        voice(NUMBER, "ccl", grade=loudness.more_is_louder),
        voice(TEXT, "cli"),
        Parameter(("options", "nature"), TEXT, (*VOICE, *SMS)),
        voice(SWITCH, "call_recording", grade=same),
        voice(SWITCH, stop, "enabled"),
        voice(SWITCH, stop, "per_answer_count", "enabled"),
        voice(NUMBER, stop, "per_answer_count", "count", grade=loudness.more_is_louder),
        voice(SWITCH, stop, "per_key", "enabled"),
        *(voice(NUMBER, stop, "per_key", key, grade=loudness.more_is_louder) for key in KEYS),
        voice(SWITCH, followup, "enabled"),
        voice(SWITCH, followup, "actions", "callback", "enabled"),
        voice(NUMBER, followup, "actions", "callback", "count", grade=loudness.more_is_louder),
        voice(NUMBER, followup, "actions", "callback", "delay_minutes", grade=loudness.more_is_quieter),
        voice(SWITCH, followup, "actions", "sms", "enabled"),
        voice(TEXT, followup, "actions", "sms", "sender"),
        voice(TEXT, followup, "actions", "sms", "text"),
        voice(SWITCH, followup, "conditions", "no_response"),
        voice(SWITCH, followup, "conditions", "short_call"),
        voice(NUMBER, followup, "conditions", "short_call_duration", grade=loudness.more_is_louder),
        voice(SWITCH, followup, "conditions", "voicemail_detected"),
        Parameter(("options", "send_report", "enabled"), SWITCH, (*VOICE, *SMS), same),
        Parameter(("options", "send_report", "emails"), SET, (*VOICE, *SMS), same),
        Parameter(("options", "send_report", "phones"), SET, (*VOICE, *SMS), same),
    ]


PARAMETERS: Final = (*_ivr(), *_options())
BY_PATH: Final[Mapping[Path, Parameter]] = {item.path: item for item in PARAMETERS}
BY_NAME: Final[Mapping[str, Parameter]] = {item.name: item for item in PARAMETERS}
BRANCHES: Final = frozenset(item.path[:depth] for item in PARAMETERS for depth in range(1, len(item.path)))
"""Paths that lead to settings and are none themselves."""


@functools.cache
def of_type(type_name: str) -> tuple[Parameter, ...]:
    """The settings that a type of campaign has; all of them for a type that we do not know."""
    known = type_name in (*VOICE, *SMS)
    return tuple(item for item in PARAMETERS if not known or type_name in item.types)


def leaves(block: Mapping[str, Value], *above: str) -> dict[Path, Value]:
    """Flatten a block of a manifest to the settings that it names."""
    found: dict[Path, Value] = {}
    for name, value in block.items():
        path = (*above, name)
        if isinstance(value, Mapping) and path in BRANCHES:
            found |= leaves(value, *path)
        else:
            found[path] = value
    return found


def at(whole: Mapping[str, Any], path: Path) -> tuple[bool, Any]:
    """Look a setting up in the vendor's object: whether it is there, and what it is."""
    part: Any = whole
    for name in path:
        if not isinstance(part, Mapping) or name not in part:
            return False, None
        part = part[name]
    return True, part


def put(whole: dict[str, Any], path: Path, value: Any) -> None:
    """Set one in the vendor's object; what is no map on the way, as the empty list of PHP, becomes one."""
    part = whole
    for name in path[:-1]:
        if not isinstance(part.get(name), dict):
            part[name] = {}
        part = part[name]
    part[path[-1]] = value


def with_media(path: Path, value: Value, resolved: Callable[[str], Value]) -> Value:
    """The same setting with each medium that it names replaced."""
    if _plays(path, value):
        return tuple(resolved(str(item)) for item in value) if isinstance(value, tuple) else value
    if BY_PATH[path].sort is QUESTIONS and isinstance(value, tuple):
        return tuple(_resolved_question(item, resolved) for item in value)
    return value


def _plays(path: Path, value: Value) -> bool:
    return BY_PATH[path].sort is MEDIA or (BY_PATH[path].sort is NO_ANSWER and isinstance(value, tuple))


def _resolved_question(item: Value, resolved: Callable[[str], Value]) -> Value:
    if not isinstance(item, Mapping):
        return item
    played, answers = item.get("broadcast", ()), item.get("answers", ())
    several = answers if isinstance(answers, tuple) else ()
    return {
        **item,
        "broadcast": tuple(resolved(str(each)) for each in played) if isinstance(played, tuple) else played,
        "answers": tuple(_resolved_answer(each, resolved) for each in several),
    }


def _resolved_answer(item: Value, resolved: Callable[[str], Value]) -> Value:
    if not isinstance(item, Mapping) or not item.get("broadcast"):
        return item
    return {**item, "broadcast": resolved(str(item["broadcast"]))}


def media_of(path: Path, value: Value) -> tuple[str, ...]:
    """Every medium that a setting names."""
    found: list[str] = []

    def noted(medium: str) -> Value:
        found.append(medium)
        return medium

    with_media(path, value, noted)
    return tuple(found)
