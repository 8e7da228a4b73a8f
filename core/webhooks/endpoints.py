"""Say which addresses are told of a topic at a place."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.db.transactions import savepoint
from core.db.tree import Tenant
from core.errors import Invalid
from core.settings import current_settings
from core.webhooks.client import PORTS
from core.webhooks.domain.addresses import AllowedTargets, parse_address, parse_targets
from core.webhooks.domain.signing import SHORTEST_SECRET
from core.webhooks.models import LONGEST_URL, WebhookEndpoint


@dataclass(frozen=True, slots=True)
class WebhookTarget:
    """An address that wants to be told, and the secret that it checks signatures with."""

    url: str
    secret: str


def check_webhook_target(target: WebhookTarget) -> None:
    """Raise `Invalid` (fields `url`, `secret`) for a target that could never be told.

    For forms and settings. A name that leads to an internal address is found at delivery.
    """
    faults = {}
    if fault := _url_fault(target.url):
        faults["url"] = fault
    if len(target.secret) < SHORTEST_SECRET:
        faults["secret"] = _("Enter a key of at least %(n)s characters.", n=SHORTEST_SECRET)
    if faults:
        raise Invalid(faults)


def _url_fault(url: str) -> str:
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or parts.scheme not in PORTS or parts.username is not None:
        return str(_("Enter an http or https address without a name or password in it."))
    if len(url) > LONGEST_URL:
        return str(_("At most %(n)s characters.", n=LONGEST_URL))
    if parse_address(host) is not None and not allowed_targets().allows(host, host):
        return str(_("This is an internal address that the installation does not allow."))
    return ""


def allowed_targets() -> AllowedTargets:
    """Return the internal hosts that this installation lets webhooks reach (a setting)."""
    return parse_targets(current_settings().webhook_internal_hosts)


def list_endpoints(session: Session, tenant: Tenant, topic: str) -> list[WebhookEndpoint]:
    """List the endpoints of a topic at a place."""
    query = select(WebhookEndpoint).where(
        WebhookEndpoint.tenant_id == tenant.id, WebhookEndpoint.topic == topic
    )
    return list(session.scalars(query.order_by(WebhookEndpoint.id)))


def set_webhook_endpoints(
    session: Session, tenant: Tenant, topic: str, targets: Iterable[WebhookTarget]
) -> None:
    """Make these the endpoints of a topic at a place; idempotent, cheap where nothing changed.

    An endpoint that is no longer named is deleted together with what it was still to be told.
    """
    wanted = {target.url: target.secret for target in targets}
    for endpoint in list_endpoints(session, tenant, topic):
        secret = wanted.pop(endpoint.url, None)
        if secret is None:
            session.delete(endpoint)
        elif secret != endpoint.secret:
            endpoint.secret = secret
    for url, secret in wanted.items():
        _add(session, WebhookEndpoint(tenant_id=tenant.id, topic=topic, url=url, secret=secret))


def _add(session: Session, endpoint: WebhookEndpoint) -> None:
    try:
        with savepoint(session):
            session.add(endpoint)
    except IntegrityError:
        return  # another transaction has added it at the same moment
