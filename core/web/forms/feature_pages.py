"""What the staff pages of a feature have in common: rendering, going on, refusing with the form."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.db.transactions import savepoint
from core.errors import Conflict, Invalid
from core.web.context import Context
from core.web.forms.form import FormData
from core.web.urls import tenant_url


def blank_form(typed: Mapping[str, Any] | None = None) -> FormData:
    """Return the form of a page on which nothing is wrong yet."""
    return FormData({}, {}, dict(typed or {}))


def to_options(labels: Mapping[Any, Any]) -> list[dict[str, Any]]:
    """Return keys with their names as options of a form; of a name with its tone, the name."""
    named = ((key, each[0] if isinstance(each, tuple) else each) for key, each in labels.items())
    return [{"value": key, "label": label} for key, label in named]


@contextmanager
def attempt(ctx: Context, errors: dict[str, str] | None = None, field: str = "") -> Iterator[None]:
    """Undo what the block did if it is refused, and say why.

    The messages go into `errors`, under `field` where none is named, else onto the next page.
    """
    try:
        with savepoint(ctx.session):
            yield
    except (Invalid, Conflict) as error:
        if errors is None:
            flash(error.message, "error")
        else:
            named = error.fields if isinstance(error, Invalid) else {}
            errors |= named or {field: error.message}


@dataclass(frozen=True, slots=True)
class FeaturePages:
    """The staff pages of a plugin: its name, and the words that all its templates may use."""

    name: str
    labels: object

    def render(self, template: str, form: FormData | None = None, **values: Any) -> str:
        """Render `<name>/console/<template>.html` with a form and the labels.

        `options()` makes choices of labels. Errors stand in the order of the form's fields, also
        those that a view found.
        """
        form = form or blank_form()
        names = dict.fromkeys((*form.typed, *form.errors))
        errors = {name: form.errors[name] for name in names if name in form.errors}
        return render_template(
            f"{self.name}/console/{template}.html",
            typed=form.typed,
            errors=errors,
            labels=self.labels,
            options=to_options,
            **values,
        )

    def to(self, endpoint: str, **values: Any) -> Response:
        """Redirect to a page of the plugin (`part.view`)."""
        return redirect(tenant_url(f"plugin_{self.name}_{endpoint}", **values))


def take_form(  # noqa: PLR0913 - what a form leads to, each by name
    ctx: Context,
    form: FormData,
    act: Callable[[], object],
    *,
    again: Callable[[FormData], str],
    then: Callable[[], Response],
    field: str = "",
    said: str = "",
) -> Any:
    """Do what a form asks for that has no faults, say so, and go on.

    Where it has some, or what it asks for is refused, nothing is done and the page is shown
    `again`; a refusal that names no field stands at `field`.
    """
    if form.ok:
        with attempt(ctx, form.errors, field):
            act()
    if not form.ok:
        return again(form), 422
    flash(said or _("Saved."), "success")
    return then()
