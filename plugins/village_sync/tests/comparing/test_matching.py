"""Which lists belong together: of one item for several subsidies, of the county, the newest."""

from core.sdk import ColumnType, TypedColumn
from plugins.village_sync.tests.factories import (
    COLUMNS,
    FARMLAND,
    OTHER_SUBSIDY,
    PLACE,
    ROWS,
    SUBSIDIES,
    TITLE,
    compare,
    link_pair,
    publish_list,
    publish_town,
    publish_village,
)

TOWNSHIP = TypedColumn("town", "乡镇", ColumnType.TEXT)


def test_a_list_belongs_to_the_subsidy_that_its_title_names(county, tree):
    link_pair(county)
    link_pair(county, government_item=OTHER_SUBSIDY)
    publish_village(tree)
    publish_town(tree)
    named = [("崾岘村", *row) for row in ROWS]
    title = "东镇2026年第一批实际种粮农民补贴"
    publish_list(tree.town, OTHER_SUBSIDY, named, title, (PLACE, *COLUMNS))
    assert [(row.government_item, row.state) for row in compare()] == [(FARMLAND, "agrees")]


def test_of_a_countys_list_a_shared_name_counts_with_its_township_only(county, tree):
    link_pair(county)
    publish_village(tree)
    named = [("崾岘村", *row) for row in ROWS]
    publish_list(tree.county, FARMLAND, named, f"甲县{TITLE}", (PLACE, *COLUMNS))
    assert compare() == []
    with_towns = [("东镇", *row) for row in named] + [("西镇", "崾岘村", "吴远", "9", "859.5")]
    columns = (TOWNSHIP, PLACE, *COLUMNS)
    publish_list(tree.county, FARMLAND, with_towns, f"甲县{TITLE}（更正）", columns)
    assert [(row.tenant_id, row.state) for row in compare()] == [(tree.village.id, "agrees")]


def test_a_list_of_one_village_must_name_it(county, tree):
    link_pair(county)
    publish_village(tree)
    publish_list(tree.town, FARMLAND, ROWS, f"柳湾村{TITLE}")
    assert compare() == []
    publish_list(tree.town, FARMLAND, ROWS, f"东镇崾岘村{TITLE}")
    assert [row.state for row in compare()] == ["agrees"]


def test_the_newest_list_of_a_batch_counts(county, tree):
    link_pair(county)
    publish_village(tree, ROWS[:1])
    publish_village(tree)
    publish_town(tree)
    assert [row.state for row in compare()] == ["agrees"]


def test_rows_of_several_batches_are_compared_batch_by_batch(county, tree):
    link_pair(county)
    batch = TypedColumn("batch", "批次", ColumnType.TEXT)
    rows = [(*ROWS[0], "第一批"), (*ROWS[1], "第二批")]
    publish_list(tree.village, SUBSIDIES, rows, "2026年耕地地力保护补贴", (*COLUMNS, batch))
    publish_town(tree, ROWS[:1])
    publish_town(tree, ROWS[2:], title="东镇2026年第二批耕地地力保护补贴")
    assert [(row.batch, row.state) for row in compare()] == [
        ("2026-b1", "agrees"), ("2026-b2", "open"),
    ]  # fmt: skip
