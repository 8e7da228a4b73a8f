"""Decide which network addresses a webhook may connect to (guard against SSRF).

Whoever names an endpoint could otherwise have the server call itself, the machines beside it or
the metadata service of a cloud. Only addresses of the public internet are allowed; an installation
lists the internal hosts or networks that it wants to reach.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TypeAlias

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network

# Special-purpose networks (IANA registries, RFC 6890), spelled out because what the standard
# library calls global has changed between its versions.
REFUSED = tuple(
    ip_network(network)
    for network in (
        "0.0.0.0/8",  # this host
        "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16",  # private
        "100.64.0.0/10",  # carrier-grade NAT; metadata of Alibaba Cloud
        "127.0.0.0/8",  # loopback
        "169.254.0.0/16",  # link-local; metadata of most clouds
        "168.63.129.16/32",  # metadata of Azure, in a public network
        "192.0.0.0/24", "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24",  # protocols, examples
        "192.88.99.0/24",  # 6to4 relays
        "198.18.0.0/15",  # benchmarks
        "224.0.0.0/4", "240.0.0.0/4",  # multicast, reserved, broadcast
        "::/96",  # unspecified, loopback, IPv4-compatible
        "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "3fff::/20", "5f00::/16",
        "fc00::/7",  # unique local; metadata of AWS
        "fe80::/10", "fec0::/10",  # link-local, site-local
        "ff00::/8",  # multicast
    )
)  # fmt: skip
# Where clouds hand out the keys of a machine: never reached, whatever an installation allows.
METADATA = frozenset(
    ip_address(address)
    for address in ("169.254.169.254", "100.100.100.200", "168.63.129.16", "fd00:ec2::254")
)
NAT64 = IPv6Network("64:ff9b::/96")
SIX_TO_FOUR = IPv6Network("2002::/16")


@dataclass(frozen=True, slots=True)
class AllowedTargets:
    """Internal hosts and networks that an installation lets webhooks reach."""

    hosts: frozenset[str] = frozenset()
    networks: tuple[Network, ...] = ()

    def allows(self, host: str, address: str) -> bool:
        """Return whether to connect to an address that a host name was resolved to."""
        parsed = parse_address(address)
        if parsed is None or not METADATA.isdisjoint(_with_embedded(parsed)):
            return False
        if is_public(address) or host.lower() in self.hosts:
            return True
        return any(parsed in network for network in self.networks)


def parse_targets(setting: str) -> AllowedTargets:
    """Read host names and networks divided by commas; ValueError for an unreadable network."""
    hosts, networks = set(), []
    for entry in filter(None, (part.strip().lower() for part in setting.split(","))):
        if "/" in entry or parse_address(entry) is not None:
            networks.append(ip_network(entry))
        else:
            hosts.add(entry)
    return AllowedTargets(frozenset(hosts), tuple(networks))


def is_public(address: str) -> bool:
    """Return whether an IP address, and any IPv4 address embedded in it, is a public one."""
    parsed = parse_address(address)
    if parsed is None:
        return False
    return not any(each in network for each in _with_embedded(parsed) for network in REFUSED)


def parse_address(text: str) -> Address | None:
    """Read an IP address, ignoring the zone of a link-local one; None if it is none."""
    try:
        return ip_address(text.partition("%")[0])
    except ValueError:
        return None


def _with_embedded(address: Address) -> Iterator[Address]:
    """Yield the address that packets go to: of a mapped address only the IPv4 one."""
    if isinstance(address, IPv4Address):
        yield address
        return
    if address.ipv4_mapped is not None:
        yield address.ipv4_mapped
        return
    yield address
    if address in NAT64:
        yield IPv4Address(int(address) & 0xFFFFFFFF)
    if address in SIX_TO_FOUR:
        yield IPv4Address(int(address) >> 80 & 0xFFFFFFFF)
