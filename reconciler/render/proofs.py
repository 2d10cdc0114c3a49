"""A proof in text, JSON and Markdown: each run's chain, the head of the log, and what is checked against it."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.model.history import Link, Proof, RunProof
from reconciler.render import json, safe, words
from reconciler.render.ending import Ending
from reconciler.render.sheet import Sheet, good, strong, warn

HEAD = 12
"""Digits of a head in a table; the last one stands whole at the end."""


def text(sheet: Sheet, item: Proof, *, whole: bool) -> None:
    """For eyes: a line for each link, or for each run where `whole` is not asked for."""
    for run in item.runs:
        _run(sheet, run) if whole else _summary(sheet, run)
    if not item.runs:
        sheet.line("nothing was ever done")
    for line in item.now:
        sheet.line("now   ", line, hang=6)
    if item.at is not None:
        sheet.line(
            good("unchanged"), f" up to entry {item.at} of {item.entries}: the log passes the head you gave"
        )
    sheet.line(f"head  {item.head}", hang=6)
    if item.seal:
        sheet.line(f"seal  {item.seal}, the head under the project's key", hang=6)


def _name(run: RunProof) -> str:
    return f"{run.address}@{run.run}" if run.run else str(run.address)


def _summary(sheet: Sheet, run: RunProof) -> None:
    count = sum(link.step == "intent" for link in run.links)
    left = f"{words.counted(len(run.open), 'request')} without an end" if run.open else "each with its end"
    people = f", {words.people(run.queued)}" if run.queued else ""
    sheet.line(f"{_name(run)}  {words.counted(count, 'request')}{people}, ", warn(left) if run.open else left)


def _run(sheet: Sheet, run: RunProof) -> None:
    sheet.line(strong(_name(run)))
    for link in run.links:
        people = f", {words.people(link.line.people)}" if link.line.people else ""
        lead = f"{link.line.serial:>5}  {link.head[:HEAD]}  {words.moment(link.line.time)}  "
        sheet.line(lead, f"{link.line.what}{people}", indent=2, hang=len(lead))
        for more in _more(link):
            sheet.line(more, indent=2 + len(lead), hang=2)
    if run.open:
        sheet.line(warn(f"{words.counted(len(run.open), 'request')} without an end"), indent=2)
    sheet.blank()


def _more(link: Link) -> Iterator[str]:
    """What a link says beyond its words; the id of a request leads to the vendor's own logs and to ours."""
    if link.step == "intent":
        parts = [
            f"digest {link.digest}" if link.digest else "",
            f"marker {link.marker}" if link.marker else "",
        ]
        parts.append(f"read back just before: {link.shown}" if link.shown else "")
        yield ", ".join(filter(None, parts))
    elif link.request or link.digest:
        yield f"request {link.request}" if link.request else f"digest {link.digest}"
    if link.line.reason:
        yield f"{link.step}: {link.line.reason}" if link.step == "read back" else link.line.reason


def document(item: Proof, ending: Ending) -> json.Document:
    """For programs."""
    return json.envelope(
        "prove",
        ending,
        head=item.head,
        entries=item.entries,
        seal=item.seal or None,
        given=item.given,
        unchanged_up_to=item.at,
        now=list(item.now),
        runs=[
            {
                "address": str(run.address),
                "run": run.run,
                "people": run.queued,
                "open": [link.intent_id for link in run.open],
                "links": [_link(link) for link in run.links],
            }
            for run in item.runs
        ],
    )


def _link(link: Link) -> dict[str, object]:
    line = link.line
    return {
        "serial": line.serial, "time": line.time, "who": line.who, "what": line.what, "key": str(line.key),
        "people": line.people, "reason": line.reason, "step": link.step, "intent": link.intent_id,
        "request": link.request, "digest": link.digest, "shown": link.shown, "marker": link.marker,
        "unknown": link.unknown, "head": link.head,
    }  # fmt: skip


def markdown(item: Proof) -> str:
    """For a page."""
    rows = "".join(
        f"| {link.line.serial} | {safe.code(_name(run))} | {safe.markdown(link.line.what)} "
        f"| {safe.code(link.request)} |\n"
        for run in item.runs
        for link in run.links
    )
    return (
        f"### Proof\n\n| | run | what | request |\n|---|---|---|---|\n{rows}\nhead {safe.code(item.head)}\n"
    )
