"""Links that an import brings: `result_due` of a decision, `carries_out` of a result."""

from collections.abc import Iterator, Sequence

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from core.clock import today
from core.db.tree import Tenant
from core.errors import GongkaiError
from core.permissions import Actor
from core.publishing.decisions.domain.pairs import USUAL_TERM
from core.publishing.decisions.models import PublicationDecision
from core.publishing.decisions.service import (
    expect_result,
    extend,
    find_decision,
    link_result,
)
from core.publishing.importing.findings import LineFinding
from core.publishing.importing.lines import ImportLine
from core.publishing.models import Publication

FIELDS = frozenset({"result_due", "carries_out"})


def link_imported(
    session: Session, actor: Actor, lines: Sequence[tuple[Tenant, ImportLine]]
) -> Iterator[LineFinding]:
    """Link what lines of an import say of decisions and results; yield what cannot be.

    The same line again changes nothing. A later `result_due` is an extension; an earlier one is
    left out.
    """
    for tenant, line in lines:
        if FIELDS.isdisjoint(line.values):
            continue
        publication = _find(session, tenant, line.source_id or "")
        if publication is None:
            message = _("Only a line with an id of its own can be linked.")
            yield LineFinding(line.number, "carries_out", "warning", message)
            continue
        try:
            _expect(session, actor, publication, line)
        except GongkaiError as error:
            yield LineFinding(line.number, "result_due", "warning", error.message)
        yield from _link(session, actor, publication, line)


def _find(session: Session, tenant: Tenant, source_id: str) -> Publication | None:
    query = select(Publication).where(
        Publication.tenant_id == tenant.id, Publication.source_id == source_id
    )
    found = session.scalar(query) if source_id else None
    if found is not None:
        set_committed_value(found, "tenant", tenant)
    return found


def _expect(
    session: Session, actor: Actor, publication: Publication, line: ImportLine
) -> PublicationDecision | None:
    due_on = line.values.get("result_due")
    if due_on is None:
        return None
    decision = find_decision(session, publication)
    if decision is None:
        return expect_result(session, actor, publication, due_on)
    if due_on > decision.due_on:
        reason = _("Imported again, line %(n)s.", n=line.number)
        extend(session, actor, decision, due_on, reason)
    return decision


def _link(
    session: Session, actor: Actor, publication: Publication, line: ImportLine
) -> Iterator[LineFinding]:
    for source_id in line.values.get("carries_out", ()):
        of = _find(session, publication.tenant, source_id)
        if of is None:
            message = _("There is no publication %(id)s that it could carry out.", id=source_id)
            yield LineFinding(line.number, "carries_out", "warning", message)
            continue
        try:
            decision = find_decision(session, of) or expect_result(
                session, actor, of, today() + USUAL_TERM
            )
            link_result(
                session, actor, decision, publication.id,
                stage=line.values.get("stage", ""), is_final=line.values.get("is_final", True),
            )  # fmt: skip
        except GongkaiError as error:
            yield LineFinding(line.number, "carries_out", "warning", error.message)
