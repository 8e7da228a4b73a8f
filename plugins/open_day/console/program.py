"""Staff pages of a day's sessions, categories and registration form."""

from typing import Any

from flask import flash
from werkzeug.wrappers import Response

from core.sdk import (
    Context,
    FormData,
    PluginBlueprint,
    require_version,
    shown_version,
    staff_page,
)

from .. import labels
from ..events import program as service
from ..events import program_forms as forms
from ..events.forms import to_options
from ..events.lifecycle import is_editable
from ..i18n import _
from ..manifest import MANAGE, MANIFEST
from ..models.registration import Category, EventSession, FormField, OpenDay
from .pages import DAY, ActForm, attempt, blank, day_page, load_day, render, slot_page, to

blueprint = PluginBlueprint(MANIFEST, __name__, part="plan")


def load_category(ctx: Context, day: OpenDay, category_id: int) -> Category:
    """Load the category of the address; raises `NotFound`."""
    del ctx
    return service.get_part(day.categories, category_id)


def load_field(ctx: Context, day: OpenDay, field_id: int) -> FormField:
    """Load the question of the address; raises `NotFound`."""
    del ctx
    return service.get_part(day.fields, field_id)


field_page = staff_page(MANAGE, day=load_day, field=load_field)


@blueprint.get(f"{DAY}slots/new/")
@day_page
def new_slot(ctx: Context, day: OpenDay) -> str:
    """Show the form of a further session, beginning from the last one."""
    typed: dict[str, Any] = {
        "waiting_on": "yes",
        "state": "open",
        "reserved": 0,
        "waiting_limit": 20,
    }
    if day.slots:
        typed = _show(ctx, day.slots[-1])
        emptied = ("name", "starts", "ends", "last_day", "check_in_from", "check_in_until")
        typed |= dict.fromkeys(emptied, "")
    return _slot_form(ctx, day, None, blank(typed))


@blueprint.post(f"{DAY}slots/")
@day_page
def create_slot(ctx: Context, day: OpenDay) -> Any:
    """Add a session with the places of its categories."""
    return _save_slot(ctx, day, None)


@blueprint.get(f"{DAY}slots/<int:slot_id>/")
@slot_page
def edit_slot(ctx: Context, day: OpenDay, slot: EventSession) -> str:
    """Show a session's form."""
    return _slot_form(ctx, day, slot, blank(_show(ctx, slot)))


@blueprint.post(f"{DAY}slots/<int:slot_id>/")
@slot_page
def save_slot(ctx: Context, day: OpenDay, slot: EventSession) -> Any:
    """Change a session."""
    return _save_slot(ctx, day, slot)


def _show(ctx: Context, slot: EventSession) -> dict[str, Any]:
    return forms.show_session(slot, service.list_quotas(ctx.session, slot))


def _save_slot(ctx: Context, day: OpenDay, slot: EventSession | None) -> Any:
    if slot is not None:
        require_version(shown_version(_show(ctx, slot)), optional=True)
    form, values, quotas = forms.read_session(day)
    if form.ok:
        with attempt(ctx, form.errors, "name"):
            if slot is None:
                service.set_quotas(ctx.session, service.add_slot(ctx, day, values), quotas)
            else:
                service.change_slot(ctx, day, slot, values)
                service.set_quotas(ctx.session, slot, quotas)
    if not form.ok:
        return _slot_form(ctx, day, slot, form), 422
    flash(_("Saved."), "success")
    return to("days.detail", day)


@blueprint.post(f"{DAY}slots/<int:slot_id>/remove/")
@slot_page
def drop_slot(ctx: Context, day: OpenDay, slot: EventSession) -> Response:
    """Remove a session that nobody has registered for."""
    with attempt(ctx):
        service.remove_slot(ctx, day, slot)
        flash(_("It was removed."))
    return to("days.detail", day)


@blueprint.get(f"{DAY}form/")
@day_page
def form(ctx: Context, day: OpenDay) -> str:
    """Show what is asked at registration: categories of people and questions."""
    del ctx
    return _plan_page(day)


@blueprint.post(f"{DAY}categories/")
@day_page
def create_category(ctx: Context, day: OpenDay) -> Any:
    """Add a category, or all the usual ones."""
    if ActForm.read().values["usual"]:
        service.add_usual_categories(ctx, day)
        return to("plan.form", day)
    read = forms.CategoryForm.read()
    if read.ok:
        with attempt(ctx, read.errors, "label"):
            service.add_category(ctx, day, read.values)
    return to("plan.form", day) if read.ok else (_plan_page(day, read), 422)


@blueprint.post(f"{DAY}categories/<int:category_id>/remove/")
@staff_page(MANAGE, day=load_day, category=load_category)
def drop_category(ctx: Context, day: OpenDay, category: Category) -> Response:
    """Remove a category that nobody has registered in."""
    with attempt(ctx):
        service.remove_category(ctx, day, category)
    return to("plan.form", day)


@blueprint.get(f"{DAY}questions/new/")
@day_page
def new_question(ctx: Context, day: OpenDay) -> str:
    """Show an empty question."""
    del ctx
    return _question_page(day, None, blank({"kind": "text", "personal": "yes"}))


@blueprint.get(f"{DAY}questions/<int:field_id>/")
@field_page
def edit_question(ctx: Context, day: OpenDay, field: FormField) -> str:
    """Show a question's form."""
    del ctx
    return _question_page(day, field, blank(forms.show_question(field)))


@blueprint.post(f"{DAY}questions/")
@day_page
def create_question(ctx: Context, day: OpenDay) -> Any:
    """Add a question."""
    return _save_question(ctx, day, None)


@blueprint.post(f"{DAY}questions/<int:field_id>/")
@field_page
def save_question(ctx: Context, day: OpenDay, field: FormField) -> Any:
    """Change a question."""
    return _save_question(ctx, day, field)


def _save_question(ctx: Context, day: OpenDay, field: FormField | None) -> Any:
    if field is not None:
        require_version(shown_version(forms.show_question(field)), optional=True)
    read, values = forms.read_question(_earlier(day, field))
    if read.ok:
        with attempt(ctx, read.errors, "label"):
            if field is None:
                service.add_field(ctx, day, values)
            else:
                service.change_field(ctx, day, field, values)
    return to("plan.form", day) if read.ok else (_question_page(day, field, read), 422)


@blueprint.post(f"{DAY}questions/<int:field_id>/act/")
@field_page
def act_on_question(ctx: Context, day: OpenDay, field: FormField) -> Response:
    """Move a question up or down, or remove it."""
    act = ActForm.read().values["act"]
    with attempt(ctx):
        if act == "remove":
            service.remove_field(ctx, day, field)
        else:
            service.move_field(ctx, day, field, -1 if act == "up" else 1)
    return to("plan.form", day)


def _earlier(day: OpenDay, field: FormField | None) -> list[FormField]:
    """Return the questions that come before this one."""
    return [other for other in day.fields if field is None or other.position < field.position]


def _slot_form(ctx: Context, day: OpenDay, slot: EventSession | None, form: FormData) -> str:
    return render(
        "program/slot",
        form,
        day=day,
        slot=slot,
        version=shown_version(_show(ctx, slot)) if slot else None,
        editable=is_editable(day),
        states=to_options(labels.SLOT_STATES),
    )


def _plan_page(day: OpenDay, form: FormData | None = None) -> str:
    conditions = forms.conditions(day.fields)
    return render("events/form", form, day=day, editable=is_editable(day), conditions=conditions)


def _question_page(day: OpenDay, field: FormField | None, form: FormData) -> str:
    return render(
        "program/question",
        form,
        day=day,
        field=field,
        version=shown_version(forms.show_question(field)) if field else None,
        kinds=to_options(labels.FIELD_KINDS),
        conditions=to_options(forms.conditions(_earlier(day, field))),
    )
