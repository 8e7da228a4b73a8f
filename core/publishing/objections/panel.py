"""How to object to a list, and what came of objections: on its page and on its printed sheet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from core.identifiers import OFFICE_PHONES, parse_phone
from core.publishing.models import Publication
from core.publishing.objections.domain.terms import ObjectionTerms, ObjectionWindow
from core.publishing.objections.kind import OBJECTION, describe_terms
from core.publishing.objections.service import ObjectionTotals, count_objections
from core.publishing.objections.terms import (
    describe_other_ways,
    find_publication_window,
    load_terms,
)
from core.web.urls import tenant_url


@dataclass(frozen=True, slots=True)
class ObjectionPanel:
    """What a page says of objections; without `form_url` they are not taken any more."""

    lines: Sequence[str]
    terms: ObjectionTerms
    dial: str
    last: date | None
    form_url: str
    look_up_url: str
    other_ways: Sequence[str]
    totals: ObjectionTotals


def build_panel(session: Session, publication: Publication) -> ObjectionPanel | None:
    """Build the panel of a list; `None` of what has no publicity period, which asks nothing."""
    window = find_publication_window(publication)
    if window is ObjectionWindow.NONE:
        return None
    tenant, terms = publication.tenant, load_terms(session, publication)
    is_open = window is ObjectionWindow.OPEN
    form = tenant_url("messages.form", tenant, kind=OBJECTION, key=publication.id)
    return ObjectionPanel(
        lines=describe_terms(publication, terms),
        terms=terms,
        dial=parse_phone(terms.phone, OFFICE_PHONES) or "",
        last=publication.publicity_until,
        form_url=form if is_open else "",
        look_up_url=tenant_url("messages.look_up", tenant),
        other_ways=describe_other_ways(publication),
        totals=count_objections(session, publication),
    )
