"""Figures of compared lists: by township and matter, as pictures with tables and as a file."""

from io import BytesIO

from openpyxl import load_workbook

from core.testing.pages import url_for
from plugins.village_sync.tests.factories import (
    ROWS,
    compare,
    link_pair,
    publish_town,
    publish_village,
)

FIGURES = "plugin_village_sync_dashboard"


def test_figures_are_counted_by_township_and_matter(client, tree, county, sign_in_as, set_clock):
    link_pair(county)
    publish_village(tree)
    publish_town(tree)
    publish_village(tree, title="崾岘村2026年第二批耕地地力保护补贴")
    publish_town(tree, ROWS[:2], title="东镇2026年第二批耕地地力保护补贴")
    due = next(row.due_on for row in compare() if row.state == "open")
    sign_in_as("officer", county)
    page = client.get(url_for(f"{FIGURES}.show", place=county))
    assert "按乡镇统计" in page.text
    rows = read_rows(client, county)
    assert rows["东镇"] == rows["耕地地力保护补贴"] == [2, 1, 0, 1, 0]
    set_clock(due.replace(year=due.year + 1))
    sign_in_as("officer", county)
    assert read_rows(client, county)["东镇"] == [2, 1, 0, 0, 1]


def read_rows(client, county):
    answer = client.get(url_for(f"{FIGURES}.export", place=county))
    book = load_workbook(BytesIO(answer.data))
    return {row[0]: list(row[1:]) for sheet in book for row in sheet.iter_rows(values_only=True)}


def test_a_village_sees_its_own_figures_only(client, tree, county, sign_in_as):
    link_pair(county)
    publish_village(tree)
    publish_town(tree)
    compare()
    sign_in_as("clerk", tree.sister_village)
    page = client.get(url_for(f"{FIGURES}.show", place=tree.sister_village))
    assert "还没有可对照的名单" in page.text
