"""How many lists agree, are explained, open or late: by township and by kind of pair.

For the assessment of the work; places stand in the order of their codes and are never ranked (N37).
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from core import sdk
from core.sdk import Chart, ChartKind, ChartSeries, Context, ListSheet, Tenant

from ..labels import _
from ..manifest import VIEW
from ..models.sync import SyncComparison
from ..pairs.queries import load_kinds

#: What a comparison counts as; those that have lost a side count for nothing.
COUNTED = ("agrees", "explained", "open", "late")


@dataclass(frozen=True, slots=True)
class SyncFigures:
    """Counts of one township, or of one kind of pair."""

    name: str
    counts: Counter[str]

    @property
    def compared(self) -> int:
        """How many lists have been compared with the other side's."""
        return sum(self.counts.values())

    @property
    def cells(self) -> list[str | int]:
        """Its row of a table."""
        return [self.name, self.compared, *(self.counts[state] for state in COUNTED)]


@dataclass(frozen=True, slots=True)
class SyncDashboard:
    """The figures of a desk by township, in the order of their codes, and by kind of pair."""

    townships: list[SyncFigures]
    kinds: list[SyncFigures]


def load_dashboard(ctx: Context) -> SyncDashboard:
    """Count the comparisons that a person may see here."""
    query = (
        select(SyncComparison.kind, SyncComparison.state, SyncComparison.due_on, Tenant.parent_id)
        .join(Tenant, Tenant.id == SyncComparison.tenant_id)
        .where(
            ctx.scope(VIEW).condition(SyncComparison.organ_id),
            SyncComparison.state.in_(("agrees", "explained", "open")),
        )
    )
    by_township: dict[int | None, Counter[str]] = {}
    by_kind: dict[str, Counter[str]] = {}
    for kind, state, due_on, township in ctx.session.execute(query):
        late = state == "open" and due_on is not None and due_on < sdk.today()
        for counts in (by_township.setdefault(township, Counter()),
                       by_kind.setdefault(kind, Counter())):  # fmt: skip
            counts["late" if late else state] += 1
    return SyncDashboard(_name_townships(ctx, by_township), _name_kinds(by_kind))


def _name_townships(ctx: Context, found: dict[int | None, Counter[str]]) -> list[SyncFigures]:
    query = select(Tenant).where(Tenant.id.in_(list(found))).order_by(Tenant.division_code)
    return [
        SyncFigures(sdk.short_name(place.name), found[place.id])
        for place in ctx.session.scalars(query)
    ]


def _name_kinds(found: dict[str, Counter[str]]) -> list[SyncFigures]:
    kinds = load_kinds()
    return [
        SyncFigures(kind.name, found[kind.key])
        for kind in (*kinds.kinds, kinds.general)
        if kind.key in found
    ]


def list_state_names() -> list[str]:
    """Return what the counted states are called."""
    return [_("Consistent"), _("Explained"), _("Differs, within the term"), _("Overdue")]


def build_chart(title: str, heading: str, figures: Sequence[SyncFigures]) -> Chart:
    """Draw figures as stacked bars."""
    series = [
        ChartSeries(name, [each.counts[state] for each in figures])
        for name, state in zip(list_state_names(), COUNTED, strict=True)
    ]
    return Chart(ChartKind.STACKED, title, heading, [each.name for each in figures], series)


def build_sheets(dashboard: SyncDashboard) -> list[ListSheet]:
    """Build the file for the assessment: a sheet by township, and one by matter."""
    columns = [_("Lists compared"), *list_state_names()]
    return [
        ListSheet(heading, [heading, *columns], [each.cells for each in figures])
        for heading, figures in (
            (_("Township"), dashboard.townships),
            (_("Matter"), dashboard.kinds),
        )
    ]
