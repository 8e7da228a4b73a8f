"""What a publication refers to by number or key, checked when it is saved and when published.

What was right when it was typed may be gone, or another's, by the time a reviewer passes it.
"""

from collections.abc import Collection

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, aliased

from core.catalog.effective import effective_catalog
from core.db.tree import Tenant
from core.publishing.content import Content
from core.publishing.models import Attachment, Interpretation, Publication
from core.publishing.rules import LIVE
from core.tenancy.models import Organ

GOVERNMENT = "government"


def find_wrong_references(
    session: Session, tenant: Tenant, publication: Publication | None, content: Content
) -> dict[str, str]:
    """Check the organ, the documents that are explained, and the files; return field → message.

    An interpretation (解读) is given by the organ that issued the document, or by or for the
    government of the same place. The item of the catalog is checked apart (`find_wrong_item`).
    """
    wrong = {}
    organ = session.get(Organ, content.organ_id) if content.organ_id else None
    if content.organ_id and (organ is None or organ.tenant_id != tenant.id):
        wrong["organ_id"] = _("Choose one of the organs of this place.")
    own_id = publication.id if publication else None
    if set(content.interprets) - _list_explainable(session, tenant, organ, content.interprets):
        wrong["interprets"] = _("Choose a published document of this place that it may explain.")
    elif own_id in content.interprets:
        wrong["interprets"] = _("A text does not explain itself.")
    if content.files and set(_file_ids(content)) - _list_own_files(session, own_id, content):
        wrong["files"] = _("A file is not part of this publication. Attach it again.")
    return wrong


def find_wrong_item(session: Session, tenant: Tenant, content: Content) -> dict[str, str]:
    """Return a message at the item where the catalog of the place has it no more."""
    item_id = content.item_id
    if item_id is None or item_id in effective_catalog(session, tenant).catalog.items:
        return {}
    return {"item_id": _("The catalog has no item %(id)s.", id=item_id)}


def _list_explainable(
    session: Session, tenant: Tenant, organ: Organ | None, policies: Collection[int]
) -> set[int]:
    """Return those of the documents that the organ may explain at this place."""
    if not policies:
        return set()
    query = (
        select(Publication.id)
        .outerjoin(Organ, Organ.id == Publication.organ_id)
        .where(
            Publication.id.in_(policies),
            Publication.tenant_id == tenant.id,
            Publication.state.in_(LIVE),
            Publication.hidden_since.is_(None),
        )
    )
    if organ is not None and organ.kind != GOVERNMENT:
        query = query.where(
            or_(Publication.organ_id.is_(None), Organ.id == organ.id, Organ.kind == GOVERNMENT)
        )
    return set(session.scalars(query))


def is_of_one_place() -> ColumnElement[bool]:
    """Build the condition on interpretations: text and document are of the same place."""
    policy = aliased(Publication)
    query = select(policy.id).where(
        and_(policy.id == Interpretation.policy_id, policy.tenant_id == Interpretation.tenant_id)
    )
    return query.exists()


def _file_ids(content: Content) -> list[int]:
    return [file.id for file in content.files]


def _list_own_files(session: Session, publication_id: int | None, content: Content) -> set[int]:
    query = select(Attachment.id).where(
        Attachment.publication_id == publication_id, Attachment.id.in_(_file_ids(content))
    )
    return set(session.scalars(query))
