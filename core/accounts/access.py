"""The signed-in person as an actor, and the decorator of staff pages."""

import functools
from collections.abc import Callable
from typing import Any, cast

from flask import Flask, g, redirect, request, url_for
from flask_login import LoginManager, current_user

from core.accounts.models import User
from core.accounts.permissions import NOBODY, Action, Actor, allowed, is_known, require
from core.accounts.service import actor_of
from core.db.scope import Reach, Scope
from core.web.access import View, declare, finish
from core.web.request import current_tenant, directory, open_request_session

login_manager = LoginManager()


def init_access(app: Flask) -> None:
    """Load people for requests; give templates `may(action)`."""
    login_manager.init_app(app)
    app.teardown_request(_forget_person)
    app.jinja_env.globals["may"] = may
    app.jinja_env.globals["Action"] = Action


@login_manager.user_loader  # type: ignore[untyped-decorator]  # the library is untyped
def _load(session_id: str) -> User | None:
    number = session_id.partition(".")[0]
    user = directory().get(User, int(number)) if number.isdigit() else None
    return user if user and user.active and user.get_id() == session_id else None


def _forget_person(error: BaseException | None) -> None:
    """Ask anew in each request, also where requests share an application context (tests do)."""
    del error
    for name in ("actor", "_login_user"):
        g.pop(name, None)


def current_actor() -> Actor:
    """Whoever sends this request."""
    if not current_user.is_authenticated:
        return NOBODY
    if "actor" not in g:
        g.actor = actor_of(directory(), current_user)
    return cast(Actor, g.actor)


def may(action: str, tenant: Any = None) -> bool:
    """Whether the person may do this here (or at the given tenant)."""
    if not is_known(action):
        raise ValueError(f"nobody has declared the action {action!r}")
    return allowed(current_actor(), action, tenant or current_tenant())


def staff_page(action: str, *, reach: Reach = Reach.OWN) -> Callable[[View], View]:
    """A page for people with a permission here; its changes commit when its answer is no error."""

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            actor = current_actor()
            if actor is NOBODY:
                return redirect(url_for("accounts.sign_in", next=_back_here()))
            require(actor, action, current_tenant())
            open_request_session(_scope(reach, action))
            return finish(view(*args, **kwargs))

        return declare(wrapper, f"staff:{action}")

    return decorate


def signed_in_page(view: View) -> View:
    """A page of the person's own account: open as it has no tenant, but only to its owner."""

    @functools.wraps(view)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        if current_actor() is NOBODY:
            return redirect(url_for("accounts.sign_in", next=_back_here()))
        return view(*args, **kwargs)

    return declare(wrapper, "open")


def _back_here() -> str:
    path = request.full_path.rstrip("?") if request.method == "GET" else request.path
    return request.script_root + path


def _scope(reach: Reach, action: str) -> Scope:
    tenant = current_tenant()
    if reach is Reach.SUBTREE:
        return Scope.subtree(tenant, purpose=action)
    return Scope.own(tenant)
