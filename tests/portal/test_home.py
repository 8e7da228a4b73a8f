"""Home pages: what is new on each level, in the order that an inspector expects."""

import json

import pytest
from sqlalchemy import event

from core.catalog.domain.changes import Define, DefineDomain
from core.catalog.editing.review import approve_revision, submit_revision
from core.db.engine import db
from core.db.scope import Scope, open_session
from core.permissions import OPERATOR
from core.portal.recent import NEWS_IN_DAYS, ROWS_OF_A_BLOCK
from core.publishing.importing.importer import PublicationImport
from core.publishing.models import ItemLink
from core.testing.pages import url_for

pytestmark = pytest.mark.both_databases

COUNTY, TOWN = "990111", "990111100"
VILLAGE, FAR_VILLAGE, COMMUNITY = "990111100201", "990111101201", "990111101001"


def line(tenant, title, genre, day, **more):
    return {
        "id": title,
        "tenant": tenant,
        "title": title,
        "genre": genre,
        "publish_date": day,
        "written_date": day,
        "body": "正文",
        "publisher": more.pop("publisher", "办公室"),
        **more,
    }


@pytest.fixture
def publish(tree, platform):
    def run(*lines):
        text = "\n".join(json.dumps(each, ensure_ascii=False) for each in lines)
        root = platform.merge(tree.county)
        report = PublicationImport(platform, OPERATOR, root, approve=True).run(text)
        assert report.rejected == []
        platform.commit()

    return run


@pytest.fixture
def items(tree, day):
    """Two items of the nation's catalog, as governments have them."""
    fields = {"domain": "jiuzhu", "level1": "救助", "levels": ["county", "township"]}
    with open_session(Scope.own(tree.nation)) as session:
        changes = [DefineDomain("jiuzhu", "社会救助")]
        changes += [Define(name, fields | {"level2": name}) for name in ("G1", "G2")]
        revision = submit_revision(session, OPERATOR, tree.nation, changes, reason="上级要求")
        approve_revision(session, OPERATOR, revision.id)


@pytest.fixture
def day(time_machine):
    time_machine.move_to("2026-11-20T04:00:00+00:00", tick=False)


def titles(page, block):
    return page.select(f"//section[@aria-labelledby='{block}']//*[@class='row__title']/a/text()")


def home(client, code):
    return client.get(url_for("portal.home", place=code))


def test_a_county_shows_notices_and_policies_with_what_explains_them(client, publish, day):
    publish(
        line(COUNTY, "低保办法", "政策文件", "2026-03-01"),
        line(COUNTY, "一图看懂低保", "政策解读", "2026-03-02", interprets="低保办法"),
        line(COUNTY, "停水通知", "通知公告", "2026-11-01", publisher="甲县水务局"),
        line(TOWN, "东镇通知", "通知公告", "2026-11-02"),
    )
    page = home(client, COUNTY)
    assert titles(page, "notices") == ["停水通知"]
    assert titles(page, "policies") == ["低保办法"]
    related = page.select("//*[@class='row__related']//a")[0]
    assert related.text == "一图看懂低保"
    notice = page.select("//section[@aria-labelledby='notices']//li")[0].text_content()
    assert "甲县水务局" in notice
    assert "2026-11-01" in notice


def test_a_village_also_shows_what_comes_from_above_but_not_from_a_sister(client, publish, day):
    publish(
        line(COUNTY, "县通知", "通知公告", "2026-11-01"),
        line(TOWN, "镇通知", "通知公告", "2026-11-02"),
        line("990111101", "别镇通知", "通知公告", "2026-11-03"),
        line(FAR_VILLAGE, "别村账目", "村务公开", "2026-11-04"),
        line(VILLAGE, "本村账目", "村务公开", "2026-10-04"),
    )
    page = home(client, VILLAGE)
    assert titles(page, "notices") == ["镇通知", "县通知"]
    assert titles(page, "affairs") == ["本村账目"]


def test_village_affairs_stand_by_quarter(client, publish, day):
    publish(
        line(VILLAGE, "三季度账目", "村务公开", "2026-10-12"),
        line(VILLAGE, "补贴名单", "公示", "2026-10-02"),
        line(VILLAGE, "2026年6月村级财务", "村务公开", "2026-07-09"),
    )
    page = home(client, VILLAGE)
    heads = page.select("//section[@aria-labelledby='affairs']//h3/text()")
    assert heads == ["2026年第4季度", "2026年第3季度", "2026年第2季度"]
    assert titles(page, "affairs") == ["补贴名单", "三季度账目", "2026年6月村级财务"]


def test_a_village_without_publications_says_what_to_expect(client, tree):
    page = home(client, VILLAGE)
    assert page.select("//section[@aria-labelledby='affairs']//*[@class='empty']")


def test_blocks_without_content_do_not_exist(client, tree):
    page = home(client, COUNTY)
    assert not page.select("//*[@id='notices' or @id='policies' or @id='villages']")


def test_the_villages_news_reaches_back_a_year_where_little_happens(client, publish, day):
    publish(
        line(VILLAGE, "今年的", "村务公开", "2026-02-01"),
        line(COMMUNITY, "社区的", "居务公开", "2026-11-10"),
        line(VILLAGE, "前年的", "村务公开", "2024-11-01"),
    )
    assert NEWS_IN_DAYS == (30, 365)
    assert titles(home(client, COUNTY), "villages") == ["社区的", "今年的"]
    assert titles(home(client, TOWN), "villages") == ["今年的"]


def test_a_list_is_short(client, publish, day):
    publish(*(line(COUNTY, f"通知{n}", "通知公告", f"2026-10-{n + 1:02}") for n in range(12)))
    shown = titles(home(client, COUNTY), "notices")
    assert shown == [f"通知{n}" for n in range(11, 11 - ROWS_OF_A_BLOCK, -1)]


def test_repealed_documents_say_so(client, publish, day):
    publish(line(COUNTY, "旧办法", "政策文件", "2020-03-01", status="废止"))
    policy = home(client, COUNTY).select("//section[@aria-labelledby='policies']//li")[0]
    assert "已废止" in policy.text_content()


@pytest.mark.usefixtures("items")
def test_a_village_shows_what_the_government_says_about_the_same_item(
    client, publish, platform, tree
):
    publish(
        line(TOWN, "镇低保公示", "财政信息", "2026-11-01", item_id="G1"),
        line(COUNTY, "别的事项", "财政信息", "2026-11-02", item_id="G2"),
    )
    for item, state in (("G1", "confirmed"), ("G2", "proposed")):
        platform.add(
            ItemLink(
                tenant_id=tree.county.id,
                village_item="V1",
                government_item=item,
                state=state,
                proposed_by="machine",
            )
        )
    platform.commit()
    assert titles(home(client, VILLAGE), "linked") == ["镇低保公示"]


def test_yearly_reports_stand_in_their_fixed_part(client, publish, day):
    publish(line(COUNTY, "2025年度报告", "年度报告", "2026-01-25"))
    page = client.get(url_for("portal.disclosure_part", "annual", place=COUNTY))
    assert page.select("//main//*[@class='row__title']/a/text()") == ["2025年度报告"]


def test_genres_are_counted_on_the_site_map(client, publish, day):
    publish(
        line(COUNTY, "甲", "政策文件", "2026-01-25"), line(COUNTY, "乙", "政策文件", "2026-01-26")
    )
    block = client.get(url_for("portal.sitemap", place=COUNTY)).select(
        "//section[@aria-labelledby='map-publications']"
    )
    assert "政策文件 2" in " ".join(block[0].text_content().split())


@pytest.mark.parametrize(("code", "most"), [(COUNTY, 16), (TOWN, 20), (VILLAGE, 20)])
def test_queries_of_a_home_page_do_not_grow_with_the_tree(client, publish, day, code, most):
    publish(
        *(line(VILLAGE, f"账目{n}", "村务公开", f"2026-{n:02}-01") for n in range(1, 11)),
        *(line(COUNTY, f"办法{n}", "政策文件", f"2026-{n:02}-01") for n in range(1, 11)),
    )
    home(client, code)  # fills the memory of catalogs
    statements = []
    event.listen(db.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    home(client, code)
    assert len([each for each in statements if each.startswith("SELECT")]) <= most


def test_what_is_a_draft_is_nowhere(client, tree, platform):
    draft = line(COUNTY, "草稿通知", "通知公告", "2026-11-01")
    with open_session(Scope.platform("test")) as session:
        root = session.merge(tree.county)
        run = PublicationImport(session, OPERATOR, root, approve=False)
        assert run.run(json.dumps(draft, ensure_ascii=False)).created == 1
    assert "草稿通知" not in home(client, COUNTY).text
