"""CALLR `media/library.*` and `media/tts.*`: sounds by number, which take a moment until they are ready."""

from typing import Any

from reconciler.sandbox.vendors.callr import searches
from reconciler.sandbox.vendors.callr.account import INVALID_PARAMS, Account, Call, Refused
from reconciler.sandbox.vendors.callr.records import Media

VOICES = (
    {"language": "EN-GB", "voices": ["TTS_EN-GB_SERENA", "TTS_EN-GB_DANIEL"]},
    {"language": "EN-US", "voices": ["TTS_EN-US_SAMANTHA"]},
    {"language": "FR-FR", "voices": ["TTS_FR-FR_AUDREY", "TTS_FR-FR_THOMAS"]},
    {"language": "ES-ES", "voices": ["TTS_ES-ES_MONICA"]},
)
LOOKS = 1  # so many don't find it ready
BYTES_PER_SECOND = 16_000


def create(call: Call) -> int:
    """`media/library.create`: a number, with nothing to hear yet."""
    account, name = call.account, call.text(0, "name")
    number = account.media.take_id()
    media = Media(number, account.new_hash("media", number), name, hidden_reads=call.request.lag)
    account.media.add(media)
    return number


def set_content(call: Call) -> bool:
    """`media/library.set_content_from_file`: an imported file, by its name."""
    media, filename = _wanted(call), call.text(1, "file")
    if filename not in call.account.files:
        raise Refused("file: not found")
    _convert(call.account, media, "API_IMPORT")
    media.duration = max(1, len(call.account.files[filename]) // BYTES_PER_SECOND)
    return True


def set_speech(call: Call) -> bool:
    """`media/tts.set_content`: a text, spoken by a voice."""
    media, text, voice = _wanted(call), call.text(1, "text"), call.text(2, "voice")
    call.object(3, "options")
    if all(voice not in group["voices"] for group in VOICES):
        raise Refused("voice: not found")
    _convert(call.account, media, "TTS")
    media.content, media.voice, media.duration = text, voice, max(1, len(text) // 15)
    return True


def get(call: Call) -> dict[str, Any]:
    """`media/library.get`: looking moves its conversion on."""
    media = _wanted(call)
    look(call.account, media)
    return _shown(media)


def get_list(call: Call) -> Any:
    """`media/library.get_list`: an array, or a map by id (A17)."""
    rows = call.account.media.listed()
    for media in rows:
        look(call.account, media)
    shown = [_shown(media) for media in rows]
    return shown if call.account.options.media_list == "array" else {str(each["id"]): each for each in shown}


def search(call: Call) -> dict[str, Any]:
    """`media/library.search`: by the filters that all searches have."""
    return searches.answer(call, call.account.media.listed(), lambda media: media.name, _shown)


def delete(call: Call) -> bool:
    """`media/library.delete`: also of what a campaign plays."""
    call.account.media.remove(_wanted(call).id)
    return True


def set_name(call: Call) -> bool:
    """`media/library.set_name`: another name."""
    _wanted(call).name = call.text(1, "name")
    return True


def set_tags(call: Call) -> bool:
    """`media/library.set_tags`: an object of texts."""
    tags = call.object(1, "tags")
    if not all(isinstance(value, str) for value in tags.values()):
        raise Refused("tags: must be texts", INVALID_PARAMS)
    _wanted(call).tags = tags
    return True


def voices(call: Call) -> Any:
    """`media/tts.get_voice_list`: voices by language."""
    del call
    return VOICES


def look(account: Account, media: Media) -> None:
    """Looking moves a conversion on, and so does time, whichever is sooner."""
    if media.status == "PROCESSING":
        waited = (account.now() - (media.changed_at or account.now())).total_seconds()
        if media.looks >= LOOKS or waited >= account.options.job_seconds:
            media.status = "READY"
        media.looks += 1


def _wanted(call: Call) -> Media:
    media = call.account.media.get(call.number(0, "id"))
    if media is None:
        raise Refused("media not found")
    return media


def _convert(account: Account, media: Media, source: str) -> None:
    media.status, media.looks, media.source, media.changed_at = "PROCESSING", 0, source, account.now()


def _shown(media: Media) -> dict[str, Any]:
    return {
        "id": media.id,
        "hash": media.hash,
        "name": media.name,
        "category": [],
        "content": media.content,
        "duration": media.duration,
        "is_editable": True,
        "language": [],
        "source": media.source,
        "status": media.status,
        "tags": media.tags,
        "url": f"https://media.example/{media.hash}.mp3",
        "voice": media.voice,
    }
