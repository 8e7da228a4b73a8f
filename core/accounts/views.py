"""Sign in and out."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_login import login_user, logout_user
from werkzeug.wrappers import Response

from core.accounts.access import current_actor
from core.accounts.permissions import Action, allowed
from core.accounts.service import actor_of, check_password
from core.db.tree import Tenant
from core.errors import Forbidden
from core.web.access import open_page
from core.web.request import directory
from core.web.urls import safe_next

blueprint = Blueprint("accounts", __name__, template_folder="templates")


@blueprint.get("/sign-in/")
@open_page
def sign_in() -> str:
    """The sign-in form."""
    return render_template("accounts/sign_in.html", values={"next": request.args.get("next", "")})


@blueprint.post("/sign-in/")
@open_page
def sign_in_submit() -> Any:
    """Check the password; go to where the person wanted, or to their console."""
    form = request.form
    try:
        user = check_password(
            directory(),
            form.get("username", "").strip(),
            form.get("password", ""),
            request.remote_addr or "",
        )
    except Forbidden as error:
        page = render_template("accounts/sign_in.html", values=form, error=error.message)
        return page, 403
    directory().commit()
    login_user(user)
    return redirect(safe_next(form.get("next"), _console_of(user)))


@blueprint.post("/sign-out/")
@open_page
def sign_out() -> Response:
    """End the session on this device."""
    logout_user()
    return redirect(request.script_root + "/")


def _console_of(user: Any) -> str:
    """Address of the console at the topmost node where the person has a role."""
    actor = actor_of(directory(), user)
    for held in actor.held:
        tenant = directory().get(Tenant, int(held.path.rstrip("/").rsplit("/", 1)[1]))
        if tenant and tenant.has_portal and allowed(actor, Action.VIEW_CONSOLE, tenant):
            return url_for("console.home", code=tenant.division_code)
    return request.script_root + "/"


__all__ = ["blueprint", "current_actor"]
