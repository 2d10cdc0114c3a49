"""wolkvox: a vendor that hides most settings, keeps hours and no days, and whose stop is a pause."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from reconciler.sandbox import Sandbox
from reconciler.testing.projects import ProjectFolder

from .commands import apply, converged, drift
from .wolkvox_hands import Hands, only, people, wolkvox_folder, written

DAY = 86400


@pytest.fixture
def project(tmp_path: Path, sandbox: Sandbox) -> ProjectFolder:
    """A project with one running campaign of twelve people, one of them suppressed."""
    made = wolkvox_folder(tmp_path / "project", sandbox)
    made.blacklist = [made.numbers[3]]
    return written(made)


@pytest.fixture
def hands(sandbox: Sandbox) -> Iterator[Hands]:
    """Somebody's hands at the vendor."""
    found = Hands(sandbox)
    yield found
    found.close()


def operations(sandbox: Sandbox) -> list[str]:
    """The writes that the vendor took in, in order."""
    return [item.operation for item in sandbox.ledger.writes if item.vendor == "wolkvox"]


@pytest.mark.slow
def test_everything_is_made_once_and_then_there_is_nothing_to_do(
    project: ProjectFolder, sandbox: Sandbox
) -> None:
    """Suppressed first, made stopped, set, filled, started; the next plan is empty, and each is called once."""
    assert project.run("validate").code == 0
    apply(project)
    made = only(sandbox)
    assert (made["started"], made["records"], made["speed"]) == (True, 11, 40)
    assert (made["opens"], made["closes"]) == ("08:00:00", "11:00:00")
    assert operations(sandbox) == ["add_dnc", "create_campaign", "speed", "add_record", "start"]
    converged(project)
    assert drift(project, 0) == []
    sandbox.clock(advance=3 * DAY)
    assert sandbox.ledger.called_from(project.blacklist) == 0
    assert sandbox.ledger.summary()["people_called_once"] == 11
    hours = {call.at.hour for call in sandbox.ledger.calls}
    assert hours <= {8, 9, 10}


@pytest.mark.slow
def test_a_run_that_rings_rests_while_it_is_changed(project: ProjectFolder, sandbox: Sandbox) -> None:
    """Settings and people of a started campaign: stop, edit, add, start; nobody is called twice."""
    apply(project)
    project.campaign["windows"] = [{"start_time": "09:00", "end_time": "12:00", "profile": "pace"}]
    project.campaign["wolkvox"] = {**project.campaign["wolkvox"], "camp_dial_order": "random"}
    project.numbers = [*project.numbers, *people(2, 500)]
    project.profile = {"wolkvox": {"speed": 60}}
    project.write()
    before = len(operations(sandbox))
    apply(project)
    made = only(sandbox)
    done = operations(sandbox)[before:]
    assert (done[0], done[-1]) == ("stop", "start")
    assert sorted(done[1:-1]) == ["add_record", "edit_campaign", "edit_campaign", "speed"]
    assert (made["opens"], made["dial_order"], made["speed"]) == ("09:00:00", "random", 60)
    assert (made["started"], made["records"]) == (True, 13)
    converged(project)
    sandbox.clock(advance=2 * DAY)
    assert sandbox.ledger.summary()["people_called_once"] == 13


@pytest.mark.slow
def test_what_is_held_lets_a_run_ring_on(project: ProjectFolder, sandbox: Sandbox, hands: Hands) -> None:
    """A change that waits for consent costs no rest."""
    apply(project)
    hands.ask("PUT", "speed", {"speed": "5"}, campaign_id="1")
    assert [(item["what"], item["grade"]) for item in drift(project)] == [("changed", "quieter")]
    before = len(operations(sandbox))
    apply(project, 6)
    assert operations(sandbox)[before:] == []
    apply(project, 0, "--allow", "restore:wolkvox/campaign/january")
    assert operations(sandbox)[before:] == ["stop", "speed", "start"]
    assert only(sandbox)["speed"] == 40
    converged(project)


@pytest.mark.slow
def test_what_somebody_made_louder_is_set_back(
    project: ProjectFolder, sandbox: Sandbox, hands: Hands
) -> None:
    """A speed turned up by hand is drift, and turned down again before anything else."""
    apply(project)
    hands.ask("PUT", "speed", {"speed": "100"}, campaign_id="1")
    (found,) = drift(project)
    assert (found["what"], found["grade"]) == ("changed", "louder")
    apply(project)
    assert only(sandbox)["speed"] == 40
    converged(project)


@pytest.mark.slow
def test_a_stop_by_hand_stays(project: ProjectFolder, sandbox: Sandbox, hands: Hands) -> None:
    """Somebody's stop is a pause made outside: found, and not undone without consent."""
    apply(project)
    hands.ask("PUT", "stop", campaign_id="1")
    (found,) = drift(project)
    assert found["grade"] == "quieter"
    apply(project, 6)
    assert only(sandbox)["started"] is False
    apply(project, 0, "--allow", "restore:wolkvox/campaign/january")
    assert only(sandbox)["started"] is True
    converged(project)


@pytest.mark.slow
def test_paused_and_again_and_stopped_for_good(project: ProjectFolder, sandbox: Sandbox) -> None:
    """A pause is a stop, a resume a start; what the manifest stopped is never started again."""
    apply(project)
    for state, started in (("paused", False), ("running", True), ("stopped", False)):
        project.campaign["state"] = state
        project.write()
        apply(project)
        assert only(sandbox)["started"] is started
        converged(project)
    project.campaign["state"] = "running"
    project.write()
    apply(project)
    assert only(sandbox)["started"] is False
    assert operations(sandbox).count("start") == 2


@pytest.mark.slow
def test_a_draft_is_changed_freely_and_made_again_where_it_must(
    project: ProjectFolder, sandbox: Sandbox
) -> None:
    """While nobody can be called, people who left are left out, and another number plan is another campaign."""
    project.campaign["state"] = "draft"
    project.write()
    apply(project)
    assert only(sandbox)["started"] is False
    project.numbers = project.numbers[:8]
    project.write()
    apply(project, 0, "--allow", "shrink")
    assert (only(sandbox)["id"], only(sandbox)["records"]) == (2, 7)
    converged(project)
    project.campaign = {
        **project.campaign,
        "wolkvox": {"skill": "Reminders", "type": "preview"},
        "windows": "any_hour",
    }
    project.write()
    apply(project)
    assert (only(sandbox)["kind"], only(sandbox)["skill_id"]) == ("preview", "4070")
    converged(project)


@pytest.mark.slow
def test_everything_that_can_be_said_is_said(project: ProjectFolder, sandbox: Sandbox) -> None:
    """All settings of the block reach the vendor, and the plan after it is empty."""
    project.campaign["wolkvox"] = {
        "type": "predictive",
        "skill": "Recovery",
        "description": "Deuda é más",
        "amd": "MEX",
        "enable_edition": True,
        "optional_labels": {"opt1": "Balance", "opt12": "Branch"},
        "turbo_dial": True,
        "routing_recall": True,
        "camp_dial_order": "zigzag",
        "speed": 7,
        "filter": {"connector": "or", "filters": [{"field": "state", "operator": "=", "value": "CA"}]},
    }
    project.write()
    apply(project)
    made = only(sandbox)
    assert {
        "skill_id": "4071",
        "amd": "MEX",
        "enable_edition": "yes",
        "turbo_dial": "yes",
        "routing_recall": "yes",
        "dial_order": "zigzag",
        "speed": 7,
    }.items() <= made.items()
    assert {name: text for name, text in made["opts"].items() if text} == {
        "opt1": "Balance",
        "opt12": "Branch",
    }
    assert made["filter"]["any_of_them"] is True
    converged(project)
    project.campaign["wolkvox"].pop("filter")
    project.write()
    apply(project)
    assert only(sandbox)["filter"] is None
    converged(project)


SPELLINGS = [
    {"code": "text"},
    {"code": "number"},
    {"code": "empty"},
    {"http_status": "200"},
    {"created_id": "id_campaing"},
    {"created_id": "both"},
    {"nothing_found": "envelope"},
    {"show_skill": False},
    {"description": "empty"},
    {"type_required": True},
    {"edit_times": "any"},
    {"while_started": "refuse"},
    {"created": "Started"},
    {"campaign_status": "describes"},
    {"unique_names": True},
]


@pytest.mark.slow
@pytest.mark.parametrize(
    "options", SPELLINGS, ids=lambda options: "-".join(map(str, next(iter(options.items()))))
)
def test_whatever_the_vendor_means_the_plan_after_it_is_empty(
    project: ProjectFolder, sandbox: Sandbox, options: dict[str, object]
) -> None:
    """Each way to read a contradiction of the vendor's pages converges, and an edit of a run does, too."""
    sandbox.options({"wolkvox": options})
    apply(project)
    converged(project)
    project.campaign["wolkvox"] = {**project.campaign["wolkvox"], "description": "Other words"}
    project.campaign["windows"] = [{"start_time": "08:30", "end_time": "11:00", "profile": "pace"}]
    project.write()
    apply(project)
    converged(project)
    assert only(sandbox)["started"] is True
    assert drift(project, 0) == []


# Uploads that lose a reply


def big(tmp_path: Path, sandbox: Sandbox, count: int = 25_000) -> ProjectFolder:
    """A project of so many people."""
    return wolkvox_folder(tmp_path / "big", sandbox, numbers=people(count), provider={"timeout": 60})


def uploads(sandbox: Sandbox) -> list[tuple[int, bool]]:
    """Of each upload that reached the vendor: how many records it brought, and whether its reply was lost."""
    requests = [item for item in sandbox.requests() if item["operation"] == "add_record"]
    return [(item["items"], item["fault"] is not None) for item in requests]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("when", "sent"),
    [
        ("after", [(10_000, False), (10_000, True), (5_000, False)]),
        ("before", [(10_000, False), (10_000, True), (10_000, False), (5_000, False)]),
    ],
)
def test_of_a_lost_upload_only_who_is_missing_is_sent_again(
    tmp_path: Path, sandbox: Sandbox, when: str, sent: list[tuple[int, bool]]
) -> None:
    """25,000 people in three uploads, the reply to the second lost: only who is missing goes out again.

    Taken in, though the reply was lost, the 10,000 are not sent a second time; not taken in, they are, once.
    """
    project = big(tmp_path, sandbox)
    sandbox.faults({"action": "reset", "operation": "add_record", "nth": 2, "when": when})
    apply(project)
    assert uploads(sandbox) == sent
    queued = sandbox.ledger.queued_per_campaign_and_number()
    assert len(queued) == 25_000
    assert set(queued.values()) == {1}
    assert only(sandbox)["started"] is True
    converged(project)


@pytest.mark.slow
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("started", [False, True])
def test_a_lost_upload_is_read_back(
    project: ProjectFolder, sandbox: Sandbox, when: str, started: bool
) -> None:
    """Whether the vendor acted or not, everybody is in it once: before the start and after it."""
    if started:
        apply(project)
        project.numbers = [*project.numbers, *people(3, 900)]
        project.write()
    sandbox.faults({"action": "reset", "operation": "add_record", "nth": 1, "when": when})
    apply(project)
    expected = 14 if started else 11
    queued = sandbox.ledger.queued_per_campaign_and_number()
    assert (len(queued), set(queued.values())) == (expected, {1})
    assert only(sandbox)["started"] is True
    converged(project)


# Suppression


def test_nobody_on_the_vendors_own_list_is_called(
    project: ProjectFolder, sandbox: Sandbox, hands: Hands
) -> None:
    """Whom somebody put on the operation's list by hand, in either spelling, is kept out, and is no news later."""
    with_prefix, without = project.numbers[5], project.numbers[6]
    listed = ["9" + with_prefix.removeprefix("+57"), without.removeprefix("+57")]
    hands.ask("POST", "add_dnc", {"type_call": "outbound", "telephones": listed}, page="configuration")
    apply(project)
    assert only(sandbox)["records"] == 9
    converged(project)
    hands.ask(
        "POST",
        "add_dnc",
        {"type_call": "outbound", "telephones": ["9" + project.numbers[8][3:]]},
        page="configuration",
    )
    converged(project)
    assert only(sandbox)["started"] is True
    sandbox.clock(advance=2 * DAY)
    assert sandbox.ledger.called_from([with_prefix, without, *project.blacklist]) == 0


@pytest.mark.slow
def test_whoever_was_taken_off_the_vendors_list_is_put_back(
    project: ProjectFolder, sandbox: Sandbox, hands: Hands
) -> None:
    """Blacklists only grow: an entry of ours that somebody removed there is loaded again."""
    apply(project)
    taken = [item["as_sent"] for item in sandbox.state()["wolkvox"]["do_not_call"]]
    assert len(taken) == 2
    hands.ask("DELETE", "remove_dnc", {"telephones": taken, "type": "outbound"}, page="configuration")
    ran = project.run("plan", "--detailed-exitcode")
    assert ran.code == 2, ran.out
    apply(project)
    assert [item["as_sent"] for item in sandbox.state()["wolkvox"]["do_not_call"]] == taken
    converged(project)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["predictive", "preview"])
@pytest.mark.parametrize("lost", [False, True])
def test_who_is_suppressed_while_queued_is_withdrawn(
    project: ProjectFolder, sandbox: Sandbox, kind: str, lost: bool
) -> None:
    """Somebody queued gets onto a blacklist: kept from being called before anything else, and the run goes on."""
    if kind == "preview":
        project.campaign |= {"windows": "any_hour", "wolkvox": {"skill_id": "4070", "type": "preview"}}
        project.write()
    apply(project)
    project.blacklist = [*project.blacklist, project.numbers[7]]
    project.profile = {"wolkvox": {"speed": 41}}
    project.numbers = [*project.numbers, *people(1, 600)]
    written(project)
    before = len(operations(sandbox))
    means = "block_predictive_dnc" if kind == "predictive" else "remove_record"
    if lost:
        sandbox.faults({"action": "reset", "operation": means, "nth": 1, "count": 5, "when": "after"})
        assert project.run("apply", "--yes").code != 0
        sandbox.clear_faults()
    apply(project)
    done = operations(sandbox)[before:]
    assert set(done[:2]) == {"add_dnc", means}
    assert done[-1] == "start"
    converged(project)
    assert drift(project, 0) == []
    assert only(sandbox)["started"] is True
    sandbox.clock(advance=2 * DAY)
    assert sandbox.ledger.called_from(project.blacklist) == 0
    assert sandbox.ledger.summary()["people_called_once"] == 11


# Who may only read, and what nobody may see


@pytest.mark.slow
def test_a_read_only_account_plans_and_shows_drift_and_says_why_it_applies_nothing(
    project: ProjectFolder, sandbox: Sandbox, hands: Hands
) -> None:
    """access: observe: plan and drift work; apply exits 6, says why, and asks the vendor to change nothing."""
    apply(project)
    hands.ask("PUT", "speed", {"speed": "100"}, campaign_id="1")
    sandbox.options({"wolkvox": {"access": "observe"}})
    project.providers["wolkvox"]["access"] = "observe"  # type: ignore[index]  # a block of settings
    project.write()
    (found,) = drift(project)
    assert found["grade"] == "louder"
    ran = project.run("plan", "--format", "json")
    assert ran.code == 6, ran.out
    assert [item["action"] for item in ran.document["changes"]] == ["update"]
    asked = len(sandbox.requests())
    said = apply(project, 6)
    assert "access: observe" in said
    assert {item["method"] for item in sandbox.requests()[asked:]} == {"GET"}
    assert only(sandbox)["speed"] == 100


@pytest.mark.slow
def test_a_token_that_may_only_read_is_told_how_to_say_so(project: ProjectFolder, sandbox: Sandbox) -> None:
    """Without access: observe a write is refused by the vendor: held, with the remedy; what waits is not tried."""
    sandbox.options({"wolkvox": {"access": "observe"}})
    assert project.run("plan").code == 0
    assert drift(project, 0) == []
    said = " ".join(apply(project, 6).split())
    assert "PLEASE VALIDATE TOKEN; these credentials read the account and may not write to it" in said
    assert "access: observe" in said
    writes = [item["operation"] for item in sandbox.requests() if item["method"] != "GET"]
    assert writes == ["add_dnc"]
    assert "unknown" not in project.run("plan").out
    sandbox.options({"wolkvox": {"access": "manage"}})
    apply(project)
    assert sandbox.ledger.queued_per_campaign_and_number()
    converged(project)


@pytest.mark.slow
def test_nothing_personal_is_in_an_address_or_kept(project: ProjectFolder, sandbox: Sandbox) -> None:
    """No number, no reference and no token in a URL, in the state, or in what is said."""
    said = apply(project) + project.run("plan", "-vv").out + project.run("status").out
    kept = b"".join(path.read_bytes() for path in (project.root / ".reconciler").rglob("*") if path.is_file())
    asked = " ".join(f"{item['path']}?{item.get('query', '')}" for item in sandbox.requests())
    token = project.tokens["WOLKVOX_TOKEN"]
    secrets = [token, *(number[3:] for number in project.numbers)]
    for secret in secrets:
        assert secret not in said
        assert secret.encode() not in kept
        assert secret not in asked


@pytest.mark.slow
def test_an_empty_answer_of_a_wrong_account_is_not_believed(project: ProjectFolder, sandbox: Sandbox) -> None:
    """404 means none only where the token's own page can be read; otherwise nothing is made again."""
    apply(project)
    sandbox.faults({"action": "status", "operation": "campaigns", "status": 404, "body": "{}"})
    sandbox.faults({"action": "status", "operation": "token_info", "status": 404, "body": "{}"})
    before = len(operations(sandbox))
    ran = project.run("apply", "--yes")
    assert ran.code in (1, 7, 69), ran.out + ran.err
    assert len(operations(sandbox)) == before
    sandbox.clear_faults()
    converged(project)


# Counted


def record_of(number: str) -> dict[str, str]:
    """A record as somebody would add one by hand."""
    return {"customer_id": f"hand-{number[-4:]}", "tel1": "9" + number.removeprefix("+57")}


@pytest.mark.slow
def test_a_draft_that_holds_strangers_is_made_again(
    project: ProjectFolder, sandbox: Sandbox, hands: Hands
) -> None:
    """Somebody added a person by hand before the start: it is made again with our people alone, then started."""
    project.campaign["state"] = "draft"
    project.write()
    apply(project)
    stranger = people(1, 5000)[0]
    hands.ask(
        "POST",
        "add_record",
        [record_of(stranger)],
        type_campaign="predictive",
        campaign_id="1",
        campaign_status="stop",
    )
    project.campaign["state"] = "running"
    project.write()
    apply(project)
    made = only(sandbox)
    assert (made["id"], made["records"], made["started"]) == (2, 11, True)
    converged(project)


@pytest.mark.slow
def test_people_added_or_taken_out_by_hand_show_as_drift(
    project: ProjectFolder, sandbox: Sandbox, hands: Hands
) -> None:
    """Of a started run nobody is queued again, and what somebody did to its people is said, until it is undone."""
    apply(project)
    stranger = people(1, 5000)[0]
    hands.ask(
        "POST",
        "add_record",
        [record_of(stranger)],
        type_campaign="predictive",
        campaign_id="1",
        campaign_status="stop",
    )
    (found,) = drift(project)
    assert (found["grade"], "1 people are in it" in found["text"]) == ("louder", True)
    ids = f"{record_of(stranger)['customer_id']},V5"
    hands.ask("DELETE", "remove_record", {"customer_id": ids}, type_campaign="predictive", campaign_id="1")
    (found,) = drift(project)
    assert (found["grade"], "1 people are gone" in found["text"]) == ("quieter", True)
    before = len(operations(sandbox))
    apply(project)
    assert len(operations(sandbox)) == before


@pytest.mark.slow
def test_nothing_is_read_back_while_the_counts_agree(project: ProjectFolder, sandbox: Sandbox) -> None:
    """campaign_15 can be large: it is asked for where counts differ or an upload got no reply, and not otherwise."""
    apply(project)
    converged(project)
    assert "campaign_15" not in {item["operation"] for item in sandbox.requests()}


@pytest.mark.slow
def test_a_short_quota_is_said_and_costs_nothing_twice(project: ProjectFolder, sandbox: Sandbox) -> None:
    """Plan and doctor say how many calls are left; an apply that runs out of them goes on the next day."""
    assert "of today left" in project.run("doctor").out
    sandbox.options({"wolkvox": {"licences": 1}})
    hands = Hands(sandbox)
    for _ in range(925):
        hands.ask("GET", "token_info", page="information")
    assert "of 1,000 calls of today left" in project.run("plan").out
    for _ in range(50):
        hands.ask("GET", "token_info", page="information")
    hands.close()
    ran = project.run("apply", "--yes")
    assert ran.code in (1, 7, 8, 69), ran.out
    assert "TOKEN LIMIT EXCEEDED" in ran.out + ran.err
    sandbox.clock(advance=DAY)
    apply(project)
    queued = sandbox.ledger.queued_per_campaign_and_number()
    assert (len(queued), set(queued.values())) == (11, {1})
    converged(project)


@pytest.mark.slow
def test_two_people_of_one_reference_are_not_sent(project: ProjectFolder, sandbox: Sandbox) -> None:
    """The vendor knows people by it: one of them could be taken for the other, so nobody of the list is sent."""
    rows = "".join(f"{number},V{at // 2}\n" for at, number in enumerate(project.numbers))
    (project.root / "contacts" / "people.csv").write_text("phone,reference\n" + rows)
    ran = project.run("apply", "--yes")
    assert ran.code == 1, ran.out + ran.err
    assert "CTC01" in ran.out + ran.err
    assert "add_record" not in operations(sandbox)
    assert "start" not in operations(sandbox)


@pytest.mark.slow
def test_under_a_hold_a_quieter_run_rests_and_is_no_news(project: ProjectFolder, sandbox: Sandbox) -> None:
    """Slower, while a hold lies on the project: set, at rest, and no drift; released, it goes on."""
    apply(project)
    assert project.run("hold", "--reason", "complaints").code == 0
    project.profile = {"wolkvox": {"speed": 5}}
    project.write()
    apply(project, 6)
    assert (only(sandbox)["speed"], only(sandbox)["started"]) == (5, False)
    assert drift(project, 0) == []
    assert project.run("hold", "release", "--reason", "settled").code == 0
    apply(project)
    assert only(sandbox)["started"] is True
    converged(project)


@pytest.mark.slow
def test_the_vendors_list_is_read_once_for_a_plan_and_after_each_load(
    project: ProjectFolder, sandbox: Sandbox
) -> None:
    """However many waves an apply has, whom the operation bars is read to plan and to see a load arrive, no more."""

    def reads() -> int:
        return [item["operation"] for item in sandbox.requests()].count("get_dnc")

    apply(project)
    assert reads() == 2
    project.numbers = [*project.numbers, *people(2, 500)]
    project.profile = {"wolkvox": {"speed": 60}}
    project.write()
    apply(project)
    assert reads() == 3
    assert project.run("stop", "--all", "--reason", "test").code == 0
    assert project.run("status").code == 0
    assert reads() == 3


@pytest.mark.slow
def test_a_setting_that_is_named_no_more_stays_and_is_said(project: ProjectFolder, sandbox: Sandbox) -> None:
    """What wolkvox had before turbo_dial was applied is not known: it stays on, and each plan says so."""
    plain = dict(project.campaign["wolkvox"])
    optional = {"turbo_dial": True, "routing_recall": True, "camp_dial_order": "zigzag"}
    project.campaign["wolkvox"] = {**plain, **optional}
    project.write()
    apply(project)
    project.campaign["wolkvox"] = plain
    project.write()
    for _ in range(2):
        (said,) = [note["text"] for note in converged(project).document["notes"] if "no more" in note["text"]]
        assert said.startswith("turbo_dial, routing_recall, camp_dial_order: the manifest names them no more")
        apply(project)
    assert only(sandbox)["turbo_dial"] == "yes"
    project.campaign["wolkvox"] = {**plain, "turbo_dial": False}
    project.write()
    apply(project)
    assert only(sandbox)["turbo_dial"] == "no"


@pytest.mark.slow
@pytest.mark.parametrize("access", ["manage", "observe"])
def test_a_skill_that_does_not_exist_is_said_by_the_plan(
    project: ProjectFolder, sandbox: Sandbox, access: str
) -> None:
    """Its name is looked up while planning, also by an account that may only read: nothing is made for it."""
    block = {name: value for name, value in project.campaign["wolkvox"].items() if name != "skill_id"}
    project.campaign["wolkvox"] = {**block, "skill": "Remindrs"}
    project.providers["wolkvox"]["access"] = access  # type: ignore[index]  # a block of settings
    project.write()
    ran = project.run("plan")
    assert "no skill is called 'Remindrs'; did you mean 'Reminders'?" in " ".join(ran.out.split())
    apply(project, 6)
    assert "create_campaign" not in operations(sandbox)
    project.providers["wolkvox"]["access"] = "manage"  # type: ignore[index]  # a block of settings
    project.campaign["wolkvox"] = {**block, "skill": "Reminders"}
    project.write()
    apply(project)
    assert only(sandbox)["skill_id"] == "4070"
    converged(project)
    project.campaign["wolkvox"] = {**block, "skill": "Recovry"}
    project.profile = {"wolkvox": {"speed": 60}}
    project.write()
    apply(project, 6)
    assert (only(sandbox)["skill_id"], only(sandbox)["speed"]) == ("4070", 60)
