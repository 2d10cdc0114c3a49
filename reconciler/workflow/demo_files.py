"""The project of the demonstration: its files, and people who do not exist."""

from __future__ import annotations

import json
from pathlib import Path

PEOPLE = 120
BLACKLISTED = 4
TOKEN = "PLUM_TOKEN"  # noqa: S105 - the name of a variable
AREA_CODES = ("212", "305", "404", "617")
"""All of one time zone, so that the demonstration calls nobody early."""

PROJECT = """\
version: 1
project: demo
project_id: demo0001
defaults: {{timezone: America/New_York, on_queued_suppression: stop}}
providers:
  plum: {{type: plum, token: {{env: {token}}}, base_url: {base_url}, list_lag: 0.2}}
manifests: [manifests]
backend: {{type: local, path: .reconciler, allow_in_ci: true}}
"""

MANIFEST = """\
schedules:
  three-weekdays: {days: [mon, wed, fri]}
profiles:
  morning-pace: {period: 30, amount_per_period: 100, time_between_periods: 10}
contact_lists:
  january-patients:
    file: ../contacts/january.csv
    columns: {phone: mobile, reference: visit_id}
    region: US
blacklists:
  company-dnc: {file: ../contacts/dnc.txt, region: US}
campaigns:
  january-reminders:
    provider: plum
    state: running
    run: 2027-01
    start_date: 2027-01-04
    end_date: 2027-01-29
    schedule: three-weekdays
    windows: [{start_time: 08:00, end_time: 11:00, profile: morning-pace}]
    contacts: january-patients
    plum:
      start_url: https://ivr.example/start
      result_url: https://ivr.example/results
      ani: "+16175550199"
"""


def write(folder: Path, base_url: str) -> None:
    """Write every file of the project, which points to a vendor at `base_url`."""
    for name in ("manifests", "contacts"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    project = PROJECT.format(token=TOKEN, base_url=json.dumps(base_url))
    (folder / "reconciler.yaml").write_text(project, encoding="utf-8")
    (folder / "manifests" / "january.yaml").write_text(MANIFEST, encoding="utf-8")
    rows = [f"{number},visit-{at}" for at, number in enumerate(numbers(), 1)]
    (folder / "contacts" / "january.csv").write_text(_lines(["mobile,visit_id", *rows]), encoding="utf-8")
    (folder / "contacts" / "dnc.txt").write_text(_lines(sorted(blacklisted())), encoding="utf-8")


def numbers() -> list[str]:
    """Everybody on the contact list, the blacklisted among them: numbers kept free for stories."""
    each = (PEOPLE + BLACKLISTED) // len(AREA_CODES)
    return [f"+1{code}55501{at:02}" for code in AREA_CODES for at in range(each)]


def blacklisted() -> frozenset[str]:
    """Those who asked not to be called: the first of each area."""
    return frozenset(f"+1{code}5550100" for code in AREA_CODES[:BLACKLISTED])


def _lines(lines: list[str]) -> str:
    return "".join(f"{line}\n" for line in lines)
