"""What evaluations count of decisions: results that were public in time, of those that were due."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core.db.tree import Tenant
from core.plugins.api.contributions import MeasuredValue
from core.publishing.decisions.queries import DecisionPair, load_decision_pairs
from core.tenancy.service import list_tenants

MEASURE = "publishing.decision_results"


def count_results(
    session: Session, tenant: Tenant, first: date, last: date
) -> Iterator[MeasuredValue]:
    """Count decisions whose term ended in a period, by organ, and by township with its villages."""
    below = {each.id: each for each in list_tenants(session, under=tenant)}
    pairs = [
        pair
        for pair in load_decision_pairs(session, below.values())
        if first <= pair.due_on <= last
    ]
    groups: dict[tuple[int, int], list[DecisionPair]] = defaultdict(list)
    for pair in pairs:
        if pair.tenant_id == tenant.id:
            groups[pair.organ_id or 0, 0].append(pair)
        else:
            groups[0, _find_township(tenant, below[pair.tenant_id])].append(pair)
    for (organ_id, township_id), found in sorted(groups.items()):
        in_time = sum(pair.is_on_time for pair in found)
        yield MeasuredValue(
            MEASURE,
            _("Results of decisions published in time"),
            organ_id,
            township_id,
            in_time,
            len(found),
            _(
                "Decisions whose term ended from %(first)s to %(last)s: %(all)s, of them with a "
                "final result by its last day: %(reached)s.",
                first=first, last=last, all=len(found), reached=in_time,
            ),
        )  # fmt: skip


def _find_township(tenant: Tenant, place: Tenant) -> int:
    """Return the place directly below the tenant on the way to a place."""
    return place.chain[len(tenant.chain)]
