"""POST one signed text to another system, without ever connecting to an internal address.

The name is resolved once and the connection goes to an address that was checked, so that a second
answer of the name server cannot lead elsewhere (DNS rebinding). Redirects are not followed and
proxies of the environment are not used. The whole exchange has one time limit, and of the
answer only the status and the headers are read, which the library holds to a size.
"""

import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from threading import Event, Timer
from urllib.parse import SplitResult, quote, urlsplit

from core.webhooks.domain.addresses import AllowedTargets

CONNECT_SECONDS = 5.0
EXCHANGE_SECONDS = 10.0
PORTS = {"http": 80, "https": 443}
# What may stand in a path and a query as it is; everything else is escaped.
AS_TYPED = "%/:=&?~+!$,;'@()*[]"


class DeliveryError(Exception):
    """The other system could not be reached, or did not answer with success.

    The message holds no text of the receiver, which might repeat what it was sent.
    """


def post(
    url: str, body: bytes, headers: Mapping[str, str], allowed: AllowedTargets | None = None
) -> None:
    """Send a body; raise `DeliveryError` unless the answer is a success (2xx)."""
    try:
        status = _exchange(urlsplit(url), body, headers, allowed or AllowedTargets())
    except (OSError, HTTPException, ValueError) as error:
        raise DeliveryError(_reason(error)) from error
    if not 200 <= status < 300:
        raise DeliveryError(f"HTTP {status}")


def _reason(error: Exception) -> str:
    """Name a failure: our own refusals in full, of all others the kind only."""
    return str(error) if isinstance(error, _RefusedError) else type(error).__name__


class _RefusedError(OSError):
    """The address must not be connected to."""


def _exchange(
    url: SplitResult, body: bytes, headers: Mapping[str, str], allowed: AllowedTargets
) -> int:
    """Return the status of the answer; its body is not read."""
    if url.scheme not in PORTS or not url.hostname:
        raise _RefusedError("not an http or https address")
    host, port = url.hostname, url.port or PORTS[url.scheme]
    sock = connect(host, port, allowed)
    try:
        if url.scheme == "https":
            sock = ssl.create_default_context().wrap_socket(
                sock, server_hostname=host, do_handshake_on_connect=False
            )
        with _ended_after(EXCHANGE_SECONDS, sock):
            return _request(sock, url, body, headers)
    finally:
        sock.close()


def _request(sock: socket.socket, url: SplitResult, body: bytes, headers: Mapping[str, str]) -> int:
    if isinstance(sock, ssl.SSLSocket):
        sock.do_handshake()
    default = PORTS[url.scheme]
    connection = HTTPConnection(str(url.hostname), url.port or default)
    connection.default_port = default  # which the Host header leaves out
    connection.sock = sock
    connection.request("POST", _target(url), body, {**headers, "Connection": "close"})
    with connection.getresponse() as answer:
        return answer.status


def _target(url: SplitResult) -> str:
    path = quote(url.path or "/", safe=AS_TYPED)
    return f"{path}?{quote(url.query, safe=AS_TYPED)}" if url.query else path


def connect(host: str, port: int, allowed: AllowedTargets) -> socket.socket:
    """Return a connection to the first address of a name that answers.

    Every address of the name must be allowed; raises `OSError` otherwise, or if none answers.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    for *_kind, address in found:
        if not allowed.allows(host, str(address[0])):
            raise _RefusedError(f"{address[0]} is an internal address")
    last: OSError | None = None
    for family, kind, protocol, _name, address in found:
        try:
            return _connected(socket.socket(family, kind, protocol), address)
        except OSError as error:
            last = error
    raise last or OSError("the name has no address")


def _connected(made: socket.socket, address: tuple[object, ...]) -> socket.socket:
    made.settimeout(CONNECT_SECONDS)
    try:
        made.connect(address)
    except OSError:
        made.close()
        raise
    made.settimeout(EXCHANGE_SECONDS)
    return made


@contextmanager
def _ended_after(seconds: float, sock: socket.socket) -> Iterator[None]:
    """Shut a connection down after a time: a receiver may send a byte now and then forever.

    Raises `TimeoutError` then, whatever was made of the answer that was cut off.
    """
    cut_off = Event()

    def end() -> None:
        cut_off.set()
        with suppress(OSError):  # closed already
            # The plain socket's method: that of a TLS socket changes what the other thread uses.
            socket.socket.shutdown(sock, socket.SHUT_RDWR)

    timer = Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
    if cut_off.is_set():
        raise TimeoutError
