"""Work under way in the demonstration: drafts, reviews, catalog changes that wait for a decision.

So that who signs in finds something to do. It is made once, by the people of the demonstration
with their own rights, and never again once it is there.
"""

from collections.abc import Callable, Mapping
from typing import Any

from marshmallow import fields
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.accounts.service import get_user, to_actor
from core.catalog.editing.review import approve_revision, submit_revision
from core.onboarding.layers import new_changes
from core.permissions import Actor
from core.publishing.content import Content
from core.publishing.guard.decisions import keep_finding
from core.publishing.guard.scanning import find_groups, mask_group
from core.publishing.guard.service import Handled, list_findings, to_row
from core.publishing.guard.settings.rules import load_rules
from core.publishing.models import Publication
from core.publishing.records.rules import Nature, SecrecyResult
from core.publishing.records.service import add_decision, add_secrecy_review
from core.publishing.rules import PublicationState
from core.publishing.workflow.drafts import (
    create_publication,
    get_working_content,
    save_content,
    submit,
)
from core.publishing.workflow.review import return_for_changes
from core.tenancy.models import Tenant
from core.tenancy.pack_files import read_json
from core.tenancy.pack_schemas import ChangeGroupSchema, PackSchema
from core.tenancy.packs import ChangeEntry, Pack
from core.tenancy.service import ensure_organ, get_tenant

FILE = "work.json"

Person = Callable[[str], Actor]


class SecrecySchema(PackSchema):
    """A secrecy review as its form says."""

    number = fields.String(required=True)
    reviewer_name = fields.String(required=True)
    reviewed_on = fields.Date(required=True)
    result = fields.Enum(SecrecyResult, by_value=True, load_default=SecrecyResult.PUBLIC)


class DecisionSchema(PackSchema):
    """What was decided about disclosure."""

    nature = fields.Enum(Nature, by_value=True, load_default=Nature.ACTIVE)
    ground = fields.String(load_default="")
    decided_by = fields.String(required=True)
    decided_on = fields.Date(required=True)


class DraftSchema(PackSchema):
    """A publication that somebody is working on."""

    author = fields.String(required=True)
    tenant = fields.String(required=True)
    organ = fields.String(required=True)
    state = fields.Enum(PublicationState, by_value=True, required=True)
    genre = fields.String(required=True)
    title = fields.String(required=True)
    item_id = fields.String(required=True)
    formed_on = fields.Date(required=True)
    body = fields.String(required=True)
    reviewer = fields.String()
    comment = fields.String()
    kept = fields.Dict(keys=fields.String(), values=fields.String(), load_default=dict)
    secrecy = fields.Nested(SecrecySchema)
    decision = fields.Nested(DecisionSchema)


class ProposalSchema(ChangeGroupSchema):
    """Catalog changes that somebody has handed in, and who has approved them, if anybody."""

    author = fields.String(required=True)
    approver = fields.String()


class WorkSchema(PackSchema):
    """The file of work under way."""

    drafts = fields.List(fields.Nested(DraftSchema), required=True)
    changes = fields.List(fields.Nested(ProposalSchema), required=True)


def ensure_work(session: Session, pack: Pack) -> None:
    """Make what is not there yet; needs the accounts of the demonstration."""
    work = read_json(pack.folder, FILE, WorkSchema())

    def person(username: str) -> Actor:
        return to_actor(session, get_user(session, username))

    for draft in work["drafts"]:
        _ensure_draft(session, draft, person)
    for proposal in work["changes"]:
        _ensure_proposal(session, proposal, person)


def _ensure_draft(session: Session, draft: Mapping[str, Any], person: Person) -> None:
    tenant = get_tenant(session, draft["tenant"])
    if is_there(session, tenant, draft["title"]):
        return
    author = person(draft["author"])
    content = Content(
        organ_id=ensure_organ(session, tenant, draft["organ"]).id,
        title=draft["title"],
        body_source=draft["body"],
        item_id=draft["item_id"],
        genre=draft["genre"],
        formed_on=draft["formed_on"],
    )
    publication = create_publication(session, author, tenant, content)
    if "secrecy" in draft:
        add_secrecy_review(session, author, publication, draft["secrecy"])
    if "decision" in draft:
        add_decision(session, author, publication, draft["decision"])
    if draft["state"] is PublicationState.DRAFT:
        return
    _decide_on_findings(session, author, publication, draft["kept"])
    submit(session, author, publication)
    if draft["state"] is PublicationState.RETURNED:
        return_for_changes(session, person(draft["reviewer"]), publication, draft["comment"])


def _decide_on_findings(
    session: Session, author: Actor, publication: Publication, kept: Mapping[str, str]
) -> None:
    """Mask the personal data in a text as its author does, but for kinds that have a reason."""
    content = get_working_content(session, publication)
    tenant = publication.tenant
    rules = load_rules(session, tenant, content.item_id)
    for key in [one.key for one in find_groups(content, rules) if one.kind not in kept]:
        group = next(one for one in find_groups(content, rules) if one.key == key)
        masked = Handled(author, to_row(tenant, group), "masked")
        content = mask_group(content, group)
        save_content(session, author, publication, content, handled=masked)
    for finding in list_findings(session, publication):
        keep_finding(session, author, publication, finding, kept[finding.kind])


def is_there(session: Session, tenant: Tenant, title: str) -> bool:
    """Return whether the place has a publication of this title already."""
    query = select(Publication.id).where(
        Publication.tenant_id == tenant.id, Publication.title == title
    )
    return session.scalar(query) is not None


def _ensure_proposal(session: Session, proposal: Mapping[str, Any], person: Person) -> None:
    tenant = get_tenant(session, proposal["tenant"])
    entries = [
        ChangeEntry(tenant=proposal["tenant"], reason=proposal["reason"], **change)
        for change in proposal["changes"]
    ]
    changes = new_changes(session, tenant, entries)
    if not changes:
        return
    revision = submit_revision(
        session, person(proposal["author"]), tenant, changes, reason=proposal["reason"]
    )
    if "approver" in proposal:
        approve_revision(session, person(proposal["approver"]), revision.id)
