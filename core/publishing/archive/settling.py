"""What was found in public texts and nobody has decided about; one act each to settle it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from core.audit.service import record
from core.db.tree import Tenant, below
from core.errors import Conflict, Invalid
from core.permissions import Action, Actor, allowed, require
from core.publishing.archive.checking import is_public_now
from core.publishing.archive.models import ArchiveProgress
from core.publishing.guard.labels import describe_finding
from core.publishing.guard.models import PublicationFinding
from core.publishing.guard.scanning import find_groups, mask_group
from core.publishing.guard.service import Handled, list_findings, store_findings, to_row
from core.publishing.guard.settings.rules import load_rules
from core.publishing.models import Publication, PublicationRequest
from core.publishing.reviewing.queue import without_text
from core.publishing.rules import PublicationState
from core.publishing.workflow.drafts import (
    add_revision,
    flush,
    get_published_content,
    hand_in,
)
from core.publishing.workflow.withdrawal import ask, may_ask

MOST_SHOWN = 200
_LONGEST_LIST = 800


@dataclass(frozen=True, slots=True)
class FoundPublic:
    """A public text with the findings in it that two people have still to settle."""

    publication: Publication
    tenant: Tenant
    findings: Sequence[PublicationFinding]

    @property
    def is_open(self) -> bool:
        """Whether something was not decided about by anybody."""
        return any(finding.handling == "open" for finding in self.findings)


@dataclass(frozen=True, slots=True)
class ArchiveState:
    """How far the look at the archive has come at a place and below it."""

    total: int
    left: int
    updated_at: datetime | None


def list_found(session: Session, actor: Actor, tenant: Tenant) -> list[FoundPublic]:
    """List the public texts at a place and below with findings to settle, the newest first.

    At most 200 findings; the others follow when these are settled.
    """
    query = (
        select(PublicationFinding, Publication, Tenant)
        .options(*without_text())
        .join(Publication, Publication.id == PublicationFinding.publication_id)
        .join(Tenant, Tenant.id == Publication.tenant_id)
        .where(_is_unsettled(), below(tenant.path))
        .order_by(Publication.id.desc(), PublicationFinding.id)
        .limit(MOST_SHOWN)
    )
    return [
        FoundPublic(publication, place, [row[0] for row in rows])
        for (publication, place), rows in groupby(session.execute(query), lambda row: row[1:])
        if allowed(actor, Action.REVIEW_PUBLICATION, place, organ=publication.organ_id)
    ]


def count_found(session: Session, tenant: Tenant) -> int:
    """Count the public texts at a place and below that have findings to settle."""
    query = (
        select(func.count(Publication.id.distinct()))
        .join(PublicationFinding, PublicationFinding.publication_id == Publication.id)
        .join(Tenant, Tenant.id == Publication.tenant_id)
        .where(_is_unsettled(), below(tenant.path))
    )
    return session.scalar(query) or 0


def _is_unsettled() -> ColumnElement[bool]:
    kept = and_(PublicationFinding.handling == "kept", PublicationFinding.confirmed_at.is_(None))
    return and_(
        is_public_now(),
        PublicationFinding.revision == Publication.published_revision,
        or_(PublicationFinding.handling == "open", kept),
    )


def load_state(session: Session, tenant: Tenant) -> ArchiveState:
    """Load how far the job has come at a place and below it."""
    query = (
        select(
            func.sum(ArchiveProgress.total),
            func.sum(ArchiveProgress.left),
            func.max(ArchiveProgress.updated_at),
        )
        .join(Tenant, Tenant.id == ArchiveProgress.tenant_id)
        .where(below(tenant.path))
    )
    total, left, updated_at = session.execute(query).one()
    return ArchiveState(total or 0, left or 0, updated_at)


def mask_public(session: Session, actor: Actor, publication: Publication) -> None:
    """Hand in a correction in which all is masked that was found; a second person passes it.

    Raises `Forbidden`, `Conflict` where a correction is open already, and `Invalid` where a file
    cannot be masked.
    """
    tenant = _require_settler(actor, publication)
    if publication.correction is not None:
        raise Conflict(_("A correction of this text is open already: mask it there."))
    content = replace(get_published_content(session, publication), hides_comparison=True)
    rules = load_rules(session, tenant, content.item_id)
    settled = {
        finding.key
        for finding in list_findings(session, publication, publication.published_revision)
        if finding.confirmed_at is not None
    }
    publication.correction = PublicationState.DRAFT
    note = _("Personal data was masked.")
    for key in [one.key for one in find_groups(content, rules) if one.key not in settled]:
        group = next(one for one in find_groups(content, rules) if one.key == key)
        content = mask_group(content, group)
        handled = Handled(actor, to_row(tenant, group), "masked")
        with session.no_autoflush:
            add_revision(session, actor, publication, content, note=note)
            store_findings(session, publication, content, handled=handled)
        flush(session)
    record(session, actor, tenant, "publication.correct", str(publication.id))
    hand_in(session, actor, publication, content)


def take_down(session: Session, actor: Actor, publication: Publication) -> PublicationRequest:
    """Ask that a text is taken down for what was found in it; a second person decides."""
    _require_settler(actor, publication)
    findings = list_findings(session, publication, publication.published_revision)
    found = "；".join(describe_finding(one) for one in findings if one.confirmed_at is None)
    if not found:
        raise Conflict(_("The present state does not allow this."))
    reason = _("Personal data was found: %(what)s", what=found[:_LONGEST_LIST])
    return ask(session, actor, publication, reason, "privacy")


def _require_settler(actor: Actor, publication: Publication) -> Tenant:
    if not may_ask(actor, publication):
        require(actor, Action.REVIEW_PUBLICATION, publication.tenant, organ=publication.organ_id)
    return publication.tenant


def explain(error: Invalid) -> str:
    """Return in one line what keeps a text from being masked as a whole."""
    return " ".join(error.fields.values()) or error.message
