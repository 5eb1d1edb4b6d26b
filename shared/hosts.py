"""Which hosts are reached without crossing a public network."""

import re
from ipaddress import IPv6Address, ip_address, ip_network

_PRIVATE = tuple(map(ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")))
_PRIVATE_NAMES = re.compile(r"([a-z0-9_-]+\.)+(internal|local|localhost)|[a-z_][a-z0-9_-]*")  # the last: a container's


def is_private(host: str) -> bool:
    """Whether `host`, a name or an address without brackets, is this machine or on a private network."""
    try:
        address = ip_address(host)
    except ValueError:
        return _PRIVATE_NAMES.fullmatch(host.lower().removesuffix(".")) is not None
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return address.is_loopback or any(address in network for network in _PRIVATE)
