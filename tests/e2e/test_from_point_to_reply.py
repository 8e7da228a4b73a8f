"""The whole job of service points: office, township, village, and a citizen with a keyboard."""

import pytest
from playwright.sync_api import expect

COUNTY, TOWN, VILLAGE = "990101", "990101100", "990101100204"
ROADSIDE, MARKET, ERRANDS = "青石公路便民服务点", "青石集市服务点", "柳湾村代办点"
HEAD = "名称,类型,乡镇,村,地址,电话,开放时间,经度,纬度\n"
ROWS = (
    f"{ROADSIDE},赶集点,,,省道旁,0100-5550901,每天 8:00-18:00,106.246000,35.753000\n"
    f"{MARKET},集市服务点,青石镇,,集市,0100-5550902,农历逢二五八,106.243000,35.754000\n"
    f"{ERRANDS},便民服务站,青石镇,柳湾村,村委会,0100-5550903,每天 8:00-18:00,106.247000,35.752000\n"
)
# A type nobody knows, a swapped pair, a missing coordinate.
FAULTY = (
    ROWS.replace("赶集点", "赶集棚", 1)
    .replace("106.243000,35.754000", "35.754000,106.243000")
    .replace(",35.752000", ",")
)
RIGHT_NUMBER = "应为 0100-5550911"
REPLY = "已经核实，电话改为 0100-5550911。"
SENDER = "13912345678"


def press(page, text):
    page.get_by_role("button", name=text, exact=True).first.click()
    page.wait_for_load_state()


def reach(page, target, steps=90):
    """Tab until something has the focus."""
    for _step in range(steps):
        page.keyboard.press("Tab")
        if target.evaluate("it => it === document.activeElement"):
            return
    pytest.fail(f"no way by keyboard to {target} on {page.url}")


def follow(page, target):
    """Reach something and press Enter; wait for the page that comes."""
    reach(page, target)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_the_whole_job(site, office, citizen):
    define_type(office, site)
    import_list(office, site)
    site.run("search", "drain")
    keep_own_points(office, site)
    find_and_call(citizen, site)
    open_map(citizen)
    number = report_mistake(citizen)
    forward(office, site, number)
    answer(office, site)
    there = grade(citizen, site, number)
    read_grade(office, there)


def define_type(office, site):
    """The county says what kind of point there is, and what is asked about it."""
    page = office.page
    office.as_person("county-officer")
    office.look_twice(f"{site.url}/{COUNTY}/console/service-points/types/")
    page.fill("#label", "集市服务点")
    page.fill("#aliases", "赶集点")
    page.fill("#asked", "摊位：数字")
    press(page, "保存")
    expect(page.get_by_role("link", name="集市服务点")).to_be_visible()
    office.look()


def import_list(office, site):
    """A list with faults says them by row and stores nothing; once mended it comes in whole."""
    page = office.page
    for rows, faults in ((FAULTY, 3), (ROWS, 0)):
        office.look(f"{site.url}/{COUNTY}/console/service-points/import/")
        data = (HEAD + rows).encode("gb18030")
        file = {"name": "服务点.csv", "mimeType": "text/csv", "buffer": data}
        page.set_input_files("#file", file)
        press(page, "查看读取结果")
        office.look()
        shown = page.locator("main").inner_text()
        told = [word in shown for word in ("赶集棚", "写反了", "缺少经度或纬度")]
        assert told == [bool(faults)] * 3
    press(page, "导入")
    expect(page.get_by_text("新增 3 个服务点").first).to_be_visible()
    office.look()


def keep_own_points(office, site):
    """The township edits its own point and no other; the village sees its own."""
    page = office.page
    office.as_person("town-officer")
    desk = f"{site.url}/{TOWN}/console/service-points/"
    office.look(desk)
    expect(page.get_by_role("link", name=ROADSIDE)).to_have_count(0)
    page.get_by_role("link", name=MARKET).click()
    office.look()
    page.fill("#phones", "0100-5550912")
    press(page, "保存")
    expect(page.get_by_text("已保存").first).to_be_visible()
    for place in (COUNTY, TOWN):  # the county's hall, at its own address and at the township's
        address = f"{site.url}/{place}/console/service-points/1/"
        assert page.request.get(address).status in {403, 404}, address
    office.as_person("village-clerk")
    office.look(f"{site.url}/{VILLAGE}/console/service-points/")
    expect(page.get_by_role("link", name=ERRANDS)).to_be_visible()
    expect(page.get_by_role("link", name=MARKET)).to_have_count(0)


def find_and_call(citizen, site):
    """From a village: the nearest as answers, with a way to call; then the point itself."""
    page = citizen.page
    citizen.look(f"{site.url}/{VILLAGE}/")
    reach(page, page.locator("input[name=q]").first)
    page.keyboard.type("最近的便民服务点")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    citizen.look()
    cards = page.locator(".answer-card")
    expect(cards.first).to_contain_text(ERRANDS)
    expect(cards.first.get_by_role("link", name="拨打 0100-5550903")).to_have_attribute(
        "href", "tel:01005550903"
    )
    follow(page, cards.get_by_role("link", name=ROADSIDE))
    citizen.look()
    reach(page, page.locator("main a[href='tel:01005550901']"))


def open_map(citizen):
    """The map by keyboard; without its script the list answers everything."""
    page = citizen.page
    point = page.url
    follow(page, page.get_by_role("navigation").get_by_role("link", name="便民服务点").last)
    follow(page, page.get_by_role("link", name="在地图上看"))
    expect(page.locator("[data-drawn]")).to_be_visible()
    citizen.look()
    listed = page.locator("ol.points > li").all_inner_texts()
    again = citizen.context.new_page()
    again.route("**/map-*.js", lambda route: route.abort())
    again.goto(page.url)
    expect(again.locator("[data-map]")).to_be_hidden()
    assert again.locator("ol.points > li").all_inner_texts() == listed
    assert again.locator("ol.points a[href^='tel:']").count() > 0
    again.close()
    page.goto(point)


def report_mistake(citizen):
    """Say what is wrong; give back the number of the message."""
    page = citizen.page
    follow(page, page.get_by_role("link", name="信息有误"))
    citizen.look()
    reach(page, page.get_by_label("电话号码不对"))
    page.keyboard.press("Space")
    reach(page, page.locator("#text"))
    page.keyboard.type(RIGHT_NUMBER)
    reach(page, page.locator("#phone"))
    page.keyboard.type(SENDER)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    citizen.look()
    expect(page.locator("main")).to_contain_text("谢谢")
    return page.locator("main strong.number").inner_text()


def forward(office, site, number):
    """The county passes the message on to the township, which is nearer."""
    page = office.page
    office.as_person("county-officer")
    desk = f"{site.url}/{COUNTY}/console/messages/"
    office.look_twice(f"{desk}contacts/")
    office.look(desk)
    page.get_by_role("link", name=number).click()
    office.look()
    page.get_by_text("转办、转其他渠道或办结").click()
    page.locator("#place").select_option(TOWN)
    page.fill("#note", "在你镇境内，请核实")
    press(page, "转到该地")
    expect(page.get_by_text("青石镇").first).to_be_visible()
    office.look()


def answer(office, site):
    """The township finds out and replies; a second person lets the reply go."""
    page = office.page
    office.as_person("town-officer")
    office.look(f"{site.url}/{TOWN}/console/")
    page.get_by_role("link", name="待答复的来信").click()
    office.look()
    page.get_by_role("link", name=ROADSIDE).first.click()
    office.look()
    expect(page.locator("main")).to_contain_text("在你镇境内，请核实")
    expect(page.locator("main").get_by_role("link", name=ROADSIDE)).to_be_visible()
    page.fill("#reply", REPLY)
    press(page, "提交审核")
    office.look()
    office.as_person("town-reviewer")
    office.look(f"{site.url}/{TOWN}/console/messages/?tab=review")
    page.get_by_role("link", name=ROADSIDE).first.click()
    office.look()
    press(page, "审核通过并答复")
    office.look()


def grade(citizen, site, number):
    """Number and phone find the reply where it is now; the sender says what it was worth."""
    page = citizen.page
    citizen.look(f"{site.url}/{COUNTY}/messages/")
    follow(page, page.locator("main").get_by_role("link", name="查询我的来信"))
    citizen.look()
    reach(page, page.locator("#number"))
    page.keyboard.type(number)
    reach(page, page.locator("#phone"))
    page.keyboard.type(SENDER)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text(REPLY)
    citizen.look()
    reach(page, page.get_by_label("满意", exact=True))
    page.keyboard.press("Space")
    follow(page, page.locator("main form").get_by_role("button"))
    expect(page.locator("main")).to_contain_text("您的评价：满意")
    citizen.look()
    return page.locator("h1").inner_text().split()[-1]


def read_grade(office, number):
    """The office reads the grade."""
    page = office.page
    page.get_by_role("link", name="群众来信").last.click()
    page.get_by_role("link", name="已办结").click()
    page.get_by_role("link", name=number).click()
    office.look()
    expect(page.locator("main")).to_contain_text("满意")
