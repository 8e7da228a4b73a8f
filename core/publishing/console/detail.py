"""Staff pages of one publication: its state, its preview, and the actions on it."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.accounts.access import current_actor, staff_page
from core.accounts.permissions import Action, allowed
from core.errors import Invalid
from core.publishing.article import Article, build_article
from core.publishing.console.queries import get_publication
from core.publishing.content import Content
from core.publishing.labels import CHECK_LABELS
from core.publishing.models import Publication
from core.publishing.rules import LIVE
from core.publishing.workflow.drafts import (
    attachments_of,
    get_working_content,
    is_editable,
    list_revisions,
    open_correction,
    waits_for_review,
)
from core.publishing.workflow.drafts import discard as discard_publication
from core.publishing.workflow.drafts import take_back as take_back_publication
from core.publishing.workflow.publish import withdraw as withdraw_publication
from core.publishing.workflow.review import list_reviews, may_review
from core.web.request import current_tenant, session
from core.web.urls import tenant_url

blueprint = Blueprint("publishing_acts", "core.publishing", template_folder="templates")


@blueprint.get("/<code>/console/publications/<int:id>/")
@staff_page(Action.VIEW_CONSOLE)
def detail(id: int) -> str:  # noqa: A002 - the name that addresses use
    """Show a publication with its reviews and the possible actions."""
    publication = get_publication(session(), current_tenant(), id)
    actor, tenant = current_actor(), current_tenant()
    writes = allowed(actor, Action.WRITE_PUBLICATION, tenant)
    return render_template(
        "publishing/console/detail.html",
        publication=publication,
        article=_article(publication),
        reviews=list_reviews(session(), publication),
        revisions=list_revisions(session(), publication),
        check_labels=CHECK_LABELS,
        live=publication.state in LIVE,
        may_edit=writes and is_editable(publication),
        may_take_back=writes and waits_for_review(publication),
        may_correct=writes and publication.state in LIVE and publication.correction is None,
        may_judge=may_review(session(), actor, publication),
        may_withdraw=publication.state in LIVE and _may_withdraw(),
    )


@blueprint.get("/<code>/console/publications/<int:id>/preview/")
@staff_page(Action.VIEW_CONSOLE)
def preview(id: int) -> str:  # noqa: A002 - the name that addresses use
    """Show the page as readers would see it."""
    publication = get_publication(session(), current_tenant(), id)
    return render_template(
        "publishing/console/preview.html",
        publication=publication,
        article=_article(publication),
    )


@blueprint.post("/<code>/console/publications/<int:id>/take-back/")
@staff_page(Action.WRITE_PUBLICATION)
def take_back(id: int) -> Response:  # noqa: A002 - the name that addresses use
    """Take a publication back from review to edit it."""
    publication = get_publication(session(), current_tenant(), id)
    take_back_publication(session(), current_actor(), publication)
    return redirect(tenant_url("publishing_console.edit", id=id))


@blueprint.post("/<code>/console/publications/<int:id>/correct/")
@staff_page(Action.WRITE_PUBLICATION)
def correct(id: int) -> Response:  # noqa: A002 - the name that addresses use
    """Open a correction; the published text stays up until it is approved."""
    publication = get_publication(session(), current_tenant(), id)
    open_correction(session(), current_actor(), publication)
    return redirect(tenant_url("publishing_console.edit", id=id))


@blueprint.post("/<code>/console/publications/<int:id>/discard/")
@staff_page(Action.WRITE_PUBLICATION)
def discard(id: int) -> Response:  # noqa: A002 - the name that addresses use
    """Delete a draft, or give up a correction."""
    publication = get_publication(session(), current_tenant(), id)
    published = publication.published_revision is not None
    discard_publication(session(), current_actor(), publication)
    if published:
        flash(_("The correction was given up."))
        return redirect(tenant_url("publishing_acts.detail", id=id))
    flash(_("The draft was deleted."))
    return redirect(tenant_url("publishing_console.index"))


@blueprint.route("/<code>/console/publications/<int:id>/withdraw/", methods=("GET", "POST"))
@staff_page(Action.VIEW_CONSOLE)
def withdraw(id: int) -> Any:  # noqa: A002 - the name that addresses use
    """Withdraw a publication, with a reason that is stored and not shown."""
    publication = get_publication(session(), current_tenant(), id)
    reason = request.form.get("reason", "")
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            withdraw_publication(session(), current_actor(), publication, reason)
        except Invalid as error:
            errors = error.fields
        else:
            flash(_("Withdrawn."), "success")
            return redirect(tenant_url("publishing_acts.detail", id=id))
    page = render_template(
        "publishing/console/withdraw.html",
        publication=publication,
        reason=reason,
        errors=errors,
    )
    return page, 422 if errors else 200


def _may_withdraw() -> bool:
    actor, tenant = current_actor(), current_tenant()
    return allowed(actor, Action.WRITE_PUBLICATION, tenant) or allowed(
        actor, Action.REVIEW_PUBLICATION, tenant
    )


def _article(publication: Publication, content: Content | None = None) -> Article:
    content = content or get_working_content(session(), publication)
    files = attachments_of(session(), publication)
    return build_article(session(), current_tenant(), publication, content, files)
