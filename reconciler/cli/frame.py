"""The frame: commands that load when they run and take the global options before or after their name."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import click

from reconciler.cli.commands import COMMANDS, SECTIONS, module_of
from reconciler.cli.settings import Settings

CONSENT = frozenset({"yes", "allow", "all"})
"""Options that let something happen to people: no environment variable can set them."""
FORMATS = ("text", "json")
REPORTS = ("text", "json", "markdown", "comment", "prometheus", "sarif", "junit")
CONTEXT: dict[str, Any] = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


if TYPE_CHECKING:
    from pathlib import Path

    ParameterType = click.ParamType[Any]
else:
    ParameterType = click.ParamType


class ReportType(ParameterType):
    """`FORMAT=FILE`; checked before anything else happens, since a report of an apply can't be had twice."""

    name = "report"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Split and check."""
        if not isinstance(value, str):
            return value
        form, separator, file = value.partition("=")
        if not separator or not file:
            self.fail(f"{value!r} is not FORMAT=FILE", param, ctx)
        if form not in REPORTS:
            self.fail(f"no report format {form!r}; there are {', '.join(REPORTS)}", param, ctx)
        return form, writable(file, self, param, ctx)


class OutputFile(ParameterType):
    """A file to be written, in a folder that exists."""

    name = "file"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Check the folder."""
        return writable(value, self, param, ctx) if isinstance(value, str) else value


class InputFile(ParameterType):
    """A file that exists."""

    name = "file"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Check it."""
        from pathlib import Path

        if not Path(value).is_file():
            self.fail(f"there is no file {str(value)!r}", param, ctx)
        return Path(value)


class Folder(ParameterType):
    """A folder that exists."""

    name = "folder"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Check it."""
        from pathlib import Path

        if not Path(value).is_dir():
            self.fail(f"there is no folder {str(value)!r}", param, ctx)
        return Path(value)


def writable(
    file: str, kind: ParameterType, param: click.Parameter | None, ctx: click.Context | None
) -> Path:
    """The path, if it may become a file."""
    from pathlib import Path

    path = Path(file)
    if path.is_dir():
        kind.fail(f"{file!r} is a folder", param, ctx)
    if not path.parent.is_dir():
        kind.fail(f"there is no folder {str(path.parent)!r}", param, ctx)
    return path


def global_options(*, hidden: bool = True) -> list[click.Parameter]:
    """The options of every command; on the group they can also come from the environment."""

    def option(*names: str, **attributes: Any) -> click.Option:
        variable = (
            f"RECONCILER_{names[-1].strip('-').upper()}"
            if len(names[-1]) > len("-C")
            else "RECONCILER_DIRECTORY"
        )
        return click.Option(
            names,
            expose_value=False,
            is_eager=True,
            hidden=hidden,
            callback=_choose,
            envvar=None if hidden else variable,
            allow_from_autoenv=False,
            **attributes,
        )

    return [
        option(
            "directory", "-C", metavar="DIR", type=Folder(), help="The project's folder; else found upwards."
        ),
        option(
            "format",
            "--format",
            type=click.Choice([*FORMATS, "concise", "csv"]),
            metavar="text|json",
            help="Of the result.",
        ),
        option(
            "reports",
            "--report",
            type=ReportType(),
            multiple=True,
            metavar="FORMAT=FILE",
            help=f"Also write the result to a file: {', '.join(REPORTS)}. Repeatable.",
        ),
        option(
            "color",
            "--color",
            type=click.Choice(["auto", "always", "never"]),
            metavar="auto|always|never",
            help="NO_COLOR, FORCE_COLOR, CLICOLOR count too.",
        ),
        option("quiet", "-q", "--quiet", is_flag=True, help="Nothing on stderr but what is wrong."),
        option(
            "verbosity",
            "-v",
            "--verbose",
            count=True,
            help="Show all of long series; -vv: where an error arose.",
        ),
        option(
            "events", "--events", type=OutputFile(), metavar="FILE", help="JSON lines of an apply's progress."
        ),
    ]


def command(
    *, formats: Sequence[str] = FORMATS, examples: Sequence[str] = (), **attributes: Any
) -> Callable[[Callable[..., Any]], Command]:
    """Make a function the command of its file; it gets `Settings` first and returns an Output or None."""

    def made(function: Callable[..., Any]) -> Command:
        built = click.command(cls=Command, **attributes)(click.pass_obj(function))
        built.formats, built.examples = tuple(formats), tuple(examples)
        return built

    return made


def group(**attributes: Any) -> Callable[[Callable[..., Any]], Group]:
    """Make a function the head of a command with commands of its own, all in one file."""
    return click.group(cls=Group, **attributes)


class _Framed(click.Command):
    """What commands and groups share: global options, and no consent from the environment."""

    def __init__(self, *arguments: Any, **attributes: Any) -> None:
        attributes.setdefault("context_settings", CONTEXT)
        super().__init__(*arguments, **attributes)
        self.params += global_options()
        for parameter in self.params:
            if isinstance(parameter, click.Option) and parameter.name in CONSENT:
                parameter.envvar, parameter.allow_from_autoenv = None, False


class Command(_Framed):
    """A command: its help ends with examples."""

    formats: tuple[str, ...] = FORMATS
    examples: tuple[str, ...] = ()

    def invoke(self, ctx: click.Context) -> Any:
        """Run it, if the format asked for is one that it has."""
        wanted = ctx.ensure_object(Settings).format
        if wanted not in self.formats:
            raise click.UsageError(
                f"{ctx.info_name} has no format {wanted!r}; it has {', '.join(self.formats)}", ctx
            )
        return super().invoke(ctx)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write examples, and where the other options are described."""
        del ctx
        if self.examples:
            with formatter.section("Examples"):
                formatter.write_dl([(example, "") for example in self.examples])
        formatter.write_paragraph()
        formatter.write_text("Global options (-C, --format, --report, ...) work here too: reconciler --help")


class Group(_Framed, click.Group):
    """A command with commands of its own."""

    command_class = Command
    group_class = type

    def command(  # type: ignore[override]
        self, *arguments: Any, **attributes: Any
    ) -> Callable[[Callable[..., Any]], Command]:
        """Add a command; it gets `Settings` first, as `frame.command` has it."""

        def made(function: Callable[..., Any]) -> Command:
            built = command(**attributes)(function)
            self.add_command(built, *arguments)
            return built

        return made


class Overview(click.Group):
    """The outermost group: knows its commands from a table and imports the one that runs."""

    def __init__(self, *arguments: Any, **attributes: Any) -> None:
        super().__init__(
            *arguments, context_settings=CONTEXT | {"auto_envvar_prefix": "RECONCILER"}, **attributes
        )
        self.params += global_options(hidden=False)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names in the order of the overview."""
        del ctx
        return sorted(COMMANDS, key=lambda name: SECTIONS.index(COMMANDS[name].section))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command that is asked for."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        found = importlib.import_module(module_of(cmd_name)).command
        found.name = cmd_name
        return found  # type: ignore[no-any-return]

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or say which was probably meant."""
        if args[0] not in COMMANDS and not args[0].startswith("-"):
            raise click.UsageError(f"no command {args[0]!r}{meant(args[0], COMMANDS)}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the table, section by section."""
        for section in SECTIONS:
            rows = [
                (name, COMMANDS[name].help)
                for name in self.list_commands(ctx)
                if COMMANDS[name].section == section
            ]
            if rows:
                with formatter.section(section.capitalize()):
                    formatter.write_dl(rows)


def meant(word: str, known: Any, likeness: float = 0.7) -> str:
    """`; did you mean X?` when something known is close."""
    import difflib

    close = difflib.get_close_matches(word, list(known), n=2, cutoff=likeness)
    return f"; did you mean {' or '.join(close)}?" if close else ""


def _choose(ctx: click.Context, parameter: click.Parameter, value: Any) -> Any:
    """Keep what was given; a default must not undo what stood before the command's name."""
    given = parameter.name and ctx.get_parameter_source(parameter.name)
    if parameter.name and given not in {
        None,
        click.core.ParameterSource.DEFAULT,
        click.core.ParameterSource.DEFAULT_MAP,
    }:
        ctx.ensure_object(Settings).choose(parameter.name, value)
    return value
