"""Addresses: the stable names by which people and state speak of resources and objects."""

from __future__ import annotations

from typing import Self

from msgspec import Struct


class Address(Struct, frozen=True, order=True):
    """A resource's name: `provider/kind/name`, for example `main/campaign/january`."""

    provider: str
    kind: str
    name: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `provider/kind/name`; raises ValueError when the text has another shape."""
        provider, _, rest = text.partition("/")
        kind, _, name = rest.partition("/")
        if not (provider and kind and name) or "/" in name:
            message = f"not an address (provider/kind/name): {text!r}"
            raise ValueError(message)
        return cls(provider, kind, name)

    def __str__(self) -> str:
        return f"{self.provider}/{self.kind}/{self.name}"


class ObjectKey(Struct, frozen=True, order=True):
    """One object of a resource: its address, the run it serves and the part of that run.

    Objects that no run owns (schedules, profiles) have the empty run and part 0.
    """

    address: Address
    run: str = ""
    part: int = 0

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what `str()` printed: `address`, `address@run` or `address@run~part`."""
        address, _, rest = text.partition("@")
        run, _, part = rest.rpartition("~") if "~" in rest else (rest, "", "0")
        return cls(Address.parse(address), run, int(part))

    def __str__(self) -> str:
        run = f"@{self.run}" if self.run else ""
        part = f"~{self.part}" if self.part else ""
        return f"{self.address}{run}{part}"
