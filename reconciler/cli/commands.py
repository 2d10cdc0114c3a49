"""The table of commands: what there is, without importing any of it.

A command is a file of this folder whose `command` is a click command made by `frame.command` or
`frame.group`, and a row here. `import` is a keyword, so its file is `import_.py`.
"""

from __future__ import annotations

from typing import NamedTuple


class Entry(NamedTuple):
    """A row: when the command is needed, and what it does, in a few words."""

    section: str
    help: str


SECTIONS = ("try it", "begin", "check", "every day", "when it burns", "less often", "learn")
"""Sections of the overview, in their order."""

COMMANDS = {
    "demo": Entry("try it", "plan, apply, drift, repair: a minute, on this host"),
    "sandbox": Entry("try it", "stand-ins of the vendors; nobody's phone rings"),
    "init": Entry("begin", "a new project; overwrites nothing, calls nobody"),
    "doctor": Entry("check", "credentials, key, state, clock; what to mend"),
    "validate": Entry("every day", "check project and manifests offline, without credentials"),
    "plan": Entry("every day", "show what apply would do, and to how many people"),
    "apply": Entry("every day", "do it, after a question"),
    "status": Entry("every day", "show where each campaign stands"),
    "report": Entry("every day", "show what a vendor reports: campaigns, results, costs"),
    "drift": Entry("every day", "show what somebody changed at the vendors; cannot write"),
    "heal": Entry("every day", "take back what somebody made louder; only ever makes quieter"),
    "tick": Entry("every day", "keep days and dates that a vendor does not know"),
    "stop": Entry("when it burns", "silence campaigns, or everything that can call"),
    "hold": Entry("when it burns", "let nothing start, grow or speed up until it is released"),
    "resolve": Entry("when it burns", "settle a request whose end nobody knows"),
    "import": Entry("less often", "take ownership of what exists at a vendor"),
    "prove": Entry(
        "less often", "show what was done for a run, entry by entry, and that nothing of it was changed"
    ),
    "state": Entry("less often", "look at the state, and correct it"),
    "github": Entry("less often", "what the GitHub action does before and after a command"),
    "explain": Entry("learn", "say what a code, a kind or a field means"),
    "schema": Entry("learn", "print a JSON Schema for editors and CI"),
    "completion": Entry("learn", "print a completion script for a shell"),
    "help": Entry("learn", "show a command's help, or: exit-codes, environment"),
}


def module_of(name: str) -> str:
    """The module that holds a command."""
    return f"reconciler.cli.{name.replace('-', '_')}{'_' if name == 'import' else ''}"
