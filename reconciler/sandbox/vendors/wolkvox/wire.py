"""How wolkvox writes its replies: one envelope, whose `code` has three spellings."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from reconciler.sandbox.messages import Reply, Request, json_reply
from reconciler.sandbox.vendors.wolkvox.options import Options

NONE: Final = object()
"""No `data` at all; null is a value."""

ERRORS = {400: "BAD REQUEST", 401: "UNAUTHORIZED", 403: "FORBIDDEN", 404: "NOT FOUND"}


class Refused(Exception):
    """The vendor answers with an error."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, slots=True)
class Answer:
    """A success. `code` is written as the samples have it: a number or a text, or an empty text (A5)."""

    code: int | str
    message: str = ""
    data: Any = NONE
    campaign_id: int | None = None
    whole: Mapping[str, object] | None = None  # a body that is no envelope but for its code
    bare: Any = NONE  # a body without even that


def success(options: Options, answer: Answer) -> Reply:
    """Write a success."""
    body: dict[str, Any] = {"code": _code(options, answer.code), "error": None, "msg": answer.message}
    if answer.data is not NONE:
        body["data"] = answer.data
    if answer.whole is not None:
        body = {"code": body["code"], **answer.whole}
    status = int(answer.code or 200) if options.http_status == "code" else 200
    return json_reply(body if answer.bare is NONE else answer.bare, status, answer.campaign_id)


def failure(options: Options, status: int, message: str) -> Reply:
    """Write an error. The page of response codes has its columns, not its body."""
    code = status if options.code == "number" else str(status)
    return json_reply({"code": code, "error": ERRORS[status], "msg": message}, status, refused=True)


def found(options: Options, rows: list[dict[str, str]], code: int | str = "200") -> Answer:
    """Answer with rows; none is a 404 or an envelope that says so (A17)."""
    if not rows and options.nothing_found == "404":
        raise Refused(404, "NO RECORDS WERE FOUND")
    return Answer(code, f"{len(rows)} records were found", rows)


def body_of(request: Request) -> Any:
    """Read the JSON body, whatever its type is called and whatever the method; None where there is none."""
    try:
        return json.loads(request.body)
    except ValueError:
        return None


def _code(options: Options, printed: int | str) -> int | str:
    match options.code:
        case "samples":
            return printed
        case "text":
            return str(printed or 200)
        case "number":
            return int(printed or 200)
        case "empty":
            return ""
