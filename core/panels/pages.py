"""Pages of a feature's indicators: their versions for staff, what holds for everybody."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, redirect, render_template

from core.accounts.access import staff_page
from core.clock import today
from core.db.tree import Tenant
from core.messages.queries import count_open_messages
from core.panels import labels
from core.panels.domain.scoring import ALL_GROUPS
from core.panels.forms import IndicatorSetForm, SetActForm, show_indicators, to_indicators
from core.panels.library import IndicatorLibrary
from core.web.access import public_page
from core.web.context import Context
from core.web.forms.feature_pages import blank_form, take_form, to_options
from core.web.forms.form import FormData
from core.web.forms.kept import require_version
from core.web.urls import tenant_url

blueprint = Blueprint("panels", __name__, template_folder="templates")
BLANK_ROWS = 3


@dataclass(frozen=True, slots=True)
class IndicatorPages:
    """The pages of a library, below addresses of the feature.

    `endpoint` is the blueprint of staff's pages; `nav_key` and `console_key` are the places in the
    menus, `parent` is the endpoint of the public page above, with its words.
    """

    library: IndicatorLibrary
    endpoint: str
    nav_key: str
    console_key: str
    parent: str
    parent_label: Any

    def add_to(self, staff: Blueprint, prefix: str) -> None:
        """Give a blueprint staff's pages: the list at `prefix`, and what stands below it."""
        version = f"{prefix}<int:set_id>/"
        listed = staff_page(self.library.manage)
        loaded = staff_page(self.library.manage, indicator_set=self.library.load)
        for address, method, access, view in (
            (prefix, "GET", listed, self.index),
            (f"{prefix}new/", "POST", listed, self.derive),
            (version, "GET", loaded, self.edit),
            (version, "POST", loaded, self.save),
            (f"{version}act/", "POST", loaded, self.act),
        ):
            staff.add_url_rule(address, view.__name__, access(view), methods=[method])

    def add_public(self, pages: Blueprint, address: str) -> None:
        """Give a blueprint the public page."""
        pages.add_url_rule(address, "show", public_page(self.show))

    def show(self, ctx: Context) -> str:
        """Show by what subjects of this place are judged, and what is proposed."""
        in_force = self.library.find_in_force(ctx.session, ctx.tenant)
        proposed = self.library.list_commented(ctx.session, ctx.tenant)
        return self._render(
            "indicators", in_force=self._shown(ctx, in_force) if in_force else None,
            proposed=[self._shown(ctx, each) for each in proposed],
        )  # fmt: skip

    def _shown(self, ctx: Context, version: Any) -> tuple[Any, Tenant, str]:
        """Return a version with its place and the address to which comments are sent."""
        place = ctx.session.get_one(Tenant, version.tenant_id)
        kind = self.library.comments
        return version, place, tenant_url("messages.form", place, kind=kind, key=version.id)

    def index(self, ctx: Context) -> str:
        """List the versions of the place, and the one in force that it inherits."""
        in_force = self.library.find_in_force(ctx.session, ctx.tenant)
        inherited = in_force if in_force and in_force.tenant_id != ctx.tenant.id else None
        versions = self.library.list_own(ctx.session, ctx.tenant)
        return self._render("versions", versions=versions, inherited=inherited)

    def derive(self, ctx: Context) -> Any:
        """Begin a version: a copy of what is in force."""
        return self._to("edit", set_id=self.library.derive(ctx).id)

    def edit(self, ctx: Context, indicator_set: Any) -> str:
        """Show a version; a draft in its form."""
        return self._page(ctx, indicator_set, blank_form())

    def save(self, ctx: Context, indicator_set: Any) -> Any:
        """Store a draft; it may be unfinished until it is circulated."""
        require_version(indicator_set.version)
        form = IndicatorSetForm.read(
            choices={"rows": {"group": [ALL_GROUPS, *self.library.groups]}}
        )
        return self._take(ctx, indicator_set, form, "title", lambda: self.library.change(
            ctx, indicator_set, form.values["title"], form.values["note"],
            to_indicators(form.values["rows"])))  # fmt: skip

    def act(self, ctx: Context, indicator_set: Any) -> Any:
        """Circulate a version, take it back, put it in force, or delete a draft."""
        require_version(indicator_set.version)
        form, library = SetActForm.read(), self.library
        acts: Mapping[str, Callable[[], None]] = {
            "circulate": lambda: library.circulate(
                ctx, indicator_set, form.values["comment_until"]),
            "take_back": lambda: library.take_back(ctx, indicator_set),
            "put_in_force": lambda: library.put_in_force(ctx, indicator_set),
            "delete": lambda: library.delete(ctx, indicator_set),
        }  # fmt: skip
        act = acts.get(form.values["act"], lambda: None)
        return self._take(ctx, indicator_set, form, "act", act)

    def _take(
        self, ctx: Context, version: Any, form: FormData, field: str, act: Callable[[], None]
    ) -> Any:
        number = version.id

        def go_on() -> Any:
            is_there = ctx.session.get(self.library.table, number) is not None
            return self._to("edit", set_id=number) if is_there else self._to("index")

        return take_form(
            ctx, form, act, again=lambda form: self._page(ctx, version, form), then=go_on,
            field=field,
        )  # fmt: skip

    def _to(self, view: str, **values: Any) -> Any:
        return redirect(tenant_url(f"{self.endpoint}.{view}", **values))

    def _page(self, ctx: Context, version: Any, form: FormData) -> str:
        indicators = version.read()
        stored = {"title": version.title, "note": version.note,
                  "rows": show_indicators(indicators)}  # fmt: skip
        unknown = {each.measure: each.measure for each in indicators if each.measure}
        comments, number = self.library.comments, str(version.id)
        return self._render(
            "version", FormData(form.values, form.errors, stored | form.typed),
            indicator_set=version, faults=self.library.list_faults(version),
            blank_rows=BLANK_ROWS, measures=unknown | self.library.list_measures(
                ctx.session, ctx.tenant),
            comments=count_open_messages(ctx.session, ctx.tenant, comments, number),
        )  # fmt: skip

    def _render(self, template: str, form: FormData | None = None, **values: Any) -> str:
        form = form or blank_form()
        groups = {ALL_GROUPS: labels.ALL} | dict(self.library.groups)
        return render_template(
            f"panels/{template}.html", typed=form.typed, errors=form.errors, pages=self,
            labels=labels, groups=groups, options=to_options,
            today=today(), nav_key=self.nav_key, console_key=self.console_key, **values,
        )  # fmt: skip
