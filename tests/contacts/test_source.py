"""Files: where they may lie, and what is no file at all."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import pytest
from reconciler.contacts import source
from reconciler.contacts.contact import ContactFile, read_contacts
from reconciler.contacts.digest import Digester
from reconciler.model.problem import Location
from reconciler.model.resource import ContactList, FileSource

AT = Location("manifests/january.yaml", 3, 5)


def read(root: Path, file: FileSource | None, environment: Mapping[str, str] | None = None) -> ContactFile:
    """Read a contact list that is declared with this file."""
    declared = ContactList("people", file, AT, region="US")
    return read_contacts(declared, root=root, environment=environment or {}, digester=Digester(b"k"))


def codes(found: ContactFile) -> list[str]:
    """Return the codes of all that is wrong with it."""
    return [problem.code for problem in found.problems]


def test_a_path_counts_from_the_folder_of_its_manifest(tmp_path: Path) -> None:
    """`file: ../contacts/a.csv` in `manifests/` is `contacts/a.csv` of the project, and is called so."""
    (tmp_path / "contacts").mkdir()
    (tmp_path / "manifests").mkdir()
    (tmp_path / "contacts/a.csv").write_text("6175550100\n6175550100\n")
    found = read(tmp_path, FileSource(path="../contacts/a.csv", base="manifests"))
    assert len(found.people) == 1
    assert [problem.location for problem in found.problems] == [Location("contacts/a.csv", 2, 1)]


@pytest.mark.parametrize("path", ["../out.csv", "/etc/hostname", "link.csv", "folder/out.csv", "nul\0.csv"])
def test_no_path_leads_out_of_the_project(tmp_path: Path, path: str) -> None:
    """A branch can't make the tool read a file of the machine, by dots, from the top, or over a link."""
    root = tmp_path / "project"
    root.mkdir()
    (tmp_path / "out.csv").write_text("6175550100\n")
    (root / "link.csv").symlink_to(tmp_path / "out.csv")
    (root / "folder").symlink_to(tmp_path)
    found = read(root, FileSource(path=path))
    assert codes(found) == ["NUM09"]
    assert not found.people


def test_a_variable_may_name_any_file(tmp_path: Path) -> None:
    """Who sets the environment may read from anywhere; problems then speak of the variable alone."""
    root = tmp_path / "project"
    root.mkdir()
    (tmp_path / "january.csv").write_text("6175550100\nunknown\n")
    found = read(root, FileSource(env="JANUARY_CSV"), {"JANUARY_CSV": str(tmp_path / "january.csv")})
    assert [problem.location for problem in found.problems] == [Location("$JANUARY_CSV", 2, 1)]
    assert str(tmp_path) not in repr(found.problems)


def test_a_relative_variable_counts_from_the_root(tmp_path: Path) -> None:
    """The same environment gives the same list from whatever folder the command is started."""
    (tmp_path / "a.csv").write_text("6175550100\n")
    assert len(read(tmp_path, FileSource(env="A"), {"A": "a.csv"}).people) == 1


@pytest.mark.parametrize("environment", [{}, {"JANUARY_CSV": ""}, {"JANUARY_CSV": "a\0b"}])
def test_a_variable_that_is_not_set(tmp_path: Path, environment: dict[str, str]) -> None:
    """A list whose variable is unset is an error that names the variable, never an empty list."""
    found = read(tmp_path, FileSource(env="JANUARY_CSV"), environment)
    assert codes(found) == ["NUM10"]
    assert "JANUARY_CSV" in found.problems[0].message
    assert found.problems[0].location == AT


def test_what_is_no_file(tmp_path: Path) -> None:
    """Absent files, folders, pipes and circles of links are errors at the place that names them, and don't hang."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "circle").symlink_to(tmp_path / "circle")
    for path in ("absent.csv", ".", "pipe", "circle", "", "pipe/below.csv", "x" * 300):
        found = read(tmp_path, FileSource(path=path))
        assert codes(found) == ["NUM01"]
        assert found.problems[0].location == AT
    assert codes(read(tmp_path, None)) == ["NUM01"]


def test_a_file_larger_than_any_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file beyond the limit is refused before it fills the memory."""
    monkeypatch.setattr(source, "MAX_BYTES", 10)
    (tmp_path / "a.csv").write_text("6175550100\n")
    assert codes(read(tmp_path, FileSource(path="a.csv"))) == ["NUM01"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    """A refusal of the system is an error in its own words."""
    (tmp_path / "a.csv").write_text("6175550100\n")
    (tmp_path / "a.csv").chmod(0)
    assert codes(read(tmp_path, FileSource(path="a.csv"))) == ["NUM01"]
