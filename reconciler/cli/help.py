"""`reconciler help`: a command's help, and topics that belong to no command."""

from __future__ import annotations

import click

from reconciler.cli import frame
from reconciler.cli.commands import COMMANDS
from reconciler.cli.output import Output
from reconciler.cli.settings import Settings
from reconciler.errors import UsageError
from reconciler.model.report import PRECEDENCE
from reconciler.render import json
from reconciler.render.ending import Ending

EXIT_CODES = {
    0: "fine",
    1: "an error; the message says what to do",
    2: "changes are pending (plan --detailed-exitcode)",
    3: "drift",
    4: "the plan is stale: something moved since it was made",
    5: "the state is locked, or somebody else wrote it meanwhile",
    6: "held: a consent, a limit or a hold keeps something back",
    7: "applied in part",
    8: "an unknown is open: reconciler resolve",
    64: "wrong usage",
    69: "a vendor could not be reached; nothing was changed there",
    77: "credentials were refused, or are missing",
}


@frame.command(examples=("reconciler help plan", "reconciler help exit-codes", "reconciler help environment"))
@click.argument("topic", required=False)
@click.pass_context
def command(context: click.Context, settings: Settings, topic: str | None) -> Output:
    """Show a command's help, or a topic: exit-codes, environment."""
    del settings
    if topic is None:
        from reconciler.cli.overview import overview

        return overview()
    text = _text(context, topic)
    return Output(
        Ending(),
        lambda sheet: sheet.raw(text),
        lambda ending: json.envelope("help", ending, topic=topic, lines=text.splitlines()),
        lambda: f"```text\n{text}```\n",
        plain=lambda: text,
    )


def _text(context: click.Context, topic: str) -> str:
    if topic == "exit-codes":
        return exit_codes()
    root = context.find_root()
    if topic == "environment":
        return environment(root)
    group = root.command
    found = group.get_command(root, topic) if isinstance(group, click.Group) else None
    if found is None:
        known = [*COMMANDS, "exit-codes", "environment"]
        raise UsageError(f"no help on {topic!r}{frame.meant(topic, known)}", "see: reconciler --help")
    with click.Context(found, info_name=topic, parent=root, **frame.CONTEXT) as own:
        return found.get_help(own) + "\n"


def exit_codes() -> str:
    """The exit codes, and which comes first where several apply."""
    rows = "".join(f"{code:>3}  {text}\n" for code, text in EXIT_CODES.items())
    order = ", ".join(map(str, PRECEDENCE))
    return f"{rows}Where several apply, the first of: {order}.\nJSON lists all of them under exit_codes.\n"


def environment(root: click.Context) -> str:
    """The environment variables that stand for options, and the others that count."""
    rows = [
        (parameter.envvar, parameter.help or "")
        for parameter in root.command.params
        if isinstance(parameter, click.Option) and isinstance(parameter.envvar, str)
    ]
    rows += [
        ("RECONCILER_COMMAND_OPTION", "Any other option, as in RECONCILER_DRIFT_FAIL_ON=louder."),
        ("RECONCILER_KEY", "The key of the state, where the project file says so."),
        ("RECONCILER_ALLOW_HOSTS", "Hosts beside the vendors' own to which credentials may go."),
        ("NO_COLOR, FORCE_COLOR", "Colours off, on; also CLICOLOR=0, CLICOLOR_FORCE=1."),
        ("COLUMNS", "Width of text."),
    ]
    formatter = click.HelpFormatter(width=80)
    formatter.write_dl(rows)
    formatter.write_text("Never from the environment: --yes, --allow, --all.")
    return formatter.getvalue()
