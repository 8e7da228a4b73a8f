"""Staff pages of a day's sessions, categories and registration form."""

from typing import Any

from flask import flash, redirect, render_template, request
from werkzeug.wrappers import Response

from core.sdk import (
    Conflict,
    Invalid,
    PluginBlueprint,
    current_actor,
    current_tenant,
    session,
    staff_page,
    tenant_url,
    zone,
)

from ..events.lifecycle import is_editable
from ..events.program import (
    add_category,
    add_field,
    add_slot,
    add_usual_categories,
    category_of,
    change_field,
    change_slot,
    field_of,
    move_field,
    quotas_of,
    remove_category,
    remove_field,
    remove_slot,
    set_quotas,
    slot_of,
)
from ..events.program_forms import (
    conditions,
    read_category,
    read_field,
    read_quotas,
    read_slot,
    typed_field,
    typed_slot,
)
from ..events.queries import get_day
from ..i18n import _
from ..labels import FIELD_KINDS, SLOT_STATES
from ..manifest import MANAGE, MANIFEST
from ..models.registration import EventSession, FormField, OpenDay
from .events import to_day

blueprint = PluginBlueprint(MANIFEST, __name__, part="plan")
HERE = "plugin_open_day_plan"


@blueprint.get("/<code>/console/open-days/<int:id>/slots/new/")
@staff_page(MANAGE)
def new_slot(id: int) -> str:  # noqa: A002 - the name that addresses use
    """A further session, beginning from the last one."""
    day = get_day(session(), current_tenant(), id)
    typed: dict[str, Any] = {
        "waiting_on": True, "state": "open", "reserved": 0, "waiting_limit": 20,
    }  # fmt: skip
    if day.slots:
        typed = typed_slot(day.slots[-1], zone(), quotas_of(session(), day.slots[-1]))
        typed |= {"name": "", "starts": "", "ends": "", "check_in_from": "", "check_in_until": ""}
    return _slot_form(day, None, typed, {})


@blueprint.post("/<code>/console/open-days/<int:id>/slots/")
@staff_page(MANAGE)
def create_slot(id: int) -> Any:  # noqa: A002 - the name that addresses use
    """Add a session with the places of its categories."""
    day = get_day(session(), current_tenant(), id)
    return _save_slot(day, None)


@blueprint.get("/<code>/console/open-days/<int:id>/slots/<int:slot_id>/")
@staff_page(MANAGE)
def edit_slot(id: int, slot_id: int) -> str:  # noqa: A002 - the name that addresses use
    """A session's form."""
    day = get_day(session(), current_tenant(), id)
    slot = slot_of(day, slot_id)
    return _slot_form(day, slot, typed_slot(slot, zone(), quotas_of(session(), slot)), {})


@blueprint.post("/<code>/console/open-days/<int:id>/slots/<int:slot_id>/")
@staff_page(MANAGE)
def save_slot(id: int, slot_id: int) -> Any:  # noqa: A002 - the name that addresses use
    """Change a session."""
    day = get_day(session(), current_tenant(), id)
    return _save_slot(day, slot_of(day, slot_id))


def _save_slot(day: OpenDay, slot: EventSession | None) -> Any:
    values, errors = read_slot(request.form, zone())
    quotas, wrong = read_quotas(request.form, zone(), day.categories)
    errors |= wrong
    if not errors:
        try:
            _store_slot(day, slot, values, quotas)
        except Invalid as error:
            errors = error.fields
    if errors:
        session().rollback()
        day = get_day(session(), current_tenant(), day.id)
        return _slot_form(day, slot, request.form, errors), 422
    flash(_("Saved."), "success")
    return to_day(day)


def _store_slot(
    day: OpenDay, slot: EventSession | None, values: dict[str, Any], quotas: dict[int, int]
) -> None:
    actor, tenant = current_actor(), current_tenant()
    if slot is None:
        slot = add_slot(session(), actor, tenant, day, values)
    else:
        change_slot(session(), actor, tenant, day, slot, values=values)
    set_quotas(session(), slot, quotas)


@blueprint.post("/<code>/console/open-days/<int:id>/slots/<int:slot_id>/remove/")
@staff_page(MANAGE)
def drop_slot(id: int, slot_id: int) -> Response:  # noqa: A002 - the name that addresses use
    """Remove a session that nobody has registered for."""
    day = get_day(session(), current_tenant(), id)
    try:
        remove_slot(session(), current_actor(), current_tenant(), day, slot_of(day, slot_id))
        flash(_("It was removed."))
    except Conflict as error:
        flash(error.message, "error")
    return to_day(day)


@blueprint.get("/<code>/console/open-days/<int:id>/form/")
@staff_page(MANAGE)
def form(id: int) -> str:  # noqa: A002 - the name that addresses use
    """What is asked at registration: categories of people and questions."""
    return _plan_page(get_day(session(), current_tenant(), id), {}, {})


@blueprint.post("/<code>/console/open-days/<int:id>/categories/")
@staff_page(MANAGE)
def create_category(id: int) -> Any:  # noqa: A002 - the name that addresses use
    """Add a category, or all the usual ones."""
    day = get_day(session(), current_tenant(), id)
    actor, tenant = current_actor(), current_tenant()
    if request.form.get("usual"):
        add_usual_categories(session(), actor, tenant, day)
        return _to_form(day)
    values, errors = read_category(request.form, zone())
    if not errors:
        try:
            add_category(session(), actor, tenant, day, values)
        except Invalid as error:
            errors = error.fields
    return (_plan_page(day, request.form, errors), 422) if errors else _to_form(day)


@blueprint.post("/<code>/console/open-days/<int:id>/categories/<int:category_id>/remove/")
@staff_page(MANAGE)
def drop_category(id: int, category_id: int) -> Response:  # noqa: A002 - as in addresses
    """Remove a category that nobody has registered in."""
    day = get_day(session(), current_tenant(), id)
    try:
        category = category_of(day, category_id)
        remove_category(session(), current_actor(), current_tenant(), day, category)
    except Conflict as error:
        flash(error.message, "error")
    return _to_form(day)


@blueprint.get("/<code>/console/open-days/<int:id>/questions/new/")
@staff_page(MANAGE)
def new_question(id: int) -> str:  # noqa: A002 - the name that addresses use
    """An empty question."""
    day = get_day(session(), current_tenant(), id)
    return _question_page(day, None, {"kind": "text", "personal": True}, {})


@blueprint.get("/<code>/console/open-days/<int:id>/questions/<int:field_id>/")
@staff_page(MANAGE)
def edit_question(id: int, field_id: int) -> str:  # noqa: A002 - the name that addresses use
    """A question's form."""
    day = get_day(session(), current_tenant(), id)
    field = field_of(day, field_id)
    return _question_page(day, field, typed_field(field), {})


@blueprint.post("/<code>/console/open-days/<int:id>/questions/")
@staff_page(MANAGE)
def create_question(id: int) -> Any:  # noqa: A002 - the name that addresses use
    """Add a question."""
    return _save_question(get_day(session(), current_tenant(), id), None)


@blueprint.post("/<code>/console/open-days/<int:id>/questions/<int:field_id>/")
@staff_page(MANAGE)
def save_question(id: int, field_id: int) -> Any:  # noqa: A002 - the name that addresses use
    """Change a question."""
    day = get_day(session(), current_tenant(), id)
    return _save_question(day, field_of(day, field_id))


def _save_question(day: OpenDay, field: FormField | None) -> Any:
    actor, tenant = current_actor(), current_tenant()
    values, errors = read_field(request.form, zone(), _before(day, field))
    if not errors:
        try:
            if field is None:
                add_field(session(), actor, tenant, day, values)
            else:
                change_field(session(), actor, tenant, day, field, values=values)
        except Invalid as error:
            errors = error.fields
    if errors:
        return _question_page(day, field, request.form, errors), 422
    return _to_form(day)


@blueprint.post("/<code>/console/open-days/<int:id>/questions/<int:field_id>/act/")
@staff_page(MANAGE)
def act_on_question(id: int, field_id: int) -> Response:  # noqa: A002 - as in addresses
    """Move a question up or down, or remove it."""
    day = get_day(session(), current_tenant(), id)
    field, act = field_of(day, field_id), request.form.get("act")
    actor, tenant = current_actor(), current_tenant()
    try:
        if act == "remove":
            remove_field(session(), actor, tenant, day, field)
        else:
            move_field(session(), actor, tenant, day, field, step=-1 if act == "up" else 1)
    except Conflict as error:
        flash(error.message, "error")
    return _to_form(day)


def _before(day: OpenDay, field: FormField | None) -> list[FormField]:
    """Questions that come before this one."""
    return [one for one in day.fields if field is None or one.position < field.position]


def _to_form(day: OpenDay) -> Response:
    return redirect(tenant_url(f"{HERE}.form", id=day.id))


def _slot_form(day: OpenDay, slot: EventSession | None, typed: Any, errors: dict[str, str]) -> str:
    return render_template(
        "open_day/console/slot.html",
        day=day,
        slot=slot,
        typed=typed,
        errors=errors,
        editable=is_editable(day),
        states=[{"value": key, "label": label} for key, label in SLOT_STATES.items()],
    )


def _plan_page(day: OpenDay, typed: Any, errors: dict[str, str]) -> str:
    return render_template(
        "open_day/console/form.html",
        day=day,
        typed=typed,
        errors=errors,
        editable=is_editable(day),
        kinds=FIELD_KINDS,
        conditions=dict(conditions(day.fields)),
    )


def _question_page(
    day: OpenDay, field: FormField | None, typed: Any, errors: dict[str, str]
) -> str:
    return render_template(
        "open_day/console/question.html",
        day=day,
        field=field,
        typed=typed,
        errors=errors,
        kinds=[{"value": key, "label": label} for key, label in FIELD_KINDS.items()],
        conditions=[
            {"value": value, "label": label} for value, label in conditions(_before(day, field))
        ],
    )
