"""How RVMpro writes its replies: flags, prefixes, and JSON that may be none."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from reconciler.sandbox.messages import Reply, encode
from reconciler.sandbox.vendors.rvm.account import Answer
from reconciler.sandbox.vendors.rvm.options import Options

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
# Within a text every quotation mark has a backslash before it, so this meets keys and never what somebody
# wrote into a name.
ID = re.compile(rb'"([cr]_campaign_(?:id|ID)|r_agent_id)":"(0*)(\d+)"')
COMMAS = frozenset({"overview", "stop"})  # the samples that end in a comma
BARE_IDS = frozenset({"list", "campaigns", "agents"})  # the samples whose ids are numbers with leading zeros


@dataclass(frozen=True, slots=True)
class Family:
    """One of the four paths: the prefixes of its flags."""

    success: str
    failure: str


FAMILIES = {
    "/campaigns": Family("c_", "c_"),
    "/blacklist": Family("b_", "c_"),
    "/reports": Family("r_", "r_"),
    "/repcheck": Family("rc_", "rc_"),
}


def success(options: Options, path: str, operation: str, answer: Answer) -> Reply:
    """Write a success: the flag first, which is text (A6)."""
    prefix = FAMILIES[path].success
    if operation == "check" and options.spelling == "text":
        prefix = "r_"  # A7
    flag = "false" if options.success_flag == "text" else False
    content = _spelled_ids(options, operation, encode({f"{prefix}error": flag, **answer.body}))
    if options.trailing_commas and operation in COMMAS:
        content = content[:-1] + b",}"
    return _reply(options, 200, content, answer.campaign_id)


def failure(options: Options, path: str, problems: list[str], status: int) -> Reply:
    """Write a failure: the flag is a boolean, and a list of sentences follows (A6)."""
    prefix = options.blacklist_failure if path == "/blacklist" else FAMILIES[path].failure
    flag = True if options.failure_flag == "boolean" else "true"
    body: Mapping[str, object] = {f"{prefix}error": flag, f"{prefix}error_msg": problems}
    return _reply(options, status, encode(body), None, refused=True)


def _spelled_ids(options: Options, operation: str, content: bytes) -> bytes:
    """Turn the ids, which are text, into whatever else the options say (A9)."""
    if options.ids == "numbers":
        return ID.sub(rb'"\1":\3', content)
    if options.ids == "zero_padded" and operation in BARE_IDS:
        return ID.sub(rb'"\1":\2\3', content)
    return content


def _reply(
    options: Options, status: int, content: bytes, campaign_id: int | None, *, refused: bool = False
) -> Reply:
    mark = BYTE_ORDER_MARK if options.byte_order_mark else b""
    return Reply(status, mark + content, options.media_type, campaign_id=campaign_id, refused=refused)
