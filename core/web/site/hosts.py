"""The names that requests ask for: which are answered, and which only this machine can use."""

import ipaddress
from urllib.parse import urlsplit

from flask import request
from flask_babel import gettext as _

from core.db.tree import Tenant
from core.errors import GongkaiError
from core.settings import current_settings

HEALTH_CHECK = "/healthz"
_OWN_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]"})
_OWN_PORTS = frozenset({"80", "443"})


def requested_name() -> str:
    """Return the host name that the client asked for, in small letters, without a port."""
    return urlsplit(f"//{request.host}").hostname or ""


def require_known_host(county_of_host: Tenant | None) -> None:
    """Raise an error (400) for a name that this installation was not told to answer to.

    Counties' own names always count, and the health check answers to any name.
    """
    known = current_settings().answered_hosts
    if not known or county_of_host or request.path == HEALTH_CHECK:
        return
    if requested_name() not in known:
        raise GongkaiError(_("This site is not served under the name that was asked for."))


def is_known_address(county: Tenant) -> bool:
    """Return whether the `Host` of this request is one of the few that lead here.

    Others can be made up without end: an unknown name, a known one with any port.
    """
    settings, environ = current_settings(), request.environ
    names = {*settings.answered_hosts, *_OWN_NAMES, county.hostname or "localhost"}
    ports = {*_OWN_PORTS, environ.get("SERVER_PORT"), urlsplit(settings.public_url).port}
    host = environ.get("HTTP_HOST", "").lower()
    return host in names or any(host == f"{name}:{port}" for name in names for port in ports)


def is_from_elsewhere() -> bool:
    """Return whether the browser says that a page of another site led to this request.

    Browsers of today send `Sec-Fetch-Site`, older ones a referrer; with neither it is not known.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in {"same-origin", "same-site", "none"}
    referrer = urlsplit(request.referrer or "").netloc
    return bool(referrer) and referrer != request.host


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
