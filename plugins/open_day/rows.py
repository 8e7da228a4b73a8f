"""Open days as rows of lists: what, when, where, and whether one can register."""

from collections.abc import Iterable

from core.sdk import Row, Tenant, short_name, tenant_url
from plugins.open_day.models import OpenDay
from plugins.open_day.queries import Listed
from plugins.open_day.wording import day_said, days
from plugins.open_day.words import _n


def day_url(tenant: Tenant, day: OpenDay) -> str:
    """The day's page at the place that gives it."""
    return tenant_url("plugin_open_day.show", tenant, day_id=day.id)


def listed_rows(found: Iterable[Listed]) -> list[Row]:
    """Rows of a list."""
    return [row_of(listed) for listed in found]


def row_of(listed: Listed) -> Row:
    """One row: the date and place stand in its note."""
    day, said = listed.day, day_said(listed.day, listed.left)
    parts = [days(day), day.place, _left(day, listed.left, said.tone)]
    return Row(
        title=day.title,
        url=day_url(listed.tenant, day),
        organ=listed.organ or short_name(listed.tenant.name),
        note=" · ".join(filter(None, parts)),
        tag=said.text,
        tone=said.tone,
    )


def _left(day: OpenDay, left: int, tone: str) -> str:
    if tone != "good" or day.mode not in {"first_come", "moderated"} or left <= 0:
        return ""
    return _n("%(num)s place left", "%(num)s places left", left)
