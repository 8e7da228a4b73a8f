"""Staff pages about one person: roles given, taken and handed over; the account closed or reset."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from core.accounts.access import staff_page
from core.accounts.labels import ROLE_LABELS
from core.accounts.models import Membership, User
from core.accounts.service import find_user
from core.accounts.sessions import list_sessions
from core.clock import today
from core.db.scope import Reach
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.people.console.people import STATUS_LABELS, STATUS_TONES, blueprint, show_sheet
from core.people.history import list_acts
from core.people.listing import get_status, list_roles
from core.people.managing import MANAGE, load_person_at, may_manage_account
from core.people.roles_form import RoleForm, describe_choices, offer_places, read_grant
from core.people.service import close, grant_role, hand_over, reopen, reset, revoke
from core.web.context import Context
from core.web.forms.feature_pages import attempt
from core.web.forms.fields import DayField, LineField, TickedField
from core.web.forms.form import Form, FormData
from core.web.urls import tenant_url

__all__ = ["blueprint"]


class HandOverForm(Form):
    """Which roles go to whom from when; with a last day, to a substitute."""

    successor = LineField(64, required=_l("Enter the account name of the other person."))
    roles = TickedField(required=_l("Tick at least one role."))
    from_day = DayField(required=_l("Enter the first day."))
    to_day = DayField()


def load_person(ctx: Context, person_id: int) -> User:
    """Load somebody of this place or of one below it; raises `NotFound`."""
    return load_person_at(ctx.session, ctx.tenant, person_id)


def load_role(ctx: Context, person: User, role_id: int) -> Membership:
    """Load a role of the person at this place or below it; raises `NotFound`."""
    for held in person.memberships:
        if held.id == role_id and held.tenant.path.startswith(ctx.tenant.path):
            return held
    raise NotFound


@blueprint.get("/<code>/console/people/<int:person_id>/")
@staff_page(MANAGE, reach=Reach.SUBTREE, person=load_person)
def show(ctx: Context, person: User) -> str:
    """Show somebody's roles here, and what may be done about the account."""
    return _person_page(ctx, person)


@blueprint.post("/<code>/console/people/<int:person_id>/roles/")
@staff_page(MANAGE, reach=Reach.SUBTREE, person=load_person)
def give(ctx: Context, person: User) -> Any:
    """Give the person a role, or change its days."""
    form = RoleForm.read(choices=offer_places(ctx))
    return _take(
        ctx, person, form,
        lambda: grant_role(ctx.session, ctx.actor, person, read_grant(ctx, form.values)),
        field="role",
    )  # fmt: skip


@blueprint.post("/<code>/console/people/<int:person_id>/roles/<int:role_id>/revoke/")
@staff_page(MANAGE, reach=Reach.SUBTREE, person=load_person, role=load_role)
def take(ctx: Context, person: User, role: Membership) -> Response:
    """Take a role away."""
    with attempt(ctx):
        revoke(ctx.session, ctx.actor, person, role)
        flash(_("The role has been taken away; it ends at once."), "success")
    return _back(person)


@blueprint.post("/<code>/console/people/<int:person_id>/hand-over/")
@staff_page(MANAGE, reach=Reach.SUBTREE, person=load_person)
def give_on(ctx: Context, person: User) -> Any:
    """Hand roles over to somebody else, or give them to a substitute for some days."""
    form = HandOverForm.read()
    return _take(ctx, person, form, lambda: _hand_over(ctx, person, form), field="successor")


@blueprint.post("/<code>/console/people/<int:person_id>/close/")
@staff_page(MANAGE, reach=Reach.SUBTREE, person=load_person)
def close_account(ctx: Context, person: User) -> Response:
    """Close the account."""
    return _change(ctx, person, close, _("The account is closed; every session has ended."))


@blueprint.post("/<code>/console/people/<int:person_id>/open/")
@staff_page(MANAGE, reach=Reach.SUBTREE, person=load_person)
def open_account(ctx: Context, person: User) -> Response:
    """Open the account again."""
    return _change(ctx, person, reopen, _("The account is open again."))


@blueprint.post("/<code>/console/people/<int:person_id>/reset/")
@staff_page(MANAGE, reach=Reach.SUBTREE, person=load_person)
def reset_account(ctx: Context, person: User) -> Any:
    """Take the password away; answer with the sheet for choosing another."""
    try:
        return show_sheet(person, reset(ctx.session, ctx.actor, ctx.tenant, person), ctx.tenant)
    except (Conflict, Forbidden) as error:
        flash(error.message, "error")
        return _back(person)


def _hand_over(ctx: Context, person: User, form: FormData) -> None:
    successor = find_user(ctx.session, form.values["successor"])
    if successor is None or not successor.active:
        raise Invalid({"successor": _("There is no open account of this name.")})
    chosen = [load_role(ctx, person, int(key)) for key in form.values["roles"] if key.isdecimal()]
    days = {"since": form.values["from_day"], "until": form.values["to_day"]}
    hand_over(ctx.session, ctx.actor, person, successor, chosen, **days)


def _take(
    ctx: Context, person: User, form: FormData, act: Callable[[], object], *, field: str
) -> Any:
    """Do what a form asks for; where it is refused, show the page with what was typed."""
    if form.ok:
        with attempt(ctx, form.errors, field):
            act()
    if not form.ok:
        ctx.session.refresh(person)
        return _person_page(ctx, person, form), 422
    flash(_("Saved."), "success")
    return _back(person)


def _change(ctx: Context, person: User, act: Callable[..., None], said: str) -> Response:
    try:
        with attempt(ctx):
            act(ctx.session, ctx.actor, ctx.tenant, person)
            flash(said, "success")
    except Forbidden as error:
        flash(error.message, "error")
    return _back(person)


def _back(person: User) -> Response:
    return redirect(tenant_url("people.show", person_id=person.id))


def _person_page(ctx: Context, person: User, form: FormData | None = None) -> str:
    form = form or FormData({}, {}, {"since": "", "from_day": today().isoformat()})
    status = get_status(person)
    return render_template(
        "people/show.html",
        role_labels=ROLE_LABELS,
        person=person,
        status=STATUS_LABELS[status],
        tone=STATUS_TONES[status],
        held=list_roles(ctx.session, [person], ctx.tenant)[person.id],
        works_elsewhere=any(
            not held.tenant.path.startswith(ctx.tenant.path) for held in person.memberships
        ),
        is_own=person.id == ctx.actor.user_id,
        may_manage=may_manage_account(ctx.session, ctx.actor, person),
        sessions=len(list_sessions(ctx.session, person)),
        acts=list_acts(ctx.session, person),
        typed=form.typed,
        errors=form.errors,
        **describe_choices(ctx),
    )
