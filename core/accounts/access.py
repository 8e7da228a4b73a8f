"""The signed-in person as an actor, and the decorator of staff pages."""

import functools
from collections.abc import Callable, Collection
from typing import Any, cast

from flask import Flask, current_app, g, redirect, request, session, url_for
from flask_login import LoginManager, current_user
from werkzeug.wrappers import Response

from core.accounts.lost_session import ask_to_sign_in, init_lost_sessions
from core.accounts.models import User
from core.accounts.service import to_actor
from core.accounts.sessions import find_signed_in
from core.accounts.staff_gate import StaffGate
from core.db.scope import Reach, Scope
from core.db.tree import Tenant
from core.permissions import NOBODY, Action, Actor, allowed, is_known
from core.web.access import Loader, View, declare, finish, with_context
from core.web.context import AccountContext, init_context
from core.web.forms.kept import list_typed, was_sent_here
from core.web.request import current_tenant, directory, open_request_session
from core.web.site.cookies import REMEMBER_COOKIE


class _People(LoginManager):  # type: ignore[misc]  # the library is untyped
    """Flask-Login, but nobody is looked for where the browser brings neither of its cookies."""

    def _load_user(self) -> None:
        if session or REMEMBER_COOKIE in request.cookies:
            super()._load_user()
        else:
            self._update_request_context_with_user()


login_manager = _People()


def init_access(app: Flask) -> None:
    """Load people for requests; give templates `may(action)`."""
    login_manager.init_app(app)
    init_lost_sessions(app)
    app.teardown_request(_forget_person)
    init_context(app.extensions, current_actor)
    app.jinja_env.globals["may"] = may
    app.jinja_env.globals["Action"] = Action


@login_manager.user_loader  # type: ignore[untyped-decorator]  # the library is untyped
def _load(token: str) -> User | None:
    return find_signed_in(directory(), token)


def _forget_person(error: BaseException | None) -> None:
    """Ask anew in each request, also where requests share an application context (tests do)."""
    del error
    for name in ("actor", "_login_user"):
        g.pop(name, None)


def current_actor() -> Actor:
    """Return whoever sends this request: a person, or `NOBODY`."""
    if not current_user.is_authenticated:
        return NOBODY
    if "actor" not in g:
        g.actor = to_actor(directory(), current_user)
    return cast(Actor, g.actor)


def may(action: str, tenant: Any = None, *, organ: int | None = None) -> bool:
    """Return whether the person may do this here (or at the given tenant), see `Context.may`."""
    if not is_known(action):
        raise ValueError(f"nobody has declared the action {action!r}")
    return allowed(current_actor(), action, tenant or current_tenant(), organ=organ)


def may_open(endpoint: str, actor: Actor, tenant: Tenant) -> bool:
    """Return whether the person may open a page of the tenant: for menus and buttons."""
    gate: StaffGate | None = getattr(current_app.view_functions.get(endpoint), "gate", None)
    return gate is None or (gate.admits(actor, tenant) and gate.is_at(tenant))


def staff_page(
    action: str,
    *,
    reach: Reach = Reach.OWN,
    levels: Collection[str] = (),
    per_organ: bool = False,
    **loaders: Loader,
) -> Callable[[View], View]:
    """Declare a page for people with a permission here; it commits unless its answer is an error.

    `loaders` turn values of the address into objects, see `core.web.access`. A role for one organ
    opens pages about things of that organ: every loaded object with an `organ_id` is checked. A
    page without such an object is closed to it, unless `per_organ` says that the page itself
    shows and takes what lies in `ctx.scope(action)` only. `levels` are those of the places that
    have the page; elsewhere it is not found.
    """
    everybody = per_organ or action == Action.VIEW_CONSOLE
    gate = StaffGate(action, frozenset(levels), everybody, bool(loaders))

    def decorate(view: View) -> View:
        call = with_context(view, loaders, check=gate.check)

        @functools.wraps(view)
        def wrapper(**values: Any) -> Any:
            actor = current_actor()
            if actor is NOBODY:
                return _to_sign_in()
            gate.enter(actor, current_tenant())
            opened = open_request_session(_scope(reach, action))
            return finish(opened, call(values))

        wrapper.gate = gate  # type: ignore[attr-defined]  # functions take attributes
        return declare(wrapper, f"staff:{action}")

    return decorate


def signed_in_page(view: View) -> View:
    """Declare a page of the person's own account, which belongs to no tenant.

    It writes directory tables only; its changes commit unless its answer is an error.
    """
    call = with_context(view, {}, _account_context)

    @functools.wraps(view)
    def wrapper(**values: Any) -> Any:
        if current_actor() is NOBODY:
            return _to_sign_in()
        return finish(directory(), call(values))

    return declare(wrapper, "open")


def _account_context() -> AccountContext:
    return AccountContext(directory(), current_actor())


def _to_sign_in() -> Response:
    if request.method == "POST" and list_typed() and was_sent_here():
        return ask_to_sign_in()
    return redirect(url_for("accounts.sign_in", next=_back_here()))


def _back_here() -> str:
    path = request.full_path.rstrip("?") if request.method == "GET" else request.path
    return request.script_root + path


def _scope(reach: Reach, action: str) -> Scope:
    tenant = current_tenant()
    if reach is Reach.SUBTREE:
        return Scope.subtree(tenant, purpose=action)
    return Scope.own(tenant)
