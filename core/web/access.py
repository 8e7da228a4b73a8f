"""Access decorators: every view says who may see it; a test refuses one that says nothing.

The first parameter of a view is `ctx`, the `Context` of the request; a view that needs nothing of
the request has no parameters. Decorators take object loaders as keyword arguments, which turn
values of the address into objects:

    @staff_page(Action.REVIEW_PUBLICATION, publication=load_publication)
    def show(ctx: Context, publication: Publication) -> str: ...

`load_publication(ctx, publication_id)` is called with those values of the address, or objects
loaded before, that it names; it raises `NotFound`. The view gets whatever it names.
"""

import functools
from collections.abc import Callable, Mapping, Sequence
from inspect import Parameter, signature
from typing import Any, overload

from flask import g, make_response
from flask.globals import request_ctx
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from core.db.scope import Scope
from core.web.context import Context, current_context
from core.web.request import current_tenant, open_reading_session, open_request_session

View = Callable[..., Any]
Loader = Callable[..., Any]
Check = Callable[[Context, Sequence[Any]], None]


def is_staff_page() -> bool:
    """Return whether the address of this request is one of staff's pages."""
    return access_of_page().startswith("staff:")


def access_of_page() -> str:
    """Return the kind of access that the view of this request declares; empty at a 404."""
    context = request_ctx._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - the proxy's own method
    view = context.app.view_functions.get(context.request.endpoint or "")
    return getattr(view, "access", "")


def declare(view: View, access: str) -> View:
    """Mark a view with the kind of access it grants (read by the architecture tests)."""
    view.access = access  # type: ignore[attr-defined]  # functions take attributes
    return view


def open_page(view: View) -> View:
    """Declare a page without a tenant: sign-in, health, the list of counties."""
    return declare(view, "open")


@overload
def public_page(view: View, /) -> View: ...
@overload
def public_page(**loaders: Loader) -> Callable[[View], View]: ...
def public_page(view: View | None = None, /, **loaders: Loader) -> Any:
    """Declare a page for everybody, which reads in the tenant's public scope, writing nothing."""
    return _decorate(_read_only, "public", view, loaders)


@overload
def public_form(view: View, /) -> View: ...
@overload
def public_form(**loaders: Loader) -> Callable[[View], View]: ...
def public_form(view: View | None = None, /, **loaders: Loader) -> Any:
    """Declare a page for everybody that may write this tenant's rows; commits unless an error."""
    return _decorate(_read_and_write, "form", view, loaders)


def _read_only(view: View) -> Any:
    open_reading_session(Scope.public(current_tenant()))
    return view()


def _read_and_write(view: View) -> Response:
    return finish(open_request_session(Scope.own(current_tenant())), view())


def _decorate(
    enter: Callable[[View], Any], access: str, view: View | None, loaders: Mapping[str, Loader]
) -> Any:
    def decorate(view: View) -> View:
        call = with_context(view, loaders)

        @functools.wraps(view)
        def wrapper(**values: Any) -> Any:
            return enter(functools.partial(call, values))

        return declare(wrapper, access)

    return decorate(view) if view else decorate


def with_context(
    view: View,
    loaders: Mapping[str, Loader],
    get_context: Callable[[], Any] = current_context,
    check: Check | None = None,
) -> Callable[[dict[str, Any]], Any]:
    """Return a function that loads what the view wants and calls it with the request's context.

    Its argument holds the values of the address. The request's session must be open. `check` gets
    the context and the loaded objects before the view does, and raises what refuses them.
    """
    wanted = _names(view)
    if wanted[:1] != ["ctx"] and (wanted or loaders):
        raise TypeError(f"the first parameter of the view {view.__qualname__} must be `ctx`")
    needs = {name: _names(loader) for name, loader in loaders.items()}

    def call(values: dict[str, Any]) -> Any:
        if not wanted:
            return view()
        ctx = get_context()
        for name, loader in loaders.items():
            values[name] = loader(ctx, **{each: values[each] for each in needs[name][1:]})
        if check is not None:
            check(ctx, [values[name] for name in loaders])
        return view(ctx, **{name: values[name] for name in wanted[1:] if name in values})

    return call


def _names(function: Callable[..., Any]) -> list[str]:
    kinds = (Parameter.POSITIONAL_OR_KEYWORD, Parameter.KEYWORD_ONLY)
    return [each.name for each in signature(function).parameters.values() if each.kind in kinds]


def keep_changes() -> None:
    """Have this request commit although its answer is an error, so that nothing typed is lost."""
    g.keep_changes = True


def finish(session: Session, result: Any) -> Response:
    """Commit what the view did if its answer is no error, else roll back."""
    response = make_response(result)
    if response.status_code < 400 or g.pop("keep_changes", False):
        session.commit()
    else:
        session.rollback()
    return response
