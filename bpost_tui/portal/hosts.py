"""Hosts: of which site an address is, and whether an IP address is one of the public internet."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def site_of(address: str) -> str:
    """Return an address's host without `www.`."""
    return (urlsplit(address).hostname or "").rstrip(".").removeprefix("www.")


def port_of(address: str) -> int:
    """Return the port of an address, the web's usual where it names none."""
    parts = urlsplit(address)
    return parts.port or (443 if parts.scheme == "https" else 80)


def is_public(ip: str) -> bool:
    """Say whether an IP address is one of the public internet (IANA's special-purpose registries) and carries no other in it."""
    try:
        address = ipaddress.ip_address(ip)
    except ValueError:
        return False
    carries = isinstance(address, ipaddress.IPv6Address) and (
        address.ipv4_mapped or address.sixtofour or address.teredo or address in _NAT64
    )
    return not carries and address.is_global and not address.is_multicast
