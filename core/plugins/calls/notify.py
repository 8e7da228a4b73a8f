"""Tell people something: by the first plugin that carries messages, else on the console."""

from sqlalchemy.orm import Session

from core.db.tree import Tenant
from core.log.logger import get_logger
from core.plugins.api.contributions import Message
from core.plugins.calls.tenant_hooks import TenantHooks
from core.plugins.models import SentMessage
from core.redaction import mask_phone

CONSOLE = "console"

log = get_logger("gongkai.messages")


def notify(session: Session, tenant: Tenant, message: Message) -> str:
    """Have a message delivered, and record that in the caller's transaction.

    Says who carried it: a plugin's name, or `console`: then its text is kept, so that somebody can
    pass it on. The recipient is masked.
    """
    carrier = TenantHooks(tenant).notify(message) or CONSOLE
    record_message(session, tenant, message, carrier)
    return carrier


def record_message(session: Session, tenant: Tenant, message: Message, carrier: str) -> None:
    """Record who carried a message, and its text where nobody did.

    The log says that there is one, and nothing of it: logs are kept and read by others.
    """
    recipient = mask_phone(message.to)
    if carrier == CONSOLE:
        log.info("message that nobody carries", tenant=tenant.division_code)
    session.add(
        SentMessage(
            tenant_id=tenant.id,
            carrier=carrier,
            recipient=recipient[:60],
            about=message.about[:60],
            text=message.text if carrier == CONSOLE else "",
        )
    )
