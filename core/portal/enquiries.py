"""The enquiry channel of each place (政民互动 咨询): a kind of message about the place itself.

An assessed site must have one (N27). The form says first what belongs elsewhere: complaints, tips
about officials, requests for information and emergencies have channels of their own.
"""

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from core.db.tree import Tenant
from core.messages.kinds import MessageKind, MessageSubject, add_message_kind
from core.web.urls import tenant_url

ENQUIRY = "portal.enquiry"
#: An enquiry is about the place as a whole; which organ answers, the office decides.
KEY = "place"


def _find_place(session: Session, tenant: Tenant, key: str) -> MessageSubject | None:
    del session
    if key != KEY:
        return None
    return MessageSubject(tenant.name, tenant_url("portal.home", tenant))


def declare_enquiries() -> None:
    """Make enquiries a kind of message."""
    add_message_kind(
        MessageKind(
            ENQUIRY,
            _l("Enquiry"),
            _l("What would you like to know?"),
            _find_place,
            hint=_l(
                "Petitions go to the petition office, tips about officials to 12388, requests for "
                "government information through its own form; in an emergency call 110, 119 or 120."
            ),
        )
    )
