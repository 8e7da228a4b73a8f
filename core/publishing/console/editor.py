"""Staff pages on which publications are written: the list, the choice of an item, the form."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask import Blueprint, flash, redirect, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from core.accounts.access import staff_page
from core.accounts.staff_menu import StaffLink, contribute
from core.catalog.domain.inheritance import EffectiveItem
from core.catalog.effective import effective_catalog
from core.catalog.labels import format_value, item_title
from core.clock import today
from core.errors import Conflict, Invalid
from core.permissions import Action, forbidden_at
from core.publishing.article import list_shown_files
from core.publishing.body.convert import LONGEST_BODY
from core.publishing.console.editing.word_import import import_into, place_pictures
from core.publishing.console.forms import (
    SavingForm,
    TypedContent,
    UploadedFiles,
    check_sent,
    only_looks,
    read_form,
    shows_again,
    to_typed,
)
from core.publishing.console.item_choice import find_preset_organ, group_choices, list_choices
from core.publishing.console.queries import (
    find_sent_before,
    tasks,
)
from core.publishing.console.text_preview import build_preview, is_confirmed
from core.publishing.console.unsaved import forget_work, prepare_work, take_work
from core.publishing.content import Content
from core.publishing.drafting.beginning import (
    begin_with_template,
    compare_with_last_period,
    find_item_template,
)
from core.publishing.files.validation import ACCEPTED, ACCEPTED_PICTURES
from core.publishing.guard.files import read_new_files
from core.publishing.guard.form import (
    change_file,
    change_texts,
    describe_act,
    find_shown,
    keep_found,
    mask_sent_file,
    read_finding_act,
)
from core.publishing.guard.labels import HANDLING_LABELS, describe_field, describe_finding
from core.publishing.guard.service import find_undecided
from core.publishing.labels import DAY_LABELS, VALIDITY_LABELS, state_tags
from core.publishing.lists.editing import ListEdit, edit_list, find_submit_error
from core.publishing.lists.findings import TYPE_LABELS
from core.publishing.lists.reading.body_table import has_table
from core.publishing.models import Publication
from core.publishing.queries import Wanted, load_publication, published
from core.publishing.records.form import keep_records, prepare_records
from core.publishing.reviewing.remarks import list_open_remarks
from core.publishing.vocabulary import INTERPRETATION, POLICIES, THEMES, find_genre, genres_for
from core.publishing.workflow.drafts import (
    create_publication,
    get_working_content,
    is_editable,
    list_attachments,
    save_content,
    submit,
)
from core.publishing.workflow.references import find_wrong_references
from core.publishing.workflow.review import find_return
from core.search.registry import search_engine
from core.settings import current_settings
from core.storage.files import current_files
from core.tenancy.models import Organ
from core.tenancy.service import publishing_organs
from core.web import params
from core.web.access import keep_changes
from core.web.context import Context
from core.web.forms.form import Errors
from core.web.forms.kept import require_version
from core.web.paging import paginate_rows
from core.web.urls import tenant_url

blueprint = Blueprint("publishing_console", "core.publishing", template_folder="templates")

_GROUP = _l("Publishing")
contribute(
    blueprint,
    tasks=[tasks],
    links=[
        StaffLink(
            "publications", _GROUP, _l("Publications"), "publishing_console.index",
            Action.READ_DRAFTS,
        ),
        StaffLink(
            "publications-new", _GROUP, _l("New publication"), "publishing_console.choose",
            Action.WRITE_PUBLICATION, quick=_l("Publish something"),
        ),
    ],
)  # fmt: skip

MOST_POLICIES = 100
CHOICES_ON_A_PAGE = 100


blueprint.add_app_template_filter(state_tags, "publication_tags")
blueprint.add_app_template_filter(describe_finding, "finding_text")
blueprint.add_app_template_filter(describe_field, "finding_field")
blueprint.add_app_template_filter(HANDLING_LABELS.__getitem__, "finding_handling")


@blueprint.get("/<code>/console/publications/new/")
@staff_page(Action.WRITE_PUBLICATION, per_organ=True)
def choose(ctx: Context) -> str:
    """Choose the catalog item that the publication serves, with a search."""
    asked = params.text("q", 50)
    catalog = effective_catalog(ctx.session, ctx.tenant).catalog
    lexicon = search_engine().vocabulary.words(ctx.session, ctx.tenant)
    found = list_choices(catalog, ctx.tenant.level, asked, lexicon)
    page = paginate_rows(found, params.page_number(), CHOICES_ON_A_PAGE)
    groups = group_choices(catalog, page.rows)
    return render_template("publishing/console/choose.html", asked=asked, page=page, groups=groups)


@blueprint.get("/<code>/console/publications/new/form/")
@staff_page(Action.WRITE_PUBLICATION, per_organ=True)
def new(ctx: Context) -> str:
    """Show an empty form for the chosen item."""
    item_id = params.text("item") or None
    item = _item(ctx, item_id) if item_id else None
    organ = find_preset_organ(item, _list_organs(ctx))
    content = Content(
        item_id=item_id,
        organ_id=organ.id,
        formed_on=today(),
        genre=find_genre(ctx.tenant.kind, item_title(item) if item else ""),
    )
    content = begin_with_template(ctx, content, organ.name)
    return _form(ctx, None, content, take_work(ctx, to_typed(content)), {})


@blueprint.post("/<code>/console/publications/")
@staff_page(Action.WRITE_PUBLICATION, per_organ=True)
def create(ctx: Context) -> Any:
    """Store the form as a draft even if parts are invalid; then show the errors."""
    draft = _read(ctx, Content(organ_id=_preset_organ(ctx)))
    if only_looks():
        return _look(ctx, None, draft.content, draft, stored=False)
    twin = find_sent_before(ctx.session, ctx.tenant, ctx.actor, draft.content)
    if twin is not None and draft.content.title:
        return _to_detail(twin)
    publication = create_publication(
        ctx.session, ctx.actor, ctx.tenant, draft.content, handled=draft.handled
    )
    return _save(ctx, publication, draft, get_working_content(ctx.session, publication))


@blueprint.get("/<code>/console/publications/<int:id>/edit/")
@staff_page(Action.WRITE_PUBLICATION, publication=load_publication)
def edit(ctx: Context, publication: Publication) -> Any:
    """Show the form with the content of the newest revision."""
    if not is_editable(publication):
        return _to_detail(publication)
    content = get_working_content(ctx.session, publication)
    return _form(ctx, publication, content, take_work(ctx, to_typed(content)), {})


@blueprint.post("/<code>/console/publications/<int:id>/edit/")
@staff_page(Action.WRITE_PUBLICATION, publication=load_publication)
def save(ctx: Context, publication: Publication) -> Any:
    """Save the form, and submit it for review if that was asked for."""
    if not is_editable(publication):
        raise Conflict(_("This publication cannot be edited now."))
    before = get_working_content(ctx.session, publication)
    draft = _read(ctx, before)
    if only_looks():
        return _look(ctx, publication, draft.content, draft, stored=False)
    require_version(publication.version)
    return _save(ctx, publication, draft, before)


def _list_organs(ctx: Context) -> list[Organ]:
    """List the organs in whose name the person may publish here; raises `Forbidden` for none."""
    scope = ctx.scope(Action.WRITE_PUBLICATION)
    organs = [organ for organ in publishing_organs(ctx.session, ctx.tenant) if organ.id in scope]
    if not organs:
        raise forbidden_at(ctx.tenant)
    return organs


def _preset_organ(ctx: Context) -> int | None:
    """Return the organ of a form that names none: that of a person who writes for one only."""
    whole = ctx.scope(Action.WRITE_PUBLICATION).everything
    return None if whole else _list_organs(ctx)[0].id


def _read(ctx: Context, before: Content) -> TypedContent:
    organ_ids = [organ.id for organ in _list_organs(ctx)]
    draft = read_form(before, organ_ids=organ_ids)
    item_id = draft.content.item_id
    if item_id and _item(ctx, item_id) is None:
        draft.errors["item_id"] = _("The catalog has no item %(id)s.", id=item_id)
        draft.content = replace(draft.content, item_id=before.item_id, domain=before.domain)
    if draft.content.interprets != before.interprets:
        wrong = find_wrong_references(ctx.session, ctx.tenant, None, draft.content)
        if "interprets" in wrong:
            draft.errors["interprets"] = wrong["interprets"]
            draft.content = replace(draft.content, interprets=before.interprets)
    template = find_item_template(ctx, draft.content.item_id)
    draft.list = edit_list(before.list_data, draft.content.body_source, template)
    draft.errors |= draft.list.errors
    draft.content = replace(draft.content, list_data=draft.list.data)
    if draft.list.body is not None:
        draft.content = replace(draft.content, body_source=draft.list.body)
        draft.typed["body"] = draft.list.body
    # Before anything is written: while a picture is decoded, nobody else waits for the database.
    most = current_settings().max_upload_bytes
    draft.files, refused = check_sent(SavingForm.read().values, most)
    draft.errors |= refused
    import_into(draft, most)
    read_new_files(ctx.session, ctx.tenant, draft.files, draft.content.item_id)
    draft.act = read_finding_act()
    if draft.act is not None:
        draft.content, draft.handled = change_texts(ctx, draft.act, draft.content, draft.typed)
        draft.list.data = draft.content.list_data
        try:
            draft.masked = mask_sent_file(ctx, draft.act, before)
        except Invalid as error:
            draft.errors |= error.fields
    return draft


def _save(ctx: Context, publication: Publication, draft: TypedContent, before: Content) -> Any:
    saving = SavingForm.read()
    content = _with_files(ctx, publication, draft)
    if draft.handled is None:
        content, draft.handled = change_file(ctx, publication, draft.act, content, draft.masked)
    draft.errors |= saving.errors
    is_submitted = saving.values["act"] == "submit"
    if is_submitted and not is_confirmed(draft.typed, saving.values, content.file_ids):
        draft.errors["body"] = _("Look at the text as it will be shown below, then hand it in.")
    if is_submitted and (message := find_submit_error(draft.list)):
        draft.errors.setdefault("list_data", message)
    try:
        content = save_content(
            ctx.session, ctx.actor, publication, content, note=saving.values["note"],
            before=before, handled=draft.handled,
        )  # fmt: skip
        keep_found(ctx, draft.act, publication)
        keep_records(ctx, publication, is_submitted=is_submitted)
        if is_submitted and not draft.errors:
            submit(ctx.session, ctx.actor, publication, content)
            flash(_("Handed in for review."), "success")
            forget_work(ctx, publication)
            return _to_detail(publication)
    except Invalid as error:
        draft.errors |= error.fields
    if draft.errors:
        keep_changes()
        return _form(ctx, publication, content, _typed(draft), draft.errors), 422
    if shows_again(saving.values["act"]):
        return _look(ctx, publication, content, draft)
    forget_work(ctx, publication)
    return _to_next(ctx, publication, draft)


def _to_next(ctx: Context, publication: Publication, draft: TypedContent) -> Response:
    """Lead to the publication that was saved; to its form while personal data is undecided."""
    undecided = find_undecided(ctx.session, publication)
    if draft.act is not None:
        flash(describe_act(draft.act, draft.handled), "success")
    elif undecided is not None:
        flash(_("Saved. Personal data was found: decide about it before you hand it in."))
    else:
        flash(_("Saved."), "success")
        return _to_detail(publication)
    anchor = f"finding-{undecided.key}" if undecided else "body"
    return redirect(tenant_url("publishing_console.edit", id=publication.id, _anchor=anchor))


def _typed(draft: TypedContent) -> dict[str, Any]:
    return SavingForm.read().typed | draft.typed | {"list": draft.list}


def _look(
    ctx: Context,
    publication: Publication | None,
    content: Content,
    draft: TypedContent,
    *,
    stored: bool = True,
) -> Any:
    """Show the form again, with what is wrong with the list that was to be read."""
    page = _form(ctx, publication, content, _typed(draft), draft.list.errors, stored=stored)
    return page, 422 if draft.list.errors else 200


def _with_files(ctx: Context, publication: Publication, draft: TypedContent) -> Content:
    uploads = UploadedFiles(ctx.session, current_files(), publication)
    kept = SavingForm.read().values
    own = list_attachments(ctx.session, publication) if kept["file"] else []
    files = uploads.store_sent(kept, own, draft.files)
    return place_pictures(replace(draft.content, files=files), draft)


def _to_detail(publication: Publication) -> Response:
    return redirect(tenant_url("publishing_acts.detail", id=publication.id))


def _form(  # noqa: PLR0913 - what the form shows
    ctx: Context,
    publication: Publication | None,
    content: Content,
    typed: Mapping[str, Any],
    errors: Errors,
    *,
    stored: bool = True,
) -> str:
    """Show the form; `stored` says whether the content is that of the newest revision."""
    tenant = ctx.tenant
    item = _item(ctx, content.item_id) if content.item_id else None
    files = list_attachments(ctx.session, publication) if publication else []
    records = prepare_records(ctx, publication, content.organ_id, typed)
    return render_template(
        "publishing/console/form.html",
        records=records,
        publication=publication,
        correction=publication is not None and publication.published_revision is not None,
        typed=typed,
        errors=errors,
        **prepare_work(ctx, publication, {**typed, **records["record_fields"]}),
        returned=find_return(ctx.session, publication) if publication else None,
        remarks=list_open_remarks(ctx.session, publication) if publication else [],
        preview=build_preview(typed["body"], content.file_ids) if typed.get("body") else None,
        list=typed.get("list")
        or ListEdit(content.list_data, template=find_item_template(ctx, content.item_id)),
        **compare_with_last_period(ctx, content, publication),
        list_types=TYPE_LABELS,
        has_table=content.list_data is None and has_table(typed.get("body") or ""),
        item=item,
        item_name=item_title(item) if item else "",
        elements=format_value("content_elements", item.fields.get("content_elements"))
        if item
        else None,
        organs=[{"value": organ.id, "label": organ.name} for organ in _list_organs(ctx)],
        genres=_options(genres_for(tenant.kind), content.genre),
        themes=_options(THEMES, content.theme),
        day_kinds=[{"value": key, "label": label} for key, label in DAY_LABELS.items()],
        validities=[{"value": key, "label": label} for key, label in VALIDITY_LABELS.items()],
        policies=_policies(ctx),
        files=list_shown_files(tenant, content, files),
        longest_body=LONGEST_BODY,
        found=find_shown(ctx, publication, content, stored=stored),
        accepted=ACCEPTED,
        accepted_pictures=ACCEPTED_PICTURES,
    )


def _item(ctx: Context, item_id: str) -> EffectiveItem | None:
    return effective_catalog(ctx.session, ctx.tenant).catalog.items.get(item_id)


def _options(words: Sequence[str], present: str) -> list[dict[str, str]]:
    """List the words a form offers, with the present one if an import brought another."""
    offered = words if not present or present in words else (present, *words)
    return [{"value": word, "label": word} for word in offered]


def _policies(ctx: Context) -> list[dict[str, Any]]:
    """List the documents of this place that an interpretation can explain."""
    if INTERPRETATION not in genres_for(ctx.tenant.kind):
        return []
    wanted = Wanted(tenants=(ctx.tenant.id,), genres=POLICIES)
    found = published(ctx.session, wanted, limit=MOST_POLICIES)
    return [{"value": entry.id, "label": entry.title} for entry in found]
