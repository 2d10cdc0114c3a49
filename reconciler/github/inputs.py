"""Inputs: what a workflow asked of the action, checked."""

from __future__ import annotations

import enum
from collections.abc import Mapping

from msgspec import Struct

from reconciler.errors import UsageError
from reconciler.model.address import Address


class Command(enum.Enum):
    """What the action can do."""

    VALIDATE = "validate"
    PLAN = "plan"
    APPLY = "apply"
    DRIFT = "drift"
    HEAL = "heal"
    TICK = "tick"
    STOP = "stop"

    @property
    def writes(self) -> bool:
        """Whether it may change something at a vendor."""
        return self in {Command.APPLY, Command.HEAL, Command.TICK, Command.STOP}


KEPT = (
    "INPUT_COMMAND", "INPUT_PATH", "INPUT_PLAN_FILE", "INPUT_PLAN_DIGEST", "INPUT_ONLY", "INPUT_COMMENT",
    "INPUT_COMMENT_KEY", "INPUT_COMMENT_AUTHOR", "INPUT_MAX_PEOPLE", "INPUT_FAIL_ON", "INPUT_REASON", "INPUT_BRANCH",
)  # fmt: skip
"""What a later step of the same job is told of the inputs: all but the token."""

COMMENTS = ("true", "changes-only", "false")
GRADES = ("louder", "any", "none")


class Inputs(Struct, frozen=True, kw_only=True):
    """What stands below `with:`; empty where nothing does.

    `comment_key` tells the comments of several projects apart. `max_people` may only lower the project's limit.
    """

    command: Command
    path: str = "."
    plan_file: str = ""
    plan_digest: str = ""
    only: tuple[str, ...] = ()
    comment: str = "true"
    comment_key: str = ""
    comment_author: str = ""
    max_people: int | None = None
    fail_on: str = "any"
    reason: str = ""
    branch: str = ""
    token: str = ""


def read_inputs(environment: Mapping[str, str]) -> Inputs:
    """Read `INPUT_*`; raises UsageError for what no input can be."""

    def text(name: str, default: str = "") -> str:
        return environment.get(f"INPUT_{name}", "").strip() or default

    inputs = Inputs(
        command=_command(text("COMMAND", "plan")),
        path=text("PATH", "."),
        plan_file=text("PLAN_FILE"),
        plan_digest=text("PLAN_DIGEST").replace("-", "").lower(),
        only=tuple(map(_address, text("ONLY").replace(",", " ").split())),
        comment=_choice("comment", text("COMMENT", "true").lower(), COMMENTS),
        comment_key=text("COMMENT_KEY"),
        comment_author=text("COMMENT_AUTHOR"),
        max_people=_number("max-people", text("MAX_PEOPLE")),
        fail_on=_choice("fail-on", text("FAIL_ON", "any"), GRADES),
        reason=text("REASON"),
        branch=text("BRANCH"),
        token=text("TOKEN"),
    )
    if inputs.plan_file and inputs.plan_digest:
        raise UsageError("plan-file and plan-digest do not go together", "a plan file has its digest in it")
    return inputs


def _command(text: str) -> Command:
    return Command(_choice("command", text, [each.value for each in Command]))


def _choice(name: str, text: str, known: tuple[str, ...] | list[str]) -> str:
    if text not in known:
        raise UsageError(f"input {name}: {text!r} is none", f"one of: {', '.join(known)}")
    return text


def _address(text: str) -> str:
    try:
        return str(Address.parse(text))
    except ValueError:
        raise UsageError(f"input only: {text!r} is no address", "write provider/kind/name") from None


def _number(name: str, text: str) -> int | None:
    if text and not (text.isascii() and text.isdigit()):
        raise UsageError(f"input {name}: {text!r} is no number", "write digits alone")
    return int(text) if text else None
