"""Incidents that are no fault of a request: two at once, another account, another key, a copied project, a merge."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from reconciler.sandbox import Sandbox
from reconciler.workflow.stop_one import stop_addresses
from reconciler.workflow.workspace import open_workspace

from . import scenarios as acts
from .declared import VENDORS
from .hands import DEEDS
from .peace import START, Ended, Site
from .scenarios import Scenario, campaign, nothing
from .vendors import LAG, Hands, Vendor

EVERY = pytest.mark.parametrize("vendor", VENDORS.values(), ids=list(VENDORS))


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """One stand-in for all incidents; each begins with an empty account."""
    with Sandbox(port=0, speed=0.0, start_at=START, seed=1) as running:
        yield running


def prepared(root: Path, sandbox: Sandbox, vendor: Vendor, scenario: Scenario = acts.CREATE) -> Site:
    """A site at which the scenario's edit is written and not applied yet."""
    made = Site(root, sandbox, vendor, scenario, {})
    made.prepare()
    return made


def only_once(site: Site, people: int = 11) -> None:
    """Each of so many people is called once, nobody who is suppressed, and strangers' objects are as they were."""
    assert not site.touched()
    site.sandbox.clock(advance=60 * 86400)
    assert set(site.called().values()) == {1}
    assert len(site.called()) == people
    assert site.called().keys().isdisjoint(site.folder.blacklist)


@EVERY
def test_two_applies_at_once(tmp_path: Path, sandbox: Sandbox, vendor: Vendor) -> None:
    """While one apply is at work another ends with 5 and sends nothing; the ledger has the first one's writes alone."""
    site = prepared(tmp_path, sandbox, vendor)
    method, path, *operation = vendor.creates[0].split(" ")
    order = {"vendor": vendor.name, "method": method, "path": f"^{path}$", "action": "hold", "count": 1}
    sandbox.faults(order | ({"operation": f"^{operation[0]}$"} if operation else {}))
    ended: list[Ended] = []
    first = threading.Thread(target=lambda: ended.append(site.apply()))
    first.start()
    assert sandbox.held(20) is not None
    second = site.apply()
    assert (second.code, second.requests) == (5, 0), second.said
    sandbox.release()
    first.join(30)
    assert [item.code for item in ended] == [0], ended
    assert site.plan().code == 0
    only_once(site)


@EVERY
def test_another_accounts_credentials(tmp_path: Path, sandbox: Sandbox, vendor: Vendor) -> None:
    """With credentials that the vendor refuses nothing is written; with the right ones all is well again."""
    site = prepared(tmp_path, sandbox, vendor, acts.GROWTH)
    right, writes = dict(site.folder.tokens), len(sandbox.ledger.writes)
    site.folder.tokens = dict.fromkeys(right, "another")
    assert site.apply().code == 77
    assert len(sandbox.ledger.writes) == writes
    site.folder.tokens = right
    assert site.apply().code == 0
    only_once(site, 14)


@pytest.mark.slow
@EVERY
def test_another_account_that_is_empty(tmp_path: Path, sandbox: Sandbox, vendor: Vendor) -> None:
    """Where nothing of ours shows any more, no run that was armed is made again: nobody is called a second time."""
    site = prepared(tmp_path, sandbox, vendor, Scenario("nothing", nothing, nothing))
    sandbox.clock(advance=10 * 86400)
    called = site.called()
    sandbox.reset()
    sandbox.clock(advance=10 * 86400)
    for _ in range(3):
        site.apply()
    assert not sandbox.ledger.armed
    assert not sandbox.ledger.queued
    sandbox.clock(advance=60 * 86400)
    assert called
    assert not site.called()


@pytest.mark.slow
@EVERY
def test_another_key(tmp_path: Path, sandbox: Sandbox, vendor: Vendor) -> None:
    """With another key nobody can be told from anybody, so nobody is sent; a stop goes through all the same."""
    site = prepared(tmp_path, sandbox, vendor, acts.GROWTH)
    queued = len(sandbox.ledger.queued)
    key = tmp_path / ".reconciler" / "key"
    right = key.read_bytes()
    key.chmod(0o600)
    key.write_bytes(b"A" * 43 + b"=\n")
    assert site.apply().code == 1
    assert len(sandbox.ledger.queued) == queued
    key.write_bytes(right)
    assert site.apply().code == 0
    only_once(site, 14)


@EVERY
def test_a_copied_project(tmp_path: Path, sandbox: Sandbox, vendor: Vendor) -> None:
    """A copy with the same project_id and no state finds what bears its marker, and makes and calls nothing."""
    site = prepared(tmp_path / "first", sandbox, vendor)
    assert site.apply().code == 0
    made, armed = len(site.ours()), len(sandbox.ledger.armed)
    copy = tmp_path / "copy"
    shutil.copytree(site.root, copy, ignore=shutil.ignore_patterns(".reconciler"))
    site.root = copy
    assert site.apply().code != 0
    assert (len(site.ours()), len(sandbox.ledger.armed)) == (made, armed)
    only_once(site)


@pytest.mark.slow
@EVERY
def test_stop_then_merge(tmp_path: Path, sandbox: Sandbox, vendor: Vendor) -> None:
    """What somebody stopped in a hurry stays stopped, though the branch that is merged next still says running."""
    site = prepared(tmp_path, sandbox, vendor, Scenario("nothing", nothing, nothing))
    with open_workspace(site.options_of()) as workspace:
        records = workspace.journal.snapshot.records
        (address,) = {key.address for key in records if key.address.kind == "campaign"}
        stop_addresses(workspace, [address], "people complain")
    armed = len(sandbox.ledger.armed)
    for edit in (nothing, acts.grow, campaign(labels={"team": "other"})):
        edit(site.folder)
        site.folder.write()
        site.apply()
    assert len(sandbox.ledger.armed) == armed
    sandbox.clock(advance=60 * 86400)
    assert not site.called()


@pytest.mark.parametrize("state", ["running", "draft"])
@pytest.mark.parametrize("vendor", ["plum", "callr", "wolkvox"])
def test_what_was_deleted_by_hand_is_looked_for_once(
    tmp_path: Path, sandbox: Sandbox, vendor: str, state: str
) -> None:
    """One apply waits as long as a list may lag, and the applies after it do not; nobody is called by it again."""
    chosen = VENDORS[vendor]
    site = prepared(tmp_path, sandbox, chosen, Scenario("deleted", nothing, campaign(state=state)))
    (gone,) = [item.id for item in site.ours() if item.kind == "campaign"]
    (deletes,) = [deed for deed in DEEDS[vendor] if deed.name == "deletes it"]
    (there,) = [item for item in sandbox.state()[vendor]["campaigns"] if item["id"] == gone]
    deletes.do(Hands(sandbox, vendor), there)
    first, second, third = (site.apply().waited for _ in range(3))
    assert first >= LAG
    assert (second, third) == (0, 0)


@EVERY
def test_state_that_cannot_be_written(
    tmp_path: Path, sandbox: Sandbox, vendor: Vendor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a durable intent nothing leaves: on a disk that takes nothing an apply reads, and writes nowhere."""
    from reconciler.backends import log

    site = prepared(tmp_path, sandbox, vendor)
    before = len(sandbox.ledger.writes)

    def refuse(_descriptor: int, _data: bytes) -> None:
        raise OSError(30, "Read-only file system")

    with monkeypatch.context() as patch:
        patch.setattr(log, "write_all", refuse)
        assert site.apply().code == 1
    assert len(sandbox.ledger.writes) == before
    assert site.apply().code == 0
    only_once(site)
