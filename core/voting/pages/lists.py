"""What the pages of votes share: lists of views that wait to be mounted, rendering, redirects."""

from collections.abc import Callable
from typing import Any, NamedTuple

from flask import Blueprint, redirect, render_template
from werkzeug.wrappers import Response

from core.voting import labels
from core.voting.kinds import VoteKind
from core.web.forms.feature_pages import blank_form
from core.web.forms.form import FormData
from core.web.urls import tenant_url

# Brings the templates; pages stand at the addresses of the features that hold votes.
blueprint = Blueprint("voting", "core.voting", template_folder="templates")

View = Callable[..., Any]


class PageOfVotes(NamedTuple):
    """A view and its address below that of all votes (staff) or of one (citizens)."""

    method: str
    rule: str
    view: View


class PageList(list[PageOfVotes]):
    """The views of a module, in the order of their addresses."""

    def get(self, rule: str) -> Callable[[View], View]:
        """Add a page that is read."""
        return self._add("GET", rule)

    def post(self, rule: str) -> Callable[[View], View]:
        """Add what a form is sent to."""
        return self._add("POST", rule)

    def _add(self, method: str, rule: str) -> Callable[[View], View]:
        def add(view: View) -> View:
            self.append(PageOfVotes(method, rule, view))
            return view

        return add


def render(kind: VoteKind, template: str, form: FormData | None = None, **values: Any) -> str:
    """Render a page with its form, the kind of vote and the labels."""
    form = form or blank_form()
    return render_template(
        f"voting/{template}.html",
        kind=kind,
        labels=labels,
        typed=form.typed,
        errors=form.errors,
        nav_key=kind.places.nav_key,
        console_key=kind.places.console_key,
        **values,
    )


def to(view: str, code: int = 302, **values: Any) -> Response:
    """Redirect to a page beside the one of this request."""
    return redirect(tenant_url(f".{view}", **values), code)
