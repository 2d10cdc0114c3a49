"""The whole life of each kind against the sandbox, over real HTTP, in good weather and in bad."""

import json
from dataclasses import dataclass

import pytest
from reconciler.errors import CredentialsError, UnreachableError
from reconciler.model.problem import Location
from reconciler.model.resource import ProviderSettings
from reconciler.model.state import Operation, Result
from reconciler.providers.base import Bound, Sending
from reconciler.providers.plum import PROVIDER
from reconciler.sandbox import Sandbox
from reconciler.transport.client import Circumstances, Client, WriteForbidden
from reconciler.transport.connector import Connector
from reconciler.transport.request import Effect

SCHEDULE = {"nickname": "week", "days": ("mon", "wed")}
PROFILE = {"nickname": "slow", "period": 30, "amount_per_period": 100, "time_between_periods": 10}
MARKER = "abcdefgh"


@dataclass
class Account:
    """The sandbox's account and a client of it."""

    sandbox: Sandbox
    client: Client

    def live(self, kind):
        """All objects of a kind as they are shown."""
        raw = {name: each.read(self.client) for name, each in PROVIDER.kinds.items()}
        return [item for item in PROVIDER.decode("plum", raw) if item.kind == kind]

    def create(self, kind, fields):
        """Make an object; the outcome."""
        marker = MARKER if kind == "campaign" else None
        return PROVIDER.kinds[kind].create(self.client, Sending(fields, fields.get("nickname"), marker))

    def campaign_fields(self):
        """The fields of a campaign, with what it uses made."""
        schedule, profile = self.create("schedule", SCHEDULE), self.create("profile", PROFILE)
        return {
            "start_date": "2027-01-04",
            "end_date": "2027-01-29",
            "schedule": Bound(schedule.remote_id, "week"),
            "windows": (("08:00", "11:00", Bound(profile.remote_id, "slow")),),
            "start_url": "https://ivr.example/start?lang=en#top",
            "result_url": "https://ivr.example/results",
            "ani": "+16175550100",
        }


def connect(sandbox, *, token=None, allowed=frozenset(Effect), access="manage"):
    """A client as a command would get it."""
    ready = sandbox.ready()["providers"]["plum"]
    settings = ProviderSettings(
        "plum", "plum", Location("reconciler.yaml"), base_url=ready["base_url"], timeout=0.3, access=access
    )
    connector = Connector(Circumstances(allowed=allowed, backoff=0.001))
    return PROVIDER.connect(settings, {"token": token or ready["token"]}, connector)


@pytest.fixture
def account():
    """An empty account."""
    with Sandbox(speed=0, start_at="2027-01-04T07:00:00-05:00") as sandbox, connect(sandbox) as client:
        yield Account(sandbox, client)


def test_a_schedule_lives(account):
    """A schedule is made once, read, changed and removed; removing it again is done as well."""
    kind = PROVIDER.kinds["schedule"]
    made = account.create("schedule", SCHEDULE)
    again = account.create("schedule", SCHEDULE)
    assert (made.result, again.result, again.reason) == (
        Result.DONE,
        Result.REFUSED,
        "The nickname has already been taken.",
    )
    changed = {**SCHEDULE, "days": ("tue", "sun")}
    assert kind.update(
        account.client, made.remote_id, Sending(changed, "week", None), frozenset({"days"})
    ).done
    (live,) = account.live("schedule")
    assert (live.remote_id, live.natural_key, live.fields) == (made.remote_id, "week", changed)
    assert kind.delete(account.client, made.remote_id).done
    assert kind.delete(account.client, made.remote_id).done
    assert account.live("schedule") == []


@pytest.mark.parametrize("shown", [False, True])
def test_a_profile_lives(account, shown):
    """A profile is made, changed and removed, whether the vendor shows its pace or not (A1)."""
    account.sandbox.options({"plum": {"show_pacing": shown}})
    kind = PROVIDER.kinds["profile"]
    made = account.create("profile", PROFILE)
    changed = {**PROFILE, "amount_per_period": 50}
    sending = Sending(changed, "slow", None)
    assert kind.update(account.client, made.remote_id, sending, frozenset({"amount_per_period"})).done
    (live,) = account.live("profile")
    assert live.fields == (changed if shown else {"nickname": "slow"})
    held = account.sandbox.state()["plum"]["profiles"][0]
    assert {name: held[name] for name in PROFILE} == changed
    assert kind.delete(account.client, made.remote_id).done


@pytest.mark.parametrize("spelling", ["entered", "current"])
def test_a_campaign_lives(account, spelling):
    """A campaign is made inert, filled, started, changed, stopped and removed, and reads back as wanted throughout."""
    account.sandbox.options({"plum": {"schedule_nickname": spelling}})
    kind, client = PROVIDER.kinds["campaign"], account.client
    fields = account.campaign_fields()
    made = account.create("campaign", fields)
    (live,) = account.live("campaign")
    schedule, profile = account.live("schedule")[0].remote_id, account.live("profile")[0].remote_id
    wanted = {name: value for name, value in fields.items() if name != "ani"}
    ids = {"schedule": schedule, "windows": (("08:00", "11:00", profile),)}
    assert (live.remote_id, live.marker, live.fields) == (made.remote_id, MARKER, {**wanted, **ids})
    assert live.uses == (("schedule", schedule), ("profile", profile))
    assert live.running is None
    changed = {**fields, "end_date": "2027-02-05", "result_url": None}
    sending = Sending(changed, None, MARKER)
    assert kind.update(client, made.remote_id, sending, frozenset({"end_date", "result_url"})).done
    (live,) = account.live("campaign")
    assert (live.fields["end_date"], live.fields["result_url"], live.marker) == ("2027-02-05", None, MARKER)
    assert kind.set_phase(client, made.remote_id, Operation.START).done
    assert kind.set_phase(client, made.remote_id, Operation.STOP).done
    assert kind.delete(client, made.remote_id).done
    assert account.live("campaign") == []


def test_what_is_used_cannot_be_removed(account):
    """A schedule or profile that a campaign uses stays, and the vendor's reason is told."""
    fields = account.campaign_fields()
    account.create("campaign", fields)
    for kind in ("schedule", "profile"):
        (live,) = account.live(kind)
        outcome = PROVIDER.kinds[kind].delete(account.client, live.remote_id)
        assert outcome.result is Result.REFUSED
        assert "is being used with campaign id" in outcome.reason


def test_people_are_queued_once_each(account, person):
    """Each person of an append is queued exactly once, with caller ID and reference."""
    fields = account.campaign_fields()
    made = account.create("campaign", fields)
    people = [person(f"+1617555{number:04}", reference=f"visit {number}") for number in range(300)]
    sending = Sending(fields, None, MARKER)
    assert PROVIDER.kinds["campaign"].append(account.client, made.remote_id, sending, people).done
    queued = account.sandbox.ledger.queued
    assert sorted(each.number for each in queued) == sorted(contact.number for contact in people)


UNKNOWN_FAULTS = [
    {"action": "reset"},
    {"action": "timeout"},
    {"action": "truncate"},
    {"action": "html"},
    {"action": "empty"},
    {"action": "trickle", "delay": 0.05},
    {"action": "redirect", "location": "http://127.0.0.1:1/"},
    {"action": "status", "status": 500},
    {"action": "status", "status": 503},
]


LOST = [{**fault, "when": when} for fault in UNKNOWN_FAULTS for when in ("before", "after")]


@pytest.mark.slow
@pytest.mark.parametrize("fault", LOST, ids=json.dumps)
def test_a_lost_append_is_never_sent_again(account, person, fault):
    """Whether the vendor acted or not, an append without an answer is unknown, and was sent once."""
    fields = account.campaign_fields()
    made = account.create("campaign", fields)
    account.sandbox.faults({**fault, "path": "add-calls"})
    outcome = PROVIDER.kinds["campaign"].append(
        account.client, made.remote_id, Sending(fields, None, MARKER), [person()]
    )
    assert outcome.result is Result.UNKNOWN
    assert sum("add-calls" in request["path"] for request in account.sandbox.requests()) == 1


@pytest.mark.slow
@pytest.mark.parametrize("fault", UNKNOWN_FAULTS, ids=json.dumps)
def test_reading_gets_over_a_fault(account, fault):
    """A list that fails once is read the second time."""
    account.create("schedule", SCHEDULE)
    account.sandbox.faults({**fault, "method": "GET", "nth": 1})
    assert len(PROVIDER.kinds["schedule"].read(account.client)) == 1


def test_a_removal_whose_answer_is_lost_is_done(account):
    """A delete is repeated until it is clear: the second one finds nothing, and the list says that it is gone."""
    made = account.create("schedule", SCHEDULE)
    account.sandbox.faults({"action": "reset", "method": "DELETE", "nth": 1, "when": "after"})
    assert PROVIDER.kinds["schedule"].delete(account.client, made.remote_id).done


def test_another_account_is_refused():
    """A token that is not known ends the command as a matter of credentials, and is not repeated."""
    with Sandbox() as sandbox, connect(sandbox, token="not-the-token") as client:
        with pytest.raises(CredentialsError) as caught:
            PROVIDER.kinds["schedule"].read(client)
        assert "not-the-token" not in str(caught.value)


def test_no_token_is_said_before_anything_is_sent():
    """Without a token there is no client."""
    settings = ProviderSettings("plum", "plum", Location("reconciler.yaml"))
    with pytest.raises(CredentialsError, match="plum has no token"):
        PROVIDER.connect(settings, {}, Connector())


@pytest.mark.parametrize("limits", [{"allowed": frozenset({Effect.READ})}, {"access": "observe"}])
def test_who_only_looks_changes_nothing(limits):
    """A command that looks, and an account that is only observed, send no write."""
    with Sandbox() as sandbox, connect(sandbox, **limits) as client:
        with pytest.raises(WriteForbidden):
            PROVIDER.kinds["schedule"].create(client, Sending(SCHEDULE, "week", None))
        assert sandbox.requests() == []


def test_a_vendor_that_is_gone_is_unreachable():
    """Where nobody answers, that is said with the vendor's name."""
    sandbox = Sandbox()
    with connect(sandbox) as client:
        sandbox.close()
        with pytest.raises(UnreachableError, match="plum: list the schedules"):
            PROVIDER.kinds["schedule"].read(client)
