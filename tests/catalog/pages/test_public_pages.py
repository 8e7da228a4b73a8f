"""What anybody sees of the catalog: domains, items, where each value comes from, other days."""

import json
from datetime import timedelta
from types import SimpleNamespace

import pytest
from flask import Blueprint

from core.catalog.domain.changes import Define, DefineDomain, Lock, Refine, Withdraw, WithdrawDomain
from core.catalog.panels import Panel, add_item_panels
from core.clock import today
from core.tables.read import read_catalogs
from core.testing.factories.catalog import FIRST, SECOND, approve_changes, item_fields, load_catalog
from core.testing.factories.trees import OTHER_COUNTY, TOWN, VILLAGE
from core.testing.pages import url_for


def test_the_index_counts_items_by_domain(client, national):
    page = client.get(url_for("catalog.index"))
    assert [link.text for link in page.select("//ul[@class='word-grid']//a")] == ["社会救助"]
    assert "1 个领域、2 项事项" in page.text


def test_a_place_without_a_catalog_says_so(client, tree):
    assert "当日尚无生效的目录" in client.get(url_for("catalog.index")).text


def test_a_place_sees_its_own_level_and_all_levels_on_request(client, national):
    approve_changes(
        national.county,
        Define("990111-jiuzhu-001", item_fields(level2="村级台账", levels=["village"])),
    )
    assert "村级台账" not in client.get(url_for("catalog.domain", "jiuzhu")).text
    assert "村级台账" in client.get(url_for("catalog.domain", "jiuzhu", levels="all")).text
    assert "村级台账" in client.get(url_for("catalog.domain", "jiuzhu", place=VILLAGE)).text


def test_domains_are_listed_in_their_order_and_rows_name_what_stands_above(client, national):
    approve_changes(national.nation, DefineDomain("anquan", "安全生产", order=-1))
    approve_changes(
        national.nation, Define("CN-anquan-001", item_fields(domain="anquan", level3="第三级"))
    )
    words = client.get(url_for("catalog.index")).select("//ul[@class='word-grid']//a")
    assert [word.text for word in words] == ["安全生产", "社会救助"]
    row = client.get(url_for("catalog.domain", "anquan")).select("//tbody/tr/th")[0]
    assert "综合业务 / 政策法规文件" in row.text_content()


def test_a_domain_declared_not_applicable_keeps_its_reason(client, national):
    approve_changes(national.town, WithdrawDomain("jiuzhu"), reason="由县民政局统一办理")
    index = client.get(url_for("catalog.index", place=TOWN))
    assert "未涉及领域" in index.text
    assert "由县民政局统一办理" in index.text
    assert "未涉及本领域" in client.get(url_for("catalog.domain", "jiuzhu", place=TOWN)).text
    assert "由县民政局统一办理" not in client.get(url_for("catalog.index")).text


def test_each_field_says_where_it_comes_from_since_when_and_why(client, national):
    limit = {"raw": "7个工作日内", "rule": None}
    approve_changes(national.county, Refine(FIRST, "time_limit", limit), reason="县里更快")
    page = client.get(url_for("catalog.item", FIRST, place=TOWN))
    row = page.select("//tr[th//span='公开时限']")[0].text_content()
    assert "7个工作日内" in row
    assert "甲县" in row
    assert f"{today()}起" in row
    assert "县里更快" in row
    assert "及时公开" in row  # what stood there before
    assert "全国" in page.select("//tr[th//span='公开方式']")[0].text_content()


def test_a_lock_is_shown(client, national):
    approve_changes(national.county, Lock(FIRST, "mode"))
    assert "甲县已锁定,下级不得变更" in client.get(
        url_for("catalog.item", FIRST, place=TOWN)
    ).text.replace("\N{FULLWIDTH COMMA}", ",")


def test_a_withdrawn_item_keeps_its_address_and_says_why(client, national):
    approve_changes(national.county, Withdraw(SECOND), reason="职能已划转")
    page = client.get(url_for("catalog.item", SECOND, place=TOWN))
    assert "不在东镇的公开目录内" in page.text
    assert "职能已划转" in page.text
    assert "职能已划转" in client.get(url_for("catalog.domain", "jiuzhu", place=TOWN)).text


def test_what_does_not_exist_is_not_found(client, national):
    client.get(url_for("catalog.domain", "nothing"), status=404)
    client.get(url_for("catalog.item", "CN-nothing-001"), status=404)


def test_another_countys_own_item_is_not_found(client, national):
    approve_changes(
        national.other_county, Define("990112-jiuzhu-001", item_fields(level2="乙县自选"))
    )
    client.get(url_for("catalog.item", "990112-jiuzhu-001", place=OTHER_COUNTY))
    client.get(url_for("catalog.item", "990112-jiuzhu-001"), status=404)


def test_the_catalog_of_another_day_is_said_to_be_one(client, national):
    yesterday = today() - timedelta(days=1)
    page = client.get(url_for("catalog.index", at=yesterday))
    assert f"以下是 {yesterday} 有效的目录" in page.text
    assert "当日尚无生效的目录" in page.text
    client.get(url_for("catalog.item", FIRST, at=yesterday), status=404)


def test_links_keep_the_day_and_the_levels(client, national):
    tomorrow = today() + timedelta(days=1)
    page = client.get(url_for("catalog.index", at=tomorrow, levels="all"))
    link = page.select("//ul[@class='word-grid']//a/@href")[0]
    assert f"at={tomorrow}" in link
    assert "levels=all" in link


@pytest.mark.parametrize("typed", ["gestern", "2026-13-01", "<script>"])
def test_a_day_that_is_none_is_said_at_its_field(client, national, typed):
    page = client.get(url_for("catalog.index"), query_string={"at": typed})
    assert "不是日期" in page.select("//*[@id='at-error']")[0].text_content()


def test_features_above_show_what_was_published_under_an_item(app, client, national):
    def panel(session, tenant, item):
        del session
        entry = SimpleNamespace(
            title=f"{tenant.name}的{item.item_id}", url="/990111/", organ="民政局"
        )
        return [Panel("published", "已公开信息", [entry])]

    feature = Blueprint("feature", __name__)
    add_item_panels(feature, panel)
    app.register_blueprint(feature)
    page = client.get(url_for("catalog.item", FIRST))
    assert page.select("//section[h2 or div/h2]//a[.='甲县的CN-jiuzhu-001']")


@pytest.mark.parametrize("kind", ["xlsx", "docx", "html", "csv", "json"])
@pytest.mark.parametrize("page", [("catalog.index",), ("catalog.domain", "jiuzhu")])
def test_the_table_is_downloaded_and_read_back(app, client, national, page, kind):
    page = client.get(url_for(*page))
    link = page.select(f"//a[contains(@href,'/download/{kind}')]/@href")[0]
    answer = app.test_client().get(link)  # a file is no page of the site
    assert answer.status_code == 200
    assert f".{kind}" in answer.headers["Content-Disposition"]
    if kind == "json":
        [table] = json.loads(answer.data)["catalogs"]
        rows = table["rows"]
    else:
        [read] = read_catalogs(answer.data, f"table.{kind}").catalogs
        rows = [row.to_json() for row in read.rows]
    wanted = load_catalog(national.county).items
    assert [(row["level1"], row["level2"]) for row in rows] == [
        (item.fields["level1"], item.fields["level2"]) for item in wanted.values()
    ]
    assert {tuple(row["channels"]) for row in rows} == {("政府网站",)}
    assert {row["time_limit"]["raw"] for row in rows} == {"及时公开"}


def test_a_file_that_the_reader_has_is_not_sent_again(client, national):
    link = url_for("catalog.download", "csv")
    tag = client.get(link).headers["ETag"]
    assert client.get(link, status=304, headers={"If-None-Match": tag}).data == b""
    approve_changes(national.county, Withdraw(SECOND))
    client.get(link, headers={"If-None-Match": tag})


@pytest.mark.parametrize("address", ["nothing/download/csv", "jiuzhu/download/exe", "download/pdf"])
def test_unknown_files_are_not_found(client, national, address):
    client.get(f"/990111/catalog/{address}", status=404)
