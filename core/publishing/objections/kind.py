"""Objections to a publicity list (对公示有异议) as a kind of message.

Who finds a mistake in a list says so within its publicity period, with or without a name, over the
web, by telephone or on paper. The organ that published answers; it may pass the message on to the
office of the township. Where the objection is upheld, a correction follows.
"""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.tree import Tenant
from core.messages.kinds import MessageKind, MessageSubject, add_message_kind
from core.publishing.models import Publication
from core.publishing.objections.domain.terms import ObjectionTerms, ObjectionWindow
from core.publishing.objections.terms import (
    describe_other_ways,
    find_publication_window,
    load_terms,
)
from core.web.urls import tenant_url

OBJECTION = "publishing.objection"
UPHELD, REJECTED = "upheld", "rejected"
_NUMBERS = ("序号", "编号")


def declare_objections() -> None:
    """Make objections a kind of message."""
    add_message_kind(
        MessageKind(
            OBJECTION,
            _l("Objection to a list"),
            _l("What is wrong in the list?"),
            find_list,
            hint=_l(
                "Say what is wrong and how you know. Whoever gives a name and a phone gets a "
                "written reply; an objection without a name is looked into as well."
            ),
            publishable=False,
            outcomes={
                UPHELD: _l("Upheld: the list is corrected"),
                REJECTED: _l("Rejected: the list stays as it is"),
            },
        )
    )


def find_list(session: Session, tenant: Tenant, key: str) -> MessageSubject | None:
    """Find the list of an objection at its place; `None` where it never had a publicity period.

    Of a list on paper only neither the title nor a row is told.
    """
    number = int(key) if key.isdecimal() and len(key) < 10 else 0
    query = select(Publication).where(Publication.id == number, Publication.tenant_id == tenant.id)
    found = session.scalar(query)
    if found is None:
        return None
    window = find_publication_window(found)
    if window is ObjectionWindow.NONE:
        return None
    terms = load_terms(session, found)
    return MessageSubject(
        found.title if found.on_web else str(_("List on the notice board")),
        _find_address(tenant, found),
        organ_id=found.organ_id,
        edit_url=tenant_url("publishing_objections.index", tenant, id=found.id),
        notes=() if window is ObjectionWindow.OVER else describe_terms(found, terms),
        closed=_describe_end(found, terms) if window is ObjectionWindow.OVER else (),
        term=terms.answer_days,
        rows=count_numbers(found) if window is ObjectionWindow.OPEN and found.on_web else 0,
    )


def _find_address(tenant: Tenant, publication: Publication) -> str:
    if publication.on_web:
        return tenant_url("publishing.show", tenant, id=publication.id)
    if publication.item_id:
        return tenant_url("catalog.item", tenant, item_id=publication.item_id)
    return tenant_url("portal.home", tenant)


def describe_terms(publication: Publication, terms: ObjectionTerms) -> list[str]:
    """Say until when objections are taken, by whom, and by when they are answered."""
    last = publication.publicity_until
    return [
        _("Objections are taken until %(last)s; that day counts.", last=last),
        _(
            "%(office)s receives them and answers within %(n)s working days.",
            office=terms.office,
            n=terms.answer_days,
        ),
    ]


def _describe_end(publication: Publication, terms: ObjectionTerms) -> list[str]:
    first = _(
        "The publicity period ended on %(last)s. Objections were taken until then.",
        last=publication.publicity_until,
    )
    phone = _("Questions: %(office)s %(phone)s", office=terms.office, phone=terms.phone)
    return [first, *([phone] if terms.phone else []), *describe_other_ways(publication)]


def count_numbers(publication: Publication) -> int:
    """Return the highest number by which a row can be named: printed before it, or counted."""
    data = publication.list_data
    if data is None:
        return 0
    place = next((n for n, column in enumerate(data.columns) if column.name in _NUMBERS), None)
    printed = [row[place] for row in data.rows] if place is not None else []
    numbers = [int(cell) for cell in printed if cell.isdecimal() and len(cell) < 7]
    return max([len(data.rows), *numbers])
