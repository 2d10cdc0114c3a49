"""Tables: what a vendor reports, as rows of plain cells under named columns."""

from __future__ import annotations

from msgspec import Struct

Cell = str | int | float | bool | None


class Column(Struct, frozen=True):
    """One column. `personal`: its cells tell of called people, and are masked unless somebody asks for them."""

    name: str
    personal: bool = False


class Table(Struct, frozen=True):
    """A report of one account. `masked`: personal cells show only how they end. `spent` says what it cost."""

    provider: str
    name: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...] = ()
    masked: bool = True
    spent: str = ""


class Listed(Struct, frozen=True):
    """A report that an account offers: its name, what it shows, and what may be asked of it."""

    provider: str
    name: str
    help: str
    options: tuple[str, ...] = ()
