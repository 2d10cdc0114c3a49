"""Outputs: what a command found, able to become text, JSON or Markdown when somebody asks."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from reconciler.render.ending import Ending
from reconciler.render.json import Document
from reconciler.render.sheet import Sheet


class Output(Struct, frozen=True):
    """A command's result. `failed`: in text it goes to stderr, since there is no result.

    `plain` gives text that must not be wrapped, in place of `text`. `comment` is the Markdown cut to what a
    comment on a pull request holds; without it the whole is short enough. `prometheus` gives metrics.
    """

    ending: Ending
    text: Callable[[Sheet], None]
    json: Callable[[Ending], Document]
    markdown: Callable[[], str]
    failed: bool = False
    plain: Callable[[], str] | None = None
    comment: Callable[[], str] | None = None
    prometheus: Callable[[], str] | None = None
