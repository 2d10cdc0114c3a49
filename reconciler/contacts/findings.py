"""What can be wrong with a list, each as a problem in words; none quotes what a file holds."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.model.problem import Location, Problem, Severity

_LINES_SHOWN = 20
_LINES_TO_PASTE = 200


def no_file_declared(at: Location) -> Problem:
    """Say that the manifest names no file."""
    return Problem("NUM01", "the list names no file", "add file: PATH or file: {env: VARIABLE}", location=at)


def no_such_file(shown: str, at: Location) -> Problem:
    """Say that the file is absent, which is never the same as an empty list."""
    message = (
        f"there is no file {shown}" if not shown.startswith("$") else f"the file that {shown} names is absent"
    )
    return Problem(
        "NUM01", message, "put the file there, or name another; an absent file is no empty list", location=at
    )


def cannot_open(shown: str, reason: str, at: Location) -> Problem:
    """Say that the system refuses to open the file."""
    return Problem("NUM01", f"{shown} cannot be read: {reason}", "check the file's permissions", location=at)


def not_a_regular_file(shown: str, at: Location) -> Problem:
    """Say that a folder, pipe or device stands where a file should."""
    help_ = "name a csv or txt file; write what a pipe gives to a file first"
    return Problem("NUM01", f"{shown} is a folder, a pipe or a device, not a file", help_, location=at)


def too_large(shown: str, limit: int, at: Location) -> Problem:
    """Say that the file is beyond what a list of people can be."""
    return Problem(
        "NUM01", f"{shown} is larger than {limit >> 20} MiB", "split it into several lists", location=at
    )


def variable_not_set(name: str, at: Location) -> Problem:
    """Say that the variable which names the file is unset or empty."""
    message = f"the variable {name}, which names the file, is not set"
    return Problem("NUM10", message, f"set {name} to the path of a csv or txt file", location=at)


def outside_project(at: Location) -> Problem:
    """Say that the path leads out of the project."""
    message = "the file lies outside the project"
    return Problem(
        "NUM09", message, "move it inside, or let a variable name it: file: {env: VARIABLE}", location=at
    )


def not_a_table(shown: str, reason: str, remedy: str, line: int) -> Problem:
    """Say that the bytes are no csv or text."""
    return Problem("NUM08", f"{shown} cannot be read as csv: {reason}", remedy, location=_row(shown, line))


def no_column(shown: str, reason: str, remedy: str, line: int) -> Problem:
    """Say that a column could not be found."""
    return Problem("NUM03", f"{shown}: {reason}", remedy, location=_row(shown, line))


def empty(shown: str) -> Problem:
    """Say that there is nobody in the file."""
    message = f"{shown} holds no numbers"
    help_ = "an empty list is an error; remove the list from the manifests if it is meant to be empty"
    return Problem("NUM04", message, help_, location=_row(shown, 1))


def unknown_region(region: str, at: Location) -> Problem:
    """Say that the region has no numbering plan."""
    message = f"{region!r} is no region whose numbers are known"
    return Problem("NUM06", message, "write two letters of ISO 3166, for example region: US", location=at)


def skipped_rows(shown: str, lines: Sequence[int], rows: int) -> Problem:
    """Say which rows of a contact list hold no readable number and are skipped."""
    message = (
        f"{len(lines)} of {rows} rows of {shown} hold no readable number and are skipped: {listed(lines)}"
    )
    return Problem("NUM02", message, _numbers_help(), Severity.WARNING, _row(shown, lines[0]))


def too_many_skipped(shown: str, lines: Sequence[int], rows: int, limit: float) -> Problem:
    """Say that so many rows are unreadable that the file must be what is wrong."""
    message = (
        f"{len(lines)} of {rows} rows of {shown} hold no readable number, more than"
        f" invalid_percent: {limit:g} allows; the list is refused: {listed(lines)}"
    )
    return Problem("NUM07", message, _numbers_help(), location=_row(shown, lines[0]))


def unreadable_suppression(shown: str, lines: Sequence[int]) -> Problem:
    """Say which rows of a blacklist are unreadable: somebody may be missing."""
    message = (
        f"{len(lines)} rows of {shown} hold no readable number, so somebody may be missing: {listed(lines)}"
    )
    ignore = ", ".join(map(str, lines[:_LINES_TO_PASTE])) + (", …" if len(lines) > _LINES_TO_PASTE else "")
    help_ = f"{_numbers_help()}; rows that name nobody: ignore: [{ignore}]"
    return Problem("NUM02", message, help_, location=_row(shown, lines[0]))


def needless_ignore(shown: str, lines: Sequence[int]) -> Problem:
    """Say which ignored lines are not unreadable: the file has moved under the marks."""
    message = f"ignore names {listed(lines)} of {shown}, where nothing is unreadable"
    help_ = "take them out: once the file's lines move, a mark hides a row that nobody has looked at"
    return Problem("NUM11", message, help_, Severity.WARNING, _row(shown, lines[0]))


def duplicates(shown: str, lines: Sequence[int], severity: Severity) -> Problem:
    """Say which rows repeat a number."""
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
    return "mend the rows; numbers without + and country code need region:, and 6.1E+09 has lost its digits"


def _row(shown: str, line: int) -> Location:
    return Location(shown, line, 1) if line else Location(shown)
