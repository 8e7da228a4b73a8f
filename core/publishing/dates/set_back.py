"""Days of a published text that a correction sets back: only with a note, which is audited.

检查指标 (国办秘函〔2019〕19号) counts forged dates as a veto (N27). The note is read by everybody
beside the comparison of the correction; triggers demand it below the program, too.
"""

from collections.abc import Mapping
from datetime import date

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core.audit.service import record
from core.clock import local_day
from core.errors import Invalid
from core.permissions import Actor
from core.publishing.content import Content
from core.publishing.dates.publicity import find_last_day
from core.publishing.models import Publication
from core.publishing.rules import is_set_back, list_set_back

Days = Mapping[str, date | None]


def list_days(publication: Publication) -> Days:
    """Return the days that the public sees; none of a text that was never public."""
    if publication.published_revision is None or publication.published_at is None:
        return {}
    return {
        "published_on": local_day(publication.published_at),
        "formed_on": publication.formed_on,
        "issued_on": publication.issued_on,
        "publicity_until": publication.publicity_until,
    }


def require_note(publication: Publication, content: Content, note: str) -> None:
    """Raise `Invalid` where a content sets a day back and nothing says why."""
    if note.strip():
        return
    before = publication.published_at if publication.published_revision else None
    if is_set_back(before, content.published_at, publication.created_at):
        raise Invalid({"note": _("Say why the date of publication is set back.")})
    days = list_days(publication)
    if days and list_set_back(days, _to_days(publication, content)):
        raise Invalid(
            {"note": _("Say why a date, or the end of the publicity period, is earlier.")}
        )


def _to_days(publication: Publication, content: Content) -> Days:
    moment = content.published_at or publication.published_at
    until = find_last_day(content, local_day(moment)) if moment else None
    days: Days = {
        "formed_on": content.formed_on,
        "issued_on": content.issued_on,
        "publicity_until": until,
    }
    return days


def record_set_back(session: Session, actor: Actor, publication: Publication, before: Days) -> None:
    """Write an audit entry for each day that lies earlier than it did."""
    after = {name: day for name, day in list_days(publication).items() if name in before}
    for name in list_set_back(before, after):
        record(
            session,
            actor,
            publication.tenant,
            "publication.set_back",
            str(publication.id),
            date=name,
            before=str(before[name] or ""),
            after=str(after[name]),
            revision=publication.revision,
        )
