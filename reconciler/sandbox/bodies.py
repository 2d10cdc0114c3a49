"""Reading the parameters of a request out of whatever body it has: a form, an upload, JSON.

curl turns the vendor's own create-campaign line, a form with `Content-Type: application/json`, into a
multipart body announced as `application/json; boundary=…`; so a boundary decides, not the name of the type.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

PARAMETER = re.compile(r';\s*([\w*-]+)=(?:"((?:[^"\\]|\\.)*)"|([^;\s]*))')


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came as part of a form."""

    filename: str
    content: bytes


Parameters = Mapping[str, object]


def body_parameters(content_type: str, body: bytes) -> Parameters:
    """Read the parameters in a body; none where it can't be read, as frameworks do."""
    kind = content_type.partition(";")[0].strip().lower()
    boundary = _labelled(content_type).get("boundary")
    if boundary:
        return dict(_parts(body, boundary.encode("latin-1", "replace")))
    if "json" in kind:
        return _json_object(body)
    if kind == "application/x-www-form-urlencoded":
        return query_parameters(body.decode("utf-8", "replace"))
    return {}


def listed_items(body: bytes) -> int | None:
    """Count the items of a body that is a JSON array; None for any other."""
    if not body.lstrip().startswith(b"["):
        return None
    try:
        return len(json.loads(body))
    except ValueError:
        return None


def query_parameters(query: str) -> Parameters:
    """Read the parameters of a query string; of several with one name the last counts."""
    return dict(parse_qsl(query, keep_blank_values=True))


def _json_object(body: bytes) -> Parameters:
    try:
        value = json.loads(body)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _parts(body: bytes, boundary: bytes) -> Iterator[tuple[str, object]]:
    """Each part's name and its text or file. The part type may be `form-data` or, from curl, `attachment`."""
    for part in (b"\r\n" + body).split(b"\r\n--" + boundary)[1:]:
        if part.startswith(b"--"):
            return
        head, _, content = part.partition(b"\r\n\r\n")
        labels = _labels(head.decode("utf-8", "replace"))
        if "name" in labels:
            yield labels["name"], _value(labels, content)


def _value(labels: Mapping[str, str], content: bytes) -> object:
    if "filename" in labels:
        return Upload(labels["filename"], content)
    return content.decode("utf-8", "replace")


def _labels(head: str) -> dict[str, str]:
    for line in head.split("\r\n"):
        name, _, value = line.partition(":")
        if name.strip().lower() == "content-disposition":
            return _labelled(value)
    return {}


def _labelled(value: str) -> dict[str, str]:
    """The parameters of a header's value, by their names in small letters."""
    return {match[1].lower(): _unescaped(match[2] or match[3] or "") for match in PARAMETER.finditer(value)}


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text).replace("%22", '"')
