"""CALLR's media library: sounds that are made empty, and then filled with a file or a spoken text.

What a medium was filled with shows for a spoken text alone. Of a file there is nothing to compare but whether
the medium has any content; a digest of it is kept here.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from typing import Any

from reconciler.model.kind import FieldSpec, KindSpec, Lookup, OperationSpec, other, same
from reconciler.model.objects import LiveObject
from reconciler.model.outcome import Outcome, Pending
from reconciler.model.state import Operation, Result
from reconciler.model.value import Value
from reconciler.providers.base import Sending
from reconciler.providers.callr import client as api
from reconciler.providers.callr import names, verbs, wire
from reconciler.providers.callr.about import POLL
from reconciler.providers.callr.dialect import fetch, identity, is_map, is_text, send, written
from reconciler.providers.partial import HoldsNobody
from reconciler.transport.client import Client

SPEECH, FILE = "speech", "file"
EMPTY, READY, BROKEN = "PENDING_CONTENT", "READY", "ERROR"

SPEC = KindSpec(
    name="media",
    fields=(
        FieldSpec("name", same, request="name"),
        FieldSpec("text", other, on_create=False, request=SPEECH),
        FieldSpec("voice", other, on_create=False, request=SPEECH),
        FieldSpec("digest", other, on_create=False, request=FILE),
    ),
    operations=(
        OperationSpec(
            Operation.CREATE,
            Lookup.LIST,
            promise="Its name bears its marker. One match is adopted; what it lacks is filled in after it.",
        ),
        OperationSpec(
            Operation.UPDATE,
            Lookup.FIELDS,
            repeatable=True,
            promise="It is filled again: the same content changes nothing.",
        ),
        OperationSpec(
            Operation.DELETE, Lookup.LIST, undoable=False, promise="Absent from the list is deleted."
        ),
    ),
    marker=True,
    hidden=("files (beyond whether there is one)",),
    order=0,
)


def decode(provider: str, item: Mapping[str, Any]) -> LiveObject:
    """Read one: what was spoken; that there is no file, where there is none; nothing of a file that there is."""
    whole = wire.text(item.get("name")) or ""
    name, marker = names.unmarked(whole)
    fields: dict[str, Value] = {"name": name}
    voice = wire.text(item.get("voice")) or ""
    spoken = wire.text(item.get("source")) == "TTS" or voice.startswith("TTS_")
    fields["text"] = wire.text(item.get("content")) if spoken else ""
    fields["voice"] = voice if spoken else ""
    if spoken or wire.text(item.get("status")) == EMPTY:
        fields["digest"] = ""
    shown = {key: value for key, value in fields.items() if value is not None}
    return LiveObject(
        provider, SPEC.name, identity(item, "id") or "", shown, natural_key=whole, marker=marker
    )


def listed(client: Client) -> list[dict[str, Any]]:
    """List the library, which is an array or a map (A17); raises like `Client.fetch`."""
    found = fetch(client, api.list_media(), _is_list)
    items: list[dict[str, Any]] = list(found.values()) if isinstance(found, dict) else found
    return items


def _is_list(result: Any) -> bool:
    items = result.values() if isinstance(result, dict) else result
    several = list(items) if isinstance(items, list) or isinstance(result, dict) else [None]
    return all(identity(item, "id") is not None for item in several)


class MediaKind(HoldsNobody):
    """The verbs of media."""

    spec = SPEC

    def read(self, client: Client) -> Sequence[Any]:
        """List all."""
        return listed(client)

    def create(self, client: Client, sending: Sending) -> Outcome:
        """Make it, without content."""
        request = api.create_media(names.marked(str(sending.fields["name"]), sending.marker))
        answer = send(client, request, lambda result: identity({"id": result}, "id") is not None)
        return answer.outcome(identity({"id": answer.value}, "id"))

    def update(
        self, client: Client, remote_id: str, sending: Sending, changed: frozenset[str]
    ) -> Outcome | Pending:
        """Rename it, let a text be spoken, or hand a file over; then wait until it can be played."""
        if "digest" in changed and sending.content is not None:
            content = base64.b64encode(sending.content).decode("ascii")
            answer = send(client, api.import_file(content), is_text)
            return _job("file", str(answer.value)) if answer.done else answer.outcome()
        if changed & {"text", "voice"}:
            text, voice = (str(sending.fields.get(name) or "") for name in ("text", "voice"))
            return _filled(written(client, api.set_media_speech(remote_id, text, voice)))
        name = names.marked(str(sending.fields["name"]), sending.marker)
        return written(client, api.rename_media(remote_id, name))

    def delete(self, client: Client, remote_id: str) -> Outcome:
        """Remove it."""
        outcome = written(client, api.delete_media(remote_id))
        return outcome if outcome.done else verbs.gone_already(outcome, _is_there(client, remote_id))

    def poll(self, client: Client, remote_id: str, handle: str) -> Outcome | Pending:
        """Look at the job of a file, or whether the medium can be played."""
        work: dict[str, str] = json.loads(handle)
        try:
            if work["step"] == "file":
                return _file(client, work["job"])
            return _ready(client, remote_id, surely_filled=work["step"] == "ready")
        except verbs.UNREAD as error:
            return Outcome(Result.UNKNOWN, error.message)

    def proceed(self, client: Client, remote_id: str, handle: str) -> Outcome | Pending:
        """Fill the medium with the file that was handed over."""
        return _filled(written(client, api.set_media_file(remote_id, json.loads(handle)["file"])))


def _job(step: str, job: str = "", filename: str = "") -> Pending:
    handle = json.dumps({"step": step, "job": job, "file": filename}, sort_keys=True, separators=(",", ":"))
    return Pending(handle, 0.0 if filename else POLL, announces=bool(filename))


def _filled(outcome: Outcome) -> Outcome | Pending:
    return _job("ready") if outcome.done else outcome


def _file(client: Client, job: str) -> Outcome | Pending:
    shown = fetch(client, api.get_job(job), is_map)
    status = (wire.text(shown.get("status")) or "").upper()
    if shown.get("error") or status == "CANCELED":
        return Outcome(Result.REFUSED, "CALLR could not take the file in")
    if status != "DONE":
        return _job("file", job)
    result = shown.get("result")
    filename = wire.text(result.get("filename")) if isinstance(result, dict) else None
    return (
        _job("fill", filename=filename)
        if filename
        else Outcome(Result.REFUSED, "CALLR does not name the file")
    )


def _ready(client: Client, remote_id: str, *, surely_filled: bool) -> Outcome | Pending:
    """Whether it can be played; one that is empty after a filling whose end was lost was never filled."""
    found = next((item for item in listed(client) if identity(item, "id") == remote_id), None)
    status = wire.text(found.get("status")) if found is not None else None
    if status == READY:
        return Outcome(Result.DONE)
    if found is None or status == BROKEN:
        return Outcome(Result.REFUSED, "CALLR could not make a sound of it" if found else "it is not there")
    if status == EMPTY and not surely_filled:
        return Outcome(Result.REFUSED, "it was not filled; it is filled by the next apply")
    return _job("ready")


def _is_there(client: Client, remote_id: str) -> bool | None:
    try:
        return any(identity(item, "id") == remote_id for item in listed(client))
    except verbs.UNREAD:
        return None
