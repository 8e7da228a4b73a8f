"""Terms of objections to a list: its own, those of its place and of places above, its organ's."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import today
from core.db.tree import Tenant
from core.permissions import Action
from core.publishing.models import Publication
from core.publishing.objections.domain.terms import (
    LONGEST,
    ObjectionTerms,
    ObjectionWindow,
    OtherWay,
    find_window,
    fold_terms,
    list_other_ways,
    read_terms,
)
from core.publishing.objections.models import ObjectionContact
from core.publishing.rules import LIVE
from core.tenancy.models import Organ
from core.tenancy.service import load_chain
from core.web.context import Context

SETTING = "objections"


def load_terms(session: Session, publication: Publication) -> ObjectionTerms:
    """Return the terms of a list: its own, else those of the nearest place, else its organ's."""
    organ = session.get(Organ, publication.organ_id) if publication.organ_id else None
    nodes = reversed(load_chain(session, publication.tenant))
    places = [read_terms(node.profile.get(SETTING)) for node in nodes]
    levels = [load_own_terms(session, publication), *places, _to_terms(organ)]
    folded = fold_terms(levels)
    if folded.office:
        return folded
    name = organ.name if organ else publication.tenant.name
    return ObjectionTerms(name, folded.phone, folded.address, folded.hours, folded.answer_days)


def _to_terms(organ: Organ | None) -> ObjectionTerms:
    if organ is None:
        return ObjectionTerms()
    return ObjectionTerms("", organ.phone or "", organ.address or "", organ.hours or "")


def load_own_terms(session: Session, publication: Publication) -> ObjectionTerms:
    """Return what a list says itself."""
    own = _find_contact(session, publication)
    if own is None:
        return ObjectionTerms()
    return ObjectionTerms(own.office, own.phone, own.address, own.hours, own.answer_days)


def save_own_terms(ctx: Context, publication: Publication, terms: ObjectionTerms) -> None:
    """Set what a list says itself; nothing: the place's terms hold again. Raises `Forbidden`."""
    ctx.require(Action.WRITE_PUBLICATION, organ=publication.organ_id)
    contact = _find_contact(ctx.session, publication) or ObjectionContact(
        tenant_id=publication.tenant_id, publication_id=publication.id
    )
    for name in (*LONGEST, "answer_days"):
        setattr(contact, name, getattr(terms, name))
    ctx.session.add(contact)
    ctx.audit("publication.objection_terms", str(publication.id), **_to_json(terms))


def save_place_terms(ctx: Context, terms: ObjectionTerms) -> None:
    """Set the terms of the place and of those below that set none; nothing: those above hold."""
    ctx.require(Action.MANAGE_TENANT)
    tenant = ctx.session.get_one(Tenant, ctx.tenant.id)  # the request's own may be read only
    profile = {name: value for name, value in tenant.profile.items() if name != SETTING}
    tenant.profile = profile | ({SETTING: _to_json(terms)} if terms else {})
    ctx.audit("objections.set", ctx.tenant.division_code, **_to_json(terms))


def _to_json(terms: ObjectionTerms) -> dict[str, Any]:
    return {name: getattr(terms, name) for name in (*LONGEST, "answer_days")}


def _find_contact(session: Session, publication: Publication) -> ObjectionContact | None:
    return session.scalar(
        select(ObjectionContact).where(ObjectionContact.publication_id == publication.id)
    )


def find_publication_window(publication: Publication) -> ObjectionWindow:
    """Return whether objections to a publication are taken today; its day has come (N32)."""
    published = publication.published_at
    is_live = publication.state in LIVE and published is not None
    return find_window(is_live=is_live, until=publication.publicity_until, day=today())


def describe_other_ways(publication: Publication) -> list[str]:
    """Say where else one can turn with what is no objection, or comes too late."""
    words = {
        OtherWay.TOWNSHIP: _(
            "The people's government of the township looks into what a village has published."
        ),
        OtherWay.PETITION: _("Petitions go to the petition office (信访)."),
        OtherWay.DISCIPLINE: _("Tips about officials go to 12388."),
        OtherWay.RECONSIDERATION: _(
            "Whoever is affected by the decision itself may apply for administrative "
            "reconsideration within 60 days."
        ),
    }
    organ = publication.organ
    ways = list_other_ways(
        is_village=publication.tenant.level == "village", organ_kind=organ.kind if organ else None
    )
    return [words[way] for way in ways]
