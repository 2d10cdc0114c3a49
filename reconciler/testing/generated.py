"""Projects made by chance: what a seed comes to, as plain data that edits change and that is written as files.

Every campaign has a token for each of its runs in its start address, so that whoever looks at the vendor's side
can tell which campaign and which run an object was made for, whatever the manifests called it by then.
"""

from __future__ import annotations

import datetime as dt
import json
import random
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

PROJECT_ID = "chance01"
FIRST_DAY = dt.date(2027, 1, 4)
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
STATES = ("draft", "running", "running", "running", "stopped")
WINTER_ENDS = dt.date(2027, 3, 12)
"""The last weekday on which a zone without daylight saving time agrees with Eastern hours."""

POOL = 300
"""So many different people there are."""

TOKEN = re.compile(r"/t/([a-z0-9]+\.\d+)(?![a-z0-9])")

_NAMES = (
    "weekdays", "no", "null", "1e3", "2027-01", "0x1F", "true", "3.14", "_", "A.b-c", "z" * 64, "on", "12-30",
    "Morning", "evening.pace", "x_y", "N", "y", "a-b-c", "0o7", "9_9",
)  # fmt: skip
_NICKNAMES = (
    None, None, None, None, "Été à la plage", "two words", "日本語", "quote ' and \" and \\", "☎️ first",
    "a+b=c&d?e#f%20",    "[1, 2]", "<b>bold</b>", "n" * 64,
)  # fmt: skip
_TITLES = (None, "January reminders", "Recordatorio de enero ✓", "'", "12:30", "no")
_TAILS = (
    "", "", "/", "?lang=en", "?lang=en&x=%7e#top", "/Pfad/é?q=ü", "?a=1&a=2", ";b=c,d?x[]=1", "?", "#", "?#",
    "/%E2%9C%93",    "/a+b?c=d+e", "?q=%26%3D", "#/route?not=query", "?u=https://other.example/?x=1",
)  # fmt: skip
_HOSTS = ("ivr.example", "IVR.Example", "ivr.example:8443", "127.0.0.1")
_ZONES = (None, None, None, "America/New_York", "America/Chicago", "America/Toronto", "America/Los_Angeles",
          "US/Eastern", "America/Bogota")  # fmt: skip
_RUNS = (
    "1",
    "2027-01",
    "no",
    "007",
    "1.0",
    "Lauf zwei",
    "été",
    "b",
    "true",
    "null",
    "0x10",
    "12:30",
    "r9",
    "r10",
    "r11",
)
_DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_COLUMNS = ("phone", "Mobile", "visit id", "número", "x,y")


def number(at: int) -> str:
    """One of the people: a fictional number."""
    return f"+1{201 + at // 100}5550{100 + at % 100}"


def _chance(rng: random.Random, percent: int) -> bool:
    return rng.randrange(100) < percent


def _spelled(rng: random.Random, text: str) -> str:
    """A number as people write it."""
    digits = text[2:]
    national = f"{digits[:3]}-{digits[3:6]}-{digits[6:]}"
    return rng.choice(
        (text, text, text, national, f"({digits[:3]}) {digits[3:6]}-{digits[6:]}", f"1 {national}")
    )


@dataclass
class Suppression:
    """A blacklist: whom it holds, and which campaigns it is for; none means all."""

    people: list[int]
    applies_to: list[str] = field(default_factory=list)


@dataclass
class Draft:
    """A project as data. `lists` and blacklists hold people by their place among all people."""

    rng: random.Random
    schedules: dict[str, dict[str, Any]] = field(default_factory=dict)
    profiles: dict[str, dict[str, Any]] = field(default_factory=dict)
    lists: dict[str, list[int]] = field(default_factory=dict)
    blacklists: dict[str, Suppression] = field(default_factory=dict)
    campaigns: dict[str, dict[str, Any]] = field(default_factory=dict)
    moved: list[tuple[str, str]] = field(default_factory=list)
    tokens: dict[str, str] = field(default_factory=dict)
    """Campaign -> what stands for it in its start address, also after a rename that says so."""
    runs: dict[str, list[str]] = field(default_factory=dict)
    """What stands for a campaign -> all its runs so far; a token names a run by its place among them."""
    provider: dict[str, Any] = field(default_factory=dict)
    made: int = 0
    as_yaml: bool = False
    several_files: bool = False

    # Writing

    def write(self, root: Path) -> None:
        """Write every file of the project below `root`; a list keeps how it was written before."""
        for folder in ("manifests", "contacts"):
            (root / folder).mkdir(parents=True, exist_ok=True)
        self._write(root / "reconciler.yaml", self._project())
        sections = self._sections()
        if self.several_files:
            for name, section in sections.items():
                self._write(root / "manifests" / f"{name}.yml", {name: section})
            for file in (root / "manifests").glob("*.yml"):
                if file.stem not in sections:
                    file.unlink()
        else:
            self._write(root / "manifests" / "all.yaml", sections)
        for name, people in self.lists.items():
            (root / "contacts" / f"{name}.csv").write_text(_csv(name, people), encoding="utf-8")
        for name, blacklist in self.blacklists.items():
            rng = random.Random(name)
            lines = (f"{_spelled(rng, number(at))}\n" for at in blacklist.people)
            (root / "contacts" / f"{name}.txt").write_text("".join(lines), encoding="utf-8")

    def _write(self, path: Path, data: Mapping[str, Any]) -> None:
        if self.as_yaml:
            text = yaml.dump(dict(data), Dumper=_DUMPER, allow_unicode=True, sort_keys=False)
        else:
            text = json.dumps(data, indent=1)
        path.write_text(text, encoding="utf-8")

    def _project(self) -> dict[str, Any]:
        return {
            "version": 1,
            "project": "chance",
            "project_id": PROJECT_ID,
            "defaults": {"timezone": "America/New_York", "on_queued_suppression": "stop"},
            "providers": {"plum": self.provider},
            "manifests": ["manifests"],
            "limits": {"max_people": 100000, "max_delete_percent": 100, "max_update_percent": 100},
        }

    def _sections(self) -> dict[str, Any]:
        sections: dict[str, Any] = {
            "schedules": self.schedules,
            "profiles": self.profiles,
            "contact_lists": {name: _declared_list(name) for name in self.lists},
            "blacklists": {name: _declared_blacklist(name, item) for name, item in self.blacklists.items()},
            "campaigns": {name: _without_none(item) for name, item in self.campaigns.items()},
            "moved": [
                {"from": f"plum/campaign/{old}", "to": f"plum/campaign/{new}"} for old, new in self.moved
            ],
        }
        return {name: section for name, section in sections.items() if section}

    # Who may be called

    def suppressed(self, name: str, blacklist: str) -> bool:
        """Whether a blacklist holds for a campaign."""
        campaign, listed = self.campaigns.get(name), self.blacklists[blacklist]
        excepted = [item["name"] for item in (campaign or {}).get("except_blacklists") or ()]
        return blacklist not in excepted and (not listed.applies_to or name in listed.applies_to)

    def suppressed_people(self, name: str) -> frozenset[str]:
        """Whom a campaign must not call, by the files as they are."""
        return frozenset(
            number(at)
            for blacklist, listed in self.blacklists.items()
            if self.suppressed(name, blacklist)
            for at in listed.people
        )

    def name_of(self, token: str) -> str | None:
        """The campaign that a token of a run stands for, if the manifests have it."""
        ident = token.partition(".")[0]
        return next(
            (name for name, own in self.tokens.items() if own == ident and name in self.campaigns), None
        )

    def token_of(self, name: str) -> str:
        """The token of a campaign's present run."""
        ident = self.tokens[name]
        return f"{ident}.{self.runs[ident].index(self.campaigns[name]['run'])}"

    # Making

    def add_schedule(self) -> str:
        """Add a schedule."""
        rng, name = self.rng, self._fresh(self.schedules, "s")
        self.schedules[name] = {"days": rng.sample(DAYS, rng.randint(1, 7))} | self._nickname(
            name, self.schedules
        )
        return name

    def add_profile(self) -> str:
        """Add a pacing profile."""
        rng, name = self.rng, self._fresh(self.profiles, "p")
        self.profiles[name] = {
            "period": rng.choice((1, 5, 30, 60)),
            "amount_per_period": rng.choice((1, 10, 100, 1000)),
            "time_between_periods": rng.choice((0, 1, 10)),
        } | self._nickname(name, self.profiles)
        return name

    def add_list(self) -> str:
        """Add a contact list."""
        name = self._fresh(self.lists, "l")
        self.lists[name] = self.rng.sample(range(POOL), self.rng.randint(1, 15))
        return name

    def add_blacklist(self) -> str:
        """Add a blacklist, with people of the lists among others."""
        rng, name = self.rng, self._fresh(self.blacklists, "b")
        applies_to = (
            rng.sample(sorted(self.campaigns), rng.randint(1, len(self.campaigns))) if self.campaigns else []
        )
        self.blacklists[name] = Suppression(self.some_people(), applies_to if _chance(rng, 40) else [])
        return name

    def some_people(self) -> list[int]:
        """A few people, most of them from contact lists."""
        listed = sorted({at for people in self.lists.values() for at in people})
        known = self.rng.sample(listed, min(len(listed), self.rng.randint(0, 3)))
        return sorted({*known, *self.rng.sample(range(POOL), self.rng.randint(1, 3))})

    def add_campaign(self) -> str:
        """Add a campaign in its first run."""
        name = self._fresh(self.campaigns, "c")
        self.made += 1
        self.tokens[name] = f"k{self.made}"
        self.campaigns[name] = self._campaign()
        self.runs[self.tokens[name]] = [self.campaigns[name]["run"]]
        self.set_addresses(name)
        return name

    def _campaign(self) -> dict[str, Any]:
        rng = self.rng
        contacts = rng.choice(list(self.lists)) if self.lists and _chance(rng, 90) else None
        campaign: dict[str, Any] = {
            "provider": "plum",
            "state": rng.choice(STATES),
            "run": rng.choice(_RUNS),
            "schedule": rng.choice(list(self.schedules)),
            "contacts": contacts,
            "title": rng.choice(_TITLES),
            "labels": rng.choice((None, {"team": "été ✓"}, {"12:30": "no"})),
            "protect": rng.choice((None, None, None, False, True)),
            "on_queued_suppression": rng.choice((None, None, "stop", "report")),
        }
        self.set_dates(campaign, FIRST_DAY)
        self.set_windows(campaign)
        if self.blacklists and _chance(rng, 20):
            excepted = rng.choice(list(self.blacklists))
            campaign["except_blacklists"] = [{"name": excepted, "reason": "of another kind ✓"}]
        return campaign

    def set_dates(self, campaign: dict[str, Any], first: dt.date) -> None:
        """Give a campaign dates from a day on, and a zone that fits them."""
        start = first + dt.timedelta(days=self.rng.randint(0, 10))
        end = start + dt.timedelta(days=self.rng.randint(3, 60))
        zone = self.rng.choice(_ZONES)
        campaign["start_date"], campaign["end_date"] = start.isoformat(), end.isoformat()
        campaign["timezone"] = None if zone == "America/Bogota" and end > WINTER_ENDS else zone

    def set_windows(self, campaign: dict[str, Any]) -> None:
        """Give a campaign one to three windows, in any order."""
        rng = self.rng
        clocks = sorted(
            rng.sample([f"{hour:02}:{minute:02}" for hour in range(6, 20) for minute in (0, 15, 59)], 6)
        )
        pairs = rng.sample(list(zip(clocks[::2], clocks[1::2], strict=True)), rng.randint(1, 3))
        campaign["windows"] = [
            {"start_time": start, "end_time": end, "profile": rng.choice(list(self.profiles))}
            for start, end in pairs
        ]

    def set_addresses(self, name: str) -> None:
        """Give a campaign web addresses; the first holds the token of its run."""
        rng = self.rng
        block = {
            "start_url": f"https://{rng.choice(_HOSTS)}/t/{self.token_of(name)}{rng.choice(_TAILS)}",
            "result_url": rng.choice((None, f"http://{rng.choice(_HOSTS)}{rng.choice(_TAILS)}")),
            "ani": "+16175550199",
        }
        self.campaigns[name]["plum"] = _without_none(block)

    def new_run(self, name: str) -> None:
        """Give a campaign a run that it never had."""
        runs = self.runs[self.tokens[name]]
        runs.append(f"run {len(runs)}")
        self.set_run(name, runs[-1])

    def set_run(self, name: str, run: str) -> None:
        """Give a campaign a run."""
        self.campaigns[name]["run"] = run
        self.set_addresses(name)

    def _fresh(self, taken: Mapping[str, Any], prefix: str) -> str:
        lower = {name.casefold() for name in taken}
        free = [name for name in _NAMES if name.casefold() not in lower]
        self.made += 1
        return self.rng.choice(free) if free and _chance(self.rng, 30) else f"{prefix}{self.made}"

    def _nickname(self, name: str, others: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
        chosen = self.rng.choice(_NICKNAMES)
        taken = {str(item.get("nickname", other)).casefold() for other, item in others.items()}
        if chosen is None or chosen.casefold() in taken:
            return {"nickname": f"own {name}"} if name.casefold() in taken else {}
        return {"nickname": chosen}


def draft(rng: random.Random, provider: Mapping[str, Any]) -> Draft:
    """A project by chance, at a provider."""
    made = Draft(rng, provider=dict(provider), as_yaml=_chance(rng, 50), several_files=_chance(rng, 30))
    for make, least, most in (
        (made.add_schedule, 1, 3),
        (made.add_profile, 1, 3),
        (made.add_list, rng.choice((0, 1, 1, 1)), 3),
        (made.add_campaign, 1, 4),
        (made.add_blacklist, 0, 2),
    ):
        for _ in range(rng.randint(least, most)):
            make()
    return made


def _declared_list(name: str) -> dict[str, Any]:
    return {
        "file": f"../contacts/{name}.csv",
        "columns": {"phone": _columns(name)[0], "reference": _columns(name)[1]},
        "region": "US",
    }


def _declared_blacklist(name: str, item: Suppression) -> dict[str, Any]:
    return _without_none(
        {"file": f"../contacts/{name}.txt", "region": "US", "applies_to": item.applies_to or None}
    )


def _columns(name: str) -> list[str]:
    return random.Random(name).sample(_COLUMNS, 2)


def _csv(name: str, people: Iterable[int]) -> str:
    rng = random.Random(name)
    heading = ",".join(f'"{column}"' for column in (*_columns(name), "other"))
    rows = (f'{_spelled(rng, number(at))},"Visité {at}",{at}' for at in people)
    return "\r\n".join((heading, *rows)) + "\r\n"


def _without_none(data: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if value is not None}
