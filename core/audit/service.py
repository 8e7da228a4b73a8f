"""Write the record of administrative acts, in the same transaction as the act."""

from typing import Any

from sqlalchemy.orm import Session

from core.audit.models import AuditEntry
from core.db.tree import Tenant
from core.permissions import Actor


def record(
    session: Session, actor: Actor, tenant: Tenant, action: str, subject: str, **detail: Any
) -> None:
    """Add one act of an actor (a person, or the operator) at a tenant."""
    session.add(
        AuditEntry(
            tenant_id=tenant.id,
            user_id=actor.user_id,
            action=action,
            subject=subject,
            detail=detail,
        )
    )
