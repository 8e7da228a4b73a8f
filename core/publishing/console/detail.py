"""Staff pages of one publication: its state, its preview, and the actions on it."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.accounts.access import staff_page
from core.errors import Invalid
from core.permissions import Action
from core.publishing.article import Article, build_article
from core.publishing.labels import CHECK_LABELS
from core.publishing.models import Publication
from core.publishing.queries import load_publication
from core.publishing.rules import LIVE
from core.publishing.workflow.drafts import discard as discard_publication
from core.publishing.workflow.drafts import (
    get_working_content,
    is_editable,
    list_attachments,
    list_revisions,
    open_correction,
    waits_for_review,
)
from core.publishing.workflow.drafts import take_back as take_back_publication
from core.publishing.workflow.publish import withdraw as withdraw_publication
from core.publishing.workflow.review import list_reviews, may_review
from core.web.context import Context
from core.web.forms.fields import TextField
from core.web.forms.form import Form
from core.web.urls import tenant_url

blueprint = Blueprint("publishing_acts", "core.publishing", template_folder="templates")


class WithdrawalForm(Form):
    """Why a publication is withdrawn."""

    reason = TextField(2_000)


@blueprint.get("/<code>/console/publications/<int:id>/")
@staff_page(Action.READ_DRAFTS, publication=load_publication)
def detail(ctx: Context, publication: Publication) -> str:
    """Show a publication with its reviews and the possible actions."""
    writes = ctx.may(Action.WRITE_PUBLICATION, organ=publication.organ_id)
    return render_template(
        "publishing/console/detail.html",
        publication=publication,
        article=_article(ctx, publication),
        reviews=list_reviews(ctx.session, publication),
        revisions=list_revisions(ctx.session, publication),
        check_labels=CHECK_LABELS,
        live=publication.state in LIVE,
        may_edit=writes and is_editable(publication),
        may_take_back=writes and waits_for_review(publication),
        may_correct=writes and publication.state in LIVE and publication.correction is None,
        may_judge=may_review(ctx.session, ctx.actor, publication),
        may_withdraw=publication.state in LIVE and _may_withdraw(ctx),
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


@blueprint.post("/<code>/console/publications/<int:id>/discard/")
@staff_page(Action.WRITE_PUBLICATION, publication=load_publication)
def discard(ctx: Context, publication: Publication) -> Response:
    """Delete a draft, or give up a correction."""
    published = publication.published_revision is not None
    discard_publication(ctx.session, ctx.actor, publication)
    if published:
        flash(_("The correction was given up."))
        return redirect(tenant_url("publishing_acts.detail", id=publication.id))
    flash(_("The draft was deleted."))
    return redirect(tenant_url("publishing_console.index"))


@blueprint.route("/<code>/console/publications/<int:id>/withdraw/", methods=("GET", "POST"))
@staff_page(Action.READ_DRAFTS, publication=load_publication)
def withdraw(ctx: Context, publication: Publication) -> Any:
    """Withdraw a publication, with a reason that is stored and not shown."""
    form = WithdrawalForm.read() if request.method == "POST" else WithdrawalForm.blank()
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            withdraw_publication(ctx.session, ctx.actor, publication, form.require()["reason"])
        except Invalid as error:
            errors = error.fields
        else:
            flash(_("Withdrawn."), "success")
            return redirect(tenant_url("publishing_acts.detail", id=publication.id))
    page = render_template(
        "publishing/console/withdraw.html",
        publication=publication,
        reason=form.typed["reason"],
        errors=errors,
    )
    return page, 422 if errors else 200


def _may_withdraw(ctx: Context) -> bool:
    return ctx.may(Action.WRITE_PUBLICATION) or ctx.may(Action.REVIEW_PUBLICATION)


def _article(ctx: Context, publication: Publication) -> Article:
    content = get_working_content(ctx.session, publication)
    files = list_attachments(ctx.session, publication)
    return build_article(ctx.session, ctx.tenant, publication, content, files)
