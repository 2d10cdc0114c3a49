"""Hostile names and texts: nothing that a vendor or a branch says acts anywhere on GitHub."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reconciler.github.annotations import annotated, command
from reconciler.github.files import write_outputs, write_summary
from reconciler.github.outputs import outputs
from reconciler.github.seal import Slot, opened, sealed
from reconciler.sandbox import Sandbox
from reconciler.testing.projects import ProjectFolder

from .conftest import event
from .forge import Forge
from .runner import Runner, read_outputs
from .test_merge import merged
from .test_plan import planned

HOSTILE = (
    "::set-output name=changes::0",
    "<img src=x onerror=alert(1)>",
    "@everyone",
    "\x1b[2J",
    "\u202egnp.exe",
    "x" * 10_000,
    "--> ![](https://evil.example/x.png)",
    "\r\n::error::forged",
    "end_0\nfailure-reason=none",
)
poison = st.lists(st.sampled_from(HOSTILE) | st.text(max_size=30), min_size=1, max_size=3).map("".join)


def document(text: str) -> dict[str, Any]:
    """A result that says it wherever it can."""
    place = {"file": f"m{text}", "line": 3, "column": 1}
    problem = {"code": "VAL01", "severity": "error", "message": text, "help": text, **place}
    finding = {
        "grade": "louder",
        "address": text,
        "key": text,
        "what": text,
        "text": text,
        "differences": [],
        **place,
    }
    return {
        "format": "drift", "project": text, "problems": [problem], "findings": [finding], "digest": text,
        "exit_code": 3, "exit_codes": [3], "failure_reason": text,
    }  # fmt: skip


@pytest.mark.slow
@given(text=poison)
def test_annotations_are_one_line_each(text: str) -> None:
    """A workflow command cannot be ended, and no second one begun, by anything that stands in it."""
    lines = list(annotated(document(text), "outreach"))
    assert len(lines) == 2
    for line in lines:
        assert line.startswith(("::error file=outreach/", "::warning file=outreach/"))
        assert line.isprintable()
        head, _, rest = line[2:].partition("::")
        assert "::" not in rest
        assert head.count(",") == 2, "file, line, col, and no property more"


@given(text=poison)
def test_outputs_stay_in_their_own(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    """No value ends its output and begins another."""
    file = tmp_path_factory.mktemp("outputs") / "output"
    write_outputs(str(file), outputs(document(text)))
    found = read_outputs(file.read_text("utf-8", "surrogatepass"))
    assert found.keys() == outputs(document(text)).keys()


@pytest.mark.slow
@given(page=poison, key=st.binary(min_size=32, max_size=32), name=poison)
def test_seal_holds_whatever_it_seals(page: str, key: bytes, name: str) -> None:
    """A sealed comment is read back genuine, by this key and in this place alone; one letter more is noticed."""
    page = page.encode("utf-8", "replace").decode()
    slot = Slot("clinic/outreach", 7, name.encode("utf-8", "replace").decode(), "plan")
    body = sealed(page, slot, "b" * 40, key)
    first = body.split("\n", 1)[0]
    assert not re.search(r"[<>`@]", first.removeprefix("<!--").removesuffix("-->"))
    read = opened(body, slot, key)
    assert read is not None
    assert read.genuine
    assert not opened(body + "x", slot, key).genuine
    assert not opened(body, slot, bytes(32)).genuine or key == bytes(32)
    assert not opened(body, Slot(slot.repository, 8, slot.name, "plan"), key).genuine
    assert opened(body, Slot(slot.repository, 7, slot.name, "apply"), key) is None


def test_summary_keeps_its_size(tmp_path: Path) -> None:
    """A summary is cut before GitHub drops all of it."""
    file = tmp_path / "summary"
    for _ in range(3):
        write_summary(str(file), ("y" * 99 + "\n") * 6_000)
    assert file.stat().st_size <= 1_048_576
    assert file.read_bytes().endswith(b"\n")


def test_command_escapes_its_properties() -> None:
    """A colon or a comma in a path is none of the command's."""
    assert command("error", "50% of a:b", file="a,b:c") == "::error file=a%2Cb%3Ac::50%25 of a:b"


@pytest.mark.slow
def test_hostile_manifest_on_a_pull_request(runner: Runner, forge: Forge, project: ProjectFolder) -> None:
    """A branch's names that look like commands, markup, mentions and escapes harm no output of the action."""
    labels = {f"k{number}": text for number, text in enumerate(HOSTILE)}
    project.campaign = {
        "labels": labels,
        "schedule": "::set-output name=x::y <img src=x onerror=alert(1)> @everyone",
    }
    project.extra = {"profiles": {text[:300]: {"period": 1} for text in HOSTILE}}
    project.write()
    job = planned(runner)
    assert job.failed
    shown = html.unescape(forge.plans(7)[0])
    for page in (forge.plans(7)[0], job.summary):
        assert not re.search(r"<img|\x1b|\u202e", page)
        assert not re.search(r"@everyone", re.sub(r"`[^`]*`", "", page))
    assert len(shown) < 65_536
    assert all(
        line.startswith(("::error file=", "::warning", "::notice", "::error::and ")) for line in job.commands
    )
    assert "\x1b" not in job.log
    assert job.outputs["failure-reason"] == "invalid"
    json.loads(Path(job.outputs["json-file"]).read_text("utf-8"))


def harmless(page: str) -> bool:
    """Whether nothing in a page for GitHub is markup, a mention, an escape or a picture of somebody else's."""
    outside = re.sub(r"`[^`]*`|^<!-- reconciler .*?-->$", "", page, flags=re.MULTILINE)
    tag = re.search(r"<(?!br>|!-- -->|/?details>|/?summary>)", outside)
    return not (tag or re.search(r"\x1b|\u202e", page) or re.search(r"@everyone|!\[\]\(", outside))


@pytest.mark.slow
def test_hostile_vendor_on_merge_and_schedule(runner: Runner, forge: Forge, sandbox: Sandbox) -> None:
    """What a vendor says in an error, and what a hand wrote there, harms no page, log or file."""
    said = json.dumps({"message": "".join(HOSTILE)})
    planned(runner)
    fault = {"vendor": "plum", "action": "status", "status": 422, "body": said, "count": 1}
    sandbox.faults({**fault, "method": "POST", "path": "campaigns"})
    failed = merged(runner, forge)
    assert failed.outputs["exit-code"] == "7", failed.log
    for page in (*forge.plans(7), failed.summary):
        assert harmless(page)
        assert len(page) < 65_536
    assert not re.search(r"^\s*::(?!(error|warning|notice)( file=|::))", failed.log, re.MULTILINE)
    assert "\x1b" not in failed.log
    assert merged(runner, forge).outputs["exit-code"] == "0"
    write_by_hand(sandbox, f"https://ivr.example/<img/onerror=alert(1)>/@everyone/{'x' * 500}")
    drifted = runner.run("schedule", event("schedule"), command="drift", path="outreach")
    assert drifted.outputs["drift"] == "1", drifted.log
    (issue,) = forge.issues
    assert harmless(issue["body"])
    assert harmless(drifted.summary)
    for name in ("json-file", "sarif-file", "markdown-file"):
        assert "\x1b" not in Path(drifted.outputs[name]).read_text("utf-8")
    json.loads(Path(drifted.outputs["sarif-file"]).read_text("utf-8"))
    assert all(line.isprintable() for line in drifted.commands)


def write_by_hand(sandbox: Sandbox, text: str) -> None:
    """Somebody writes it into a setting of the campaign, at the vendor's own page."""
    facts = sandbox.ready()["providers"]["plum"]
    with httpx.Client(headers={"Authorization": f"Bearer {facts['token']}"}) as vendor:
        number = sandbox.state()["plum"]["campaigns"][0]["id"]
        changed = vendor.patch(f"{facts['base_url']}/campaigns/{number}", params={"start_url": text})
        assert changed.is_success, changed.text
