"""Staff pages beside a review: forms that were signed on paper, and remarks dealt with."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from core.accounts.access import staff_page
from core.catalog.effective import effective_catalog
from core.catalog.labels import item_title
from core.errors import Invalid, NotFound
from core.permissions import Action
from core.publishing.files.serving import send_picture
from core.publishing.files.validation import SHOWN_INLINE, CheckedFile, check_file
from core.publishing.models import Publication, Review
from core.publishing.queries import load_publication
from core.publishing.records.shown import show_records
from core.publishing.reviewing.form_sheet import print_form
from core.publishing.reviewing.models import PassageRemark
from core.publishing.reviewing.remarks import get_remark, settle_remark
from core.publishing.workflow.drafts import get_working_content, waits_for_review
from core.publishing.workflow.review import SignedForm, pass_by_form, require_recorder
from core.publishing.workflow.review_plan import find_step
from core.settings import current_settings
from core.storage.files import current_files
from core.tenancy.models import Organ
from core.web.context import Context
from core.web.files.downloads import send_download
from core.web.forms.fields import DayField, FileField, LineField, NumberField
from core.web.forms.form import Form
from core.web.urls import tenant_url

blueprint = Blueprint("publishing_reviewing", "core.publishing", template_folder="templates")
PDF_TYPE = "application/pdf"


class SignedFormForm(Form):
    """Who signed which version, when, and the scan."""

    revision = NumberField(0, 10**9)
    signed_by = LineField(64, required=_l("Enter who signed it."))
    signed_on = DayField(required=_l("Enter the day on the form."))
    scan = FileField(required=_l("Choose the scan or a photograph of the signed form."))


def load_remark(ctx: Context, publication: Publication, number: int) -> PassageRemark:
    """Load a remark on the publication; raises `NotFound`."""
    return get_remark(ctx, publication, number)


@blueprint.post("/<code>/console/publications/<int:id>/remarks/<int:number>/settle/")
@staff_page(Action.READ_DRAFTS, publication=load_publication, remark=load_remark)
def settle(ctx: Context, publication: Publication, remark: PassageRemark) -> Any:
    """Mark a remark as dealt with."""
    settle_remark(ctx, publication, remark)
    flash(_("Done."), "success")
    waits = waits_for_review(publication) and ctx.may(
        Action.REVIEW_PUBLICATION, organ=publication.organ_id
    )
    page = "publishing_review.review" if waits else "publishing_acts.detail"
    return redirect(tenant_url(page, id=publication.id))


@blueprint.get("/<code>/console/publications/<int:id>/signed-form/")
@staff_page(Action.READ_DRAFTS, publication=load_publication)
def signed_form(ctx: Context, publication: Publication) -> Any:
    """Show where the scan of a signed form is sent."""
    require_recorder(ctx.actor, publication)
    if not waits_for_review(publication):
        return redirect(tenant_url("publishing_acts.detail", id=publication.id))
    return _form_page(ctx, publication, SignedFormForm.show({}), {})


@blueprint.post("/<code>/console/publications/<int:id>/signed-form/")
@staff_page(Action.READ_DRAFTS, publication=load_publication)
def send_form(ctx: Context, publication: Publication) -> Any:
    """Pass the step by a signed form."""
    form = SignedFormForm.read()
    try:
        _pass(ctx, publication, form.require())
    except Invalid as error:
        return _form_page(ctx, publication, form.typed, error.fields), error.status
    waits = waits_for_review(publication)
    flash(_("Passed; it waits for the next reviewer.") if waits else _("Passed and published."))
    return redirect(tenant_url("publishing_acts.detail", id=publication.id))


def _pass(ctx: Context, publication: Publication, values: Mapping[str, Any]) -> None:
    if values["revision"] != publication.revision:
        raise Invalid({"scan": _("The text has been changed since this form was opened.")})
    file = _check_scan(values["scan"])
    signed = SignedForm(
        values["signed_by"], values["signed_on"], current_files().put(file.data), file.media_type
    )
    pass_by_form(ctx.session, ctx.actor, publication, signed)


def _check_scan(sent: Any) -> CheckedFile:
    try:
        most = current_settings().max_upload_bytes
        file = check_file(sent.filename, sent.read(), most_bytes=most)
    except Invalid as error:
        raise Invalid({"scan": error.fields["file"]}) from error
    if file.media_type not in SHOWN_INLINE:
        raise Invalid({"scan": _("Send a photograph or a PDF.")})
    return file


@blueprint.get("/<code>/console/publications/<int:id>/signed-form.pdf")
@staff_page(Action.READ_DRAFTS, publication=load_publication)
def blank_form(ctx: Context, publication: Publication) -> Response:
    """Send the form of the step to print and sign."""
    content = get_working_content(ctx.session, publication)
    organ = ctx.session.get(Organ, content.organ_id) if content.organ_id else None
    item = effective_catalog(ctx.session, ctx.tenant).catalog.items.get(content.item_id or "")
    data = print_form(
        publication,
        content,
        find_step(ctx.session, publication),
        records=show_records(ctx.session, publication),
        organ=organ.name if organ else ctx.tenant.name,
        item=item_title(item) if item else "",
        url=tenant_url("publishing_reviewing.signed_form", id=publication.id, _external=True),
    )
    name = _("Form to sign")
    return send_download(data, PDF_TYPE, f"{name} {content.title}.pdf")


@blueprint.get("/<code>/console/publications/<int:id>/reviews/<int:number>/scan/")
@staff_page(Action.READ_DRAFTS, publication=load_publication)
def scan(ctx: Context, publication: Publication, number: int) -> Response:
    """Send the scan of a signed form."""
    query = select(Review).where(Review.id == number, Review.publication_id == publication.id)
    review = ctx.session.scalar(query)
    if review is None or review.scan_sha256 is None:
        raise NotFound(where=str(number))
    return send_picture(review.scan_sha256, review.scan_type or PDF_TYPE, public=False)


def _form_page(
    ctx: Context, publication: Publication, typed: Mapping[str, Any], errors: Mapping[str, str]
) -> str:
    return render_template(
        "publishing/console/signed_form.html",
        publication=publication,
        content=get_working_content(ctx.session, publication),
        step=find_step(ctx.session, publication),
        typed=typed,
        errors=errors,
        accepted=",".join(sorted(SHOWN_INLINE)),
    )
