"""The part of forms that says which role somebody has: where, for which organ, on which days."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.accounts.labels import ROLE_LABELS
from core.db.tree import Tenant
from core.errors import Invalid, NotFound
from core.people.managing import MANAGE
from core.people.service import RoleGrant
from core.permissions import Role, allowed
from core.tenancy.service import get_organ, get_tenant, list_organs, list_tenants
from core.web.context import Context
from core.web.forms.fields import ChoiceField, DayField, LineField
from core.web.forms.form import Form


class RoleForm(Form):
    """A role; `organ` is the name of one of the place's organs, empty for the place as a whole."""

    place = ChoiceField(required=_l("Choose a place."))
    role = ChoiceField([role.value for role in Role], required=_l("Choose a role."))
    organ = LineField(100)
    since = DayField()
    until = DayField()

    def check(self, values: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
        """Yield what is wrong with the days."""
        if values["since"] and values["until"] and values["until"] < values["since"]:
            yield "until", _("The last day lies before the first.")


def list_places(ctx: Context) -> list[Tenant]:
    """List the places where the person may give roles: this one and those below it."""
    places = list_tenants(ctx.session, under=ctx.tenant)
    active = (place for place in places if place.status == "active")
    return [place for place in active if allowed(ctx.actor, MANAGE, place)]


def offer_places(ctx: Context) -> dict[str, list[str]]:
    """Return the codes that the form's choice of a place takes."""
    return {"place": [place.division_code for place in list_places(ctx)]}


def describe_choices(ctx: Context) -> dict[str, Any]:
    """Return what a form with a role offers: places, roles, names of organs."""
    return {
        "places": [
            {"value": place.division_code, "label": place.name} for place in list_places(ctx)
        ],
        "roles": [{"value": role.value, "label": label} for role, label in ROLE_LABELS.items()],
        "organs": [organ.name for organ in list_organs(ctx.session, ctx.tenant)],
    }


def read_grant(ctx: Context, values: Mapping[str, Any]) -> RoleGrant:
    """Return the role that a form without faults gives; raises `Invalid` for an unknown organ."""
    place = get_tenant(ctx.session, values["place"])
    return RoleGrant(
        place,
        Role(values["role"]),
        _find_organ(ctx, place, values["organ"]),
        values["since"],
        values["until"],
    )


def _find_organ(ctx: Context, place: Tenant, name: str) -> int | None:
    if not name:
        return None
    try:
        return get_organ(ctx.session, place, name).id
    except NotFound as error:
        message = _("%(place)s has no organ of this name.", place=place.name)
        raise Invalid({"organ": message}) from error
