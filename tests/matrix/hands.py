"""What a person does in a vendor's own page to a campaign of ours, by documented requests, past reconciler."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from .vendors import Hands

Item = Mapping[str, Any]
"""A campaign as the sandbox shows its books."""


@dataclass(frozen=True)
class Deed:
    """One thing that somebody does. `wakes`: it sets a campaign going, so only one that was armed already."""

    name: str
    do: Callable[[Hands, Item], object]
    wakes: bool = False


# Plum Voice


def _plum(method: str, path: str, **params: str) -> Callable[[Hands, Item], object]:
    def do(hands: Hands, item: Item) -> object:
        hands.headers["Authorization"] = f"Bearer {hands.facts['token']}"
        return hands.send(method, path.format(**item), params=params)

    return do


def _stopped_at_plum(hands: Hands, item: Item) -> object:
    hands.headers["Authorization"] = f"Bearer {hands.facts['token']}"
    return hands.form("/campaigns/stop", campaign_id=str(item["id"]))


PLUM = (
    Deed("stops it", _stopped_at_plum),
    Deed("deletes it", _plum("DELETE", "/campaigns/{id}")),
    Deed("ends it earlier", _plum("PATCH", "/campaigns/{id}", end_date="2027-01-22")),
    Deed("ends it later", _plum("PATCH", "/campaigns/{id}", end_date="2027-02-26")),
    Deed("changes its days", _plum("PATCH", "/schedules/{schedule_id}", days='["tue"]')),
    Deed("renames its days", _plum("PATCH", "/schedules/{schedule_id}", days='["mon"]', name="renamed")),
)


# RVMpro


def _rvm(api: str) -> Callable[[Hands, Item], object]:
    def do(hands: Hands, item: Item) -> object:
        return hands.form(
            "/campaigns", api=api, token=str(hands.facts["token"]), c_campaign_id=str(item["id"])
        )

    return do


RVM = (
    Deed("pauses it", _rvm("pause")),
    Deed("lets it go on", _rvm("start"), wakes=True),
    Deed("stops it", _rvm("stop")),
)


# CALLR


def _callr(hands: Hands, method: str, *params: Any) -> Any:
    hands.auth = (str(hands.facts["login"]), str(hands.facts["password"]))
    call = {"id": 417, "jsonrpc": "2.0", "method": f"sendr/10/campaign.{method}", "params": list(params)}
    return hands.send("POST", "/", json=call)["result"]


def _asked(method: str) -> Callable[[Hands, Item], object]:
    return lambda hands, item: _callr(hands, method, item["hash"])


def _saved(change: Callable[[dict[str, Any]], Mapping[str, Any]]) -> Callable[[Hands, Item], object]:
    def do(hands: Hands, item: Item) -> object:
        found = next(
            each for each in _callr(hands, "search", None, None)["hits"] if each["hash"] == item["hash"]
        )
        return _callr(hands, "save", {**found, **change(found)})

    return do


def _clock(*, enabled: bool) -> Callable[[Hands, Item], object]:
    return _saved(lambda found: {"schedule": {**found["schedule"], "enabled": enabled}})


def _fewer_days(found: dict[str, Any]) -> Mapping[str, Any]:
    days = {name: acts for name, acts in found["schedule"]["days"].items() if name not in ("mon", "tue")}
    return {"schedule": {**found["schedule"], "days": days}}


CALLR = (
    Deed("pauses it", _asked("pause")),
    Deed("turns its clock off", _clock(enabled=False)),
    Deed("turns its clock on", _clock(enabled=True), wakes=True),
    Deed("stops it", _asked("stop")),
    Deed("deletes it", _asked("delete")),
    Deed("renames it", _saved(lambda _found: {"name": "renamed"})),
    Deed("takes days from it", _saved(_fewer_days)),
)


# wolkvox


def _wolkvox(method: str, api: str, body: Any = None) -> Callable[[Hands, Item], object]:
    def do(hands: Hands, item: Item) -> object:
        hands.headers["wolkvox-token"] = str(hands.facts["token"])
        asked = {"api": api, "campaign_id": str(item["id"]), "type_campaign": str(item["kind"])}
        return hands.send(method, "/campaign.php", params=asked, json=body)

    return do


WOLKVOX = (
    Deed("stops it", _wolkvox("PUT", "stop")),
    Deed("starts it again", _wolkvox("PUT", "start"), wakes=True),
    Deed("deletes it", _wolkvox("DELETE", "delete_campaign")),
    Deed("makes it quicker", _wolkvox("PUT", "speed", {"speed": "100"})),
    Deed("makes it slower", _wolkvox("PUT", "speed", {"speed": "5"})),
    Deed("renames it", _wolkvox("PUT", "edit_campaign", {"campaign_name": "renamed"})),
    Deed(
        "changes its hours", _wolkvox("PUT", "edit_campaign", {"start_time": "090000", "end_time": "100000"})
    ),
)

DEEDS = {"plum": PLUM, "rvm": RVM, "callr": CALLR, "wolkvox": WOLKVOX}
"""By vendor."""
