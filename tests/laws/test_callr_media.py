"""CALLR's library: sounds made from files and spoken texts, ready before a campaign plays them, and gone after it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from reconciler.providers.callr import imports, media
from reconciler.sandbox import Sandbox
from reconciler.testing.projects import ProjectFolder

from .callr_hands import Hands, callr_folder, campaigns, only
from .commands import apply, converged

SPEECH = {"provider": "callr", "text": "Good morning.", "voice": "TTS_EN-GB_SERENA"}
SOUND = {"provider": "callr", "title": "Jingle", "file": "../audio/jingle.mp3"}


@pytest.fixture(autouse=True)
def quick_jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Jobs are looked at without a second's pause between."""
    monkeypatch.setattr(imports, "POLL", 0.01)
    monkeypatch.setattr(media, "POLL", 0.01)


@pytest.fixture
def project(tmp_path: Path, sandbox: Sandbox) -> ProjectFolder:
    """A campaign that plays a spoken text, a file, and a sound that was there before."""
    made = callr_folder(tmp_path / "project", sandbox)
    (made.root / "audio").mkdir()
    (made.root / "audio" / "jingle.mp3").write_bytes(b"\xff\xfb" + b"sound" * 9000)
    made.campaign["callr"]["ivr"]["broadcast"] = ["greeting", 1012345, "jingle"]
    made.extra = {"media": {"greeting": dict(SPEECH), "jingle": dict(SOUND)}}
    return made.write()


def library(sandbox: Sandbox) -> list[dict[str, Any]]:
    """The media that the vendor holds, but the one that was there before."""
    hands = Hands(sandbox)
    found: list[dict[str, Any]] = hands.ask("media/library.get_list", None)
    hands.close()
    return [item for item in found if item["id"] != 1012345]


@pytest.mark.slow
def test_media_are_made_before_they_are_played(project: ProjectFolder, sandbox: Sandbox) -> None:
    """Both are ready when the campaign is made, which plays them by their ids; and the next plan is empty."""
    apply(project)
    greeting, jingle = sorted(library(sandbox), key=lambda item: item["source"], reverse=True)
    assert (greeting["source"], greeting["content"], greeting["status"]) == ("TTS", "Good morning.", "READY")
    assert (jingle["source"], jingle["status"]) == ("API_IMPORT", "READY")
    assert only(sandbox)["ivr"]["broadcast"] == [str(greeting["id"]), "1012345", str(jingle["id"])]
    converged(project)
    assert project.run("drift").code == 0


@pytest.mark.slow
def test_a_changed_text_is_spoken_anew(project: ProjectFolder, sandbox: Sandbox) -> None:
    """Another text or another file fills the same medium; its id stays, and the plan after is empty."""
    project.campaign["state"] = "draft"
    project.write()
    apply(project)
    before = {item["id"] for item in library(sandbox)}
    project.extra["media"]["greeting"]["text"] = "Good evening."
    (project.root / "audio" / "jingle.mp3").write_bytes(b"\xff\xfb" + b"other" * 20000)
    project.write()
    apply(project)
    assert {item["id"] for item in library(sandbox)} == before
    assert {item["content"] for item in library(sandbox) if item["source"] == "TTS"} == {"Good evening."}
    assert {item["duration"] for item in library(sandbox) if item["source"] != "TTS"} == {6}
    converged(project)


@pytest.mark.slow
def test_media_go_when_nothing_plays_them(project: ProjectFolder, sandbox: Sandbox) -> None:
    """Taken out of the manifests with the campaign, both are deleted; the one of before stays."""
    project.campaign["state"] = "draft"
    project.write()
    apply(project)
    project.omit = ("campaigns", "media")
    project.write()
    apply(project)
    assert (library(sandbox), campaigns(sandbox)) == ([], [])
    converged(project)


@pytest.mark.slow
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(
    "operation", ["library.create", "tts.set_content", "import_file", "set_content_from"]
)
def test_a_lost_reply_makes_no_medium_twice(
    project: ProjectFolder, sandbox: Sandbox, operation: str, when: str
) -> None:
    """Whatever reply is lost: two media, filled, and a campaign that plays them."""
    sandbox.faults({"vendor": "callr", "action": "reset", "operation": operation, "when": when, "count": 1})
    project.run("apply", "--yes")
    project.run("apply", "--yes")
    apply(project)
    assert [item["status"] for item in library(sandbox)] == ["READY", "READY"]
    converged(project)


@pytest.mark.slow
def test_a_medium_that_was_never_filled_is_not_waited_for(project: ProjectFolder, sandbox: Sandbox) -> None:
    """No request to fill it arrives: the apply ends, instead of waiting for a sound; the next one fills it."""
    sandbox.faults({"vendor": "callr", "action": "reset", "operation": "set_content_from", "when": "before"})
    assert project.run("apply", "--yes").code in (7, 8)
    sandbox.clear_faults()
    apply(project)
    assert [item["status"] for item in library(sandbox)] == ["READY", "READY"]
    converged(project)


@pytest.mark.slow
def test_a_medium_deleted_by_hand_is_made_again(project: ProjectFolder, sandbox: Sandbox) -> None:
    """A draft that would play what is gone gets the new one."""
    project.campaign["state"] = "draft"
    project.write()
    apply(project)
    gone = library(sandbox)[0]["id"]
    hands = Hands(sandbox)
    hands.ask("media/library.delete", gone)
    hands.close()
    apply(project)
    assert str(gone) not in only(sandbox)["ivr"]["broadcast"]
    assert len(library(sandbox)) == 2
    converged(project)


@pytest.mark.parametrize(
    ("medium", "code"),
    [
        ({"provider": "callr"}, "MED02"),
        ({"provider": "callr", "text": "x"}, "MED02"),
        ({"provider": "callr", "text": "x", "voice": "TTS_A", "file": "a.mp3"}, "MED02"),
        ({"provider": "callr", "file": "nowhere.mp3"}, "MED03"),
        ({"provider": "callr", "file": "../../outside.mp3"}, "FIL05"),
        ({"provider": "nobody", "text": "x", "voice": "TTS_A"}, "REF01"),
    ],
)
def test_what_is_wrong_with_a_medium_is_said_offline(
    project: ProjectFolder, medium: dict[str, Any], code: str
) -> None:
    """Each mistake has its code, and nothing is asked of the vendor for it."""
    project.extra["media"]["greeting"] = medium
    project.write()
    ran = project.run("validate", "--format", "json")
    assert code in [item["code"] for item in ran.document["problems"]]


@pytest.mark.slow
def test_a_campaign_is_checked_before_its_media_are_made(project: ProjectFolder, sandbox: Sandbox) -> None:
    """CALLR's complaint that nothing is played is no finding while the medium is yet to be made; others are."""
    ran = project.run("plan", "--online-check")
    assert ran.code == 0, ran.out
    assert "not yet with addressbook, ivr.broadcast" in " ".join(ran.out.split())
    sandbox.options({"callr": {"own_numbers": "+16175550100"}})
    ran = project.run("plan", "--online-check")
    assert ran.code == 6, ran.out
    assert "options.cli" in ran.out
    assert campaigns(sandbox) == []
