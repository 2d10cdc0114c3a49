"""What can be wrong with a list, each as a problem in words; none quotes what a file holds."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.model.problem import Location, Problem, Severity

_LINES_SHOWN = 20
_LINES_TO_PASTE = 200


def no_file_declared(at: Location) -> Problem:
    """The manifest names no file."""
    return Problem("NUM01", "the list names no file", "add file: PATH or file: {env: VARIABLE}", location=at)


def no_such_file(shown: str, at: Location) -> Problem:
    """The file is absent, which is never the same as an empty list."""
    message = f"there is no file {shown}" if not shown.startswith("$") else f"the file that {shown} names is absent"
    return Problem("NUM01", message, "put the file there, or name another; an absent file is no empty list", location=at)


def cannot_open(shown: str, reason: str, at: Location) -> Problem:
    """The system refuses to open the file."""
    return Problem("NUM01", f"{shown} cannot be read: {reason}", "check the file's permissions", location=at)


def not_a_regular_file(shown: str, at: Location) -> Problem:
    """A folder, pipe or device stands where a file should."""
    help_ = "name a csv or txt file; write what a pipe gives to a file first"
    return Problem("NUM01", f"{shown} is a folder, a pipe or a device, not a file", help_, location=at)


def too_large(shown: str, limit: int, at: Location) -> Problem:
    """The file is beyond what a list of people can be."""
    return Problem("NUM01", f"{shown} is larger than {limit >> 20} MiB", "split it into several lists", location=at)


def variable_not_set(name: str, at: Location) -> Problem:
    """The variable that names the file is unset or empty."""
    message = f"the variable {name}, which names the file, is not set"
    return Problem("NUM10", message, f"set {name} to the path of a csv or txt file", location=at)


def outside_project(at: Location) -> Problem:
    """The path leads out of the project."""
    message = "the file lies outside the project"
    return Problem("NUM09", message, "move it inside, or let a variable name it: file: {env: VARIABLE}", location=at)


def not_a_table(shown: str, reason: str, remedy: str, line: int) -> Problem:
    """The bytes are no csv or text."""
    return Problem("NUM08", f"{shown} cannot be read as csv: {reason}", remedy, location=_row(shown, line))


def no_column(shown: str, reason: str, remedy: str, line: int) -> Problem:
    """A column could not be found."""
    return Problem("NUM03", f"{shown}: {reason}", remedy, location=_row(shown, line))


def empty(shown: str) -> Problem:
    """There is nobody in the file."""
    message = f"{shown} holds no numbers"
    help_ = "an empty list is an error; remove the list from the manifests if it is meant to be empty"
    return Problem("NUM04", message, help_, location=_row(shown, 1))


def unknown_region(region: str, at: Location) -> Problem:
    """The region has no numbering plan."""
    message = f"{region!r} is no region whose numbers are known"
    return Problem("NUM06", message, "write two letters of ISO 3166, for example region: US", location=at)


def skipped_rows(shown: str, lines: Sequence[int], rows: int) -> Problem:
    """Rows of a contact list without a readable number: skipped, said."""
    message = f"{len(lines)} of {rows} rows of {shown} hold no readable number and are skipped: {listed(lines)}"
    return Problem("NUM02", message, _numbers_help(), Severity.WARNING, _row(shown, lines[0]))


def too_many_skipped(shown: str, lines: Sequence[int], rows: int, limit: float) -> Problem:
    """So many unreadable rows that the file, not the rows, is what is wrong."""
    message = (
        f"{len(lines)} of {rows} rows of {shown} hold no readable number, more than invalid_percent: {limit:g}"
        f" allows; the list is refused: {listed(lines)}"
    )
    return Problem("NUM07", message, _numbers_help(), location=_row(shown, lines[0]))


def unreadable_suppression(shown: str, lines: Sequence[int]) -> Problem:
    """Rows of a blacklist that cannot be read: somebody may be called who asked not to be."""
    message = f"{len(lines)} rows of {shown} hold no readable number, so somebody may be missing: {listed(lines)}"
    ignore = ", ".join(map(str, lines[:_LINES_TO_PASTE])) + (", …" if len(lines) > _LINES_TO_PASTE else "")
    help_ = f"{_numbers_help()}; rows that name nobody: ignore: [{ignore}]"
    return Problem("NUM02", message, help_, location=_row(shown, lines[0]))


def needless_ignore(shown: str, lines: Sequence[int]) -> Problem:
    """Lines marked as unreadable that are not: the file moved under the marks, which may now hide others."""
    message = f"ignore names {listed(lines)} of {shown}, where nothing is unreadable"
    help_ = "take them out: once the file's lines move, a mark hides a row that nobody has looked at"
    return Problem("NUM11", message, help_, Severity.WARNING, _row(shown, lines[0]))


def duplicates(shown: str, lines: Sequence[int], severity: Severity) -> Problem:
    """The same number more than once."""
    message = f"{len(lines)} rows of {shown} repeat a number that came before: {listed(lines)}"
    help_ = "the first row of each number counts; duplicates: first | error | keep says how to take it"
    return Problem("NUM05", message, help_, severity, _row(shown, lines[0]))


def listed(lines: Sequence[int]) -> str:
    """Name lines: the first of them, and how many more there are.

    >>> listed([3]), listed([3, 7, 9])
    ('line 3', 'lines 3, 7, 9')
    """
    shown = ", ".join(map(str, lines[:_LINES_SHOWN]))
    more = f" and {len(lines) - _LINES_SHOWN} more" if len(lines) > _LINES_SHOWN else ""
    return f"{'line' if len(lines) == 1 else 'lines'} {shown}{more}"


def _numbers_help() -> str:
    return "mend the rows; a number without + and country code needs region:, and a spreadsheet's 6.1E+09 is lost"


def _row(shown: str, line: int) -> Location:
    return Location(shown, line, 1) if line else Location(shown)
