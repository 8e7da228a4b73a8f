"""Webhooks never connect to an internal address, whatever the name or the notation."""

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.webhooks.client import DeliveryError, connect, post
from core.webhooks.domain.addresses import REFUSED, AllowedTargets, is_public, parse_targets

INTERNAL = [
    "127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10",
    "169.254.0.0/16", "0.0.0.0/8", "224.0.0.0/4", "240.0.0.0/4", "198.18.0.0/15",
]  # fmt: skip
INTERNAL_6 = [
    "::1/128",
    "::/128",
    "fc00::/7",
    "fe80::/10",
    "fec0::/10",
    "ff00::/8",
    "2001:db8::/32",
]


def within(networks):
    def addresses(network):
        first, last = int(network.network_address), int(network.broadcast_address)
        return st.integers(first, last).map(type(network.network_address))

    return st.one_of([addresses(ip_network(network)) for network in networks])


@given(within(INTERNAL))
@example(IPv4Address("169.254.169.254"))
@example(IPv4Address("100.100.100.200"))
@example(IPv4Address("168.63.129.16"))
def test_no_internal_ipv4_address_is_reached_in_any_notation(address):
    number = int(address)
    notations = [
        address,
        IPv6Address(0xFFFF << 32 | number),  # mapped
        IPv6Address(number),  # compatible
        IPv6Address(int(IPv6Address("64:ff9b::")) | number),  # NAT64
        IPv6Address(0x2002 << 112 | number << 80),  # 6to4
    ]
    assert [str(each) for each in notations if is_public(str(each))] == []


@given(within(INTERNAL_6))
@example(IPv6Address("fd00:ec2::254"))
def test_no_internal_ipv6_address_is_reached(address):
    assert not is_public(str(address))
    assert not is_public(f"{address}%eth0")


@given(st.ip_addresses())
def test_what_python_knows_to_be_internal_is_refused(address):
    if address.is_private or address.is_loopback or address.is_link_local or address.is_multicast:
        assert not is_public(str(address))


@given(st.ip_addresses(v=4))
def test_every_other_ipv4_address_is_reached(address):
    if not any(address in network for network in REFUSED):
        assert is_public(str(address))
        assert is_public(f"::ffff:{address}")


@given(st.text(max_size=20))
def test_what_is_no_address_is_refused(text):
    try:
        ip_address(text)
    except ValueError:
        assert not is_public(text)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "114.114.114.114"])
def test_public_addresses_are_reached(address):
    assert is_public(address)


def test_an_installation_may_name_hosts_and_networks_of_its_own():
    allowed = parse_targets("OA.county.local, 10.1.0.0/16, 192.168.1.9")
    assert allowed.allows("oa.county.local", "10.9.9.9")
    assert allowed.allows("other.local", "10.1.2.3")
    assert allowed.allows("other.local", "192.168.1.9")
    assert not allowed.allows("other.local", "192.168.1.10")
    assert not allowed.allows("other.local", "::1")
    assert not AllowedTargets().allows("oa.county.local", "10.1.2.3")


@pytest.mark.parametrize(
    "address",
    [
        "169.254.169.254", "100.100.100.200", "168.63.129.16", "fd00:ec2::254",
        "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::1",
    ],
)  # fmt: skip
def test_the_keys_of_a_machine_are_reached_by_no_setting(address):
    allowed = parse_targets("oa.local, 0.0.0.0/0, ::/0")
    assert not allowed.allows("oa.local", address)
    assert not allowed.allows("other.local", address)
    assert allowed.allows("oa.local", "10.1.2.3")


def resolve_to(monkeypatch, *addresses, port=80):
    """Let every name lead to these addresses."""
    asked = []

    def answer(host, *_arguments, **_options):
        asked.append(host)
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses
        ]

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    return asked


@pytest.mark.parametrize("addresses", [["127.0.0.1"], ["93.184.216.34", "127.0.0.1"]])
def test_a_name_that_leads_to_an_internal_address_too_is_refused(monkeypatch, addresses):
    resolve_to(monkeypatch, *addresses)
    monkeypatch.setattr(socket, "socket", None)  # nothing may be connected
    with pytest.raises(OSError, match=r"127\.0\.0\.1 is an internal address"):
        connect("evil.example", 80, AllowedTargets())


def test_the_name_is_resolved_once_and_the_checked_address_connected(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        asked = resolve_to(monkeypatch, "127.0.0.1", port=port)
        with connect("oa.local", port, parse_targets("oa.local")) as made:
            assert made.getpeername() == ("127.0.0.1", port)
    assert asked == ["oa.local"]


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:80/", "http://[::1]/", "http://0x7f000001/", "http://2130706433/",
        "http://localhost/", "http://none.invalid:x/", "ftp://example.com/", "file:///etc/passwd",
        "http:///path", "http://[::ffff:169.254.169.254]/latest/meta-data", "",
    ],
)  # fmt: skip
def test_an_address_that_must_not_be_reached_is_not_connected(url):
    with pytest.raises(DeliveryError):
        post(url, b"{}", {})
