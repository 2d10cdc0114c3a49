"""The stand-in as a whole: who may ask, which operation is meant, and one lock around the account."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from reconciler.sandbox.bodies import body_parameters, query_parameters
from reconciler.sandbox.ledger import Write
from reconciler.sandbox.messages import Reply, Request
from reconciler.sandbox.switches import turned
from reconciler.sandbox.vendor import World
from reconciler.sandbox.vendors.rvm import blacklist, campaigns, creation, reports, reputation, wire
from reconciler.sandbox.vendors.rvm.account import NAME, Account, Answer, Operation, padded
from reconciler.sandbox.vendors.rvm.dialing import settle_all
from reconciler.sandbox.vendors.rvm.numbers import international
from reconciler.sandbox.vendors.rvm.records import Campaign
from reconciler.sandbox.vendors.rvm.validation import TRUE, Failed, Form

Handler = Callable[[Operation], Answer]

HANDLERS: Mapping[str, Mapping[str, Handler]] = {
    "/campaigns": {
        "create": creation.create,
        "list": campaigns.read_all,
        "overview": campaigns.overview,
        "channels": campaigns.channels,
        "start": campaigns.start,
        "pause": campaigns.pause,
        "stop": campaigns.stop,
    },
    "/blacklist": {"add": blacklist.add, "load": blacklist.load},
    "/reports": {
        "campaigns": reports.campaigns,
        "details": reports.details,
        "transactions": reports.transactions,
        "agents": reports.agents,
    },
    "/repcheck": {"check": reputation.check, "history": reputation.history},
}
# They change something, by whatever method they come; a reputation check changes the credits.
WRITES = frozenset({"create", "start", "pause", "stop", "add", "load", "check"})
NOT_FOUND = Reply(404, b"<html><body><h1>Not Found</h1></body></html>", "text/html; charset=UTF-8")


class Rvm:
    """RVMpro, one account."""

    name = NAME
    base_path = "/rvm"

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
        """Return the token that stands among the parameters."""
        return {"token": self._token}

    def operation(self, request: Request) -> str:
        """Name what the parameter `api` asks for, if there is such a thing."""
        wanted = _parameters(request).get("api", "")
        return wanted if wanted in HANDLERS.get(_path(request), {}) else ""

    def handle(self, request: Request) -> Reply:
        """Act on a request; every write, refused or not, goes into the ledger in the order of acting."""
        path = _path(request)
        if path not in HANDLERS or request.method not in {"GET", "POST"}:
            return NOT_FOUND
        parameters = _parameters(request)
        with self._lock:
            problem = self._stranger(parameters)
            if problem:
                options = self._account.options
                return wire.failure(options, path, [problem], options.token_status)
            reply = self._act(request, path, Form(parameters))
            if _is_write(request, parameters):
                self._world.ledger.record_write(Write.of(request, reply, self._account.now()))
            return reply

    def catch_up(self) -> None:
        """Drop the voicemails that are due by now."""
        with self._lock:
            settle_all(self._account)

    def options(self) -> dict[str, Any]:
        """Return the switches as they stand."""
        return asdict(self._account.options)

    def change_options(self, changes: Mapping[str, object]) -> None:
        """Turn switches, after what was due as they stood."""
        with self._lock:
            settle_all(self._account)
            self._account.options = turned(self._account.options, changes)

    def set_next_ids(self, ids: Mapping[str, int]) -> None:
        """Choose the id of the next campaign."""
        with self._lock:
            for kind, chosen in ids.items():
                if kind != "campaigns":
                    raise ValueError(f"no kind {kind!r}; there is campaigns")
                self._account.campaigns.set_next_id(chosen)

    def state(self) -> dict[str, Any]:
        """Return what the account holds, with what no documented read shows."""
        with self._lock:
            account = self._account
            spent = sum(check.credits for check in account.checks)
            return {
                "campaigns": [_campaign_state(campaign) for campaign in account.campaigns],
                "blacklist": [
                    {"number": international(each.number), "at": each.at.isoformat(), "times": each.times}
                    for each in account.blacklist.values()
                ],
                "credits": {"spent": spent, "left": account.credits_left},
            }

    def _stranger(self, parameters: Mapping[str, str]) -> str:
        """Say why a client is turned away, if it is."""
        if parameters.get("token") != self._token:
            return "token: is missing or wrong"
        return "" if self._account.options.address_allowed else "token: this IP address is not whitelisted"

    def _act(self, request: Request, path: str, form: Form) -> Reply:
        options = self._account.options
        handler = HANDLERS[path].get(request.operation, _no_operation)
        try:
            answer = handler(Operation(self._account, request, form))
        except Failed as problem:
            return wire.failure(options, path, problem.problems, options.failure_status)
        return wire.success(options, path, request.operation, answer)


def _no_operation(operation: Operation) -> Answer:
    del operation
    raise Failed("api: names no operation")


def _is_write(request: Request, parameters: Mapping[str, str]) -> bool:
    """Whether it wants to change something; a create with `c_debug` does not."""
    tries = request.operation == "create" and parameters.get("c_debug") in TRUE
    return request.operation in WRITES and not tries


def _path(request: Request) -> str:
    return request.path.rstrip("/")


def _parameters(request: Request) -> Mapping[str, str]:
    """POST takes its parameters from a form, GET from the query; JSON is not documented, so not read."""
    if request.method == "GET":
        found = query_parameters(request.query)
    elif "json" in request.headers.get("content-type", ""):
        return {}
    else:
        found = body_parameters(request.headers.get("content-type", ""), request.body)
    return {name: value for name, value in found.items() if isinstance(value, str)}


def _campaign_state(campaign: Campaign) -> dict[str, Any]:
    settings = campaign.settings
    return {
        "id": padded(campaign.id),
        "status": campaign.status.value,
        "queued": len(campaign.queue),
        "hopper": campaign.hopper,
        "in_progress": len(campaign.in_progress),
        "delivered": campaign.count("OK"),
        "failed": campaign.count("Failure"),
        "filtered": campaign.count("Filtered"),
        "acted": _moment(campaign.acted),
        **{name: str(value) for name, value in asdict(settings).items() if name != "zone"},
        "timezone": settings.zone.key,
    }


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
