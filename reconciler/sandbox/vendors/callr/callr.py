"""The stand-in as a whole: one address, methods by name, three ways to say who asks, and for whom."""

import base64
import binascii
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from reconciler.sandbox.messages import Reply, Request
from reconciler.sandbox.stand_in import StandIn
from reconciler.sandbox.table import Table
from reconciler.sandbox.vendors.callr import addressbooks, campaigns, jobs, media, system, whole, wire
from reconciler.sandbox.vendors.callr.account import INVALID_PARAMS, NAME, Account, Call, Refused
from reconciler.sandbox.vendors.callr.dialing import settle_all
from reconciler.sandbox.vendors.callr.records import Book, Campaign, Media

Handler = Callable[[Call], Any]

LOGIN = "sandbox"
SENDR = "sendr/10/"
READS: Mapping[str, Handler] = {
    f"{SENDR}addressbook.search": addressbooks.search,
    f"{SENDR}campaign.get_object_template": campaigns.template,
    f"{SENDR}campaign.get_voice_ivr_action_objects_templates": campaigns.action_templates,
    f"{SENDR}campaign.check": campaigns.check,
    f"{SENDR}campaign.get": campaigns.get,
    f"{SENDR}campaign.search": campaigns.search,
    "jobs.get": jobs.get,
    "media/library.get_list": media.get_list,
    "media/library.get": media.get,
    "media/library.search": media.search,
    "media/tts.get_voice_list": media.voices,
    "webhooks.get_list": system.webhooks,
    "system.get_timestamp": system.timestamp,
    "list.timezones": system.timezones,
    "list.countries": system.countries,
}
WRITES: Mapping[str, Handler] = {
    f"{SENDR}addressbook.create": addressbooks.create,
    f"{SENDR}addressbook.append_file_async": addressbooks.append,
    f"{SENDR}addressbook.delete": addressbooks.delete,
    f"{SENDR}campaign.save": campaigns.save,
    f"{SENDR}campaign.start": campaigns.start,
    f"{SENDR}campaign.pause": campaigns.pause,
    f"{SENDR}campaign.stop": campaigns.stop,
    f"{SENDR}campaign.delete": campaigns.delete,
    "jobs.cancel": jobs.cancel,
    "media.import_file_from_url_async": jobs.import_url,
    "media.import_file_from_base64_async": jobs.import_base64,
    "media/library.create": media.create,
    "media/library.set_content_from_file": media.set_content,
    "media/library.delete": media.delete,
    "media/library.set_name": media.set_name,
    "media/library.set_tags": media.set_tags,
    "media/tts.set_content": media.set_speech,
    "webhooks.subscribe": system.subscribe,
}
# Nobody outside knows what the vendor calls these; see the option `extensions`.
EXTENSION_READS: Mapping[str, Handler] = {f"{SENDR}blacklist.search": addressbooks.search_blacklists}
EXTENSION_WRITES: Mapping[str, Handler] = {
    f"{SENDR}blacklist.create": addressbooks.create_blacklist,
    f"{SENDR}blacklist.append_file_async": addressbooks.append_blacklist,
    f"{SENDR}blacklist.delete": addressbooks.delete_blacklist,
}
EXTENSIONS = {**EXTENSION_READS, **EXTENSION_WRITES}
METHODS = {**READS, **WRITES, **EXTENSIONS}
CHANGING = WRITES.keys() | EXTENSION_WRITES.keys()
ABOUT_CAMPAIGNS = frozenset(
    f"{SENDR}campaign.{verb}" for verb in ("save", "start", "pause", "stop", "delete")
)
NOT_FOUND = Reply(404, b"<html><body><h1>Not Found</h1></body></html>", "text/html; charset=UTF-8")


class Callr(StandIn[Account]):
    """CALLR, one account and whatever sub-accounts are asked for."""

    name = NAME
    base_path = "/callr/json-rpc/v1.1/"

    def reset(self) -> None:
        """Back to empty accounts and default switches."""
        with self.lock:
            super().reset()
            self._sub_accounts: dict[str, Account] = {}

    def credentials(self) -> dict[str, str]:
        """Return login and password."""
        return {"login": LOGIN, "password": self.token}

    def settings(self) -> dict[str, str]:
        """Return the zone of a schedule's hours."""
        return {"account_timezone": self.account.options.zone}

    def operation(self, request: Request) -> str:
        """Name the method, if there is such a one."""
        method = wire.asked(request).method
        return method if method in METHODS else ""

    def new_account(self) -> Account:
        """Make an empty account."""
        return Account(self.world)

    def turn_away(self, request: Request) -> Reply | None:
        """Ask for the one address, for credentials, and for a sub-account that exists if one is named."""
        if request.path != "/" or request.method != "POST":
            return NOT_FOUND
        if self._is_known(request.headers.get("authorization", "")) and self._whose(request) is not None:
            return None
        return wire.failure(wire.asked(request), wire.CREDENTIALS, "Authentication failure")

    def act(self, request: Request) -> Reply:
        """Do what is asked."""
        wanted, options = wire.asked(request), self.account.options
        account = self._whose(request) or self.account
        account.options = options
        if wanted.problem:
            return wire.failure(wanted, wanted.problem, "Invalid request")
        handler = METHODS.get(wanted.method)
        if handler is None or (wanted.method in EXTENSIONS and not options.extensions):
            return wire.failure(wanted, wire.NO_METHOD, "Method not found")
        if not isinstance(wanted.params, list):
            return wire.failure(wanted, INVALID_PARAMS, "Invalid params")
        if self.is_write(request) and options.access == "observe":
            return wire.failure(wanted, options.error_code, "Permission denied")
        jobs.advance_all(account)
        try:
            result = handler(Call(account, request, wanted.params))
        except Refused as problem:
            code = problem.code or options.error_code
            return wire.failure(wanted, code, str(problem), problem.data)
        if result is True and options.void_result == "null":
            result = None
        return wire.success(wanted, result, _concerned(account, wanted, result))

    def is_write(self, request: Request) -> bool:
        """Whether it wants to change something."""
        return request.operation in CHANGING

    def settle_all(self) -> None:
        """Bring jobs and campaigns of all accounts up to now."""
        for account in (self.account, *self._sub_accounts.values()):
            account.options = self.account.options
            jobs.advance_all(account)
            settle_all(account)

    def tables(self) -> Mapping[str, Table[Any]]:
        """Campaigns, books and jobs have hashes that come from such ids; a media's id is what is shown."""
        account = self.account
        return {
            "campaigns": account.campaigns,
            "addressbooks": account.books,
            "media": account.media,
            "jobs": account.jobs,
        }

    def contents(self) -> dict[str, Any]:
        """Describe books with their numbers, campaigns and jobs, of sub-accounts, too."""
        self.settle_all()
        accounts = (self.account, *self._sub_accounts.values())
        return {
            "addressbooks": [_book(account, book) for account in accounts for book in account.books],
            "blacklists": [_book(account, book) for account in accounts for book in account.blacklists],
            "campaigns": [_campaign(account, each) for account in accounts for each in account.campaigns],
            "media": [_medium(each) for account in accounts for each in account.media],
            "jobs": [jobs.shown(account, job) for account in accounts for job in account.jobs],
        }

    def _is_known(self, header: str) -> bool:
        scheme, _, secret = header.partition(" ")
        options = self.account.options
        match scheme.lower():
            case "basic":
                return _decoded(secret) == f"{LOGIN}:{self.token}"
            case "api-key":
                return bool(options.api_key) and secret == options.api_key
            case "session":
                return bool(options.session) and secret == options.session
            case _:
                return False

    def _whose(self, request: Request) -> Account | None:
        """Find the account that is asked about; None for a sub-account that does not exist."""
        wanted = request.headers.get("callr-login-as", "").strip()
        if not wanted:
            return self.account
        kind, _, name = wanted.partition(" ")
        names = [each.strip() for each in self.account.options.sub_accounts.split(",")]
        if kind.lower() not in {"user.login", "account.hash"} or not name or name not in names:
            return None
        return self._sub_accounts.setdefault(name, Account(self.world, name))


def _decoded(secret: str) -> str:
    try:
        return base64.b64decode(secret, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _concerned(account: Account, wanted: wire.Asked, result: Any) -> int | None:
    """Which campaign a write was about."""
    if wanted.method not in ABOUT_CAMPAIGNS:
        return None
    named = result.get("hash") if isinstance(result, dict) and "hash" in result else wanted.params[0]
    return next((campaign.id for campaign in account.campaigns if campaign.hash == named), None)


def _medium(media: Media) -> dict[str, Any]:
    return {"id": media.id, "name": media.name, "source": media.source, "content": media.content}


def _book(account: Account, book: Book) -> dict[str, Any]:
    return {
        "account": account.name,
        "id": book.id,
        "hash": book.hash,
        "name": book.name,
        "description": book.description,
        "numbers": list(book.numbers),
    }


def _campaign(account: Account, campaign: Campaign) -> dict[str, Any]:
    return {
        "account": account.name,
        "id": campaign.id,
        **whole.shown(account, campaign),
        "queued": campaign.total,
        "called": campaign.counts["calls"],
        "settled": _moment(campaign.settled),
    }


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
