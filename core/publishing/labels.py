"""Labels of states, checks and fields."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from core.publishing.models import Publication
from core.publishing.rules import (
    CALENDAR_DAYS,
    WORKING_DAYS,
    PublicationState,
    RequestKind,
    RequestOutcome,
)

STATE_LABELS = {
    PublicationState.DRAFT: _l("Draft"),
    PublicationState.IN_REVIEW: _l("In review"),
    PublicationState.RETURNED: _l("Returned"),
    PublicationState.APPROVED: _l("Approved"),
    PublicationState.PUBLISHED: _l("Published"),
    PublicationState.WITHDRAWN: _l("No longer public"),
    PublicationState.EXPIRED: _l("Publicity period over"),
}
STATE_TONES = {
    PublicationState.RETURNED: "bad",
    PublicationState.IN_REVIEW: "warn",
    PublicationState.PUBLISHED: "good",
    PublicationState.WITHDRAWN: "quiet",
    PublicationState.EXPIRED: "quiet",
}
CORRECTION_LABELS = {
    PublicationState.DRAFT: _l("Correction begun"),
    PublicationState.IN_REVIEW: _l("Correction in review"),
    PublicationState.RETURNED: _l("Correction returned"),
}
REQUEST_LABELS = {
    RequestKind.WITHDRAW: _l("Asks to withdraw it"),
    RequestKind.RESTORE: _l("Asks to put it back"),
}
REQUEST_OUTCOME_LABELS = {
    RequestOutcome.APPROVED: _l("Approved"),
    RequestOutcome.DECLINED: _l("Declined"),
    RequestOutcome.TAKEN_BACK: _l("Taken back"),
}
VALIDITY_LABELS = {
    "effective": _l("In force"),
    "lapsed": _l("No longer in force"),
    "repealed": _l("Repealed"),
}
DAY_LABELS = {CALENDAR_DAYS: _l("Calendar days"), WORKING_DAYS: _l("Working days")}
CHECK_LABELS = {
    "secrecy": _l("No state secret, no trade secret, no personal data that must not be public"),
    "law": _l("What is published, and how, agrees with the law"),
    "wording": _l("Wording, names, dates and figures are right"),
    "standard": _l("It fits the catalog item and has what the item asks for"),
}
FIELD_LABELS = {
    "title": _l("Title"),
    "body": _l("Text"),
    "list_data": _l("List"),
    "organ_id": _l("Publishing organ"),
    "item_id": _l("Catalog item"),
    "no_item_reason": _l("Why no catalog item"),
    "summary": _l("Summary"),
    "genre": _l("Genre"),
    "theme": _l("Theme"),
    "validity": _l("Validity"),
    "document_number": _l("Document number"),
    "index_number": _l("Index number"),
    "formed_on": _l("Date of formation"),
    "issued_on": _l("Date of issue"),
    "published_at": _l("Date of publication"),
    "source": _l("Source"),
    "publicity_days": _l("Publicity period, in days"),
    "publicity_day_kind": _l("Days are counted as"),
}
GROUND_LABELS = {
    "privacy": _l("it held personal data"),
    "not_public": _l("it may not be published by law"),
    "mistake": _l("it held mistakes"),
    "duplicate": _l("it was published twice"),
    "outdated": _l("it is out of date"),
    "other": _l("another reason"),
}
SILENT_PICTURE = _l(
    "A picture in the text has no words for those who cannot see it. Say what it shows."
)
REQUIRED_MESSAGES = {
    "title": _l("Enter a title."),
    "item_id": _l("Choose a catalog item, or say why there is none."),
    "organ_id": _l("Choose the organ that publishes."),
    "body": _l("Write the text, enter a list, or attach a file or a photograph."),
    "formed_on": _l("Enter the date of formation."),
}


def state_tags(publication: Publication) -> list[tuple[LazyString, str]]:
    """Return labels and tones for the state of a publication and of its correction."""
    state = PublicationState(publication.state)
    tags = [(STATE_LABELS[state], STATE_TONES.get(state, ""))]
    if publication.hidden_since is not None:
        tags.append((_l("Offline"), "bad"))
    if publication.correction:
        correction = PublicationState(publication.correction)
        tags.append((CORRECTION_LABELS[correction], STATE_TONES.get(correction, "")))
    return tags
