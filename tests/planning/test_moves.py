"""What `moved:` does to the state, and what it refuses."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace
from reconciler.model.address import Address
from reconciler.model.resource import Moved
from reconciler.model.state import RecordMoved, Snapshot
from reconciler.planning.basis.moves import moves
from reconciler.planning.planner import build_plan
from reconciler.state.fold import fold

from .scenes import NOW, SceneOf


def snapshot_of(**have: Any) -> Snapshot:
    """A state with these objects."""
    return SceneOf({"bare": True, "have": have.get("have", {})}).scene().snapshot


def move(source: str, target: str) -> Moved:
    """A move, as manifests write it."""
    return Moved(Address.parse(source), Address.parse(target))


RUNS = {"campaign/jan@1": {"phase": "ended"}, "campaign/jan@2": {"phase": "armed", "sent": "a"}}


def test_a_move_carries_all_runs() -> None:
    """Every run goes along, and a second plan has nothing to move."""
    known = snapshot_of(have=RUNS)
    entries, problems = moves(known, [move("plum/campaign/jan", "plum/campaign/january")], NOW, "test")
    assert problems == ()
    after = fold(known, entries)
    assert {str(key) for key in after.records} == {"plum/campaign/january@1", "plum/campaign/january@2"}
    assert moves(after, [move("plum/campaign/jan", "plum/campaign/january")], NOW, "test") == ((), ())


def test_a_move_makes_a_rename_clean() -> None:
    """After a move there is nothing to change, nobody to call again, and no drift."""
    case = SceneOf({"have": RUNS, "want": {"campaign/january@2": {"state": "running", "people": "a"}}})
    scene = case.scene()
    entries, _ = moves(scene.snapshot, [move("plum/campaign/jan", "plum/campaign/january")], NOW, "test")
    moved = build_plan(replace(scene, snapshot=fold(scene.snapshot, entries))).plan
    assert (moved.changes, moved.findings, moved.problems) == ((), (), ())


@pytest.mark.parametrize(
    ("target", "have", "code"),
    [
        ("plum/campaign/feb", {**RUNS, "campaign/feb": {}}, "MOV05"),
        ("ring/campaign/jan", RUNS, "MOV06"),
        ("ring/campaign/jan", {"campaign/jan": {}}, "MOV06"),
    ],
)
def test_what_cannot_move(target: str, have: dict[str, Any], code: str) -> None:
    """Two resources do not become one, and objects do not change vendors."""
    entries, problems = moves(snapshot_of(have=have), [move("plum/campaign/jan", target)], NOW, "test")
    assert entries == ()
    assert [problem.code for problem in problems] == [code]


def test_two_moves_to_one_place() -> None:
    """Of two moves to the same address the second is refused, and the state is not contradicted."""
    known = snapshot_of(have={"campaign/jan": {}, "campaign/feb": {}})
    several = [move("plum/campaign/jan", "plum/campaign/x"), move("plum/campaign/feb", "plum/campaign/x")]
    entries, problems = moves(known, several, NOW, "test")
    assert [problem.code for problem in problems] == ["MOV05"]
    assert len(fold(known, entries).records) == 2


def test_moves_one_after_the_other() -> None:
    """A move may go where an earlier one made room."""
    known = snapshot_of(have={"campaign/jan": {}, "campaign/feb": {}})
    several = [move("plum/campaign/jan", "plum/campaign/x"), move("plum/campaign/feb", "plum/campaign/jan")]
    entries, problems = moves(known, several, NOW, "test")
    assert problems == ()
    assert all(isinstance(entry, RecordMoved) for entry in entries)
    names = {key.address.name for key in fold(known, entries).records}
    assert names == {"x", "jan"}
