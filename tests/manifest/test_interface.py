"""What the other layers call: finding the project, loading, places, lines to show."""

from __future__ import annotations

import gc
import subprocess
from pathlib import Path

import pytest
from reconciler.errors import ProjectError, UsageError
from reconciler.manifest import find_project, load_project, locate
from reconciler.manifest.snippet import source_line
from reconciler.model.problem import Location, Problem

CAMPAIGN = """\
# a comment
campaigns:
  january:
    provider: dialer
    windows:
      - {start_time: "08:00", end_time: "11:00"}
      - start_time: "13:00"
        end_time: "17:00"
    labels:
      team: outreach
"""


def test_project_is_found_upwards(folder):
    """From any folder below, the nearest project file is found."""
    (folder.root / "manifests" / "deep").mkdir()
    assert find_project(folder.root / "manifests" / "deep") == folder.root.resolve()


def test_search_ends_at_the_git_root(folder):
    """A project file above the Git root belongs to somebody else."""
    inner = folder.root / "inner"
    (inner / ".git").mkdir(parents=True)
    with pytest.raises(UsageError) as raised:
        find_project(inner)
    assert "reconciler init" in raised.value.help


def test_both_spellings(folder):
    """Two project files in one folder are an error, not a winner."""
    folder.write("reconciler.yml", "version: 1")
    with pytest.raises(ProjectError) as raised:
        find_project(folder.root)
    assert [problem.code for problem in raised.value.problems] == ["FIL07"]


def test_other_spelling(folder):
    """reconciler.yml is as good as reconciler.yaml."""
    (folder.root / "reconciler.yaml").rename(folder.root / "reconciler.yml")
    assert find_project(folder.root) == folder.root.resolve()
    loaded = folder.load()
    assert (loaded.files, loaded.problems) == (("reconciler.yml",), ())


def test_project_alone(folder):
    """The project can be read while its manifests are broken."""
    folder.write("manifests/one.yaml", "- broken")
    project, problems = load_project(folder.root, {}, folder.vendors)
    assert project is not None
    assert not problems
    assert project.providers["plum"].secrets["token"].name == "PLUM_TOKEN"


def test_a_missing_project_file_is_a_problem(folder):
    """Loading never raises for what the files hold or lack."""
    (folder.root / "reconciler.yaml").unlink()
    assert folder.codes() == ["FIL01"]


@pytest.mark.parametrize(
    ("pointer", "place"),
    [
        (("campaigns", "january"), "3:3"),
        (("campaigns", "january", "provider"), "4:15"),
        (("campaigns", "january", "windows"), "5:5"),
        (("campaigns", "january", "windows", 0), "6:9"),
        (("campaigns", "january", "windows", 0, "end_time"), "6:41"),
        (("campaigns", "january", "windows", 1, "end_time"), "8:19"),
        (("campaigns", "january", "windows", 7, "end_time"), "5:5"),
        (("campaigns", "january", "schedule"), "3:3"),
        (("campaigns", "january", "labels", "team"), "10:13"),
        (("campaigns", "february"), "2:1"),
        ((), "2:1"),
    ],
)
def test_places(pointer, place, folder):
    """Later layers name a node by its pointer and get line and column, or those of what is around it."""
    folder.write("manifests/one.yaml", CAMPAIGN)
    problem = Problem("LOW01", "any", location=Location("manifests/one.yaml", pointer=pointer))
    (located,) = locate(folder.root, [problem])
    assert str(located.location) == f"manifests/one.yaml:{place}"


def test_places_from_a_resource(folder):
    """A resource's location leads to places below it, in a second document, too."""
    loaded = folder.load("schedules: {s: {days: [mon]}}\n---\n" + CAMPAIGN)
    where = loaded.manifests.campaigns["january"].location.at("windows", 0, "start_time")
    (located,) = locate(folder.root, [Problem("LOW01", "any", location=where)])
    assert str(located.location) == "manifests/one.yaml:8:22"


def test_places_that_are_known_stay(folder):
    """A location with a line, or none at all, is left as it is."""
    known = Problem("NUM02", "any", location=Location("contacts/a.csv", 118, 2))
    unplaced = Problem("DOC01", "any")
    assert locate(folder.root, [known, unplaced]) == (known, unplaced)


def test_places_through_aliases_and_merges(folder):
    """What came in by a merge key is pointed at where it is written."""
    folder.write("manifests/one.yaml", "x-a: &a {start_time: x}\ncampaigns:\n  c:\n    windows: [{<<: *a}]\n")
    pointer = ("campaigns", "c", "windows", 0, "start_time")
    where = Location("manifests/one.yaml", pointer=pointer)
    (located,) = locate(folder.root, [Problem("LOW01", "any", location=where)])
    assert str(located.location) == "manifests/one.yaml:1:22"


def test_places_in_a_file_that_is_gone(folder):
    """A file that cannot be read any more still has its name and a first line."""
    (located,) = locate(folder.root, [Problem("LOW01", "any", location=Location("manifests/gone.yaml"))])
    assert str(located.location) == "manifests/gone.yaml:1:1"


def test_same_name_in_two_files(folder):
    """A name that two files declare is told with both places."""
    folder.write("manifests/a.yaml", "schedules:\n  s: {days: [mon]}\n")
    folder.write("manifests/b.yaml", "schedules:\n\n  s: {days: [tue]}\n")
    (problem,) = folder.load().problems
    assert (problem.code, str(problem.location)) == ("KEY04", "manifests/b.yaml:3:3")
    assert problem.message == 'schedule "s" is declared twice, first in manifests/a.yaml:2'


def test_an_unreadable_file_blames_no_other(folder):
    """While a file cannot be read, names that it may declare are not called unknown."""
    folder.write("manifests/a.yaml", "schedules: {s: {days: [mon]}")
    assert folder.codes("campaigns: {c: {provider: dialer, schedule: s}}") == ["YML01"]


def test_a_broken_project_file_blames_no_manifest(folder):
    """While the project file cannot be read, its providers and defaults are not called unknown."""
    folder.write("reconciler.yaml", "version: [")
    assert folder.codes("campaigns: {c: {provider: dialer}}") == ["YML01"]


def test_a_refused_resource_blames_no_other(folder):
    """A resource with a mistake can be referred to without a second complaint."""
    text = "schedules: {s: [mon]}\ncampaigns: {c: {provider: dialer, schedule: s}}"
    assert folder.codes(text) == ["TYP01"]


def test_problems_name_the_campaign(folder):
    """A problem inside a campaign carries the campaign's address."""
    (problem,) = folder.load("campaigns: {c: {provider: dialer, schedule: s}}").problems
    assert str(problem.address) == "dialer/campaign/c"


def test_hours_need_a_zone(folder):
    """A campaign without a zone of its own needs the project's."""
    text = (folder.root / "reconciler.yaml").read_text()
    folder.write("reconciler.yaml", text.replace("defaults: {timezone: America/New_York}\n", ""))
    campaigns = "campaigns: {a: {provider: dialer}, b: {provider: dialer, timezone: Europe/Paris}}"
    (problem,) = folder.load(campaigns).problems
    assert (problem.code, str(problem.address)) == ("TIM08", "dialer/campaign/a")


def test_manifests_from_the_environment(folder, tmp_path_factory):
    """A folder of manifests outside the project is read when a variable names it."""
    outside = tmp_path_factory.mktemp("outside")
    (outside / "x.yaml").write_text("schedules: {s: {days: [mon]}}")
    text = (folder.root / "reconciler.yaml").read_text()
    folder.write("reconciler.yaml", text + "manifests: [{env: MANIFESTS}]\n")
    loaded = folder.load(environment={"MANIFESTS": str(outside)})
    assert not loaded.problems
    assert "s" in loaded.manifests.schedules


def git(root: Path, *words: str) -> None:
    """Run Git in a folder."""
    subprocess.run(["git", "-C", str(root), *words], check=True, capture_output=True)


def test_contact_files_in_git(folder):
    """A list of numbers that Git tracks is a warning at the line that names it."""
    git(folder.root, "init", "-q")
    folder.write("contacts/a.csv", "+16175550100")
    folder.write("contacts/b.csv", "+16175550100")
    git(folder.root, "add", "contacts/a.csv")
    text = "contact_lists:\n  a: {file: ../contacts/a.csv}\n  b: {file: ../contacts/b.csv}\n"
    (problem,) = folder.load(text).problems
    assert (problem.code, problem.is_error) == ("FIL08", False)
    assert str(problem.location) == "manifests/one.yaml:2:13"


def test_plain_projects_need_no_parser(folder, monkeypatch):
    """Plain files, the project file among them, are read without the YAML parser: it is most of the cost."""
    monkeypatch.setattr("reconciler.manifest.collect.documents", None)
    monkeypatch.setattr("reconciler.manifest.project.documents", None)
    folder.write("manifests/a.yaml", "# Comment\nschedules:\n  s:\n    days: [mon, wed]\n")
    loaded = folder.load(CAMPAIGN.replace("provider: dialer", "provider: dialer\n    schedule: s"))
    assert not loaded.problems
    assert loaded.manifests.campaigns["january"].schedule == "s"


def test_the_collector_runs_again(folder):
    """Loading leaves Python's garbage collector as it found it."""
    folder.load()
    assert gc.isenabled()


SECRET = "hunter2"

PROJECT_LINES = [
    ("version: 1", True),
    ("project: clinic", True),
    ("providers:", True),
    (f"  one: {{type: plum, token: {SECRET}}}", False),
    (f"  two: {{type: plum, tokn: {SECRET}}}", False),
    ("  three: {type: plum, token: {env: PLUM_TOKEN}}", True),
    (f"  four: {{type: plum, token: {{env: {SECRET}}}}}", False),
    ("  five:", True),
    ("    type: plum", True),
    ("    timeout: 5", True),
    ("    token: |", False),
    (f"      {SECRET}", False),
    (f"    whatever: {SECRET}", False),
    (f"    access: none  # once {SECRET}", True),
    (f"    # {SECRET}", False),
    ("limits: {max_people: 10}", True),
]


@pytest.mark.parametrize("broken", [False, True])
def test_lines_with_secrets_are_not_shown(broken, folder):
    """No line that a problem may quote shows a secret, whether or not the file can be read."""
    lines = [line for line, _ in PROJECT_LINES] + (["limits: ["] if broken else [])
    folder.write("reconciler.yaml", "\n".join(lines))
    shown = [
        source_line(folder.root, Location("reconciler.yaml", n + 1, 1)) for n in range(len(PROJECT_LINES))
    ]
    assert not any(SECRET in line for line in shown if line)
    if not broken:
        assert [line is not None for line in shown] == [open_ for _, open_ in PROJECT_LINES]


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("manifests/one.yaml", "campaigns:\n    title: a b  # +1617", "    title: a b"),
        ("manifests/one.yaml", "campaigns:\n    token: hunter2", None),
        ("manifests/one.yaml", "- +16175550100\n- +16175550101", None),
        ("manifests/one.yaml", "+16175550100\n+16175550101", None),
        ("manifests/one.yaml", "+16175550100: [\n+16175550101", None),
        ("contacts/a.csv", "phone\n+16175550100", None),
        ("contacts/a.txt", "phone\n+16175550100", None),
        ("manifests/gone.yaml", None, None),
    ],
)
def test_lines_to_show(path, text, expected, folder):
    """Lines of manifests are shown without comments; lines of lists never."""
    if text is not None:
        folder.write(path, text)
    assert source_line(folder.root, Location(path, 2, 1)) == expected


def test_no_message_shows_a_secret(folder):
    """Whatever is wrong about a secret, nothing that is printed shows it."""
    text = (Path(__file__).parent / "project_cases" / "secrets.yaml").read_bytes()
    folder.write("reconciler.yaml", text)
    for problem in folder.load().problems:
        line = source_line(folder.root, problem.location) or ""
        assert "hunter2" not in f"{problem.message}{problem.help}{line}"
        assert "1234567890" not in f"{problem.message}{problem.help}{line}"
