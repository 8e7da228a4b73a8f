"""Service points as a citizen meets them: list first, map equal, nobody else asked for anything."""

import json
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

LIST, MAP = "/990101/service-points/", "/990101/service-points/map/"
SIZES = {"phone": {"width": 390, "height": 844}, "desk": {"width": 1280, "height": 900}}
LIBRARY = "禾川县图书馆政府信息查阅点"


@pytest.fixture
def asked(page, site):
    """Every address that the browser asks for."""
    found = []
    page.on("request", lambda request: found.append(request.url))
    yield found
    own = urlsplit(site.url).netloc
    assert [url for url in found if urlsplit(url).netloc not in {own, ""}] == []


@pytest.fixture(params=SIZES)
def page_of_size(request, page):
    """The page on a phone and at a desk."""
    page.set_viewport_size(SIZES[request.param])
    return page


def test_list_point_and_map(page_of_size, look, site, asked):
    page = page_of_size
    look(f"{site.url}{LIST}")
    assert not [url for url in asked if "/map-" in url]
    page.get_by_label("离哪个村或地点近").fill("106.206745, 35.627849")
    page.get_by_role("button", name="显示", exact=True).click()
    look()
    expect(page.locator("ol.points > li").first).to_contain_text(LIBRARY)
    page.get_by_role("link", name="在地图上看").click()
    expect(page.locator("[data-drawn]")).to_be_visible()
    assert int(page.locator("[data-drawn]").get_attribute("data-drawn")) >= 50
    look()
    page.get_by_role("link", name=LIBRARY).first.click()
    look()
    expect(page.locator("a[href='tel:01005550203']")).to_be_visible()
    amap = page.get_by_role("link", name="高德地图").get_attribute("href")
    assert "position=106.206745%2C35.627849" in amap


@pytest.mark.parametrize("place", ["990101", "990101100204"])
@pytest.mark.parametrize("query", ["", "?near=106.2,35.6", "?type=hall&near=106.2,35.6"])
def test_the_first_point_stands_on_the_first_screen_of_a_phone(page, look, site, place, query):
    page.set_viewport_size(SIZES["phone"])
    look(f"{site.url}/{place}/service-points/{query}")
    assert not page.locator("details.points__more").get_attribute("open")
    name = page.locator("ol.points > li a").first.bounding_box()
    assert name["y"] + name["height"] <= SIZES["phone"]["height"]
    if not query and place == "990101":  # all of it, with hours and telephone
        row = page.locator("ol.points > li").first.bounding_box()
        assert row["y"] + row["height"] <= SIZES["phone"]["height"]


def test_filters_are_folded_and_taken_away_one_by_one_without_scripts(browser, site):
    context = browser.new_context(viewport=SIZES["phone"], java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site.url}{LIST}")
    page.get_by_text("更多筛选").click()
    page.get_by_label("类型").select_option(label="政务服务中心")
    page.get_by_label("电梯").check()
    page.get_by_role("button", name="显示", exact=True).click()
    chips = page.get_by_role("list", name="已选条件").get_by_role("link")
    expect(chips).to_have_text(["取消条件： 政务服务中心 ×", "取消条件： 电梯 ×"])
    page.get_by_role("link", name="只看正在开放的").click()
    expect(chips).to_have_count(3)
    page.get_by_label("想办什么事").fill("社保")
    page.get_by_role("button", name="显示", exact=True).click()
    expect(chips).to_have_count(3)
    while chips.count():
        chips.first.click()
    expect(page.get_by_label("想办什么事")).to_have_value("社保")
    assert "service=" in page.url
    context.close()


@pytest.mark.parametrize(
    "mode", [{"gk_elder": "1"}, {"gk_contrast": "high"}, {"gk_lang": "en"}, {}], ids=str
)
def test_open_filters_are_right_in_every_mode(page, look, site, mode):
    """Without a mode: letters twice as large, as the reader's browser may have them."""
    page.set_viewport_size(SIZES["phone"])
    page.context.add_cookies(
        [{"name": name, "value": value, "url": site.url} for name, value in mode.items()]
    )
    page.goto(f"{site.url}{LIST}?open=1&type=hall&facility=lift")
    if not mode:
        page.evaluate("document.documentElement.style.fontSize = '200%'")
    summary = page.locator("details.points__more summary")
    summary.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#type")).to_be_visible()
    look()


def test_with_the_map_script_blocked_the_list_says_the_same(page, look, site, asked):
    page.route("**/map-*.js", lambda route: route.abort())
    page.goto(f"{site.url}{MAP}")
    expect(page.locator("[data-map]")).to_be_hidden()
    expect(page.locator("ol.points > li")).to_have_count(20)
    assert page.locator("[data-map]").get_attribute("data-map").endswith("map.json")


def test_a_map_whose_data_do_not_come_says_so(page, site, asked):
    page.route("**/map.json*", lambda route: route.abort())
    page.goto(f"{site.url}{MAP}")
    expect(page.locator("[data-map-failed]")).to_be_visible()
    expect(page.locator("[data-map]")).to_be_hidden()


def test_by_keyboard_alone(page, look, site, asked):
    page.goto(f"{site.url}{LIST}")
    page.locator("#service").focus()
    page.keyboard.type("图书馆")
    page.keyboard.press("Enter")
    page.wait_for_url("**service=*")
    expect(page.locator("ol.points > li")).to_have_count(1)
    link = page.get_by_role("link", name=LIBRARY)
    for _step in range(60):
        if link.evaluate("link => link === document.activeElement"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(LIBRARY)
    look()


def test_a_page_is_small_and_the_map_costs_little_more(page, site):
    sizes = {}
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    names = {}
    session.on(
        "Network.responseReceived", lambda e: names.update({e["requestId"]: e["response"]["url"]})
    )
    session.on(
        "Network.loadingFinished",
        lambda e: sizes.update({names[e["requestId"]]: e["encodedDataLength"]}),
    )
    page.goto(f"{site.url}{LIST}", wait_until="networkidle")
    assert sum(sizes.values()) <= 60 * 1024, json.dumps(sizes, indent=1)
    page.goto(f"{site.url}{MAP}", wait_until="networkidle")
    script = {url: size for url, size in sizes.items() if "/map-" in url}
    assert len(script) == 2
    assert sum(script.values()) <= 60 * 1024, json.dumps(script, indent=1)


@pytest.mark.parametrize("path", ["", "map/", "screen/", "embed/", "?open=1&near=106.2,35.6"])
def test_no_page_asks_another_host_for_anything(page, look, site, asked, path):
    page.set_viewport_size(SIZES["phone"])
    look(f"{site.url}{LIST}{path}")
    page.wait_for_load_state("networkidle")
    assert asked
