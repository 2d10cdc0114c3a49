"""Captures `reconciler status --watch` at 80 columns, over a sandbox, into docs/status.md: run this file."""

from __future__ import annotations

import re
import sys
import tempfile
import time
from pathlib import Path

import pexpect
import pyte
from reconciler.sandbox import Sandbox
from reconciler.testing.projects import ProjectFolder, people

PAGE = Path(__file__).with_name("status.md")
ROOT = Path(__file__).parent.parent
BEGIN, END = "<!-- written by docs/status_screen.py -->", "<!-- end of what docs/status_screen.py wrote -->"
COLUMNS, ROWS = 80, 20
PACE = {"period": 60, "amount_per_period": 90, "time_between_periods": 0, "wolkvox": {"speed": 40}}
WHOLE_DAY = [{"start_time": "00:00", "end_time": "23:59", "profile": "pace"}]
ALL_DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


def project_at(root: Path, sandbox: Sandbox) -> ProjectFolder:
    """A project with a campaign at each vendor, which may call at any hour from today on."""
    facts = sandbox.ready()["providers"]
    sandbox.options({"wolkvox": {"calls_per_hour": 300, "no_answer": "3,7", "busy": "9"}})
    providers = {
        "callr": {
            "login": {"env": "LOGIN"},
            "password": {"env": "PASSWORD"},
            "account_timezone": "America/New_York",
        },
        "plum": {"token": {"env": "PLUM"}},
        "rvm": {"token": {"env": "RVM"}},
        "wolkvox": {
            "token": {"env": "WOLKVOX"},
            "server": "0099",
            "account_timezone": "America/New_York",
            "region": "US",
        },
    }
    tokens = {name.upper(): facts[name]["token"] for name in ("plum", "rvm", "wolkvox")}
    tokens |= {"LOGIN": facts["callr"]["login"], "PASSWORD": facts["callr"]["password"]}
    made = ProjectFolder(
        root,
        {
            name: {"type": name, "base_url": facts[name]["base_url"], "list_lag": 0.1} | own
            for name, own in providers.items()
        },
        tokens,
        numbers=people(240),
        project={"project": "clinic-outreach", "limits": {"max_people": 5000}},
        extra={"campaigns": _campaigns(sandbox)},
        profile=PACE,
        schedule={"days": ALL_DAYS},
        name="reminders",
    )
    return made.write()


def _campaigns(sandbox: Sandbox) -> dict[str, dict[str, object]]:
    """The campaigns; those whose vendors know dates begin today."""
    import datetime as dt

    today = dt.datetime.fromisoformat(sandbox.clock()["now"]).astimezone(dt.timezone(dt.timedelta(hours=-5)))
    dates = {"start_date": str(today.date()), "end_date": str(today.date() + dt.timedelta(days=25))}
    common: dict[str, object] = {"state": "running", "contacts": "people", "windows": WHOLE_DAY}
    message = {"sender": "CLINIC", "text": "Your visit is near.", "encoding": "GSM"}
    own: dict[str, dict[str, object]] = {
        "reminders": {
            "provider": "plum",
            "schedule": "weekdays",
            "plum": {"start_url": "https://ivr.example/start", "ani": "+16175550199"},
            **dates,
        },
        "promo": {
            "provider": "rvm",
            "title": "Promo",
            "rvm": {"callback": "617-555-0199", "wav": "https://media.example/promo.wav"},
            **dates,
        },
        "checks": {"provider": "wolkvox", "wolkvox": {"skill": "Reminders"}},
        "messages": {
            "provider": "callr",
            "windows": [{"start_time": "00:00", "end_time": "23:59"}],
            "callr": {"type": "SMS_SIMPLE", "ivr": message, "options": {"nature": "ALERTING"}},
        },
    }
    return {name: {**common, **part} for name, part in own.items()}


def captured() -> str:
    """What a terminal of 80 columns shows some time after everything was started."""
    with tempfile.TemporaryDirectory() as folder, Sandbox(speed=0.0) as sandbox:
        project = project_at(Path(folder), sandbox)
        ran = project.run("apply", "--yes")
        if ran.code:
            raise SystemExit(ran.out + ran.err)
        sandbox.clock(advance=3000)
        return _screen(project)


def _screen(project: ProjectFolder) -> str:
    environment = {**project.environment(), "PYTHONPATH": str(ROOT), "TERM": "xterm"}
    for name in ("COLUMNS", "NO_COLOR"):
        environment.pop(name, None)
    screen = pyte.Screen(COLUMNS, ROWS)
    stream = pyte.ByteStream(screen)
    arguments = ["-m", "reconciler", "-C", str(project.root), "status", "--watch"]
    child = pexpect.spawn(sys.executable, arguments, env=environment, dimensions=(ROWS, COLUMNS), timeout=60)
    try:
        until = time.monotonic() + 60
        while not any("wolkvox/" in line for line in screen.display) and time.monotonic() < until:
            stream.feed(child.read_nonblocking(65536, timeout=30))
        return "\n".join(line.rstrip() for line in screen.display).strip()
    finally:
        child.sendintr()
        child.close(force=True)


def renewed(text: str, screen: str) -> str:
    """The page with this screen in it."""
    block = f"{BEGIN}\n```\n{screen}\n```\n{END}"
    return re.sub(f"{re.escape(BEGIN)}.*{re.escape(END)}", lambda _: block, text, flags=re.DOTALL)


def shape(screen: str) -> list[str]:
    """A screen without the numbers and gaps that differ from one capture to the next."""
    return [re.sub(r" +", " ", re.sub(r"[\d,:.-]*\d", "9", line)).strip() for line in screen.splitlines()]


if __name__ == "__main__":
    PAGE.write_text(renewed(PAGE.read_text("utf-8"), captured()), "utf-8")
