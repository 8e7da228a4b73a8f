"""What stands around every public page: masthead, modes, footer, page tags, picker."""

import pytest

from core.db.scope import open_session
from core.tenancy.service import get_tenant
from core.testing.pages import url_for

SITE = {
    "government_name": "甲县人民政府",
    "organiser": "甲县人民政府办公室",
    "site_id": "9901110001",
    "icp": "示ICP备1号",
    "error_report_url": "https://zfwzzc.www.gov.cn/",
    "is_demo": True,
}


@pytest.fixture
def county(tree):
    with open_session(None) as session:
        found = get_tenant(session, tree.county.division_code)
        found.profile = dict(SITE)
    return found


def home(client, tenant):
    return client.get(url_for("portal.home", place=tenant))


def test_the_masthead_names_the_government_never_the_product(client, tree, county):
    page = home(client, tree.village)
    names = page.select("//*[contains(@class, 'masthead__names')]")[0].text_content()
    assert "甲县人民政府" in names
    assert "东镇" in names
    assert "崾岘村" in names
    assert "gongkai" not in page.text.lower()


def test_what_the_county_has_not_set_is_left_out_of_the_footer(client, county):
    footer = home(client, county).select("//footer")[0].text_content()
    assert "9901110001" in footer
    assert "甲县人民政府办公室" in footer
    assert "承办" not in footer
    assert "公网安备" not in footer


def test_a_villages_pages_say_who_provides_them(client, tree, county):
    assert "内容由崾岘村村民委员会提供" in home(client, tree.village).text
    assert "内容由东关社区居民委员会提供" in home(client, tree.community).text
    assert "内容由" not in home(client, tree.town).text


def test_demonstration_pages_say_so(client, tree, county):
    assert "演示数据" in home(client, tree.village).text


def test_required_page_tags_stand_once_and_are_filled(client, tree, county):
    guide = ("disclosure_part", "guide")
    for view, *parts in (("home",), ("places",), ("sitemap",), ("accessibility",), guide):
        page = client.get(url_for(f"portal.{view}", *parts, place=county))
        for name in ("SiteName", "SiteDomain", "SiteIDCode", "ColumnName", "ColumnDescription",
                     "ColumnKeywords", "ColumnType"):  # fmt: skip
            tags = page.select(f"//meta[@name='{name}']/@content")
            assert len(tags) == 1, (view, name)
            assert tags[0].strip(), (view, name)


def test_elder_mode_is_remembered_and_one_tap_out(client, county):
    choose = home(client, county).select("//a[contains(@href, 'elder=1')]/@href")
    client.get(choose[0], status=302)
    page = home(client, county)
    assert "elder" in page.select("/html/@class")[0].split()
    out = page.select("//*[@class='elder-exit']//a/@href")
    client.get(out[0], status=302)
    assert "elder" not in home(client, county).select("/html/@class")[0].split()


def test_high_contrast_is_switched_on_the_accessibility_page(client, county):
    address = url_for("portal.accessibility", place=county)
    switch = client.get(address).select("//a[contains(@href, 'contrast=high')]/@href")
    back = client.get(switch[0], status=302).location
    assert back == address
    assert "high-contrast" in client.get(address).select("/html/@class")[0]


def test_days_of_mourning_turn_the_whole_county_grey(client, tree, county):
    with open_session(None) as session:
        get_tenant(session, county.division_code).profile = SITE | {"grey": True}
    for tenant in (county, tree.town, tree.village):
        assert "grey" in home(client, tenant).select("/html/@class")[0].split()
    assert "grey" not in home(client, tree.other_county).select("/html/@class")[0].split()


def test_english_is_complete_and_marked(client, county):
    client.cookie("gk_lang", "en")
    page = home(client, county)
    assert page.select("/html/@lang") == ["en"]
    assert "Government information disclosure" in page.text


def test_the_picker_opens_the_township_asked_for(client, tree, county):
    page = client.get(
        url_for("portal.places", place=county, township=tree.sister_town.division_code)
    )
    links = page.select("//section//ul//a")
    assert [link.text for link in links] == ["东关社区", "崾岘村"]


def test_the_picker_opens_the_readers_own_township(client, tree, county):
    page = client.get(url_for("portal.places", place=tree.far_village))
    assert page.select("//h2[@id='villages']")[0].text == "西镇"


def test_the_front_door_lists_counties(client, tree):
    page = client.get(url_for("portal.counties"))
    assert [link.text for link in page.select("//main//a")] == ["甲县", "乙县"]


def test_a_search_box_stands_on_every_page(client, tree, county):
    for view, *parts in (("home",), ("places",), ("sitemap",), ("disclosure_part", "annual")):
        page = client.get(url_for(f"portal.{view}", *parts, place=tree.village))
        assert page.select("//form[@role='search']//input[@name='q']")
        scopes = page.select("//form[@role='search']//input[@name='scope']/@value")
        assert scopes == ["", "own", "township", "county"]


class TestBelowAPathPrefix:
    """Gongkai as a part of the county's existing site."""

    @pytest.fixture
    def settings(self, settings):
        return settings.changed(url_prefix="/zwgk")

    def test_every_local_link_stays_below_it(self, client, tree, county):
        for code in (county.division_code, tree.village.division_code):
            page = client.get(f"/zwgk/{code}/")
            links = page.select("//a/@href | //link/@href | //script/@src | //form/@action")
            local = [link for link in links if link.startswith("/")]
            assert local
            assert [link for link in local if not link.startswith("/zwgk/")] == []

    def test_a_choice_leads_back_to_the_page(self, client, county):
        page = client.get(f"/zwgk/{county.division_code}/places/?township=1")
        elder = page.select("//a[contains(@href, 'elder=1')]/@href")[0]
        back = client.get(elder, status=302).location
        assert back == f"/zwgk/{county.division_code}/places/?township=1"
