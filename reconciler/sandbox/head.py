"""The head of a request. The standard library reads it by way of `email`, which takes longer than most answers."""

from dataclasses import dataclass
from io import BufferedIOBase

LINE_BYTES, MOST_LINES = 65536, 200
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Head:
    """What stands before a body; names of headers are in small letters, and of several the last counts."""

    method: str
    target: str
    version: str
    headers: dict[str, str]

    @property
    def keeps_open(self) -> bool:
        """Whether another request may follow on the same connection."""
        wish = self.headers.get("connection", "").lower()
        return wish == "keep-alive" if self.version == "HTTP/1.0" else wish != "close"

    @property
    def waits(self) -> bool:
        """Whether the client sends the body only when it is told to go on, as curl does with large ones."""
        return self.headers.get("expect", "").lower() == "100-continue"


def read_head(first: bytes, lines: BufferedIOBase) -> Head | None:
    """Read what follows a request's first line, up to the empty one; None where it is no HTTP/1."""
    words = first.decode("latin-1").split()
    if len(words) != 3 or not words[2].startswith("HTTP/1."):  # noqa: PLR2004 - method, target, version
        return None
    headers: dict[str, str] = {}
    for _ in range(MOST_LINES):
        line = lines.readline(LINE_BYTES)
        if not line.strip():
            return Head(words[0], words[1], words[2], headers) if line else None
        name, separator, value = line.decode("latin-1").partition(":")
        if not separator:
            return None
        headers[name.strip().lower()] = value.strip()
    return None
