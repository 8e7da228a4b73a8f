"""Staff pages about people: the list of a place and those below it, and a new account."""

import re
from collections.abc import Iterable
from typing import Any

from flask import Blueprint, Response, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.accounts.access import staff_page
from core.accounts.labels import ROLE_LABELS
from core.accounts.models import User
from core.accounts.staff_menu import StaffLink, contribute
from core.clock import local_day, today
from core.db.scope import Reach
from core.db.tree import Tenant
from core.errors import Conflict, Invalid
from core.people.codes import LASTS
from core.people.listing import (
    AccountStatus,
    HeldRole,
    PeopleFilters,
    get_status,
    list_people,
    list_roles,
    select_people,
)
from core.people.managing import MANAGE
from core.people.roles_form import RoleForm, describe_choices, offer_places, read_grant
from core.people.service import invite
from core.permissions import Role
from core.tables.lists.writing import (
    CSV_TYPE,
    XLSX_TYPE,
    ListSheet,
    write_list_csv,
    write_list_xlsx,
)
from core.web import params
from core.web.context import Context
from core.web.files.downloads import send_download
from core.web.forms.fields import LineField
from core.web.forms.form import FormData

blueprint = Blueprint("people", "core.people", template_folder="templates")

STATUS_LABELS = {
    AccountStatus.ACTIVE: _l("in use"),
    AccountStatus.INVITED: _l("invited, not signed in yet"),
    AccountStatus.OVERDUE: _l("the one-time code is over"),
    AccountStatus.DISABLED: _l("closed"),
}
STATUS_TONES = {
    AccountStatus.ACTIVE: "good",
    AccountStatus.INVITED: "solid",
    AccountStatus.OVERDUE: "warn",
    AccountStatus.DISABLED: "muted",
}
MOST_EXPORTED = 20_000
_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,39}")

contribute(
    blueprint,
    links=[
        StaffLink("people", _l("Administration"), _l("People and roles"), "people.index", MANAGE)
    ],
)


class InvitationForm(RoleForm):
    """A new account: who, and with which role where."""

    name = LineField(64, required=_l("Enter the person's name."))
    username = LineField(40, required=_l("Enter an account name."))

    def check(self, values: Any) -> Iterable[tuple[str, str]]:
        """Yield what is wrong with the account's name, then with the days."""
        if values["username"] and not _USERNAME.fullmatch(values["username"]):
            yield "username", _("Small letters, digits, dot, hyphen: 3 to 40 of them.")
        yield from super().check(values)


def read_people_filters() -> PeopleFilters:
    """Read the filters of an address; what makes no sense narrows nothing."""
    return PeopleFilters(
        words=params.text("q", 80),
        status=params.word("status", list(AccountStatus)),
        role=params.word("role", list(Role)),
    )


@blueprint.get("/<code>/console/people/")
@staff_page(MANAGE, reach=Reach.SUBTREE)
def index(ctx: Context) -> str:
    """List the people of this place and of those below it."""
    filters = read_people_filters()
    page = list_people(ctx.session, ctx.tenant, filters, params.page_number())
    roles = list_roles(ctx.session, page.rows, ctx.tenant)
    return render_template(
        "people/index.html",
        role_labels=ROLE_LABELS,
        page=page,
        filters=filters,
        people=[_to_row(person, roles[person.id]) for person in page.rows],
        statuses=[{"value": key.value, "label": label} for key, label in STATUS_LABELS.items()],
        roles=[{"value": role.value, "label": label} for role, label in ROLE_LABELS.items()],
    )


@blueprint.get("/<code>/console/people/export/")
@staff_page(MANAGE, reach=Reach.SUBTREE)
def export(ctx: Context) -> Response:
    """Send the people of this place and below, as narrowed now, a line for each role."""
    query = select_people(ctx.tenant, read_people_filters()).limit(MOST_EXPORTED)
    people = ctx.session.scalars(query).all()
    ctx.audit("people.export", ctx.tenant.division_code, rows=len(people))
    sheet = _to_sheet(people, list_roles(ctx.session, people, ctx.tenant))
    name = _("People of %(place)s", place=ctx.tenant.name)
    if params.word("format", ("xlsx", "csv"), "xlsx") == "csv":
        return send_download(write_list_csv(sheet), CSV_TYPE, f"{name}.csv")
    return send_download(write_list_xlsx([sheet]), XLSX_TYPE, f"{name}.xlsx")


@blueprint.get("/<code>/console/people/new/")
@staff_page(MANAGE, reach=Reach.SUBTREE)
def new(ctx: Context) -> str:
    """Show the form of a new account."""
    return _new_page(ctx, InvitationForm.blank())


@blueprint.post("/<code>/console/people/new/")
@staff_page(MANAGE, reach=Reach.SUBTREE)
def create(ctx: Context) -> Any:
    """Make an account with a role; answer with the sheet that is handed to the person."""
    form = InvitationForm.read(choices=offer_places(ctx))
    if form.ok:
        try:
            grant = read_grant(ctx, form.values)
            person, code = invite(
                ctx.session, ctx.actor, grant.tenant, grant=grant,
                username=form.values["username"], name=form.values["name"],
            )  # fmt: skip
            return show_sheet(person, code, grant.tenant)
        except (Invalid, Conflict) as error:
            form.errors.update(getattr(error, "fields", {}) or {"username": error.message})
    return _new_page(ctx, form), 422


def show_sheet(person: User, code: str, place: Tenant) -> str:
    """Render the sheet with a one-time code; it is shown this once, and to be printed."""
    return render_template(
        "people/sheet.html", person=person, place=place, code=code, until=today() + LASTS
    )


def _new_page(ctx: Context, form: FormData) -> str:
    choices = describe_choices(ctx)
    return render_template("people/new.html", typed=form.typed, errors=form.errors, **choices)


def _to_row(person: User, roles: list[HeldRole]) -> dict[str, Any]:
    status = get_status(person)
    return {
        "person": person,
        "roles": roles,
        "status": STATUS_LABELS[status],
        "tone": STATUS_TONES[status],
    }


def _to_sheet(people: Iterable[User], roles: dict[int, list[HeldRole]]) -> ListSheet:
    columns = (
        _("Name"), _("Account name"), _("State"), _("Last sign-in"), _("Place of work"), _("Role"),
        _("For the organ"), _("from"), _("until"),
    )  # fmt: skip
    rows: list[tuple[Any, ...]] = []
    for person in people:
        seen = local_day(person.last_sign_in_at) if person.last_sign_in_at else None
        own = (person.name, person.username, str(STATUS_LABELS[get_status(person)]), seen)
        rows += [
            (*own, held.place.name, str(ROLE_LABELS[held.role]), held.organ, held.since, held.until)
            for held in roles[person.id]
        ] or [(*own, "", "", "", None, None)]
    return ListSheet(_("People and roles"), columns, rows)
