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
@click.argument("subject", metavar="CODE|KIND[.FIELD]")
def command(settings: Settings, subject: str) -> Output:
    """Say what a code, a kind or a field means, with its remedy or its examples.

    Kinds are the sections of a manifest (campaign, profile, ...) and of reconciler.yaml (project,
    provider); what one vendor alone has is found as campaign.VENDOR.FIELD.
    """
    del settings
    topic = catalogue.topic(subject)
    if topic is None:
        close = frame.meant(subject, catalogue.subjects()) or frame.meant(
            subject.upper(), catalogue.subjects()
        )
        raise UsageError(
            f"nothing is called {subject!r}{close}", "kinds: reconciler explain project, campaign, ..."
        )
    return Output(
        Ending(),
        lambda sheet: _write(sheet, topic),
        lambda ending: json.envelope("explain", ending, **topic.document()),
        lambda: f"### {markdown(topic.name)}: {markdown(topic.title)}\n\n{markdown(topic.text)}\n",
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
    if topic.example:
        sheet.blank()
        for line in topic.example.splitlines():
            sheet.line(line, indent=4, hang=6)
