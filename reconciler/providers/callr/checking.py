"""CALLR's own judgement of a campaign (`campaign.check`), also of one whose addressbook is not made yet.

A new campaign's addressbook is made by the same apply, and so may be the media that it plays. The check takes
the object without them, on the template's background; what CALLR then says of just those parts is no finding.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from reconciler.model.outcome import Outcome
from reconciler.model.state import Result
from reconciler.providers.base import Sending
from reconciler.providers.callr import client as api
from reconciler.providers.callr import templates, verbs
from reconciler.providers.callr.dialect import send
from reconciler.transport.client import Client


def checked(client: Client, sending: Sending, missing: frozenset[str]) -> Outcome:
    """Ask for every complaint; those about what is missing alone are told, and refuse nothing."""
    try:
        whole = templates.fresh(client, sending)
    except verbs.UNREAD as error:
        return Outcome(Result.NOT_SENT, error.message)
    answer = send(client, api.check_campaign(whole), lambda result: isinstance(result, list))
    if not answer.done:
        return answer.outcome()
    texts = [str(text) for text in answer.value]
    found = [text for text in texts if not concerns(text, missing)]
    if found:
        return Outcome(Result.REFUSED, "; ".join(found), request_id=answer.request_id)
    return Outcome(Result.DONE, covered(missing), request_id=answer.request_id)


def covered(missing: frozenset[str]) -> str:
    """Say what a check without complaints was made without; nothing where it had everything."""
    if not missing:
        return ""
    names = ", ".join(sorted(missing))
    return f"CALLR checked it, and has no complaint; not yet with {names}, which apply makes first"


ALSO: Final[Mapping[str, tuple[str, ...]]] = {"addressbook": ("addressbook", "book", "hash")}
"""Other words for a part: a campaign names its addressbook by its hash, and no text of a complaint is documented."""


def concerns(text: str, missing: Iterable[str]) -> bool:
    """Whether a complaint names a part that is missing, however its words are put together."""
    said = _letters(text)
    names = (name.rpartition(".")[2] for name in missing)
    return any(_letters(word) in said for name in names for word in ALSO.get(name, (name,)))


def _letters(text: str) -> str:
    return re.sub(r"[^a-z]", "", text.lower())
