"""Send one signed text to another system, and to nothing on this machine or its network card.

The name is looked up once and the connection goes to the address that was checked, so that a name
cannot lead elsewhere afterwards. Redirections are not followed.
"""

import socket
import ssl
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException
from ipaddress import IPv6Address, ip_address
from urllib.parse import urlsplit

LONGEST_WAIT = 5.0


class NotTaken(Exception):  # noqa: N818 - named for what it reports
    """The other system did not take what was sent."""


def may_reach(address: str) -> bool:
    """Whether changes may be sent to a network address; the office's own network is allowed."""
    found = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    return not (
        found.is_loopback
        or found.is_link_local
        or found.is_multicast
        or found.is_reserved
        or found.is_unspecified
    )


def post(url: str, body: bytes, headers: Mapping[str, str]) -> None:
    """Send it; raises `NotTaken` where the answer is anything but a success."""
    try:
        status = _status(url, body, headers)
    except (OSError, HTTPException, ValueError) as error:
        raise NotTaken(f"{type(error).__name__}: {error}") from error
    if not 200 <= status < 300:
        raise NotTaken(f"status {status}")


def _status(url: str, body: bytes, headers: Mapping[str, str]) -> int:
    parts = urlsplit(url)
    secure = parts.scheme == "https"
    host, port = parts.hostname or "", parts.port or (443 if secure else 80)
    connection = HTTPConnection(host, port, timeout=LONGEST_WAIT)
    connection.sock = _connected(host, port)
    try:
        if secure:
            context = ssl.create_default_context()
            connection.sock = context.wrap_socket(connection.sock, server_hostname=host)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", path, body, dict(headers))
        return connection.getresponse().status
    finally:
        connection.close()


def _connected(host: str, port: int) -> socket.socket:
    """A connection to the first address of the name, if it may be reached."""
    family, kind, protocol, _name, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM
    )[0]
    if not may_reach(str(address[0])):
        raise OSError(f"{address[0]} is no address of another system")
    made = socket.socket(family, kind, protocol)
    made.settimeout(LONGEST_WAIT)
    try:
        made.connect(address)
    except OSError:
        made.close()
        raise
    return made
