"""Every view says who may see it; a test refuses one that says nothing."""

import functools
from collections.abc import Callable
from typing import Any

from flask import make_response
from werkzeug.wrappers import Response

from core.db.scope import Scope
from core.web.request import current_tenant, open_request_session, session

View = Callable[..., Any]


def declare(view: View, access: str) -> View:
    """Mark a view with the kind of access it grants (read by the architecture tests)."""
    view.access = access  # type: ignore[attr-defined]  # functions take attributes
    return view


def open_page(view: View) -> View:
    """A page without a tenant: sign-in, health, the list of counties."""
    return declare(view, "open")


def public_page(view: View) -> View:
    """A page for everybody, which reads in the tenant's public scope and writes nothing."""

    @functools.wraps(view)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        open_request_session(Scope.public(current_tenant()))
        return view(*args, **kwargs)

    return declare(wrapper, "public")


def public_form(view: View) -> View:
    """A page for everybody that may write rows of this tenant, stored if its answer is no error."""

    @functools.wraps(view)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        open_request_session(Scope.own(current_tenant()))
        return finish(view(*args, **kwargs))

    return declare(wrapper, "form")


def finish(result: Any) -> Response:
    """Commit what the view did if its answer is no error, else store nothing."""
    response = make_response(result)
    if response.status_code < 400:
        session().commit()
    else:
        session().rollback()
    return response
