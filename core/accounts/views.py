"""Sign in and out; the person's own account."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask import session as cookie
from flask_babel import gettext as _
from flask_login import current_user, login_user, logout_user
from werkzeug.wrappers import Response

from core.accounts.access import signed_in_page
from core.accounts.labels import ROLE_LABELS
from core.accounts.models import User
from core.accounts.passwords import MINIMUM_PASSWORD
from core.accounts.service import (
    change_password,
    check_password,
    to_actor,
    workplaces,
)
from core.accounts.sessions import (
    begin_session,
    end_session,
    end_sessions,
    is_session,
    list_sessions,
)
from core.clock import now
from core.db.scope import open_session
from core.db.tree import Tenant
from core.errors import Forbidden, Invalid
from core.permissions import Action, Role, organ_scope
from core.web import params
from core.web.access import open_page
from core.web.context import AccountContext
from core.web.forms.fields import LineField, SecretField, TextField
from core.web.forms.form import Form
from core.web.forms.kept import MOST_KEPT, answer_filled, read_kept
from core.web.request import directory
from core.web.urls import safe_next

blueprint = Blueprint("accounts", __name__, template_folder="templates")


class SignInForm(Form):
    """Name, password, the page to go on to, and a form that was sent without a session."""

    username = LineField(64)
    password = SecretField()
    next = LineField(2_000)
    kept = TextField(MOST_KEPT)


class PasswordForm(Form):
    """The present password, and twice the new one."""

    current = SecretField()
    new = SecretField()
    again = SecretField()


@blueprint.get("/sign-in/")
@open_page
def sign_in() -> str:
    """Show the sign-in form."""
    return render_template("accounts/sign_in.html", values={"next": params.text("next", 2_000)})


@blueprint.post("/sign-in/")
@open_page
def sign_in_submit() -> Any:
    """Check the password; go to where the person wanted, or to their console."""
    form = SignInForm.read()
    name, password = form.values["username"], form.values["password"]
    try:
        user = check_password(directory(), name, password, request.remote_addr or "")
    except Forbidden as error:
        page = render_template("accounts/sign_in.html", values=form.typed, error=error.message)
        return page, 403
    enter(user)
    kept = read_kept(form.values["kept"]) if form.values["kept"] else None
    if kept is not None:
        message = _("You are signed in again. Look through what you typed and send it.")
        return answer_filled(kept, message)
    return redirect(safe_next(form.values["next"], _console_of(user)))


@blueprint.post("/sign-out/")
@open_page
def sign_out() -> Response:
    """End the session on this device, and with it every copy of its cookie."""
    if current_user.is_authenticated:
        with open_session(None) as own:
            end_session(own, current_user.session_token)
    logout_user()
    cookie.clear()
    return redirect(request.script_root + "/")


def enter(user: User) -> None:
    """Begin a session of the person in this browser; what the cookie held before is forgotten."""
    with open_session(None) as own:
        person = own.get_one(User, user.id)
        token = begin_session(own, person, request.user_agent.string)
        person.last_sign_in_at = now()
    cookie.clear()
    user.session_token = token
    login_user(user)


@blueprint.get("/account/")
@signed_in_page
def account(ctx: AccountContext) -> str:
    """Show who the person is, and where with which role."""
    places = [_place(tenant, role) for tenant, role in workplaces(ctx.session, current_user)]
    rows = list_sessions(ctx.session, current_user)
    token = current_user.session_token
    return render_template(
        "accounts/account.html",
        person=current_user,
        places=places,
        sessions=[{"row": row, "is_this": is_session(row, token)} for row in rows],
    )


@blueprint.post("/account/sessions/end/")
@signed_in_page
def end_others(ctx: AccountContext) -> Response:
    """Sign the person out everywhere but here."""
    end_sessions(ctx.session, current_user, keep=current_user.session_token)
    flash(_("Every other device has been signed out."), "success")
    return redirect(url_for("accounts.account"))


@blueprint.get("/account/password/")
@signed_in_page
def password() -> str:
    """Show the form for another password."""
    return _password_page({})


@blueprint.post("/account/password/")
@signed_in_page
def password_submit(ctx: AccountContext) -> Any:
    """Change the password; other devices must sign in again."""
    user = ctx.session.get_one(User, current_user.id)
    form = PasswordForm.read()
    try:
        change_password(ctx.session, user, address=request.remote_addr or "", **form.values)
    except Invalid as error:
        return _password_page(error.fields), error.status
    except Forbidden as error:
        return _password_page({"current": error.message}), error.status
    flash(_("The password has been changed."), "success")
    return redirect(url_for("accounts.account"))


def _password_page(errors: dict[str, str]) -> str:
    return render_template("accounts/password.html", errors=errors, minimum=MINIMUM_PASSWORD)


def _place(tenant: Tenant, role: Role) -> dict[str, Any]:
    opens = tenant.has_portal and tenant.status == "active"
    return {
        "name": tenant.name,
        "role": ROLE_LABELS[role],
        "url": url_for("console.home", code=tenant.division_code) if opens else None,
    }


def _console_of(user: Any) -> str:
    """Return the address of the console at the topmost node where the person has a role."""
    actor = to_actor(directory(), user)
    for held in actor.held:
        tenant = directory().get(Tenant, int(held.path.rstrip("/").rsplit("/", 1)[1]))
        if tenant and tenant.has_portal and organ_scope(actor, Action.VIEW_CONSOLE, tenant):
            return url_for("console.home", code=tenant.division_code)
    return request.script_root + "/"
