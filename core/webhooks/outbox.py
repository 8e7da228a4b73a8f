"""Queue deliveries in the transaction of the change that they tell of (transactional outbox)."""

import json
import uuid
from collections.abc import Mapping

from sqlalchemy.orm import Session

from core.db.base import utc_now
from core.db.tree import Tenant
from core.webhooks.endpoints import list_endpoints
from core.webhooks.models import WebhookDelivery

RESERVED = frozenset({"event", "delivery", "place"})


def queue_webhook(
    session: Session, tenant: Tenant, topic: str, event: str, facts: Mapping[str, object]
) -> int:
    """Queue an event for every endpoint of a topic at a place; return for how many.

    `facts` are JSON values and hold no personal data: name a person's row by its id. The time is
    `at` unless the facts have one. Nothing is sent unless the session's transaction commits.
    """
    if clash := RESERVED & set(facts):
        raise ValueError(f"facts use reserved names: {sorted(clash)}")
    endpoints = list_endpoints(session, tenant, topic)
    for endpoint in endpoints:
        key = uuid.uuid4().hex
        body = {
            "at": utc_now().isoformat(),
            **facts,
            "event": event,
            "delivery": key,
            "place": tenant.division_code,
        }
        session.add(
            WebhookDelivery(
                tenant_id=tenant.id,
                endpoint=endpoint,
                key=key,
                event=event,
                body=json.dumps(body, sort_keys=True, ensure_ascii=False),
            )
        )
    return len(endpoints)
