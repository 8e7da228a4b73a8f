"""What features have counted of organs and townships, for those who evaluate them."""

from datetime import date

from sqlalchemy.orm import Session

from core.db.tree import Tenant
from core.plugins.api.contributions import MeasuredValue
from core.plugins.calls.tenant_hooks import TenantHooks
from core.tenancy.service import list_children, list_organs


def load_objective_measures(
    session: Session, tenant: Tenant, first: date, last: date
) -> list[MeasuredValue]:
    """Ask all plugins that are on what they counted from one day to another, both included.

    Values of what is no organ of the tenant and no township below it are left out, as is a second
    value of one measure for one subject. By measure, then organs before townships, by id.
    """
    organs = {organ.id for organ in list_organs(session, tenant)}
    townships = {each.id for each in list_children(session, tenant) if each.level == "township"}
    found: dict[tuple[str, int, int], MeasuredValue] = {}
    for value in TenantHooks(tenant).objective_measures(session, first, last):
        if value.organ_id in organs or value.township_id in townships:
            key = (value.measure, value.township_id, value.organ_id)
            found.setdefault(key, value)
    return [found[key] for key in sorted(found)]
