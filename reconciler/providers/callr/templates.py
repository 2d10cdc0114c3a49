"""What CALLR gives every object to begin with: the template of a type, and that of each action behind a key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reconciler.providers.base import Sending
from reconciler.providers.callr import client as api
from reconciler.providers.callr import document
from reconciler.providers.callr.dialect import fetch, is_map
from reconciler.transport.client import Client


def fresh(client: Client, sending: Sending) -> document.Document:
    """Fill the vendor's template; raises like `Client.fetch`."""
    template = fetch(client, api.campaign_template(str(sending.fields["type"])), is_map)
    base = {name: value for name, value in template.items() if name != "hash"}
    defaults = actions(client, sending, frozenset(sending.fields))
    return document.filled(base, sending.fields, sending.marker, actions=defaults)


def actions(client: Client, sending: Sending, changed: frozenset[str]) -> Mapping[str, Any]:
    """The vendor's defaults of actions, where a key gets one."""
    named = {
        str(sending.fields[name]) for name in changed if name.endswith(".action") and name in sending.fields
    }
    if not named - {"NONE"}:
        return {}
    found: Mapping[str, Any] = fetch(client, api.action_templates(), is_map)
    return found
