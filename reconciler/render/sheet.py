"""A sheet of text: lines of coloured pieces, cleaned, wrapped and cut to a width."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from msgspec import Struct

from reconciler.render.safe import clean
from reconciler.render.style import Role, Style

WIDEST = 120
NARROWEST = 40
_TOKENS = re.compile(r" +|[^ ]+")


class Piece(Struct, frozen=True):
    """Some text in one role; a solid one goes on the next line rather than be wrapped."""

    text: str
    role: Role = Role.PLAIN
    solid: bool = False


def good(text: str) -> Piece:
    """What went well."""
    return Piece(text, Role.GOOD)


def bad(text: str) -> Piece:
    """What is wrong, or louder."""
    return Piece(text, Role.BAD)


def warn(text: str) -> Piece:
    """What somebody should look at."""
    return Piece(text, Role.WARN)


def command(text: str) -> Piece:
    """What somebody may type as it stands, so in one line if it fits."""
    return Piece(text, Role.WARN, solid=True)


def strong(text: str) -> Piece:
    """What a section is about."""
    return Piece(text, Role.STRONG)


def width_of(text: str) -> int:
    """Columns that a text takes on a terminal."""
    if text.isascii():
        return len(text)
    return sum(_columns(character) for character in text)


def pad(text: str, width: int) -> str:
    """The text with spaces up to a width."""
    return text + " " * (width - width_of(text))


def elide(text: str, width: int, ellipsis: str) -> str:
    """The text, with its middle left out if it is wider than that."""
    if width_of(text) <= width:
        return text
    room = max(width - len(ellipsis), 2)
    return f"{_fitting(text, room * 2 // 5)}{ellipsis}{_fitting(text[::-1], room - room * 2 // 5)[::-1]}"


@dataclass(slots=True)
class Sheet:
    """Where renderers write. Nothing reaches it uncleaned, and no line gets wider than `width`.

    `verbose` asks for everything; otherwise long series are cut.
    """

    width: int = 80
    style: Style = field(default_factory=Style)
    verbose: bool = False
    lines: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.width = max(NARROWEST, min(self.width, WIDEST))

    def line(self, *pieces: str | Piece, indent: int = 0, hang: int | None = None) -> None:
        """Write pieces side by side; what does not fit goes on below, `hang` columns in."""
        tokens = [token for piece in pieces for token in _tokens(piece)]
        hang = min(indent + 2 if hang is None else hang, self.width * 3 // 5)
        row: list[Piece] = [Piece(" " * indent)]
        used = indent
        for token in self._broken(tokens, self.width - max(hang, indent)):
            if used + width_of(token.text.rstrip()) > self.width:
                self._write(row)
                row, used = [Piece(" " * hang)], hang
                row.append(Piece(token.text.lstrip(), token.role))
            else:
                row.append(token)
            used += width_of(row[-1].text)
        self._write(row)

    def blank(self) -> None:
        """Write an empty line, unless there is one already."""
        if self.lines and self.lines[-1]:
            self.lines.append("")

    def raw(self, text: str) -> None:
        """Write a line that was cleaned and measured by whoever made it."""
        self.lines.append(text.rstrip())

    def elide(self, text: str, width: int) -> str:
        """The cleaned text, with its middle left out if it is too wide."""
        return elide(clean(text), width, self.style.ellipsis)

    def text(self) -> str:
        """Everything written, with a line end at its end."""
        return "".join(f"{line}\n" for line in self.lines)

    def _write(self, row: Sequence[Piece]) -> None:
        while row and row[-1].text.isspace():
            row = row[:-1]
        if row:
            row = [*row[:-1], Piece(row[-1].text.rstrip(), row[-1].role)]
        self.lines.append("".join(self.style.paint(piece.role, piece.text) for piece in _joined(row)))

    def _broken(self, tokens: Sequence[Piece], room: int) -> Iterator[Piece]:
        for token in tokens:
            rest = token.text
            while width_of(rest) > room:
                head = _fitting(rest, room)
                yield Piece(head, token.role)
                rest = rest[len(head) :]
            yield Piece(rest, token.role)


def _tokens(piece: str | Piece) -> Iterator[Piece]:
    piece = Piece(piece) if isinstance(piece, str) else piece
    text = clean(piece.text)
    return (Piece(token, piece.role) for token in ([text] if piece.solid else _TOKENS.findall(text)))


def _joined(row: Sequence[Piece]) -> Iterator[Piece]:
    """Neighbours of one role as one piece, so that colour codes stay few."""
    text, role = "", Role.PLAIN
    for piece in row:
        if piece.role is not role:
            yield Piece(text, role)
            text, role = "", piece.role
        text += piece.text
    yield Piece(text, role)


def _fitting(text: str, room: int) -> str:
    """The longest beginning that fits into so many columns; at least one character."""
    used = 0
    for index, character in enumerate(text):
        used += _columns(character)
        if used > room and index:
            return text[:index]
    return text


def _columns(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in {"Mn", "Me"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
