"""Comments on indicators that are circulated: a kind of messages, answered within their term."""

from sqlalchemy.orm import Session

from core.sdk import MessageKind, MessageSubject, Tenant, add_message_kind, tenant_url

from ..i18n import _, _l
from ..manifest import NAME
from ..models.indicators import IndicatorSet

COMMENT = f"{NAME}.indicators"


def _find_set(session: Session, tenant: Tenant, key: str) -> MessageSubject | None:
    """Find the set that a comment is about, at the place that circulates it."""
    number = int(key) if key.isdecimal() and len(key) < 10 else 0
    found = session.get(IndicatorSet, number)
    if found is None or found.tenant_id != tenant.id or found.state == "draft":
        return None
    title = _("%(title)s, version %(number)s", title=found.title, number=found.number)
    return MessageSubject(title, tenant_url(f"plugin_{NAME}_indicators_public.show", tenant))


add_message_kind(
    MessageKind(
        COMMENT,
        _l("Comment on indicators"),
        _l("What should be measured or weighted differently?"),
        _find_set,
        hint=_l("Offices, townships, supervisors and citizens may all comment."),
    )
)
