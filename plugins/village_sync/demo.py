"""Things to see in the demonstration: lists that agree, some that differ, one explained.

The lists themselves are the county's data; here they are compared, and one is explained once.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.sdk import OPERATOR, Context, Tenant, today

from .comparing.cases import explain
from .comparing.service import compare_changed
from .models.sync import SyncComparison, SyncEvent

#: The village whose difference is explained: somebody of its list has died.
EXPLAINED_AT = "990101100206"


def load(session: Session, tenant: Tenant) -> None:
    """Compare from the county; explain a difference at one village, once."""
    if tenant.level == "county":
        compare_changed()
    elif tenant.division_code == EXPLAINED_AT:
        _explain(session, tenant)


def _explain(session: Session, tenant: Tenant) -> None:
    query = select(SyncComparison).where(
        SyncComparison.tenant_id == tenant.id,
        SyncComparison.state == "open",
        SyncComparison.id.not_in(
            select(SyncEvent.comparison_id).where(SyncEvent.act == "explained")
        ),
    )
    for row in session.scalars(query):
        note = "县级名单中一户于10月去世，村级名单已核减，下季度名单一致。"
        explain(Context(session, tenant, OPERATOR), row, "death", today(), note)
