"""The stand-in as a whole: pages and what each is asked for, who may ask, and how often."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from reconciler.sandbox.bodies import query_parameters
from reconciler.sandbox.messages import Reply, Request
from reconciler.sandbox.stand_in import StandIn
from reconciler.sandbox.vendors.wolkvox import campaigns, contacts, do_not_call, information, read_back
from reconciler.sandbox.vendors.wolkvox.account import NAME, Account, Operation
from reconciler.sandbox.vendors.wolkvox.dialing import settle_all
from reconciler.sandbox.vendors.wolkvox.numbers import REGIONS, international
from reconciler.sandbox.vendors.wolkvox.records import Campaign
from reconciler.sandbox.vendors.wolkvox.wire import Answer, Refused, body_of, failure, success

Handler = Callable[[Operation], Answer]

SERVER = "0099"
CALLS: Mapping[str, Mapping[tuple[str, str], Handler]] = {
    "/campaign.php": {
        ("POST", "create_campaign"): campaigns.create,
        ("PUT", "edit_campaign"): campaigns.edit,
        ("PUT", "start"): campaigns.start,
        ("PUT", "stop"): campaigns.stop,
        ("PUT", "speed"): campaigns.speed,
        ("DELETE", "delete_campaign"): campaigns.remove,
        ("PUT", "campaign_filter"): campaigns.set_filter,
        ("POST", "add_record"): contacts.add,
        ("DELETE", "clear_campaign"): contacts.clear,
        ("DELETE", "remove_record"): contacts.remove,
        ("PUT", "codify"): contacts.codify,
        ("PUT", "recall"): contacts.recall,
        ("PUT", "recall_records"): contacts.recall_records,
        ("POST", "add_dnc"): do_not_call.block,
        ("GET", "campaign_15"): read_back.all_records,
        ("GET", "find_record"): read_back.find,
        ("GET", "detail"): read_back.handled,
    },
    "/configuration.php": {
        ("POST", "add_dnc"): do_not_call.add,
        ("DELETE", "remove_dnc"): do_not_call.remove,
        ("PUT", "block_predictive_dnc"): contacts.mark_do_not_call,
    },
    "/information.php": {
        ("GET", "campaigns"): information.campaigns,
        ("GET", "skills"): information.skills,
        ("GET", "token_info"): information.token,
        ("GET", "get_dnc"): do_not_call.read,
    },
    "/real_time.php": {
        ("GET", "campaigns"): information.live,
        ("GET", "recall"): information.recalls,
    },
    "/reports_manager.php": {},
}
NAMES = {page: frozenset(name for _, name in calls) for page, calls in CALLS.items()}
NOT_FOUND = Reply(404, b"<html><body><h1>Not Found</h1></body></html>", "text/html; charset=UTF-8")


class Wolkvox(StandIn[Account]):
    """wolkvox, one operation."""

    name = NAME
    base_path = "/wolkvox/api/v2/"

    def credentials(self) -> dict[str, str]:
        """Return the operation's server code and the token."""
        return {"server": SERVER, "token": self.token}

    def settings(self) -> dict[str, str]:
        """Return the zone of hours, and how the operation dials."""
        options = self.account.options
        return {
            "account_timezone": options.zone,
            "region": REGIONS.get(options.country_code, ""),
            "dial_prefix": options.dial_prefix,
        }

    def operation(self, request: Request) -> str:
        """Name what the parameter `api` asks for, if the page has such a thing."""
        wanted = _query(request).get("api", "")
        return wanted if wanted in NAMES.get(request.path, ()) else ""

    def holder(self, request: Request) -> str:
        """Count by token, as the vendor does."""
        return request.headers.get("wolkvox-token", "")

    def new_account(self) -> Account:
        """Make an empty operation with a few skills."""
        return Account(self.world)

    def turn_away(self, request: Request) -> Reply | None:
        """Check page, token, concurrency and quota, in this order; each call with a good token counts."""
        if request.path not in CALLS:
            return NOT_FOUND
        options = self.account.options
        token = request.headers.get("wolkvox-token", "")
        if not token:
            return failure(options, 401, "PLEASE ENTER THE WOLKVOX-TOKEN")
        if token != self.token:
            return failure(options, 403, "PLEASE VALIDATE TOKEN")
        if self.account.count_call() > options.licences * information.CALLS_PER_LICENCE:
            return failure(options, 403, "TOKEN LIMIT EXCEEDED")
        if request.under_way > options.simultaneous:
            limit = "EXCEEDS THE LIMIT OF SIMULTANEOUS REQUESTS PER TOKEN (2)"
            return failure(options, 403, limit)
        return None

    def act(self, request: Request) -> Reply:
        """Do what is asked."""
        options = self.account.options
        handler = CALLS[request.path].get((request.method, request.operation))
        if handler is None:
            return failure(options, 400, "THE API YOU WANT TO CONSULT DOES NOT EXIST")
        if self.is_write(request) and options.access == "observe":
            return failure(options, 403, "PLEASE VALIDATE TOKEN")
        try:
            answer = handler(Operation(self.account, request, _query(request), body_of(request)))
        except Refused as problem:
            return failure(options, problem.status, str(problem))
        return success(options, answer)

    def is_write(self, request: Request) -> bool:
        """Whether it wants to change something: all but GET."""
        return request.method != "GET"

    def settle_all(self) -> None:
        """Place the calls that are due by now."""
        settle_all(self.account)

    def contents(self) -> dict[str, Any]:
        """Describe campaigns with the settings that no list shows, and the do-not-call list."""
        account = self.account
        return {
            "campaigns": [self._campaign(campaign) for campaign in account.campaigns],
            "do_not_call": [
                {
                    "number": international(each.number, account.options),
                    "as_sent": each.number,
                    "direction": each.direction,
                    "at": each.at.isoformat(),
                    "until": each.until and each.until.isoformat(),
                }
                for each in account.barred.values()
            ],
            "calls_today": account.calls_today[1],
        }

    def _campaign(self, campaign: Campaign) -> dict[str, Any]:
        shown = {
            name: str(getattr(campaign, name))
            for name in ("kind", "opens", "closes", "amd", "enable_edition", "turbo_dial", "dial_order")
        }
        return {
            "id": campaign.id,
            "name": campaign.name,
            "description": campaign.description,
            "started": campaign.started,
            "skill_id": campaign.skill_id,
            "speed": campaign.speed,
            "opts": campaign.opts,
            "filter": campaign.filter and asdict(campaign.filter),
            "routing_recall": campaign.routing_recall,
            **shown,
            "records": len(campaign.records),
            "clean": len(campaign.clean()),
            "dialled": sum(record.calls > 0 for record in campaign.records),
            "customer_ids": [record.customer_id for record in campaign.records],
        }


def _query(request: Request) -> dict[str, str]:
    """Read the query; an empty value is none, and blanks around a name are the collection's (A14)."""
    found = query_parameters(request.query)
    return {name.strip(): str(value) for name, value in found.items() if value}
