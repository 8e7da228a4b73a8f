"""What features have counted of organs and townships, for those who evaluate them."""

from collections.abc import Callable, Iterable
from datetime import date

from sqlalchemy.orm import Session

from core.db.tree import Tenant
from core.plugins.api.contributions import MeasuredValue
from core.plugins.calls.tenant_hooks import TenantHooks
from core.tenancy.service import list_children, list_organs

MeasureSource = Callable[[Session, Tenant, date, date], Iterable[MeasuredValue]]
_sources: list[MeasureSource] = []


def add_measure_source(source: MeasureSource) -> None:
    """Let a feature of the core count, too; its session reads the tenant and all below it."""
    if source not in _sources:
        _sources.append(source)


def load_objective_measures(
    session: Session, tenant: Tenant, first: date, last: date
) -> list[MeasuredValue]:
    """Ask the core and all plugins that are on what they counted in days, both included.

    Values of what is no organ of the tenant and no township below it are left out, as is a second
    value of one measure for one subject. By measure, then organs before townships, by id.
    """
    organs = {organ.id for organ in list_organs(session, tenant)}
    townships = {each.id for each in list_children(session, tenant) if each.level == "township"}
    found: dict[tuple[str, int, int], MeasuredValue] = {}
    counted = [value for source in _sources for value in source(session, tenant, first, last)]
    of_plugins = TenantHooks(tenant).objective_measures(session, first, last)
    for value in [*counted, *of_plugins]:
        if value.organ_id in organs or value.township_id in townships:
            key = (value.measure, value.township_id, value.organ_id)
            found.setdefault(key, value)
    return [found[key] for key in sorted(found)]
