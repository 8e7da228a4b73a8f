"""Lists of villages and offices, their pairs, and the comparison as the job makes it."""

from sqlalchemy import select

from core.sdk import (
    OPERATOR,
    ColumnType,
    Content,
    ListData,
    Scope,
    TypedColumn,
    link_items,
    open_session,
)
from core.testing.factories.publishing import correct_at, publish_at
from plugins.village_sync.comparing.service import compare_changed
from plugins.village_sync.models.sync import SyncComparison, SyncEvent

SUBSIDIES, FARMLAND, OTHER_SUBSIDY = "990111-butie-001", "990111-butie-002", "990111-butie-003"
GUIDE = "990111-butie-004"
TITLE = "2026年第一批耕地地力保护补贴"
COLUMNS = (
    TypedColumn("name", "户主", ColumnType.NAME),
    TypedColumn("area", "面积", ColumnType.NUMBER, "亩"),
    TypedColumn("amount", "金额", ColumnType.MONEY, "元"),
)
PLACE = TypedColumn("village", "村", ColumnType.TEXT)
ROWS = (("张大山", "2.5", "238.75"), ("李小河", "4", "382"), ("王有田", "1.2", "114.6"))


def build_list(rows, columns=COLUMNS, **values):
    """Make a typed list."""
    return ListData(tuple(columns), tuple(map(tuple, rows)), **values)


def publish_list(tenant, item, rows, title=TITLE, columns=COLUMNS, **values):
    """Publish a list of a place under an item; gives the id of the publication."""
    with open_session(Scope.platform("test")) as session:
        content = Content(title=title, item_id=item, list_data=build_list(rows, columns, **values))
        return publish_at(session, tenant, content).id


def correct_list(tenant, publication_id, rows, columns=COLUMNS):
    """Publish a corrected list."""
    with open_session(Scope.platform("test")) as session:
        correct_at(session, tenant, publication_id, list_data=build_list(rows, columns))


def publish_village(tree, rows=ROWS, title=f"崾岘村{TITLE}", **values):
    """Publish the village's own list."""
    return publish_list(tree.village, SUBSIDIES, rows, title, **values)


def publish_town(tree, rows=ROWS, title=f"东镇{TITLE}", **values):
    """Publish the township's list, of all its villages."""
    named = [("崾岘村", *row) for row in rows] + [("柳湾村", "赵别处", "9", "859.5")]
    return publish_list(tree.town, FARMLAND, named, title, (PLACE, *COLUMNS), **values)


def link_pair(county, village_item=SUBSIDIES, government_item=FARMLAND):
    """Confirm a pair of items."""
    with open_session(Scope.subtree(county, "test")) as session:
        return link_items(session, OPERATOR, county, village_item, government_item).id


def compare():
    """Compare as the job does; gives the comparisons there are."""
    compare_changed()
    return list_comparisons()


def list_comparisons():
    """List every comparison."""
    with open_session(Scope.platform("test")) as session:
        return list(session.scalars(select(SyncComparison).order_by(SyncComparison.id)))


def list_acts():
    """List what happened, in its order."""
    with open_session(Scope.platform("test")) as session:
        return list(session.scalars(select(SyncEvent.act).order_by(SyncEvent.id)))
