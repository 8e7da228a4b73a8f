"""What messages keep of people: declared for the nightly erasure and for requests of a person."""

from flask_babel import lazy_gettext as _l
from sqlalchemy import false

from core.messages.models import MessageCase, MessageContact
from core.messages.receiving import PHONE_PURPOSE
from core.retention.fields import (
    DaysAfter,
    ErasureAction,
    PersonalField,
    PersonKey,
    add_personal_fields,
)

#: Long enough to ask again and for a review; a published message keeps the office's own wording.
KEPT_DAYS = 365


def declare_personal_data() -> None:
    """Declare name, phone and text of senders: emptied a year after the message was closed."""
    keep = DaysAfter(MessageCase.closed_at, KEPT_DAYS)
    person = PersonKey(MessageCase.phone_digest, PHONE_PURPOSE)
    kept = _l("one year after the message was closed")
    about = {
        "name": _l("Name of the sender"),
        "phone": _l("Phone of the sender"),
        "phone_digest": _l("Keyed hash of the phone"),
        "text": _l("What the sender wrote"),
        "row_number": _l("Row of a list that the sender named"),
    }
    add_personal_fields(
        "messages",
        PersonalField(
            MessageContact,
            "phone",
            what=_l("Number that is told of messages"),
            basis=_l("so that messages are answered in time"),
            kept=_l("until it is removed from the list"),
            keep=lambda _session, _tenant, _now: false(),
            action=ErasureAction.DELETE,
            person=PersonKey(MessageContact.phone),
        ),
        *(
            PersonalField(
                MessageCase,
                column,
                what=what,
                basis=_l("to answer the message"),
                kept=kept,
                keep=keep,
                person=person,
                stamp="erased_at",
            )
            for column, what in about.items()
        ),
    )
