"""Whose address a request has when it came through proxies. Pure."""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network


def networks(words: Iterable[str]) -> tuple[Network, ...]:
    """Addresses and networks (`127.0.0.1`, `10.0.0.0/8`, `::1`) as networks; ValueError for anything else."""
    return tuple(ip_network(word, strict=False) for word in words)


def _among(address: str, trusted: Sequence[Network]) -> bool | None:
    """Whether this is one of the trusted; None when it is no address."""
    try:
        found = ip_address(address)
    except ValueError:
        return None
    if isinstance(found, IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    return any(found in network for network in trusted)


def client_of(peer: str, forwarded: str, trusted: Sequence[Network]) -> str:
    """The client's address: `peer`, who opened the connection, unless that is a trusted proxy; then the last address of
    `forwarded` (the header X-Forwarded-For) that is none. What stands further left anybody can have written."""
    client = peer
    if not trusted or not forwarded or not _among(peer, trusted):
        return client
    for word in reversed(forwarded.split(",")):
        known = _among(word.strip(), trusted)
        if known is None:
            return client
        client = word.strip()
        if not known:
            return client
    return client
