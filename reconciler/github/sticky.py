"""Sticky comments and issues: one for each slot, written anew instead of twice, and only what is our own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from reconciler.github.api import GitHub, Merged, Remark
from reconciler.github.seal import Opened, Slot, opened, same, sealed


class Desk(Struct, frozen=True):
    """Who writes: the API, whom its token is, and the project's key, with which pages are sealed."""

    api: GitHub
    author: str
    key: bytes | None

    def comment(self, slot: Slot, page: str, head: str) -> str:
        """Write the slot's comment, or write it anew: `created`, `updated` or `unchanged`."""
        body = sealed(page, slot, head, self.key)
        ours = self._own(self.api.comments(slot.number), slot)
        if ours is None:
            self.api.comment(slot.number, body)
            return "created"
        if same(ours.body, body):
            return "unchanged"
        self.api.change_comment(ours.id, body)
        return "updated"

    def has_comment(self, slot: Slot) -> bool:
        """Whether the slot has its comment already."""
        return self._own(self.api.comments(slot.number), slot) is not None

    def issue(self, slot: Slot, title: str, page: str | None) -> str:
        """Keep the slot's one open issue: open it, write it anew, or without a page close it."""
        ours = self._own(self.api.issues(), slot)
        if page is None:
            if ours is None:
                return "none"
            self.api.comment(ours.id, "Clean again: what is live is what was last applied.\n")
            self.api.change_issue(ours.id, state="closed")
            return "closed"
        body = sealed(page, slot, "", self.key)
        if ours is None:
            self.api.open_issue(title, body)
            return "opened"
        if same(ours.body, body):
            return "unchanged"
        self.api.change_issue(ours.id, title=title, body=body)
        return "updated"

    def reviewed(self, merged: Merged, slot: Slot) -> Opened | None:
        """The newest plan that was shown on a pull request, if nobody but us ever wrote on it."""
        slot = replace(slot, number=merged.number)
        found = [each for each in self._all(self.api.comments(merged.number), slot) if each[1].genuine]
        return found[-1][1] if found else None

    def _own(self, remarks: Iterable[Remark], slot: Slot) -> Remark | None:
        found = [remark for remark, _ in self._all(remarks, slot)]
        return found[-1] if found else None

    def _all(self, remarks: Iterable[Remark], slot: Slot) -> Iterator[tuple[Remark, Opened]]:
        for remark in remarks:
            if remark.author != self.author:
                continue
            read = opened(remark.body, slot, self.key)
            if read is not None:
                yield remark, read
