"""Which proxy a host is reached by: what the environment says, and none for this machine itself."""

from __future__ import annotations

import ipaddress


def proxy_for(scheme: str, host: str) -> str | None:
    """Find the proxy in HTTPS_PROXY, HTTP_PROXY or ALL_PROXY, unless NO_PROXY or loopback forbids one."""
    if is_loopback(host):
        return None
    from urllib.request import getproxies, proxy_bypass

    proxies = getproxies()
    address = proxies.get(scheme) or proxies.get("all")
    if not address or proxy_bypass(host):
        return None
    return address if "://" in address else f"http://{address}"


def is_loopback(host: str) -> bool:
    """Whether a host is this machine: `localhost`, a name below it, or a loopback address."""
    name = host.strip("[]").rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
