"""What batches hold of people: declared for the nightly erasure."""

from flask_babel import lazy_gettext as _l

from core.publishing.batches.models import BatchRow, PublicationBatch
from core.retention.fields import DaysAfter, ErasureAction, PersonalField, add_personal_fields

KEPT_DAYS = 7


def declare_personal_data() -> None:
    """Declare the rows of lists and files that were worked on; they go after a week."""
    add_personal_fields(
        "publishing",
        PersonalField(
            BatchRow,
            "line",
            what=_l("Rows of a file that staff import, and titles of what they change at once"),
            basis=_l("so that it is looked at before it is stored, and each refusal is listed"),
            kept=_l("7 days"),
            keep=DaysAfter(
                PublicationBatch.created_at,
                KEPT_DAYS,
                ((PublicationBatch, PublicationBatch.id == BatchRow.batch_id),),
            ),
            action=ErasureAction.DELETE,
        ),
    )
