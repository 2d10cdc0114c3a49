"""SIGKILL at every write and job of an apply at CALLR: one that makes and fills a run, and one that lets it grow."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from reconciler.providers.callr import imports
from reconciler.sandbox import Sandbox
from reconciler.testing.projects import ProjectFolder

from .callr_hands import books, callr_folder, campaigns, only
from .commands import apply
from .conftest import START
from .killing import killed_at_request

MAKING = 8
GROWING = 10
"""At least one more than such an apply has writes and looks at jobs, so that a run without a kill is among them."""
MATTER = r"create|save|import|append|jobs|pause|start"
"""The operations that change something, or tell of a job; dying at another look is dying before the next of these."""
MORE = "+12025550177"


@pytest.fixture(autouse=True)
def quick_jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    """The applies of this process look at jobs without a second's pause between."""
    monkeypatch.setattr(imports, "POLL", 0.01)


def killed_at(project: ProjectFolder, sandbox: Sandbox, number: int, when: str) -> bool:
    """Apply, and kill it at the n-th request that matters; False when it had fewer."""
    return killed_at_request(
        project, sandbox, number, when, "apply", "--yes", vendor="callr", operation=MATTER
    )


def settled(project: ProjectFolder) -> int:
    """Run the command again, up to twice, as an operator would; how the last one ended."""
    codes = [project.run("apply", "--yes").code for _ in range(2)]
    return codes[-1]


@pytest.mark.slow
@pytest.mark.one_in(7)
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("number", range(1, MAKING + 1))
def test_killed_while_it_is_made(tmp_path: Path, number: int, when: str) -> None:
    """Whenever it dies, the next applies lead to one campaign and one book that holds each person once."""
    with Sandbox(port=0, speed=0.0, start_at=START) as sandbox:
        project = callr_folder(tmp_path, sandbox)
        sandbox.options({"callr": {"job_looks": 0}})
        assert killed_at(project, sandbox, number, when) is (number < MAKING)
        assert settled(project) == 0
        (book,) = books(sandbox)
        assert Counter(book["numbers"]) == Counter(project.numbers)
        assert only(sandbox)["schedule"]["enabled"] is True
        sandbox.clock(advance=7 * 86400)
        assert sandbox.ledger.summary()["people_called_again"] == 0
        assert sandbox.ledger.summary()["people_called_once"] == 12


@pytest.mark.slow
@pytest.mark.one_in(7)
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("number", range(1, GROWING + 1))
def test_killed_while_it_grows(tmp_path: Path, number: int, when: str) -> None:
    """Of an armed run nobody is ever in the book twice; who may be in it counts as sent, and the run is not louder."""
    with Sandbox(port=0, speed=0.0, start_at=START) as sandbox:
        project = callr_folder(tmp_path, sandbox)
        sandbox.options({"callr": {"job_looks": 0}})
        apply(project)
        sandbox.clock(set="2027-01-04T08:00:01-05:00")
        project.numbers = [*project.numbers, MORE]
        project.write()
        assert killed_at(project, sandbox, number, when) is (number < GROWING)
        code = settled(project)
        (book,) = books(sandbox)
        counts = Counter(book["numbers"])
        assert max(counts.values()) == 1
        assert len(campaigns(sandbox)) == 1
        if code == 0:
            assert counts[MORE] == 1
            assert only(sandbox)["schedule"]["enabled"] is True
        else:
            assert code == 8
        sandbox.clock(advance=7 * 86400)
        assert sandbox.ledger.summary()["people_called_again"] == 0
