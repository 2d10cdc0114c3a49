"""What values mean: text stays text, numbers and truth only where the schema asks for them."""

from __future__ import annotations

import datetime as dt
import json
import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reconciler.model.resource import Desired, FileSource, Window

SPELLINGS = [
    "0014", "2027-01", "2027-01-04", "11:00", "12:30:45", "no", "on", "yes", "true", "False", "null", "~", "1_000",
    "0x1F", "0o17", "1e3", ".5", ".inf", ".nan", "-0", "+16175550100", "16175550100", "1.10", "=",
    "2027-01-04T11:00:00Z", "123456789012345678901234567890",
]  # fmt: skip
"""Texts that YAML, in one of its versions, takes for something else."""

CAMPAIGN = """
campaigns:
  one:
    provider: plum
    title: {}
    labels: {{team: {}}}
    plum: {{start_url: "https://ivr.example/s"}}
"""

shared_folder = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.parametrize("text", SPELLINGS)
def test_text_keeps_its_source_text(text, folder):
    """Whatever YAML would make of an unquoted text, a text field holds what was written."""
    loaded = folder.load(CAMPAIGN.format(text, text))
    assert not loaded.problems
    assert loaded.manifests.campaigns["one"].title == text
    assert loaded.manifests.campaigns["one"].labels == {"team": text}


def printable(text: str) -> bool:
    """Whether a text has no control characters of any kind."""
    return all(unicodedata.category(character)[0] != "C" for character in text)


@shared_folder
@given(text=st.text(st.characters(codec="utf-8"), min_size=1, max_size=40).filter(printable))
def test_any_printable_text_survives_quotes(text, folder):
    """Any printable text that is quoted as JSON quotes comes back the same."""
    loaded = folder.load(CAMPAIGN.format(*[json.dumps(text, ensure_ascii=False)] * 2))
    assert not loaded.problems
    campaign = loaded.manifests.campaigns["one"]
    assert (campaign.title, campaign.labels["team"]) == (text, text)


def test_names_that_look_like_other_things(folder):
    """Keys are text, too: a campaign may be called 0014, no or 2027-01-04."""
    body = "{provider: plum, plum: {start_url: 'https://ivr.example/s'}}"
    loaded = folder.load(
        "campaigns:\n" + "".join(f"  {key}: {body}\n" for key in ("0014", "no", "2027-01-04", "null"))
    )
    assert not loaded.problems
    assert list(loaded.manifests.campaigns) == ["0014", "no", "2027-01-04", "null"]


def test_settings_keep_leading_zeros(folder):
    """A server code of digits stays the code."""
    project = folder.load().project
    assert project is not None
    assert project.providers["dialer"].settings == {"server": "0014"}


@pytest.mark.parametrize(
    ("written", "meant"), [("true", True), ("false", False), ("True", True), ("FALSE", False)]
)
def test_truth(written, meant, folder):
    """Both truth values are read in the spellings of YAML 1.2."""
    loaded = folder.load(
        f"campaigns: {{c: {{provider: dialer, protect: {written}, dialer: {{check: {written}}}}}}}"
    )
    assert not loaded.problems
    assert loaded.manifests.campaigns["c"].protect is meant
    assert loaded.manifests.campaigns["c"].vendor == {"dialer": {"check": meant}}


def test_a_whole_campaign(folder):
    """Every field of a campaign arrives in its type."""
    loaded = folder.load("""
campaigns:
  january:
    provider: plum
    state: paused
    run: 2027-01
    start_date: 2027-01-04
    end_date: "2027-01-29"
    windows: [{start_time: 08:00, end_time: '11:00'}]
    protect: true
    enforce: reconciler
    plum: {start_url: https://ivr.example/s?a=1&b=2#c}
""")
    assert not loaded.problems
    campaign = loaded.manifests.campaigns["january"]
    assert campaign.state is Desired.PAUSED
    assert (campaign.run, campaign.protect, campaign.enforce) == ("2027-01", True, "reconciler")
    assert (campaign.start_date, campaign.end_date) == (dt.date(2027, 1, 4), dt.date(2027, 1, 29))
    assert campaign.windows == (Window("08:00", "11:00", None),)
    assert campaign.timezone == "America/New_York"
    assert campaign.vendor == {"plum": {"start_url": "https://ivr.example/s?a=1&b=2#c"}}
    assert str(campaign.address) == "plum/campaign/january"
    assert campaign.location.pointer == ("campaigns", "january")


def test_defaults_and_absences(folder):
    """What a campaign leaves out comes from the project's defaults, or is told apart from any_hour."""
    body = "{provider: plum, windows: any_hour, plum: {start_url: 'https://ivr.example/s'}}"
    loaded = folder.load(f"campaigns: {{a: {body}, b: {body.replace('windows: any_hour, ', '')}}}")
    campaigns = loaded.manifests.campaigns
    assert (campaigns["a"].windows, campaigns["b"].windows) == (None, ())
    assert campaigns["a"].run == "1"
    assert campaigns["a"].state is Desired.DRAFT


def test_files_of_lists(folder):
    """A list's file keeps the manifest's folder with its path, or the variable's name."""
    folder.write(
        "manifests/deep/lists.yaml",
        """
contact_lists:
  a: {file: ../../contacts/a.csv}
  b: {file: {env: B_CSV}}
  c: {}
""",
    )
    lists = folder.load().manifests.contact_lists
    assert lists["a"].file == FileSource(path="../../contacts/a.csv", base="manifests/deep")
    assert lists["b"].file == FileSource(env="B_CSV", base="manifests/deep")
    assert lists["c"].file is None


def test_merge_keys(folder):
    """What stands in a map wins over what it merges in, and earlier sources over later ones."""
    loaded = folder.load("""
x-a: &a {start_time: "08:00", end_time: "09:00"}
x-b: &b {start_time: "01:00", end_time: "10:00", profile: p}
profiles: {p: {period: 1, amount_per_period: 1, time_between_periods: 0}}
campaigns:
  c:
    provider: dialer
    windows: [{<<: [*a, *b], end_time: "12:00"}]
""")
    assert not loaded.problems
    assert loaded.manifests.campaigns["c"].windows == (Window("08:00", "12:00", "p"),)


def test_quoted_merge_key_is_a_key(folder):
    """Only the bare << merges."""
    assert folder.codes('schedules: {a: {"<<": [mon], days: [mon]}}') == ["KEY01"]


def test_order_of_files_and_sections_does_not_matter(folder):
    """A campaign may stand in an earlier file than what it refers to."""
    folder.write("manifests/a.yaml", "campaigns: {c: {provider: dialer, schedule: s}}")
    folder.write("manifests/z/z.yml", "schedules: {s: {days: [mon]}}")
    loaded = folder.load()
    assert not loaded.problems
    assert loaded.files == ("reconciler.yaml", "manifests/a.yaml", "manifests/z/z.yml")
