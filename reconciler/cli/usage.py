"""What is wrong with a command line, in our words rather than click's."""

from __future__ import annotations

import click
from click.exceptions import NoArgsIsHelpError

from reconciler.cli import frame


def told(error: click.UsageError) -> str:
    """One line, without capitals, quotes or a full stop that nobody needs."""
    if isinstance(error, NoArgsIsHelpError):
        return _command_missing(error.ctx)
    if isinstance(error, click.NoSuchOption):
        return f"no option {error.option_name}{frame.meant(error.option_name, _options(error.ctx))}"
    if isinstance(error, click.MissingParameter):
        return f"{_name(error.param)} is missing"
    if isinstance(error, click.BadParameter):
        return f"{_name(error.param)}: {_plain(error.message)}"
    return _plain(error.format_message())


def _command_missing(context: click.Context | None) -> str:
    group = context.command if context is not None else None
    names = ", ".join(group.list_commands(context)) if isinstance(group, click.Group) and context else ""
    return f"{context.info_name if context else 'it'} needs a command: {names}"


def _options(context: click.Context | None) -> list[str]:
    if context is None:
        return []
    return [name for parameter in context.command.params for name in parameter.opts if name.startswith("-")]


def _name(parameter: click.Parameter | None) -> str:
    if parameter is None:
        return "a value"
    if isinstance(parameter, click.Argument):
        return parameter.metavar or (parameter.name or "a value").upper()
    return max(parameter.opts, key=len)


def _plain(text: str) -> str:
    text = text.removesuffix(".")
    return text if text[:2].isupper() else text[:1].lower() + text[1:]
