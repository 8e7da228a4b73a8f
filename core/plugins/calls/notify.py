"""Tell people something: by the first plugin that carries messages, else on the console."""

import structlog
from sqlalchemy.orm import Session

from core.db.tree import Tenant
from core.plugins.api.contributions import Message
from core.plugins.calls.tenant_hooks import TenantHooks
from core.plugins.models import SentMessage
from core.redaction import mask_phone

CONSOLE = "console"

log = structlog.get_logger("gongkai.messages")


def notify(session: Session, tenant: Tenant, message: Message) -> str:
    """Have a message delivered, and record that in the caller's transaction.

    Says who carried it: a plugin's name, or `console`: then it is printed and kept in full, so
    that somebody can pass it on. Recipients are masked in both.
    """
    carrier = TenantHooks(tenant).notify(message) or CONSOLE
    record_message(session, tenant, message, carrier)
    return carrier


def record_message(session: Session, tenant: Tenant, message: Message, carrier: str) -> None:
    """Record who carried a message; print it and keep its text where nobody did."""
    recipient = mask_phone(message.to)
    if carrier == CONSOLE:
        log.info(
            "message", tenant=tenant.division_code, to=recipient, about=message.about,
            subject=message.subject, text=message.text,
        )  # fmt: skip
    session.add(
        SentMessage(
            tenant_id=tenant.id,
            carrier=carrier,
            recipient=recipient[:60],
            about=message.about[:60],
            text=message.text if carrier == CONSOLE else "",
        )
    )
