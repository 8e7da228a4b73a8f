"""What people decide about personal data: kept by one with a reason, confirmed by a second person.

The reasons stand in the record of administrative acts; the values stand nowhere.
"""

from collections.abc import Mapping

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.audit.service import record
from core.db.base import utc_now
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.permissions import Action, Actor, allowed, require
from core.publishing.guard.models import PublicationFinding
from core.publishing.guard.service import list_findings
from core.publishing.models import Publication

LONGEST_REASON = 500


def get_finding(session: Session, publication: Publication, number: int) -> PublicationFinding:
    """Return a finding of the publication; raises `NotFound`."""
    finding = session.get(PublicationFinding, number)
    if finding is None or finding.publication_id != publication.id:
        raise NotFound(where=str(number))
    return finding


def list_decisions(session: Session, publication: Publication) -> list[PublicationFinding]:
    """List what was decided about personal data of a publication, the newest first."""
    return [row for row in list_all_findings(session, publication) if row.handling != "open"]


def list_all_findings(session: Session, publication: Publication) -> list[PublicationFinding]:
    """List every finding of a publication and what became of it, the newest first."""
    query = select(PublicationFinding).where(PublicationFinding.publication_id == publication.id)
    return list(session.scalars(query.order_by(PublicationFinding.id.desc())))


def keep_finding(
    session: Session,
    actor: Actor,
    publication: Publication,
    finding: PublicationFinding,
    reason: str,
) -> None:
    """Keep what was found, with a reason that stands in the record; the values do not.

    Raises `Forbidden`, `Invalid` (no reason), and `Conflict` (confirmed, or of an old revision).
    """
    _require_keeper(actor, publication, finding)
    present = {publication.revision, publication.published_revision}
    if finding.confirmed_at is not None or finding.revision not in present:
        raise Conflict(_("This has been decided already."))
    finding.reason = check_reason(reason, "reason")
    finding.handling, finding.decided_at = "kept", utc_now()
    finding.decided_by_id, finding.decided_by_name = actor.user_id, actor.name
    _record(session, actor, publication, finding, "keep")


def _require_keeper(actor: Actor, publication: Publication, finding: PublicationFinding) -> None:
    """Raise `Forbidden` unless the person writes; of what is public a reviewer may decide, too."""
    organ = publication.organ_id
    is_public = finding.revision == publication.published_revision
    if is_public and allowed(actor, Action.REVIEW_PUBLICATION, publication.tenant, organ=organ):
        return
    require(actor, Action.WRITE_PUBLICATION, publication.tenant, organ=organ)


def confirm_findings(
    session: Session, actor: Actor, publication: Publication, reasons: Mapping[int, str]
) -> None:
    """Confirm what the author kept: each with the second person's own reason, by finding id.

    Raises `Invalid` where one is undecided or without a reason, and `Forbidden` for a decision of
    one's own.
    """
    findings = list_findings(session, publication)
    if any(finding.handling == "open" for finding in findings):
        raise Invalid({"findings": _("It holds personal data that nobody has decided about.")})
    waiting = [finding for finding in findings if finding.awaits_confirmation]
    missing = {
        f"finding-{finding.id}": _("Say why this may be public, or return the text.")
        for finding in waiting
        if not reasons.get(finding.id, "").strip()
    }
    if missing:
        raise Invalid(missing)
    for finding in waiting:
        _confirm(session, actor, publication, finding, reasons[finding.id])


def confirm_finding(
    session: Session,
    actor: Actor,
    publication: Publication,
    finding: PublicationFinding,
    reason: str,
) -> None:
    """Confirm that personal data stays in what is public, or was; raises as `confirm_findings`."""
    require(actor, Action.REVIEW_PUBLICATION, publication.tenant, organ=publication.organ_id)
    if finding.revision != publication.published_revision or not finding.awaits_confirmation:
        raise Conflict(_("The present state does not allow this."))
    _confirm(session, actor, publication, finding, reason)


def _confirm(
    session: Session,
    actor: Actor,
    publication: Publication,
    finding: PublicationFinding,
    reason: str,
) -> None:
    if actor.user_id is not None and actor.user_id == finding.decided_by_id:
        raise Forbidden(_("A second person must confirm this: you decided to keep it."))
    finding.confirmation = check_reason(reason, f"finding-{finding.id}")
    finding.confirmed_by_id, finding.confirmed_by_name = actor.user_id, actor.name
    finding.confirmed_at = utc_now()
    _record(session, actor, publication, finding, "confirm")


def check_reason(typed: str, field: str) -> str:
    """Return a reason as it is stored; raises `Invalid` at its field."""
    reason = " ".join(typed.replace("\x00", "").split())
    if not reason:
        raise Invalid({field: _("Say why.")})
    if len(reason) > LONGEST_REASON:
        raise Invalid({field: _("At most %(n)s characters.", n=LONGEST_REASON)})
    return reason


def _record(
    session: Session, actor: Actor, publication: Publication, finding: PublicationFinding, act: str
) -> None:
    reason = finding.confirmation if act == "confirm" else finding.reason
    record(
        session, actor, publication.tenant, f"publication.finding.{act}", str(publication.id),
        revision=finding.revision, field=finding.field, place=finding.place, kind=finding.kind,
        count=finding.count, reason=reason,
    )  # fmt: skip
