"""The stand-in as a whole: who may ask, and which operation is meant."""

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from reconciler.sandbox.bodies import Parameters, body_parameters, query_parameters
from reconciler.sandbox.messages import Reply, Request, json_reply
from reconciler.sandbox.stand_in import StandIn
from reconciler.sandbox.table import Table
from reconciler.sandbox.vendors.plum import campaigns, profiles, queues, schedules
from reconciler.sandbox.vendors.plum.account import NAME, Account, Operation, Refused
from reconciler.sandbox.vendors.plum.dialing import settle_all
from reconciler.sandbox.vendors.plum.records import Campaign
from reconciler.sandbox.vendors.plum.validation import Form, Invalid

Handler = Callable[[Operation], Reply]

ITEM = re.compile(r"/(?P<kind>schedules|profiles|campaigns)/(?P<id>\d{1,18})", re.ASCII)

# Paths without trailing slash. That updating campaigns without an id answers like GET is the page's own word.
COLLECTIONS: Mapping[str, Mapping[str, Handler]] = {
    "/schedules": {"POST": schedules.create, "GET": schedules.read_all},
    "/profiles": {"POST": profiles.create, "GET": profiles.read_all},
    "/campaigns": {
        "POST": campaigns.create,
        "GET": campaigns.read_all,
        "PATCH": campaigns.read_all,
        "PUT": campaigns.read_all,
    },
    "/campaigns/start": {"POST": queues.start},
    "/campaigns/stop": {"POST": queues.stop},
    "/campaigns/add-calls": {"POST": queues.add_calls},
}
ITEMS: Mapping[str, Mapping[str, Handler]] = {
    "schedules": {"PATCH": schedules.change, "PUT": schedules.change, "DELETE": schedules.remove},
    "profiles": {"PATCH": profiles.change, "PUT": profiles.change, "DELETE": profiles.remove},
    "campaigns": {"PATCH": campaigns.change, "PUT": campaigns.change, "DELETE": campaigns.remove},
}
SHARED = (schedules.change, profiles.change)  # these change when running campaigns call


class Plum(StandIn[Account]):
    """Plum Voice, one account."""

    name = NAME
    base_path = "/plum/api"

    def new_account(self) -> Account:
        """Make an empty account."""
        return Account(self.world)

    def turn_away(self, request: Request) -> Reply | None:
        """Ask for the token."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and token.strip() == self.token:
            return None
        return json_reply({"message": "Unauthenticated."}, status=401)

    def act(self, request: Request) -> Reply:
        """Do what is asked."""
        account = self.account
        try:
            handler, path_id = _route(request)
            if handler in SHARED:
                settle_all(account)
                account.rendered.clear()
            return handler(Operation(account, request, Form(_parameters(request)), path_id))
        except Invalid as problem:
            return json_reply(problem.errors, account.options.validation_status, refused=True)
        except Refused as problem:
            return problem.reply

    def is_write(self, request: Request) -> bool:
        """Whether it wants to change something: all but GET."""
        return request.method != "GET"

    def settle_all(self) -> None:
        """Place the calls that are due by now."""
        settle_all(self.account)

    def change_options(self, changes: Mapping[str, object]) -> None:
        """Turn switches, which may show in lists that are rendered already."""
        with self.lock:
            self.account.rendered.clear()
            super().change_options(changes)

    def tables(self) -> Mapping[str, Table[Any]]:
        """Every kind has ids of its own."""
        account = self.account
        return {
            "schedules": account.schedules,
            "profiles": account.profiles,
            "campaigns": account.campaigns,
        }

    def contents(self) -> dict[str, Any]:
        """Describe schedules, profiles and campaigns, which tell more than their lists."""
        account = self.account
        return {
            "schedules": [asdict(schedule) for schedule in account.schedules],
            "profiles": [asdict(profile) for profile in account.profiles],
            "campaigns": [_campaign_state(campaign) for campaign in account.campaigns],
        }


def _route(request: Request) -> tuple[Handler, int]:
    path = request.path.rstrip("/")
    item = ITEM.fullmatch(path)
    handlers = ITEMS[item["kind"]] if item else COLLECTIONS.get(path)
    if handlers is None:
        raise Refused(404, "Not found.")
    if request.method not in handlers:
        raise Refused(405, f"The {request.method} method is not supported for this route.")
    return handlers[request.method], int(item["id"]) if item else 0


def _parameters(request: Request) -> Parameters:
    """POST takes its parameters from the body, updates take theirs from the query and have no body."""
    if request.method == "POST":
        return body_parameters(request.headers.get("content-type", ""), request.body)
    return query_parameters(request.query)


def _campaign_state(campaign: Campaign) -> dict[str, Any]:
    return {
        "id": campaign.id,
        "run": campaign.run.value,
        "queued": len(campaign.queue),
        "called": campaign.position,
        "schedule_id": campaign.schedule_id,
        "start_date": campaign.start_date.isoformat(),
        "end_date": campaign.end_date.isoformat(),
        "start_url": campaign.start_url,
        "result_url": campaign.result_url,
    }
