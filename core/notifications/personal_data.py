"""What messages keep of people: declared for the nightly erasure and for requests of a person."""

from flask_babel import lazy_gettext as _l

from core.notifications.models import QueuedNotice
from core.plugins.models import SentMessage
from core.retention.fields import (
    DaysAfter,
    ErasureAction,
    PersonalField,
    PersonKey,
    add_personal_fields,
)

KEPT_DAYS = 30


def declare_personal_data() -> None:
    """Declare the recipients of notices and messages; their rows go after 30 days."""
    add_personal_fields(
        "notifications",
        PersonalField(
            QueuedNotice,
            "recipient",
            what=_l("Phone or address of a person who is told something, and the text's facts"),
            basis=_l("to reach the person; masked and emptied once the notice was sent"),
            kept=_l("30 days after the notice was due"),
            keep=DaysAfter(QueuedNotice.next_try_at, KEPT_DAYS),
            action=ErasureAction.DELETE,
            person=PersonKey(QueuedNotice.recipient),
        ),
        PersonalField(
            SentMessage,
            "recipient",
            what=_l("Masked phone of a person who was told something; the text nobody carried"),
            basis=_l("so that somebody can pass the message on"),
            kept=_l("30 days"),
            keep=DaysAfter(SentMessage.at, KEPT_DAYS),
            action=ErasureAction.DELETE,
        ),
    )
