"""`reconciler explain`: what a code, a kind or a field means."""

from __future__ import annotations

import click

from reconciler.cli import catalogue, frame
from reconciler.cli.output import Output
from reconciler.cli.settings import Settings
from reconciler.errors import UsageError
from reconciler.render import json
from reconciler.render.ending import Ending
from reconciler.render.safe import markdown
from reconciler.render.sheet import Sheet, strong


@frame.command(
    examples=(
        "reconciler explain REF01",
        "reconciler explain campaign",
        "reconciler explain campaign.windows",
    )
)
@click.argument("subject", required=False, metavar="CODE|KIND[.FIELD]")
def command(settings: Settings, subject: str | None) -> Output:
    """Say what a code, a kind or a field means, with its remedy or its examples; without one list them.

    Kinds are the sections of a manifest (campaign, profile, ...) and of reconciler.yaml (project,
    provider); what one vendor alone has is found as campaign.VENDOR.FIELD.
    """
    del settings
    if subject is None:
        return _list()
    topic = catalogue.topic(subject)
    if topic is None:
        known = catalogue.subjects()
        close = frame.meant(subject, known) or frame.meant(subject.upper(), known, likeness=0.6)
        raise UsageError(f"nothing is called {subject!r}{close}", "reconciler explain lists what there is")
    return Output(
        Ending(),
        lambda sheet: _write(sheet, topic),
        lambda ending: json.envelope("explain", ending, **topic.document()),
        lambda: f"### {markdown(topic.name)}: {markdown(topic.title)}\n\n{markdown(topic.text)}\n",
    )


def _list() -> Output:
    titles = {code: entry.get("title", "") for code, entry in sorted(catalogue.codes().items())}
    kinds = list(catalogue.kinds())

    def write(sheet: Sheet) -> None:
        sheet.line(strong("kinds"), f"  {', '.join(kinds)}", hang=7)
        sheet.line(strong("codes"))
        for code, title in titles.items():
            sheet.line(f"{code:<7} {title}", indent=2, hang=10)

    return Output(
        Ending(),
        write,
        lambda ending: json.envelope("topics", ending, kinds=kinds, codes=titles),
        lambda: "".join(f"- `{code}`: {markdown(title)}\n" for code, title in titles.items()),
    )


def _write(sheet: Sheet, topic: catalogue.Topic) -> None:
    sheet.line(strong(topic.name), f"  {topic.title}" if topic.title else "", hang=4)
    for part in (topic.text, *topic.facts):
        if part:
            sheet.line(part, indent=2, hang=2)
    if topic.remedy:
        sheet.line(f"= {topic.remedy}", indent=2, hang=4)
    width = max((len(name) for name, _ in topic.fields), default=0)
    for name, text in topic.fields:
        sheet.line(f"{name:<{width}}  {text}", indent=4, hang=6 + width)
    for mark, lines in (("wrong", topic.wrong), ("right", topic.right)):
        for number, line in enumerate(lines.splitlines()):
            shown = line.replace("\t", "<TAB>")
            sheet.line(f"{'' if number else mark:<7}{shown}", indent=2, hang=11)
    if topic.example:
        sheet.blank()
        for line in topic.example.splitlines():
            sheet.line(line, indent=4, hang=6)
