"""What is left on the page of a withdrawn publication: number, days and ground, never its text."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import local_day
from core.publishing.labels import GROUND_LABELS
from core.publishing.models import Publication, PublicationRequest
from core.publishing.rules import WITHOUT_TITLE, RequestKind, RequestOutcome


def find_tombstone(session: Session, publication: Publication) -> list[dict[str, Any]]:
    """Build the lines of the page: the title too, unless the ground is about persons or secrets."""
    query = select(PublicationRequest.ground).where(
        PublicationRequest.publication_id == publication.id,
        PublicationRequest.kind == RequestKind.WITHDRAW,
        PublicationRequest.outcome == RequestOutcome.APPROVED,
    )
    ground = session.scalars(query.order_by(PublicationRequest.id.desc()).limit(1)).first()
    moments = {
        _("Date of publication"): publication.published_at,
        _("Withdrawn on"): publication.withdrawn_at,
    }
    lines = {
        _("Title"): "" if ground in WITHOUT_TITLE else publication.title,
        _("Index number"): publication.index_number,
        **{label: local_day(at).isoformat() for label, at in moments.items() if at},
        _("Ground"): str(GROUND_LABELS[ground or "other"]),
    }
    return [{"label": label, "value": value} for label, value in lines.items() if value]
