"""The least that a command line with commands can be."""

from __future__ import annotations

import click


@click.group()
def group() -> None:
    """Do nothing."""


@group.command()
def nothing() -> None:
    """Do nothing at all."""
