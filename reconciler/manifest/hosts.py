"""Which hosts credentials and state may go to: the vendor's own, this machine, and what the environment allows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from reconciler.manifest.finding import Finding, quoted
from reconciler.model.problem import Location

ALLOWED_HOSTS = "RECONCILER_ALLOW_HOSTS"
"""Environment variable: further hosts, by commas or blanks."""


def allowed_hosts(environment: Mapping[str, str]) -> frozenset[str]:
    """The hosts that the environment allows, in lower case."""
    return frozenset(re.split(r"[\s,]+", environment.get(ALLOWED_HOSTS, "").lower()))


def as_url(address: str) -> str:
    """An address as a URL, `user@host:path` too; nothing for what stays on this machine or is a name."""
    if re.match(r"(https?|ssh)://", address):
        return address
    host = re.match(r"[^@/]+@([^:/]+):", address)
    return f"ssh://{host[1]}/" if host else ""


def host_findings(
    base_url: str, vendor_hosts: tuple[str, ...], allowed: frozenset[str], where: Location, what: str
) -> Iterator[Finding]:
    """A branch can't send a token away: only the vendor's host, loopback, and what the environment allows."""
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(base_url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        yield Finding(
            "VAL03",
            f"{what.split(maxsplit=1)[0]} is not a web address",
            "write https://, a host and a path",
            where,
        )
        return
    if _is_loopback(host):
        return
    if not (_is_vendor(host, vendor_hosts) or host in allowed):
        remedy = f"remove it, or set {ALLOWED_HOSTS}={host} where reconciler runs"
        yield Finding("SEC02", f"{what} to {quoted(host)}", remedy, where)
    elif parts.scheme == "http":
        remedy = "write https://; plain http is for this machine alone"
        yield Finding("SEC03", f"{what} in clear", remedy, where)


def _is_loopback(host: str) -> bool:
    import ipaddress

    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _is_vendor(host: str, vendor_hosts: tuple[str, ...]) -> bool:
    return any(
        host.endswith(known[1:]) if known.startswith("*.") else host == known for known in vendor_hosts
    )
