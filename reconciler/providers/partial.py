"""Kinds that lack some of the verbs: what is never asked of them refuses, each in its own words."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.model.outcome import Outcome
from reconciler.model.state import Operation
from reconciler.model.value import Fields
from reconciler.providers.base import SendableContact, Sending
from reconciler.transport.client import Client


class NeverRuns:
    """A kind that does not run."""

    def set_phase(
        self, client: Client, remote_id: str, operation: Operation, sending: Sending | None = None
    ) -> Outcome:
        """Refuse: there is nothing to start."""
        raise NotImplementedError("this kind does not run")


class HoldsNobody(NeverRuns):
    """A kind that does not run, and to which no people are added by its own verb."""

    def unsendable(self, fields: Fields, contact: SendableContact) -> str | None:  # noqa: ARG002 - the interface
        """Refuse everybody."""
        return "nobody is called by this kind"

    def append(
        self, client: Client, remote_id: str, sending: Sending, contacts: Sequence[SendableContact]
    ) -> Outcome:
        """Refuse: there is no queue."""
        raise NotImplementedError("nobody is added to this kind")


class OnlyGrows(NeverRuns):
    """An account's one list, there from the beginning, that people are added to and never taken off."""

    def create(self, client: Client, sending: Sending) -> Outcome:
        """Refuse: it is there."""
        raise NotImplementedError("this list is not created")

    def update(self, client: Client, remote_id: str, sending: Sending, changed: frozenset[str]) -> Outcome:
        """Refuse: it has no settings."""
        raise NotImplementedError("this list has no settings")

    def delete(self, client: Client, remote_id: str) -> Outcome:
        """Refuse: nobody is ever taken off it."""
        raise NotImplementedError("this list only grows")
