"""The stand-in as a whole: who may ask, and which operation is meant."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from reconciler.sandbox.bodies import body_parameters, query_parameters
from reconciler.sandbox.messages import Reply, Request
from reconciler.sandbox.stand_in import StandIn
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


class Rvm(StandIn[Account]):
    """RVMpro, one account."""

    name = NAME
    base_path = "/rvm"

    def operation(self, request: Request) -> str:
        """Name what the parameter `api` asks for, if there is such a thing."""
        wanted = _parameters(request).get("api", "")
        return wanted if wanted in HANDLERS.get(_path(request), {}) else ""

    def new_account(self) -> Account:
        """Make an empty account."""
        return Account(self.world)

    def turn_away(self, request: Request) -> Reply | None:
        """Ask for a documented path, the token, and an address that may use it."""
        path = _path(request)
        if path not in HANDLERS or request.method not in {"GET", "POST"}:
            return NOT_FOUND
        options = self.account.options
        problem = "" if options.address_allowed else "token: this IP address is not whitelisted"
        if _parameters(request).get("token") != self.token:
            problem = "token: is missing or wrong"
        return wire.failure(options, path, [problem], options.token_status) if problem else None

    def act(self, request: Request) -> Reply:
        """Do what is asked."""
        options, path = self.account.options, _path(request)
        handler = HANDLERS[path].get(request.operation, _no_operation)
        try:
            answer = handler(Operation(self.account, request, Form(_parameters(request))))
        except Failed as problem:
            return wire.failure(options, path, problem.problems, options.failure_status)
        return wire.success(options, path, request.operation, answer)

    def is_write(self, request: Request) -> bool:
        """Whether it wants to change something; a create with `c_debug` does not."""
        tries = request.operation == "create" and _parameters(request).get("c_debug") in TRUE
        return request.operation in WRITES and not tries

    def settle_all(self) -> None:
        """Drop the voicemails that are due by now."""
        settle_all(self.account)

    def contents(self) -> dict[str, Any]:
        """Describe campaigns, the do-not-call list that can't be read, and the credits."""
        account = self.account
        spent = sum(check.credits for check in account.checks)
        return {
            "campaigns": [_campaign_state(campaign) for campaign in account.campaigns],
            "blacklist": [
                {"number": international(each.number), "at": each.at.isoformat(), "times": each.times}
                for each in account.blacklist.values()
            ],
            "credits": {"spent": spent, "left": account.credits_left},
        }


def _no_operation(operation: Operation) -> Answer:
    del operation
    raise Failed("api: names no operation")


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
