"""Staff pages of reviewers: the queue, and one publication beside its published version."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.accounts.access import staff_page
from core.accounts.staff_menu import StaffLink, contribute
from core.catalog.effective import effective_catalog
from core.catalog.labels import format_value, item_title
from core.clock import today
from core.db.scope import Reach
from core.errors import Conflict, Invalid
from core.permissions import Action, allowed
from core.publishing.article import build_article
from core.publishing.console.queries import list_requests_to_decide
from core.publishing.content import Content
from core.publishing.guard.decisions import LONGEST_REASON, list_decisions
from core.publishing.guard.marks import mark_text
from core.publishing.guard.service import list_findings
from core.publishing.guard.settings.rules import load_rules
from core.publishing.guard.settings.wording import find_wording
from core.publishing.labels import CHECK_LABELS, DAY_LABELS, REQUEST_LABELS
from core.publishing.models import Publication
from core.publishing.queries import load_publication
from core.publishing.records.shown import show_records
from core.publishing.reviewing.models import LONGEST_PASSAGE, LONGEST_REMARK
from core.publishing.reviewing.queue import list_waiting, list_waiting_below
from core.publishing.reviewing.remarks import (
    add_remark,
    find_reviewed_content,
    list_open_remarks,
    mark_new_lines,
    mark_passages,
)
from core.publishing.rules import CHECKS
from core.publishing.takedown.service import list_to_decide
from core.publishing.workflow.diff import find_problems, list_changes
from core.publishing.workflow.drafts import (
    get_published_content,
    get_working_content,
    list_attachments,
    waits_for_review,
)
from core.publishing.workflow.review import (
    list_reviews,
    may_review,
    pass_review,
    return_for_changes,
)
from core.publishing.workflow.review_plan import find_step, load_steps
from core.web import params
from core.web.context import Context
from core.web.forms.fields import KeyedField, LineField, NumberField, TextField, TickedField
from core.web.forms.form import Form
from core.web.urls import tenant_url

blueprint = Blueprint("publishing_review", "core.publishing", template_folder="templates")
contribute(
    blueprint,
    links=[
        StaffLink(
            "reviews", _l("Publishing"), _l("To review"), "publishing_review.queue",
            Action.REVIEW_PUBLICATION,
        )
    ],
)  # fmt: skip


class RemarkForm(Form):
    """A remark on a passage, or on the whole where none is named."""

    passage = LineField(LONGEST_PASSAGE)
    remark = TextField(LONGEST_REMARK, required=_l("Say what is to be changed here."))


class ReviewForm(Form):
    """What a reviewer says of the revision that was read."""

    revision = NumberField(0, 10**9)
    comment = TextField(2_000)
    checks = TickedField()
    act = LineField(20)
    finding = KeyedField(LONGEST_REASON)


@blueprint.get("/<code>/console/reviews/")
@staff_page(Action.REVIEW_PUBLICATION, reach=Reach.SUBTREE, per_organ=True)
def queue(ctx: Context) -> str:
    """List what waits for review here, for a township also in its villages."""
    waiting = list_waiting(ctx.session, ctx.tenant, ctx.actor)
    return render_template(
        "publishing/console/queue.html",
        others=[row for row in waiting if not row.own],
        own=[row for row in waiting if row.own],
        below=list_waiting_below(ctx.session, ctx.tenant),
        takedowns=list_to_decide(ctx.session, ctx.tenant, ctx.actor),
        requests=list_requests_to_decide(ctx.session, ctx.tenant, ctx.actor),
        request_labels=REQUEST_LABELS,
    )


@blueprint.route("/<code>/console/publications/<int:id>/review/", methods=("GET", "POST"))
@staff_page(Action.REVIEW_PUBLICATION, publication=load_publication)
def review(ctx: Context, publication: Publication) -> Any:
    """Show findings, text and checks; pass the publication, or return it with a reason."""
    if request.method == "GET":
        if not waits_for_review(publication):
            return redirect(tenant_url("publishing_acts.detail", id=publication.id))
        return _page(ctx, publication, {}, ReviewForm.show({}))
    form = ReviewForm.read()
    try:
        _judge(ctx, publication, form.require())
    except (Invalid, Conflict) as error:
        fields = error.fields if isinstance(error, Invalid) else {"comment": error.message}
        return _page(ctx, publication, fields, form.typed), error.status
    return redirect(_back_to_queue(ctx))


@blueprint.post("/<code>/console/publications/<int:id>/remarks/")
@staff_page(Action.REVIEW_PUBLICATION, publication=load_publication)
def remark(ctx: Context, publication: Publication) -> Any:
    """Remark on a passage of what waits for review."""
    form = RemarkForm.read()
    if not waits_for_review(publication):
        raise Conflict(_("This is not waiting for review."))
    try:
        add_remark(ctx, publication, **form.require())
    except Invalid as error:
        return _page(ctx, publication, error.fields, form.typed), error.status
    return redirect(tenant_url("publishing_review.review", id=publication.id) + "#remarks")


def _judge(ctx: Context, publication: Publication, values: Mapping[str, Any]) -> None:
    if values["revision"] != publication.revision:
        raise Conflict(_("The text has been changed since you read it. Read it again."))
    comment = values["comment"]
    checks = {name: name in values["checks"] for name in CHECKS}
    if values["act"] == "return":
        if not comment.strip() and list_open_remarks(ctx.session, publication):
            comment = _("See the remarks on the text.")
        return_for_changes(ctx.session, ctx.actor, publication, comment, checks)
        flash(_("Returned to its author."), "success")
        return
    typed = values["finding"].items()
    reasons = {int(key): text for key, text in typed if key.isdecimal() and len(key) < 10}
    pass_review(ctx.session, ctx.actor, publication, checks, comment, reasons=reasons)
    if waits_for_review(publication):
        flash(_("Passed; it waits for the next reviewer."), "success")
    else:
        flash(_("Passed and published."), "success")


def _back_to_queue(ctx: Context) -> str:
    """Return the address of the reviewer's queue: the township's for a village without one."""
    tenant = ctx.tenant
    parent = tenant.parent if tenant.level == "village" else None
    if parent is not None and allowed(ctx.actor, Action.REVIEW_PUBLICATION, parent):
        return tenant_url("publishing_review.queue", parent)
    return tenant_url("publishing_review.queue", tenant)


def _page(
    ctx: Context, publication: Publication, errors: dict[str, str], typed: Mapping[str, Any]
) -> str:
    content = get_working_content(ctx.session, publication)
    files = list_attachments(ctx.session, publication)
    article = build_article(ctx.session, ctx.tenant, publication, content, files)
    personal = list_findings(ctx.session, publication)
    if personal:
        marked = mark_text(article.body, load_rules(ctx.session, ctx.tenant, content.item_id))
        article = replace(article, body=marked)
    before = (
        get_published_content(ctx.session, publication) if publication.published_revision else None
    )
    seen = find_reviewed_content(ctx.session, publication)
    remarks = list_open_remarks(ctx.session, publication)
    text = mark_passages(article.body, remarks)
    if seen is not None:
        text = mark_new_lines(text, seen, content)
    steps = load_steps(ctx.session, ctx.tenant)
    return render_template(
        "publishing/console/review.html",
        publication=publication,
        personal=personal,
        decisions=list_decisions(ctx.session, publication),
        content=content,
        article=replace(article.on_page(params.page_number()), body=text),
        found=[
            *find_problems(content, today()),
            *find_wording(ctx.session, ctx.tenant, content),
        ],
        changes=list_changes(before, content) if before else [],
        since=list_changes(seen, content) if seen else [],
        elements=_elements(ctx, content),
        remarks=remarks,
        records=show_records(ctx.session, publication),
        reviews=list_reviews(ctx.session, publication),
        step=find_step(ctx.session, publication),
        steps=len(steps),
        checks=[{"value": name, "label": CHECK_LABELS[name]} for name in CHECKS],
        check_labels=CHECK_LABELS,
        day_labels=DAY_LABELS,
        may_judge=may_review(ctx.session, ctx.actor, publication),
        errors=errors,
        typed=typed,
    )


def _elements(ctx: Context, content: Content) -> Any:
    """Return the content elements that the catalog item asks for."""
    catalog = effective_catalog(ctx.session, ctx.tenant).catalog
    item = catalog.items.get(content.item_id or "")
    if item is None:
        return None
    return {
        "name": item_title(item),
        "elements": format_value("content_elements", item.fields.get("content_elements")),
    }
