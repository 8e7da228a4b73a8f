"""A list is part of the content: stored, compared, shown, found, taken down with its period."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from core.clock import today
from core.db.engine import db
from core.publishing.article import find_article
from core.publishing.content import Content, from_snapshot, to_snapshot
from core.publishing.lists.domain.model import from_json, to_json
from core.publishing.models import Publication
from core.publishing.search.names import findable_text
from core.publishing.workflow.diff import list_changes
from core.publishing.workflow.drafts import get_working_content
from core.testing.factories.trees import VILLAGE
from core.testing.pages import url_for


def test_a_revision_keeps_the_list(subsidies):
    assert from_json(to_json(subsidies)) == subsidies
    content = Content(title="补贴", list_data=subsidies)
    assert from_snapshot(to_snapshot(content)) == content
    assert from_snapshot({"title": "旧"}).list_data is None


@pytest.mark.both_databases
def test_the_row_keeps_the_list_and_the_database_guards_it(village, make_public, subsidies):
    publication = make_public(village, list_data=subsidies)
    village.commit()
    village.expire_all()
    assert village.get_one(Publication, publication.id).list_data == subsidies
    assert get_working_content(village, publication).list_data == subsidies
    village.rollback()
    change = text("UPDATE publication SET list_data = NULL WHERE id = :id")
    with db.engine.connect() as connection, pytest.raises(DBAPIError, match="reviewed revision"):
        connection.execute(change, {"id": publication.id})


def test_a_list_alone_is_enough_to_be_handed_in(village, make_public, subsidies):
    publication = make_public(village, body_source="", list_data=subsidies)
    assert publication.summary == "耕地地力保护补贴发放表"


def test_the_page_shows_the_list_as_a_table(client, village, make_public, subsidies):
    publication = make_public(village, list_data=subsidies)
    village.commit()
    page = client.get(url_for("publishing.show", publication.id, place=VILLAGE))
    heads = page.select("//table[@class='table--stacked table--list']/thead/tr/th[@scope='col']")
    assert [head.text_content() for head in heads] == ["户主", "面积（亩）", "金额（元）"]
    rows = page.select("//table/tbody/tr")
    cells = [[cell.text_content().strip() for cell in row] for row in rows]
    assert cells == [["王大山", "12.5", "1500.00"], ["李秀英", "8", "960.00"]]
    totals = page.select("//table/tfoot/tr/*")
    assert [cell.text_content().strip() for cell in totals] == ["合计", "20.5", "2460.00"]


def test_a_long_list_is_cut_into_pages_and_its_sheet_is_not(
    client, village, make_public, subsidies, tree
):
    rows = tuple((f"户主{n}", "1", "120.00") for n in range(1_001))
    publication = make_public(village, list_data=replace(subsidies, rows=rows))
    village.commit()
    address = url_for("publishing.show", publication.id, place=VILLAGE)
    assert len(client.get(address).select("//table/tbody/tr")) == 500
    last = client.get(f"{address}?page=3")
    assert [row[0].text_content() for row in last.select("//table/tbody/tr")] == ["户主1000"]
    article = find_article(village, tree.village, publication.id)
    assert len(article.list.rows) == 1_001


def test_names_end_with_the_publicity_period(client, village, make_public, subsidies, set_clock):
    publication = make_public(village, list_data=subsidies, publicity_days=7)
    village.commit()
    address = url_for("publishing.show", publication.id, place=VILLAGE)
    assert "李秀英" in client.get(address).text
    set_clock(today() + timedelta(days=7))
    assert "李秀英" not in client.get(address).text


def test_the_search_finds_amounts_and_no_names(subsidies):
    made = Publication(body_html="<p>公示</p>", summary="", publicity_days=7, list_data=subsidies)
    found = findable_text(made, names=False)[1]
    assert "960.00" in found
    assert "发放表" in found
    assert "李秀英" not in found
    assert "李秀英" in findable_text(made, names=True)[1]


def test_a_reviewer_sees_which_rows_changed(subsidies):
    changed = replace(subsidies, rows=(subsidies.rows[0], ("李秀英", "8", "900.00")))
    [change] = list_changes(Content(list_data=subsidies), Content(list_data=changed))
    assert change.before == "李秀英 | 8 | 960.00"
    assert change.after == "李秀英 | 8 | 900.00"
