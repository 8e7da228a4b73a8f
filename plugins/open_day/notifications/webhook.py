"""Tell another system of the office that registrations changed: by number, never who it is.

The address and its key are settings of the place; the kit signs, sends and tries again.
"""

from sqlalchemy.orm import Session

from core import sdk

from ..manifest import NAME
from ..models.registration import Registration

TOPIC = f"{NAME}.registration"


def set_endpoint(session: Session, tenant: sdk.Tenant) -> None:
    """Let the address in the place's settings be told, and no other; idempotent."""
    settings = sdk.get_plugin_settings(NAME, tenant)
    target = sdk.WebhookTarget(settings["webhook_url"], settings["webhook_key"])
    sdk.set_webhook_endpoints(session, tenant, TOPIC, [target] if target.url else [])


def queue_change(session: Session, registration: Registration, change: str) -> None:
    """Queue that a registration changed, in the transaction of the change."""
    tenant = session.get_one(sdk.Tenant, registration.tenant_id)
    set_endpoint(session, tenant)
    facts = {
        "open_day": registration.open_day_id,
        "registration": registration.id,
        "change": change,
        "state": registration.state,
    }
    sdk.queue_webhook(session, tenant, TOPIC, "registration.changed", facts)
