"""What passes between the HTTP server and a vendor: one request, one reply."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Request:
    """One whole request, read to its end."""

    sequence: int
    vendor: str
    method: str
    path: str  # below the vendor's base, without the query: "/campaigns/7"
    query: str  # as it came, still percent-encoded
    headers: Mapping[str, str]  # names in lower case
    body: bytes
    operation: str = ""  # what is asked for, where method and path don't say it
    under_way: int = 1  # how many requests of this one's holder the vendor had when it came, itself included
    lag: int = 0  # an object made by this request stays out of that many list reads


@dataclass(frozen=True, slots=True)
class Reply:
    """What the vendor answers."""

    status: int
    body: bytes
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    campaign_id: int | None = None  # whom a write concerned; for the ledger, never sent
    refused: bool = False  # whether nothing was done, whatever the status; for the ledger, never sent


def json_reply(
    value: object, status: int = 200, campaign_id: int | None = None, *, refused: bool = False
) -> Reply:
    """Make a reply that carries a value as JSON."""
    return Reply(status, encode(value), campaign_id=campaign_id, refused=refused)


def encode(value: object) -> bytes:
    """Write a value as compact JSON."""
    return json.dumps(value, separators=(",", ":")).encode()
