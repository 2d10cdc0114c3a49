"""Projects of any size: one resource a file, each as large as people write them."""

from __future__ import annotations

from pathlib import Path

PROJECT = """\
version: 1
project: bench
project_id: 7kq2m9x4
defaults: {{timezone: America/New_York, on_queued_suppression: stop}}
providers:
  plum:
    type: plum
    base_url: {base_url}
    token: {{env: PLUM_TOKEN}}
    max_concurrency: {concurrency}
manifests: [manifests]
limits: {{max_people: 1000000}}
"""
SHARED = """\
schedules:
  week: {days: [mon, wed, fri]}
profiles:
  pace: {period: 30, amount_per_period: 100, time_between_periods: 10}
"""
CAMPAIGN = """\
campaigns:
  c{number:05}:
    provider: plum
    state: draft
    run: "2099-01"
    start_date: 2099-01-05
    end_date: 2099-01-30
    schedule: week
    windows:
      - start_time: "08:00"
        end_time: "11:00"
        profile: pace
      - start_time: "13:00"
        end_time: "17:30"
        profile: pace
    protect: true
    labels:
      team: outreach
      region: east
    plum:
      start_url: https://ivr.example/c{number:05}/start
      result_url: https://ivr.example/c{number:05}/results
      ani: "+16175550100"
"""
SCHEDULE = """\
schedules:
  s{number:05}:
    days: [mon, wed, fri]
    providers: [plum]
"""
CONCURRENCY = 8


def campaigns(root: Path, count: int, base_url: str) -> Path:
    """A project of so many campaigns, which share a schedule and a profile."""
    manifests = _project(root, base_url)
    (manifests / "shared.yaml").write_text(SHARED, "utf-8")
    for number in range(count):
        (manifests / f"c{number:05}.yaml").write_text(CAMPAIGN.format(number=number), "utf-8")
    return root


def schedules(root: Path, count: int, base_url: str) -> Path:
    """A project of so many schedules, each of them wanted at the vendor."""
    manifests = _project(root, base_url)
    for number in range(count):
        (manifests / f"s{number:05}.yaml").write_text(SCHEDULE.format(number=number), "utf-8")
    return root


def _project(root: Path, base_url: str) -> Path:
    manifests = root / "manifests"
    manifests.mkdir(parents=True)
    (root / "reconciler.yaml").write_text(PROJECT.format(base_url=base_url, concurrency=CONCURRENCY), "utf-8")
    return manifests
