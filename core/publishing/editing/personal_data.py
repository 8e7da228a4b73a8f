"""What unsaved work and deleted drafts may hold of people: declared for the nightly erasure."""

from flask_babel import lazy_gettext as _l

from core.publishing.editing.models import DiscardedDraft, UnsavedWork
from core.retention.fields import DaysAfter, ErasureAction, PersonalField, add_personal_fields

KEPT_DAYS = 30


def declare_personal_data() -> None:
    """Declare texts that are not saved yet, and deleted drafts; their rows go after 30 days."""
    add_personal_fields(
        "publishing",
        PersonalField(
            UnsavedWork,
            "fields",
            what=_l("What staff have typed for publication and not saved yet"),
            basis=_l("so that nothing typed is lost with a device, a network or a session"),
            kept=_l("until it is saved, at most 30 days"),
            keep=DaysAfter(UnsavedWork.saved_at, KEPT_DAYS),
            action=ErasureAction.DELETE,
        ),
        PersonalField(
            DiscardedDraft,
            "snapshot",
            what=_l("Text of a draft that was deleted"),
            basis=_l("so that it can be brought back"),
            kept=_l("30 days"),
            keep=DaysAfter(DiscardedDraft.discarded_at, KEPT_DAYS),
            action=ErasureAction.DELETE,
        ),
    )
