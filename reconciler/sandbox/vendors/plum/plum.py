"""The stand-in as a whole: who may ask, which operation is meant, and one lock around the account."""

import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from reconciler.sandbox.bodies import Parameters, body_parameters, query_parameters
from reconciler.sandbox.ledger import Write
from reconciler.sandbox.messages import Reply, Request, json_reply
from reconciler.sandbox.switches import turned
from reconciler.sandbox.table import Table
from reconciler.sandbox.vendor import World
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


class Plum:
    """Plum Voice, one account."""

    name = NAME
    base_path = "/plum/api"

    def __init__(self, world: World) -> None:
        self._world = world
        self._token = world.token(NAME)
        self._lock = threading.RLock()
        self.reset()

    def reset(self) -> None:
        """Back to an empty account and default switches."""
        with self._lock:
            self._account = Account(self._world)

    def credentials(self) -> dict[str, str]:
        """Return the bearer token."""
        return {"token": self._token}

    def handle(self, request: Request) -> Reply:
        """Act on a request; every write, refused or not, goes into the ledger in the order of acting."""
        if not self._is_authorized(request):
            return json_reply({"message": "Unauthenticated."}, status=401)
        with self._lock:
            reply = self._act(request)
            if request.method != "GET":
                self._world.ledger.record_write(self._write(request, reply))
            return reply

    def operation(self, request: Request) -> str:
        """Name no operation: method and path say it all."""
        del request
        return ""

    def catch_up(self) -> None:
        """Place the calls that are due by now."""
        with self._lock:
            settle_all(self._account)

    def options(self) -> dict[str, Any]:
        """Return the switches as they stand."""
        return asdict(self._account.options)

    def change_options(self, changes: Mapping[str, object]) -> None:
        """Turn switches."""
        with self._lock:
            self._account.rendered.clear()
            self._account.options = turned(self._account.options, changes)

    def set_next_ids(self, ids: Mapping[str, int]) -> None:
        """Choose the id of the next schedule, profile or campaign."""
        account = self._account
        tables: dict[str, Table[Any]] = {
            "schedules": account.schedules,
            "profiles": account.profiles,
            "campaigns": account.campaigns,
        }
        with self._lock:
            for kind, chosen in ids.items():
                if kind not in tables:
                    raise ValueError(f"no kind {kind!r}; there are {', '.join(tables)}")
                tables[kind].set_next_id(chosen)

    def state(self) -> dict[str, Any]:
        """Return what the account holds, with what no documented read shows."""
        with self._lock:
            account = self._account
            return {
                "schedules": [asdict(schedule) for schedule in account.schedules],
                "profiles": [asdict(profile) for profile in account.profiles],
                "campaigns": [_campaign_state(campaign) for campaign in account.campaigns],
            }

    def _is_authorized(self, request: Request) -> bool:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        return scheme.lower() == "bearer" and token.strip() == self._token

    def _act(self, request: Request) -> Reply:
        account = self._account
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

    def _write(self, request: Request, reply: Reply) -> Write:
        at = self._world.clock.now()
        return Write.of(request, reply, at)


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
