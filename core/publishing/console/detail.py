"""Staff pages of one publication: its state, its preview, and the actions on it."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from flask import Blueprint, flash, redirect, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from core.accounts.access import staff_page
from core.errors import Invalid
from core.permissions import Action
from core.publishing.article import Article, build_article
from core.publishing.content import ContentFinding
from core.publishing.editing.discarded import discard_draft
from core.publishing.guard.decisions import (
    confirm_finding,
    get_finding,
    keep_finding,
    list_all_findings,
)
from core.publishing.guard.models import PublicationFinding
from core.publishing.guard.settings.wording import find_wording
from core.publishing.labels import (
    CHECK_LABELS,
    GROUND_LABELS,
    REQUEST_LABELS,
    REQUEST_OUTCOME_LABELS,
)
from core.publishing.models import Publication, PublicationRequest
from core.publishing.queries import load_publication
from core.publishing.records.shown import show_records
from core.publishing.reviewing.remarks import list_open_remarks
from core.publishing.rules import LIVE, WITHDRAWAL_GROUNDS, PublicationState, RequestKind
from core.publishing.takedown.service import list_takedowns, load_choices
from core.publishing.withheld.service import has_to_be_entered
from core.publishing.workflow.drafts import (
    get_working_content,
    is_editable,
    list_attachments,
    list_revisions,
    open_correction,
    waits_for_review,
)
from core.publishing.workflow.drafts import take_back as take_back_publication
from core.publishing.workflow.review import list_reviews, may_record, may_review
from core.publishing.workflow.review_plan import find_step
from core.publishing.workflow.withdrawal import (
    LONGEST_REASON,
    approve,
    ask,
    decline,
    find_kind,
    find_open_request,
    get_request,
    list_requests,
    may_ask,
    may_decide,
)
from core.publishing.workflow.withdrawal import take_back as take_back_request
from core.web import params
from core.web.context import Context
from core.web.forms.feature_pages import to_options
from core.web.forms.fields import ChoiceField, TextField, TickField
from core.web.forms.form import Form
from core.web.urls import tenant_url

blueprint = Blueprint("publishing_acts", "core.publishing", template_folder="templates")


@blueprint.get("/<code>/console/publications/<int:id>/")
@staff_page(Action.READ_DRAFTS, publication=load_publication)
def detail(ctx: Context, publication: Publication) -> str:
    """Show a publication with its reviews and the possible actions."""
    return _detail_page(ctx, publication)


def _detail_page(
    ctx: Context,
    publication: Publication,
    typed: Mapping[str, Any] = MappingProxyType({}),
    errors: Mapping[str, str] = MappingProxyType({}),
) -> str:
    asked = find_open_request(ctx.session, publication)
    writes = ctx.may(Action.WRITE_PUBLICATION, organ=publication.organ_id)
    return render_template(
        "publishing/console/detail.html",
        publication=publication,
        article=_article(ctx, publication),
        reviews=list_reviews(ctx.session, publication),
        revisions=list_revisions(ctx.session, publication),
        check_labels=CHECK_LABELS,
        request_labels=REQUEST_LABELS,
        outcome_labels=REQUEST_OUTCOME_LABELS,
        live=publication.state in LIVE,
        may_edit=writes and is_editable(publication),
        may_copy=writes and publication.state in LIVE,
        may_take_back=writes and waits_for_review(publication),
        may_correct=writes and publication.state in LIVE and publication.correction is None,
        may_judge=may_review(ctx.session, ctx.actor, publication),
        may_send_form=waits_for_review(publication)
        and may_record(ctx.actor, publication)
        and find_step(ctx.session, publication).takes_form,
        remarks=list_open_remarks(ctx.session, publication),
        records=show_records(ctx.session, publication),
        withholds=writes and has_to_be_entered(ctx.session, publication),
        may_ask=asked is None and find_kind(publication) and may_ask(ctx.actor, publication),
        asked=asked,
        choices=load_choices(ctx.session, ctx.actor, publication),
        takedowns=list_takedowns(ctx.session, publication),
        may_decide=asked is not None and may_decide(ctx.actor, asked),
        is_asker=asked is not None and asked.asked_by_id == ctx.actor.user_id,
        requests=list_requests(ctx.session, publication),
        wording=_list_wording(ctx, publication) if writes else [],
        personal=list_all_findings(ctx.session, publication),
        writes=writes,
        reviews_here=ctx.may(Action.REVIEW_PUBLICATION, organ=publication.organ_id),
        typed=typed,
        errors=errors,
    )


@blueprint.get("/<code>/console/publications/<int:id>/preview/")
@staff_page(Action.READ_DRAFTS, publication=load_publication)
def preview(ctx: Context, publication: Publication) -> str:
    """Show the page as readers would see it."""
    return render_template(
        "publishing/console/preview.html",
        publication=publication,
        article=_article(ctx, publication),
    )


def _list_wording(ctx: Context, publication: Publication) -> list[ContentFinding]:
    """List the words of a text that is being written that should not stand in it."""
    if not is_editable(publication):
        return []
    content = get_working_content(ctx.session, publication)
    return list(find_wording(ctx.session, ctx.tenant, content))


@blueprint.post("/<code>/console/publications/<int:id>/take-back/")
@staff_page(Action.WRITE_PUBLICATION, publication=load_publication)
def take_back(ctx: Context, publication: Publication) -> Response:
    """Take a publication back from review to edit it."""
    take_back_publication(ctx.session, ctx.actor, publication)
    return redirect(tenant_url("publishing_console.edit", id=publication.id))


@blueprint.post("/<code>/console/publications/<int:id>/correct/")
@staff_page(Action.WRITE_PUBLICATION, publication=load_publication)
def correct(ctx: Context, publication: Publication) -> Response:
    """Open a correction; the published text stays up until it is approved."""
    open_correction(ctx.session, ctx.actor, publication)
    return redirect(tenant_url("publishing_console.edit", id=publication.id))


@blueprint.get("/<code>/console/publications/<int:id>/discard/")
@staff_page(Action.WRITE_PUBLICATION, publication=load_publication)
def confirm_discard(ctx: Context, publication: Publication) -> Any:
    """Ask whether a draft is to be deleted, or a correction given up."""
    del ctx
    if not is_editable(publication):
        return redirect(tenant_url("publishing_acts.detail", id=publication.id))
    return render_template("publishing/console/discard.html", publication=publication)


@blueprint.post("/<code>/console/publications/<int:id>/discard/")
@staff_page(Action.WRITE_PUBLICATION, publication=load_publication)
def discard(ctx: Context, publication: Publication) -> Response:
    """Delete a draft, or give up a correction."""
    published = publication.published_revision is not None
    discard_draft(ctx.session, ctx.actor, publication)
    if published:
        flash(_("The correction was given up."))
        return redirect(tenant_url("publishing_acts.detail", id=publication.id))
    flash(_("The draft was deleted."))
    return redirect(tenant_url("publishing_console.index"))


class RequestForm(Form):
    """Why a text is to be taken down, or put back, and that this is meant."""

    reason = TextField(LONGEST_REASON, required=_l("Say why."))
    ground = ChoiceField(WITHDRAWAL_GROUNDS, default="other")
    confirm = TickField()

    def check(self, values: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
        """Ask for the tick."""
        if not values["confirm"]:
            yield "confirm", _("Tick this to say that you mean it.")


class RequestDecisionForm(Form):
    """What a second person decides on a request."""

    act = ChoiceField(
        ("approve", "decline", "take_back"), required=_l("Choose what is to be done.")
    )
    note = TextField(LONGEST_REASON)


def load_request(ctx: Context, publication: Publication, number: int) -> PublicationRequest:
    """Load a request about the publication; raises `NotFound`."""
    return get_request(ctx.session, publication, number)


@blueprint.get("/<code>/console/publications/<int:id>/withdraw/")
@staff_page(Action.READ_DRAFTS, publication=load_publication)
def withdraw(ctx: Context, publication: Publication) -> Any:
    """Show the form that asks for a withdrawal, or for the text to be put back."""
    if find_kind(publication) is None or find_open_request(ctx.session, publication):
        return redirect(tenant_url("publishing_acts.detail", id=publication.id))
    return _request_page(publication, {}, {})


@blueprint.post("/<code>/console/publications/<int:id>/withdraw/")
@staff_page(Action.READ_DRAFTS, publication=load_publication)
def request_withdrawal(ctx: Context, publication: Publication) -> Any:
    """Ask for it, with a reason and a tick; another person decides."""
    form = RequestForm.read()
    if not form.ok:
        return _request_page(publication, form.typed, form.errors), 422
    ask(ctx.session, ctx.actor, publication, form.values["reason"], form.values["ground"])
    flash(_("Asked for. A second person decides; until then nothing changes."), "success")
    return redirect(tenant_url("publishing_acts.detail", id=publication.id))


@blueprint.post("/<code>/console/publications/<int:id>/requests/<int:number>/")
@staff_page(Action.READ_DRAFTS, publication=load_publication, asked=load_request)
def decide(ctx: Context, publication: Publication, asked: PublicationRequest) -> Any:
    """Approve or decline what somebody else has asked for, or take back one's own request."""
    form = RequestDecisionForm.read()
    try:
        _decide(ctx, asked, **form.require())
    except Invalid as error:
        return _detail_page(ctx, publication, form.typed, error.fields), error.status
    return redirect(tenant_url("publishing_acts.detail", id=publication.id))


def _decide(ctx: Context, asked: PublicationRequest, act: str, note: str) -> None:
    if act == "approve":
        approve(ctx.session, ctx.actor, asked)
        done = asked.kind == RequestKind.WITHDRAW
        flash(_("Withdrawn.") if done else _("It is public again."), "success")
    elif act == "decline":
        decline(ctx.session, ctx.actor, asked, note)
        flash(_("Declined; nothing changes."), "success")
    else:
        take_back_request(ctx.session, ctx.actor, asked)
        flash(_("The request was taken back."))


class FindingDecisionForm(Form):
    """What becomes of personal data that is public: kept by one person, confirmed by another."""

    act = ChoiceField(("keep", "confirm"), required=_l("Choose what is to be done."))
    reason = TextField(LONGEST_REASON, required=_l("Say why."))


def load_finding(ctx: Context, publication: Publication, number: int) -> PublicationFinding:
    """Load a finding of the publication; raises `NotFound`."""
    return get_finding(ctx.session, publication, number)


@blueprint.post("/<code>/console/publications/<int:id>/findings/<int:number>/")
@staff_page(Action.READ_DRAFTS, publication=load_publication, finding=load_finding)
def decide_finding(ctx: Context, publication: Publication, finding: PublicationFinding) -> Any:
    """Keep personal data of a text that is or was public, or confirm that it is kept."""
    form = FindingDecisionForm.read()
    try:
        values = form.require()
        decide_on = confirm_finding if values["act"] == "confirm" else keep_finding
        decide_on(ctx.session, ctx.actor, publication, finding, values["reason"])
    except Invalid as error:
        errors = {f"finding-{finding.id}": message for message in error.fields.values()}
        return _detail_page(ctx, publication, form.typed, errors), error.status
    return redirect(tenant_url("publishing_acts.detail", id=publication.id))


def _request_page(
    publication: Publication, typed: Mapping[str, Any], errors: Mapping[str, str]
) -> str:
    return render_template(
        "publishing/console/withdraw.html",
        publication=publication,
        restores=publication.state == PublicationState.WITHDRAWN,
        grounds=to_options(GROUND_LABELS),
        typed=typed,
        errors=errors,
    )


def _article(ctx: Context, publication: Publication) -> Article:
    content = get_working_content(ctx.session, publication)
    files = list_attachments(ctx.session, publication)
    article = build_article(ctx.session, ctx.tenant, publication, content, files)
    return article.on_page(params.page_number())
